"""The world of a run: settings, event loop, mock, service under test, device registry.

One a run. It starts them in the order in which they need each other and leaves nothing behind.
"""

from __future__ import annotations

import secrets
import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack

from harness.drivers.devices import DeviceRegistry, make_registry
from harness.drivers.loop import LoopThread
from harness.drivers.rest import RestClient
from harness.drivers.service import Service
from harness.settings import Settings, fill
from mock_nrfcloud.client import Mock

ADMIN_TOKEN = "REFERENCE_SERVICE_ADMIN_TOKEN"


class World:
    """What all features of a run share. A context manager."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.loop = LoopThread()
        self.rest = RestClient(request_timeout=settings.run.request_timeout)
        self.service: Service | None = None
        self.values: dict[str, object] = {}
        self.mock: Mock
        self.registry: DeviceRegistry
        self._environ = environ
        self._exit = ExitStack()
        variables = [account.api_key_env for account in settings.accounts.values()]
        handed_over = {}
        for variable in (*variables, ADMIN_TOKEN):
            # A service that we start gets what it needs, made up for this run; one that runs
            # elsewhere has its own secrets.
            value = environ.get(variable)
            if value is None and settings.service is not None:
                value = secrets.token_urlsafe(24)
            if value is not None:
                handed_over[variable] = value
        self._secrets = handed_over
        self.api_keys = {
            name: handed_over[account.api_key_env]
            for name, account in settings.accounts.items()
            if account.api_key_env in handed_over
        }

    @property
    def secrets(self) -> frozenset[str]:
        """The values that must be shown to nobody."""
        return frozenset(self._secrets.values())

    def start(self) -> World:
        """Start everything. Raises BddError if that cannot be done, with nothing left running."""
        with self._exit:
            self.loop.start()
            self._exit.callback(self.loop.close)
            self._exit.callback(lambda: self.loop.call(self.rest.close()))
            self._start_mock()
            known = {"python": sys.executable, "mock_url": self.mock.url}
            if self.settings.service is not None:
                self._start_service(known)
            self.values = {
                name: fill(value, known) if isinstance(value, str) else value
                for name, value in self.settings.values.items()
            }
            self.registry = make_registry(
                self.settings.devices, self.rest, known.get("service_url"), self._secrets
            )
            self._exit = self._exit.pop_all()
        return self

    def close(self) -> None:
        """Stop everything, the last started first."""
        self._exit.close()

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000

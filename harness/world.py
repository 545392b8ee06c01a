"""The world of a run: event loop, mock, service under test, device registry.

One a run. It starts them in the order in which they need each other and leaves nothing behind.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from random import SystemRandom
from tempfile import TemporaryDirectory
from typing import cast

from harness.core.braces import fill_values
from harness.core.redaction import Redactor
from harness.core.secret_rules import Rules
from harness.drivers.devices import DeviceRegistry, make_registry
from harness.drivers.loop import LoopThread
from harness.drivers.rest import RestClient
from harness.drivers.service import Service
from harness.interrupts import like_ctrl_c
from harness.settings import ServiceSettings, Settings
from mock_nrfcloud.client import InProcessMock, Mock
from mock_nrfcloud.contract.keeping import Keeper, load_contract
from mock_nrfcloud.mqtt.serving import Mqtt
from mock_nrfcloud.proxy.authority import Authority
from mock_nrfcloud.proxy.variables import variables
from mock_nrfcloud.server import Beyond, Front
from mock_nrfcloud.spaces import Spaces


class World:
    """What all features of a run share."""

    def __init__(
        self,
        settings: Settings,
        environ: Mapping[str, str],
        *,
        beyond: Beyond | None = None,
        port: int = 0,
    ) -> None:
        """`beyond` answers what the mock in this process does not; that listens on the port."""
        self.settings = settings
        self.secrets = frozenset(settings.secrets.values())
        self.api_keys = {
            name: settings.secrets[account.api_key_env]
            for name, account in settings.accounts.items()
            if account.api_key_env in settings.secrets
        }
        self._environ = environ
        self.redact = Rules(settings.report.redact)
        """Where in JSON the settings say that secrets stand."""
        redactor = Redactor(self.secrets)
        self.loop = LoopThread()
        self.rest = RestClient(settings.run.request_timeout, redact=redactor.text)
        self._authority = Authority() if settings.mock.proxy else None
        username = environ.get(settings.mqtt.username_env)
        password = settings.secrets.get(settings.mqtt.password_env)
        self.mqtt_credentials = username, password
        mqtt = Mqtt(settings.mqtt.broker, username=username, password=password)
        self.mock = _mock(settings, redactor, self._authority, beyond, port, mqtt)
        self.service: Service | None = None
        self.values: Mapping[str, object] = {}
        self._registry: DeviceRegistry | None = None
        self.service_url = ""
        self._redact = redactor.text
        self._exit = ExitStack()

    def start(self) -> World:
        """Start everything. Raises BddError if that cannot be done; then nothing is left."""
        with ExitStack() as stack:
            stack.enter_context(like_ctrl_c())
            self.loop.start()
            stack.callback(self.loop.close)
            stack.callback(lambda: self.loop.call(self.rest.close()))
            self.loop.call(self.mock.start())
            stack.callback(lambda: self.loop.call(self.mock.stop()))
            environment = {**self._environ, **self.settings.secrets, **self._proxied(stack)}
            known = {"python": sys.executable, "mock_url": self.mock.url}
            if self.settings.service is not None:
                known |= self._start_service(self.settings.service, environment, known, stack)
            values = fill_values(self.settings.values, known)
            self.values = cast("Mapping[str, object]", values)
            self.service_url = known.get("service_url", "")
            self._exit = stack.pop_all()
        return self

    def close(self) -> None:
        """Stop everything, the last started first."""
        self._exit.close()

    def registry(self) -> DeviceRegistry:
        """How devices are made known; made on first use, since not every suite has devices.

        Raises SettingsError if the settings do not say enough for it.
        """
        if self._registry is None:
            self._registry = make_registry(
                self.settings, self.service_url, self.rest, SystemRandom(), self._redact
            )
        return self._registry

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000

    def _proxied(self, stack: ExitStack) -> Mapping[str, str]:
        """What leads the service to the proxy, if there is one."""
        if self._authority is None:
            return {}
        path = Path(stack.enter_context(TemporaryDirectory(prefix="nrfcloud-bdd-"))) / "ca.pem"
        forwards = bool(self.settings.mock.forward)
        stack.enter_context(self._authority.bundle(path, forwards=forwards))
        return variables(self.mock.url, path)

    def _start_service(
        self,
        settings: ServiceSettings,
        environment: Mapping[str, str],
        known: Mapping[str, str],
        stack: ExitStack,
    ) -> Mapping[str, str]:
        """Start the service; what is known from now on."""
        service = self.service = Service(settings, environment, self._redact)
        stack.callback(lambda: self.loop.call(service.stop()))
        self.loop.call(service.start(known))
        found = {"service_url": service.url, "service_ws": service.ws_url}
        if service.version is not None:
            found["service_version"] = service.version
        return found


def _mock(
    settings: Settings,
    redactor: Redactor,
    authority: Authority | None,
    beyond: Beyond | None,
    port: int,
    mqtt: Mqtt,
) -> Mock:
    """The mock of a run: in this process, or where the settings say."""
    exhausted, seed, url = settings.mock.exhausted, settings.mock.fault_seed, settings.mock.url
    if url is None:
        proxy = partial(_proxy, settings, authority) if authority else None
        contract = load_contract(settings.mock.openapi)
        keeper = Keeper(contract, settings.mock.check) if contract else None
        return InProcessMock(
            exhausted=exhausted,
            redactor=redactor,
            fault_seed=seed,
            proxy=proxy,
            keeper=keeper,
            beyond=beyond,
            port=port,
            mqtt=mqtt,
        )
    from mock_nrfcloud.remote import RemoteMock  # late: most runs have their own mock

    token = settings.secrets.get(settings.mock.admin_token_env)
    return RemoteMock(url, token, exhausted=exhausted, redactor=redactor, fault_seed=seed)


def _proxy(settings: Settings, authority: Authority, spaces: Spaces) -> Front:
    from mock_nrfcloud.proxy.gate import Proxy  # late: most runs have none

    return Proxy(spaces, authority, forward=settings.mock.forward)

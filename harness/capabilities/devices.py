"""Devices that scenarios register with the service under test."""

from __future__ import annotations

from collections.abc import Callable, Collection

from harness.core.nearest import nearest
from harness.drivers.devices import DeviceRegistry
from harness.drivers.loop import LoopThread
from harness.errors import SettingsError, StepFailure


class Devices:
    """Registers devices; `keep` stores a new one (name, device ID, fingerprint)."""

    def __init__(
        self,
        loop: LoopThread,
        registry: Callable[[], DeviceRegistry],
        accounts: Collection[str],
        keep: Callable[[str, str, str], None],
    ) -> None:
        self._loop = loop
        self._registry = registry
        self._accounts = accounts
        self._keep = keep

    def register(self, model: str, account: str, name: str) -> None:
        """Register a new device and store its fingerprint and ID under `name`."""
        if account not in self._accounts:
            near = nearest(account, self._accounts)
            raise StepFailure(
                f"there is no account “{account}”"
                + (
                    f": did you mean “{near}”?"
                    if near
                    else f": add [accounts.{account}] to nrfcloud-bdd.toml"
                ),
                f"The settings have: {', '.join(sorted(self._accounts)) or 'none'}.",
                final=True,
            )
        try:
            device = self._loop.call(self._registry().register(model, account))
        except SettingsError as error:
            raise StepFailure(str(error), final=True) from None
        self._keep(name, device.id, device.fingerprint)

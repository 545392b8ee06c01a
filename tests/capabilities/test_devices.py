from __future__ import annotations

import pytest

from harness.capabilities.devices import Devices
from harness.drivers.devices import Device
from harness.drivers.loop import LoopThread
from harness.errors import SettingsError, StepFailure

Kept = list[tuple[str, str, str]]


class FakeRegistry:
    async def register(self, model: str, account: str) -> Device:
        if model == "none left":
            raise StepFailure("all listed devices are in use")
        return Device(f"oob-{account}", f"fp-{model}", model, account)


def devices(loop: LoopThread, *, settings: str = "") -> tuple[Devices, Kept]:
    kept: Kept = []

    def registry() -> FakeRegistry:
        if settings:
            raise SettingsError(settings)
        return FakeRegistry()

    accounts = ("default", "elite")
    return Devices(loop, registry, accounts, lambda *device: kept.append(device)), kept


def test_a_new_device_is_kept_under_the_name(loop: LoopThread) -> None:
    made, kept = devices(loop)
    made.register("PCA", "elite", "fp")
    assert kept == [("fp", "oob-elite", "fp-PCA")]


@pytest.mark.parametrize(
    ("account", "message"),
    [
        ("elit", "there is no account “elit”: did you mean “elite”?"),
        ("x", "there is no account “x”: add [accounts.x] to nrfcloud-bdd.toml"),
    ],
)
def test_an_account_that_there_is_not(loop: LoopThread, account: str, message: str) -> None:
    made, kept = devices(loop)
    with pytest.raises(StepFailure) as caught:
        made.register("PCA", account, "fp")
    assert str(caught.value) == f"{message}\nThe settings have: default, elite."
    assert caught.value.final
    assert not kept


def test_what_the_settings_lack_fails_the_step(loop: LoopThread) -> None:
    made, kept = devices(loop, settings="devices.registry needs a table")
    with pytest.raises(StepFailure, match=r"devices\.registry needs a table"):
        made.register("PCA", "default", "fp")
    assert not kept


def test_what_the_registry_refuses_is_not_kept(loop: LoopThread) -> None:
    made, kept = devices(loop)
    with pytest.raises(StepFailure, match="in use"):
        made.register("none left", "default", "fp")
    assert not kept

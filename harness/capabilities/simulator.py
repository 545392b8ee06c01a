"""Simulated devices in a feature: which there are, and how their updates end."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from contextlib import AsyncExitStack
from typing import Final

import aiohttp

from harness.capabilities.accounts import DEFAULT
from harness.capabilities.third_party import ask
from harness.capabilities.twins import Twins
from harness.core.nearest import did_you_mean
from harness.drivers.loop import LoopThread
from harness.errors import BddError, StepFailure
from harness.simulator.channels import Line, MqttChannel, RestChannel
from harness.simulator.device import Channel, Device
from harness.simulator.downloads import make_http
from harness.simulator.updating import Outcome, Updating
from mock_nrfcloud.client import Mock
from mock_nrfcloud.mqtt.address import Address, parse_address

MAX_DEVICES: Final = 1000
"""How many devices a feature may simulate."""
PROTOCOLS: Final = ("MQTT", "REST")

Gateways = Mapping[str, str | None]
"""Devices by their IDs, each with its gateway if it is a Bluetooth LE device."""

_STAGES: Final = {
    each.value: each
    for each in (Outcome.FAIL_DOWNLOAD, Outcome.FAIL_INSTALLATION, Outcome.TIME_OUT)
}


class Simulator:
    """The simulated devices of one feature, on the loop of the mock.

    `api_keys` are those of the accounts; `credentials` are the user name and the password at the
    broker.
    """

    def __init__(
        self,
        loop: LoopThread,
        mock: Mock,
        twins: Twins,
        api_keys: Mapping[str, str],
        accounts: Collection[str],
        credentials: tuple[str | None, str | None],
    ) -> None:
        self._loop = loop
        self._mock = mock
        self._twins = twins
        self._api_keys = api_keys
        self._accounts = accounts
        self._credentials = credentials
        self._devices: dict[tuple[str, str, str], Device] = {}
        self._lines: dict[tuple[str, str], Line] = {}
        self._http: aiohttp.ClientSession | None = None

    def accept(self, protocol: str | None, account: str | None = None, **whose: str) -> None:
        """From now on the updates of a `device`, or of those in a `group`, succeed; over MQTT
        unless something else is said."""
        self._let_all(Outcome.ACCEPT, protocol, account, **whose)

    def reject(self, protocol: str | None, account: str | None = None, **whose: str) -> None:
        """From now on they reject them."""
        self._let_all(Outcome.REJECT, protocol, account, **whose)

    def fail(
        self, stage: str, protocol: str | None, account: str | None = None, **whose: str
    ) -> None:
        """From now on their updates fail there."""
        if (outcome := _STAGES.get(stage)) is None:
            hint = did_you_mean(stage, _STAGES) or f"there are: {', '.join(_STAGES)}"
            raise StepFailure(f"updates do not fail at the “{stage}”: {hint}", final=True)
        self._let_all(outcome, protocol, account, **whose)

    def close(self) -> None:
        """All devices stop."""
        if self._http is not None:
            self._loop.call(self._close(self._http))
            self._http = None

    def _let_all(
        self,
        outcome: Outcome,
        protocol: str | None,
        account: str | None,
        device: str | None = None,
        group: str | None = None,
    ) -> None:
        protocol, account = protocol or PROTOCOLS[0], account or DEFAULT
        if protocol not in PROTOCOLS:
            hint = did_you_mean(protocol, PROTOCOLS) or f"there are: {', '.join(PROTOCOLS)}"
            raise StepFailure(f"devices do not speak “{protocol}”: {hint}", final=True)
        if account not in self._accounts:
            hint = did_you_mean(account, self._accounts) or "add it to nrfcloud-bdd.toml"
            raise StepFailure(f"there is no account “{account}”: {hint}", final=True)
        ask(self._loop, self._let(outcome, protocol, account, self._known(account, device, group)))

    def _known(self, account: str, device: str | None, group: str | None) -> Gateways:
        if device is not None:
            reply = self._twins.do("nrfcloud", do="device", id=device, account=account)
            return {device: reply.get("gateway")}
        reply = self._twins.do("nrfcloud", do="group", name=group, account=account)
        if not reply["devices"]:
            raise StepFailure(f"nRF Cloud has no devices in the group “{group}”", final=True)
        return {each: reply["gateways"].get(each) for each in reply["devices"]}

    async def _let(self, outcome: Outcome, protocol: str, account: str, ids: Gateways) -> None:
        if self._http is None:
            self._http = make_http()
        for device_id in ids:
            for other in PROTOCOLS:
                known = self._devices.get((device_id, account, other))
                if known and other == protocol:
                    known.updating.outcome = outcome
                elif known:
                    del self._devices[device_id, account, other]
                    await known.stop()
        new = {
            each: gateway
            for each, gateway in ids.items()
            if (each, account, protocol) not in self._devices
        }
        if len(self._devices) + len(new) > MAX_DEVICES:
            raise BddError(f"a feature can simulate {MAX_DEVICES:,} devices")
        channels = await self._channels(self._http, protocol, account, new)
        async with AsyncExitStack() as stack:
            made = {
                each: Device(Updating(outcome), channel, self._http, self._mock.url)
                for each, channel in channels.items()
            }
            for device in made.values():
                stack.push_async_callback(device.stop)
            await asyncio.gather(*(device.start() for device in made.values()))
            stack.pop_all()
        for device_id, device in made.items():
            self._devices[device_id, account, protocol] = device

    async def _channels(
        self, http: aiohttp.ClientSession, protocol: str, account: str, ids: Gateways
    ) -> dict[str, Channel]:
        key = self._api_keys.get(account, "simulated")
        if protocol == "REST":
            return {each: RestChannel(http, self._mock.url, key, each) for each in ids}
        address: Address = parse_address(await self._mock.mqtt()).known_as(*self._credentials)
        prefix = await _prefix(http, self._mock.url, key)
        channels: dict[str, Channel] = {}
        for each, gateway in ids.items():
            if gateway is None:
                channels[each] = MqttChannel(Line(address, prefix, each))
                continue
            line = Line(address, prefix, gateway, gateway=True)
            channels[each] = MqttChannel(self._lines.setdefault((gateway, account), line), each)
        return channels

    async def _close(self, http: aiohttp.ClientSession) -> None:
        await asyncio.gather(*(device.stop() for device in self._devices.values()))
        self._devices.clear()
        await http.close()


async def _prefix(http: aiohttp.ClientSession, url: str, key: str) -> str:
    """How the topics of an account begin, as nRF Cloud tells it. Raises BddError."""
    headers = {"Authorization": f"Bearer {key}"}
    try:
        async with http.get(f"{url}/v1/account", headers=headers) as answer:
            account = await answer.json() if answer.status == 200 else None
    except (aiohttp.ClientError, TimeoutError, ValueError):
        account = None
    match account:
        case {"mqttTopicPrefix": str(prefix)}:
            return prefix
    raise BddError(
        "nRF Cloud does not tell the MQTT topics of the account at GET /v1/account",
        hint="is something queued for that, or does it have another API key?",
    )

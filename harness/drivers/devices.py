"""How the service under test learns of a new device: over its admin endpoint, in a DynamoDB table,
or not at all, with a list of devices that it knows already.

Made-up IDs and fingerprints come from harness.core.generators. Knows nothing of steps.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import import_module
from random import Random
from typing import Any, Protocol
from urllib.parse import quote

from harness.core import generators
from harness.drivers.network import Redact, redact_by_form, said
from harness.drivers.rest import RestClient
from harness.errors import SettingsError, StepFailure
from harness.settings import DeviceSettings, ListedDevice, Settings

TRIES = 5
"""New IDs that are tried, should those before be taken."""


@dataclass(frozen=True, slots=True)
class Device:
    """A device that the service knows. The fingerprint is a credential: it is never shown."""

    id: str
    fingerprint: str = field(repr=False)
    model: str
    account: str


class DeviceRegistry(Protocol):
    """Makes devices known to the service."""

    async def register(self, model: str, account: str) -> Device:
        """A device that is new to the scenarios of this run. Raises StepFailure if it cannot be."""
        ...


def new_device(model: str, account: str, random: Random) -> Device:
    """A device with a made-up ID and fingerprint."""
    return Device(generators.device_id(random), generators.fingerprint(random), model, account)


class AdminRegistry:
    """PUT /admin/devices/{id} of the service, with a bearer token (docs/reference-service.md)."""

    def __init__(
        self,
        service_url: str,
        token: str,
        client: RestClient,
        random: Random,
        redact: Redact = redact_by_form,
    ) -> None:
        self._service_url = service_url
        self._token = token
        self._client = client
        self._random = random
        self._redact = redact

    async def register(self, model: str, account: str) -> Device:
        """A new device. Raises StepFailure if the service refuses it or cannot be reached."""
        device = new_device(model, account, self._random)
        url = f"{self._service_url}/admin/devices/{quote(device.id, safe='')}"
        body = {"fingerprint": device.fingerprint, "model": model, "account": account}
        answer = await self._client.request(
            "PUT",
            url,
            (("Authorization", f"Bearer {self._token}"), ("Content-Type", "application/json")),
            json.dumps(body).encode(),
        )
        if not 200 <= answer.status < 300:
            what = said(answer.body, self._redact)
            raise StepFailure(
                f"The service did not take the device: PUT {url} is answered with {answer.status}.",
                *([what] if what else []),
            )
        return device


_BOTO_MODULES = ("boto3", "botocore.config", "botocore.exceptions")


class DynamoDbRegistry:
    """Puts devices into the DynamoDB table in which a service on AWS looks them up.

    An item has the attributes deviceId (the key), fingerprint, model and account. Credentials are
    those that boto3 finds by itself.
    """

    def __init__(
        self, settings: DeviceSettings, random: Random, redact: Redact = redact_by_form
    ) -> None:
        self._settings = settings
        self._random = random
        self._redact = redact
        self._client: Any = None  # boto3 has no types

    async def register(self, model: str, account: str) -> Device:
        """A new device. Raises StepFailure if AWS refuses it, SettingsError if boto3 is missing."""
        return await asyncio.to_thread(self._register, model, account)

    def _register(self, model: str, account: str) -> Device:
        try:
            boto3, config, exceptions = map(import_module, _BOTO_MODULES)
        except ImportError:
            raise SettingsError(
                'devices.registry = "dynamodb" needs boto3',
                hint="install it with: pip install 'nrfcloud-bdd[dynamodb]'",
            ) from None
        try:
            if self._client is None:
                limits = config.Config(
                    connect_timeout=5, read_timeout=10, retries={"max_attempts": 2}
                )
                region = self._settings.region
                self._client = boto3.client("dynamodb", region_name=region, config=limits)
            for _ in range(TRIES):
                device = new_device(model, account, self._random)
                if self._is_free(device.fingerprint) and self._put(device):
                    return device
        except (exceptions.BotoCoreError, exceptions.ClientError) as error:
            what = f"The device could not be put into the table {self._settings.table!r}"
            raise StepFailure(f"{what}: {self._redact(str(error))}") from None
        raise StepFailure(f"{TRIES} made-up devices were all in {self._settings.table!r} already.")

    def _is_free(self, fingerprint: str) -> bool:
        if self._settings.fingerprint_index is None:
            return True
        found = self._client.query(
            TableName=self._settings.table,
            IndexName=self._settings.fingerprint_index,
            KeyConditionExpression="fingerprint = :fingerprint",
            ExpressionAttributeValues={":fingerprint": {"S": fingerprint}},
            Limit=1,
        )
        return not found["Items"]

    def _put(self, device: Device) -> bool:
        """Whether it is in the table now; not if its ID was there before."""
        item = {
            "deviceId": device.id,
            "fingerprint": device.fingerprint,
            "model": device.model,
            "account": device.account,
        }
        try:
            self._client.put_item(
                TableName=self._settings.table,
                Item={name: {"S": value} for name, value in item.items()},
                ConditionExpression="attribute_not_exists(deviceId)",
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return False
        return True


class ListRegistry:
    """Hands out devices of the settings, each of them once, in their order."""

    def __init__(self, listed: Iterable[ListedDevice]) -> None:
        self._free = [
            Device(each.id, each.fingerprint, each.model, each.account) for each in listed
        ]

    async def register(self, model: str, account: str) -> Device:
        """The next device of that model and account. Raises StepFailure if there is none left."""
        for index, device in enumerate(self._free):
            if (device.model, device.account) == (model, account):
                return self._free.pop(index)
        left = Counter(f"{each.model} in {each.account}" for each in self._free)
        raise StepFailure(
            f"No device of the model {model!r} in the account {account!r} is left:"
            " add one more [[devices.listed]] to the settings.",
            "Left are: " + (", ".join(f"{n} {name}" for name, n in left.items()) or "none"),
            final=True,
        )


def make_registry(
    settings: Settings,
    service_url: str,
    client: RestClient,
    random: Random,
    redact: Redact = redact_by_form,
) -> DeviceRegistry:
    """The registry that the settings name. Raises SettingsError if it lacks what it needs.

    `service_url` is empty if no service is known; only the admin endpoint needs one.
    """
    devices = settings.devices
    if devices.registry == "list":
        return ListRegistry(devices.listed)
    if devices.registry == "dynamodb":
        return DynamoDbRegistry(devices, random, redact)
    token = settings.secrets.get(devices.admin_token_env)
    if not service_url:
        raise SettingsError(
            'devices.registry = "admin" needs the URL of the service', hint="add [service]"
        )
    if not token:
        raise SettingsError(
            f"the environment variable {devices.admin_token_env} is not set",
            hint="it holds the token with which devices are registered",
        )
    return AdminRegistry(service_url, token, client, random, redact)

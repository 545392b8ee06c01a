"""Each registry makes a device known, and says why if it cannot."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from random import Random
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from harness.drivers.devices import (
    AdminRegistry,
    Device,
    DynamoDbRegistry,
    ListRegistry,
    make_registry,
    new_device,
)
from harness.drivers.network import ConnectionRefused
from harness.drivers.rest import RestClient
from harness.errors import SettingsError, StepFailure
from harness.settings import DeviceSettings, ListedDevice, Settings

RawServer = Callable[..., AbstractAsyncContextManager[str]]  # the fixture of conftest.py
TOKEN = "b3ar3r-t0k3n"


def test_a_new_device_is_made_up_and_its_fingerprint_is_not_shown() -> None:
    device = new_device("PCA20065", "default", Random(1))
    assert re.fullmatch(r"oob-35000666\d{7}", device.id)
    assert (device.model, device.account) == ("PCA20065", "default")
    assert device.fingerprint not in repr(device)
    assert new_device("PCA20065", "default", Random(2)).id != device.id


def answering(requests: list[bytes], answer: bytes) -> Callable[..., Awaitable[None]]:
    async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(re.findall(rb"Content-Length: (\d+)", head)[0])
        requests.append(head + await reader.readexactly(length))
        writer.write(answer)

    return handler


def register_at(raw_server: RawServer, answer: bytes) -> tuple[Device, str]:
    requests: list[bytes] = []

    async def main() -> Device:
        client = RestClient()
        try:
            async with raw_server(answering(requests, answer)) as host:
                registry = AdminRegistry(f"http://{host}", TOKEN, client, Random(1))
                return await registry.register("PCA20065", "other")
        finally:
            await client.close()

    return asyncio.run(main()), requests[0].decode()


def test_the_admin_endpoint_is_told_all_about_the_device(raw_server: RawServer) -> None:
    device, request = register_at(raw_server, b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
    head, body = request.split("\r\n\r\n")
    assert head.startswith(f"PUT /admin/devices/{device.id} HTTP/1.1\r\n")
    assert f"\r\nAuthorization: Bearer {TOKEN}\r\n" in head
    assert "\r\nContent-Type: application/json\r\n" in head
    assert json.loads(body) == {
        "fingerprint": device.fingerprint,
        "model": "PCA20065",
        "account": "other",
    }


def test_a_refusal_of_the_admin_endpoint_says_what_it_said(raw_server: RawServer) -> None:
    said = f'{{"title": "Wrong token", "authorization": "Bearer {TOKEN}"}}'.encode()
    answer = b"HTTP/1.1 401 No\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said)
    with pytest.raises(StepFailure, match=r"did not take the device: PUT .* is answered with 401"
                       r"\.\n.*Wrong token") as caught:  # fmt: skip
        register_at(raw_server, answer)
    assert TOKEN not in str(caught.value)


def test_a_refusal_without_a_word(raw_server: RawServer) -> None:
    with pytest.raises(StepFailure, match=r"answered with 404\.$"):
        register_at(raw_server, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")


def test_an_admin_endpoint_that_is_not_there(raw_server: RawServer) -> None:
    async def main() -> None:
        async with raw_server(answering([], b"")) as host:
            pass
        client = RestClient()
        try:
            await AdminRegistry(f"http://{host}", TOKEN, client, Random(1)).register("m", "a")
        finally:
            await client.close()

    with pytest.raises(ConnectionRefused):
        asyncio.run(main())


def listed(number: int, model: str = "PCA20065", account: str = "default") -> ListedDevice:
    return ListedDevice(f"oob-{number}", f"92b.y7i24{number}", model, account)


def test_listed_devices_are_handed_out_once_each_in_their_order() -> None:
    registry = ListRegistry([listed(1), listed(2, "Thingy"), listed(3, account="other"), listed(4)])

    def register(model: str, account: str) -> str:
        return asyncio.run(registry.register(model, account)).id

    assert register("PCA20065", "default") == "oob-1"
    assert register("PCA20065", "other") == "oob-3"
    assert register("PCA20065", "default") == "oob-4"
    with pytest.raises(StepFailure) as caught:
        register("PCA20065", "default")
    assert str(caught.value) == (
        "No device of the model 'PCA20065' in the account 'default' is left:"
        " add one more [[devices.listed]] to the settings.\nLeft are: 1 Thingy in default"
    )
    assert caught.value.final
    assert register("Thingy", "default") == "oob-2"
    with pytest.raises(StepFailure, match="Left are: none"):
        register("Thingy", "default")


class ConflictError(Exception):
    """ConditionalCheckFailedException"""


class FakeDynamoDb:
    """The part of boto3's client that is used; `taken` are the IDs that are in the table."""

    exceptions = SimpleNamespace(ConditionalCheckFailedException=ConflictError)

    def __init__(self) -> None:
        self.puts: list[dict[str, Any]] = []
        self.queries: list[dict[str, Any]] = []
        self.refuse = 0
        self.found = 0
        self.error: Exception | None = None

    def query(self, **arguments: Any) -> dict[str, Any]:
        self.queries.append(arguments)
        return {"Items": ["one"] if len(self.queries) <= self.found else []}

    def put_item(self, **arguments: Any) -> None:
        if self.error:
            raise self.error
        self.puts.append(arguments)
        if len(self.puts) <= self.refuse:
            raise ConflictError


class AwsError(Exception):
    """botocore.exceptions.ClientError"""


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> FakeDynamoDb:
    fake = FakeDynamoDb()

    def make(service: str, region_name: str | None, config: object) -> FakeDynamoDb:
        assert (service, region_name, config) == ("dynamodb", "eu-west-1", "limits")
        return fake

    for name, content in {
        "boto3": {"client": make},
        "botocore": {},
        "botocore.config": {"Config": lambda **_: "limits"},
        "botocore.exceptions": {"BotoCoreError": ConflictError, "ClientError": AwsError},
    }.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    return fake


def register_in_dynamodb(index: str | None = None, times: int = 1) -> Device:
    settings = DeviceSettings("dynamodb", table="devices", region="eu-west-1",
                              fingerprint_index=index)  # fmt: skip
    registry = DynamoDbRegistry(settings, Random(1))
    for _ in range(times):
        device = asyncio.run(registry.register("PCA20065", "other"))
    return device


def test_a_device_is_put_into_the_table(dynamodb: FakeDynamoDb) -> None:
    device = register_in_dynamodb()
    assert dynamodb.queries == []
    assert dynamodb.puts == [
        {
            "TableName": "devices",
            "Item": {
                "deviceId": {"S": device.id},
                "fingerprint": {"S": device.fingerprint},
                "model": {"S": "PCA20065"},
                "account": {"S": "other"},
            },
            "ConditionExpression": "attribute_not_exists(deviceId)",
        }
    ]


def test_a_fingerprint_that_is_taken_is_not_used(dynamodb: FakeDynamoDb) -> None:
    dynamodb.found = 2
    device = register_in_dynamodb("by-fingerprint")
    assert len(dynamodb.queries) == 3
    assert dynamodb.queries[2] == {
        "TableName": "devices",
        "IndexName": "by-fingerprint",
        "KeyConditionExpression": "fingerprint = :fingerprint",
        "ExpressionAttributeValues": {":fingerprint": {"S": device.fingerprint}},
        "Limit": 1,
    }
    assert len(dynamodb.puts) == 1


def test_an_id_that_is_taken_is_not_used(dynamodb: FakeDynamoDb) -> None:
    dynamodb.refuse = 2
    assert dynamodb.puts == []
    device = register_in_dynamodb()
    assert [put["Item"]["deviceId"]["S"] == device.id for put in dynamodb.puts] == [
        False,
        False,
        True,
    ]


def test_it_is_not_tried_for_ever(dynamodb: FakeDynamoDb) -> None:
    dynamodb.refuse = 100
    with pytest.raises(StepFailure, match="5 made-up devices were all in 'devices' already"):
        register_in_dynamodb()


def test_a_refusal_of_aws(dynamodb: FakeDynamoDb) -> None:
    dynamodb.error = AwsError("no such table; Bearer abcdefgh")
    with pytest.raises(StepFailure, match="into the table 'devices': no such table") as caught:
        register_in_dynamodb()
    assert "abcdefgh" not in str(caught.value)


def test_the_aws_client_is_made_once(dynamodb: FakeDynamoDb) -> None:
    register_in_dynamodb(times=2)
    assert len(dynamodb.puts) == 2


def test_without_boto3_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "boto3", None)
    with pytest.raises(SettingsError, match=r"needs boto3: install it with: pip .*\[dynamodb\]"):
        register_in_dynamodb()


def make(settings: Settings, service_url: str = "http://service") -> object:
    return make_registry(settings, service_url, RestClient(), Random(1))


def test_the_settings_name_the_registry() -> None:
    secrets = {"REFERENCE_SERVICE_ADMIN_TOKEN": TOKEN}
    assert isinstance(make(Settings(secrets=secrets)), AdminRegistry)
    devices = DeviceSettings("list", listed=(listed(1),))
    assert isinstance(make(Settings(devices=devices), ""), ListRegistry)
    devices = DeviceSettings("dynamodb", table="devices")
    assert isinstance(make(Settings(devices=devices), ""), DynamoDbRegistry)


@pytest.mark.parametrize(
    ("settings", "url", "message"),
    [
        (Settings(), "", r"needs the URL of the service: add \[service\]"),
        (Settings(), "http://service", "variable REFERENCE_SERVICE_ADMIN_TOKEN is not set"),
    ],
)
def test_a_registry_that_lacks_what_it_needs(settings: Settings, url: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        make(settings, url)

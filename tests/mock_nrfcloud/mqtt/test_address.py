from __future__ import annotations

import pytest

from harness.errors import BddError
from mock_nrfcloud.mqtt.address import Address, parse_address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("mqtt://broker.example", Address("broker.example", 1883)),
        ("mqtts://broker.example/", Address("broker.example", 8883, tls=True)),
        ("mqtt://[::1]:1884", Address("::1", 1884)),
    ],
)
def test_a_url_says_where_a_broker_is(url: str, address: Address) -> None:
    assert parse_address(url) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "broker",
        "http://a",
        "mqtt://",
        "mqtt://a:x",
        "mqtt://a:99999",
        "mqtt://a/b",
        "mqtt://a?b",
    ],
)
def test_others_are_refused(url: str) -> None:
    with pytest.raises(BddError, match="is no URL of an MQTT broker: write mqtt://HOST:PORT"):
        parse_address(url)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(BddError) as caught:
        parse_address("mqtt://me:hunter2@broker")
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(Address("a", 1).known_as("me", "hunter2"))

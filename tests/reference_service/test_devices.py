"""Devices and fingerprints."""

from __future__ import annotations

import pytest

from reference_service.devices import Device, is_device_id, is_fingerprint


@pytest.mark.parametrize("text", ["92b.y7i24q", "29a.abcdef", "FF.234567", "0.zzzzzz"])
def test_fingerprints(text: str) -> None:
    assert is_fingerprint(text)


@pytest.mark.parametrize(
    "text",
    ["", "92b", "92b.", "92b.y7i24", "92b.y7i24qq", "92b.y7i24l", "92b.y7i24o", "92b.y7i240",
     "92b.y7i241", "92b.Y7I24Q", "92g.y7i24q", ".y7i24q", "92b.y7i24q\n", "123456789.y7i24q"],
)  # fmt: skip
def test_what_is_no_fingerprint(text: str) -> None:
    assert not is_fingerprint(text)


def test_device_ids() -> None:
    assert is_device_id("oob-350006660000001")
    assert not is_device_id("")
    assert not is_device_id("a/b")
    assert not is_device_id("a" * 129)


def test_identity() -> None:
    device = Device("oob-1", "92b.y7i24q", "PCA20065", "default")
    identity = {
        "@context": "https://github.com/hello-nrfcloud/proto/deviceIdentity",
        "id": "oob-1",
        "model": "PCA20065",
    }
    assert device.identity(None) == identity
    assert device.identity("then") == {**identity, "lastSeen": "then"}
    assert device.supported
    assert not Device("oob-1", "92b.y7i24q", "unsupported", "default").supported

"""Bundles and their files."""

from __future__ import annotations

from typing import Any

import pytest

from harness.errors import BddError
from mock_nrfcloud.fota import errors
from mock_nrfcloud.fota.entities import FIRMWARE_HOST
from mock_nrfcloud.fota.rest import firmware
from tests.mock_nrfcloud.fota.playing import Played
from tests.mock_nrfcloud.fota.test_bundles import ZIP


def test_a_bundle_is_uploaded_listed_downloaded_and_deleted(played: Played) -> None:
    played.do("bundle", type="MDM_FULL", version="mfw_2.0.0", size=5, name="Modem")
    answer = played.request("POST", "/v1/firmwares", ZIP)
    assert answer is not None
    assert answer.status == 202
    uris: Any = answer.json()
    boot, app = uris["uris"]
    bundle = app.split("/")[1]
    listed = played.call("GET", "/v1/firmwares")
    assert listed["total"] == 2
    assert listed["items"][0] == {
        "bundleId": bundle,
        "version": "v1.2.3",
        "type": "APP",
        "filenames": ["boot.bin", "app.bin"],
        "size": 7,
        "name": "Mine",
        "lastModified": "2023-11-14T22:13:20.000Z",
    }
    modem = played.call("GET", "/v1/firmwares?modemOnly=true")
    assert ([each["name"] for each in modem["items"]], modem["total"]) == (["Modem"], 1)
    got = played.request("GET", f"/{boot}", host=FIRMWARE_HOST)
    assert got is not None
    assert (got.status, got.body) == (200, b"boot")
    played.call("DELETE", f"/v1/firmwares/{bundle}")
    assert played.refused("DELETE", f"/v1/firmwares/{bundle}")[0] == 40410
    got = played.request("GET", f"/{boot}", host=FIRMWARE_HOST)
    assert got is not None
    assert got.status == 404


@pytest.mark.parametrize(
    ("asked", "status", "part", "data"),
    [
        ("bytes=0-3", 206, "bytes 0-3/40", b"APP*"),
        ("bytes=4-", 206, "bytes 4-39/40", None),
        ("bytes=38-99", 206, "bytes 38-39/40", None),
        ("bytes=40-", 416, None, None),
        ("bytes=3-2", 416, None, None),
        ("items=1-2", 200, None, None),
        ("bytes=-5", 200, None, None),
    ],
)
def test_a_part_of_a_file(
    played: Played, asked: str, status: int, part: str | None, data: bytes | None
) -> None:
    played.device("d1")
    played.do("bundle", bundleId="APP*0123abcd*v1", version="v1", size=40)
    team = played.call("GET", "/v1/account")["team"]["tenantId"]
    path = f"/{team}/APP*0123abcd*v1/firmware.bin"
    got = played.request("GET", path, b"", ("Range", asked), host=FIRMWARE_HOST)
    assert got is not None
    assert (got.status, got.header("Content-Range")) == (status, part)
    if part and data is None:
        first, last = (int(each) for each in part.split()[1].split("/")[0].split("-"))
        assert len(got.body) == last - first + 1
    assert data is None or got.body == data


def test_there_is_not_room_for_everything(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(errors, "MAX_THINGS", 1)
    played.device("d1")
    bundle = played.do("bundle", version="1")["bundleId"]
    job = {"bundleId": bundle, "autoApply": False}
    played.call("POST", "/v1/fota-jobs", job)
    assert played.refused("POST", "/v1/fota-jobs", job) == (
        40900,
        "There are 1 jobs already: delete some",
    )
    for command in ({"do": "device", "id": "d2"}, {"do": "bundle", "version": "1"}):
        with pytest.raises(BddError, match=r"There are 1 .* already"):
            played.twin.command(command)
    played.device("d1", appVersion="2.0.0")
    played.do("bundle", bundleId=bundle, version="2")
    answer = played.request("POST", "/v1/firmwares", ZIP)
    assert answer is not None
    assert answer.status == 409


def test_uploaded_firmware_has_its_limit(played: Played, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(firmware, "MAX_UPLOADED_BYTES", 10)
    played.do("bundle", version="1", size=1000)
    statuses = [answer.status for _ in range(3) if (answer := upload(played))]
    assert statuses == [202, 202, 409]


def upload(played: Played) -> Any:
    return played.request("POST", "/v1/firmwares", ZIP)


def test_other_paths_of_the_host_are_unknown(played: Played) -> None:
    assert played.request("GET", "/a/b", host=FIRMWARE_HOST) is None
    assert played.request("POST", "/a/b/c", host=FIRMWARE_HOST) is None
    got = played.request("GET", "/a/b/c", host=FIRMWARE_HOST)
    assert got is not None
    assert got.status == 404

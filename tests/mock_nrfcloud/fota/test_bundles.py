"""Firmware bundles: what is uploaded, and what is wrong with it."""

from __future__ import annotations

import base64
import json
import zipfile
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_nrfcloud.fota.bundles import content, is_bundle_id, new_id, uploaded
from mock_nrfcloud.fota.entities import Bundle
from mock_nrfcloud.fota.errors import ApiError

APP = {"file": "app.bin", "type": "application", "size": 3}
BOOT = {"file": "boot.bin", "type": "mcuboot", "size": 4}


def packed(manifest: object, **files: bytes) -> bytes:
    """A zip file; in the names of files `_` stands for a dot."""
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        if manifest is not None:
            archive.writestr("manifest.json", json.dumps(manifest))
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return data.getvalue()


def manifest(*files: object, **more: object) -> dict[str, object]:
    return {"fwversion": "v1.2.3", "format-version": 1, "files": list(files), **more}


ZIP = packed(manifest(BOOT, APP, name="Mine"), app_bin=b"app", boot_bin=b"boot")


@pytest.mark.parametrize(
    "body", [ZIP, base64.b64encode(ZIP), base64.encodebytes(ZIP)], ids=["zip", "base64", "lines"]
)
def test_a_zip_file_is_a_bundle(body: bytes) -> None:
    bundle = uploaded(body, 12.0)
    assert (bundle.type, bundle.version, bundle.size, bundle.name) == ("APP", "v1.2.3", 7, "Mine")
    assert is_bundle_id(bundle.id)
    assert bundle.id.endswith("*v1.2.3")
    assert list(bundle.files) == ["boot.bin", "app.bin"]
    assert content(bundle, "app.bin") == b"app"
    assert content(bundle, "manifest.json") is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("mcuboot", "BOOT"), ("softdevice", "SOFTDEVICE"), ("bootloader", "BOOTLOADER")],
)
def test_the_type_of_a_bundle_is_that_of_its_files(kind: str, expected: str) -> None:
    assert uploaded(packed(manifest({**APP, "type": kind}), app_bin=b"app"), 0).type == expected


@pytest.mark.parametrize(
    ("body", "code", "message"),
    [
        (b"", 42200, "no zip file that can be read"),
        (b"nonsense!", 42200, "no zip file that can be read"),
        (b"QUJD", 42200, "no zip file that can be read"),
        (b"QUJDR", 42200, "neither a zip file nor one in base64"),
        (ZIP[:-30], 42200, "no zip file that can be read"),
        (packed(None), 42200, "has no manifest.json"),
        (packed({}), 42200, "manifest.json: Object missing required field `fwversion`"),
        (packed([]), 42200, "manifest.json: Expected `object`, got `array`"),
        (packed(manifest(APP)), 42200, "names app.bin, which is not in the zip file"),
        (packed(manifest(APP), app_bin=b"four"), 42200, "app.bin is not as large as"),
        (packed(manifest()), 42200, "names no firmware"),
        (packed(manifest({**APP, "type": "modem"})), 42200, "Invalid enum value 'modem'"),
        (
            packed(manifest({**APP, "file": "a b"}), **{"a b": b"app"}),
            42200,
            "'a b' is no name of a file",
        ),
        (packed(manifest(APP, fwversion="a/b"), app_bin=b"app"), 42200, "'a/b' is no version"),
        (packed(manifest(APP), **{f"f{n}": b"" for n in range(21)}), 42200, "more than 20 files"),
        (packed(manifest(APP), app_bin=bytes(17 * 1024 * 1024)), 41300, "have more than"),
    ],
)
def test_what_is_no_bundle(body: bytes, code: int, message: str) -> None:
    with pytest.raises(ApiError) as caught:
        uploaded(body, 0)
    assert message in caught.value.message
    assert caught.value.code == code


@given(st.integers(0, len(ZIP) - 1), st.binary(max_size=4), st.booleans())
def test_a_damaged_zip_file_is_a_bundle_or_refused(at: int, bits: bytes, base: bool) -> None:
    body = ZIP[:at] + bits + ZIP[at + len(bits) :]
    with suppress(ApiError):
        uploaded(base64.b64encode(body) if base else body, 0)


def test_files_can_be_made_up() -> None:
    bundle = Bundle("APP*0123abcd*v1", 1, "APP", "v1", 40, {"firmware.bin": None}, 0.0)
    data = content(bundle, "firmware.bin")
    assert data is not None
    assert len(data) == 40
    assert data.startswith(b"APP*0123abcd*v1\n")
    assert is_bundle_id(new_id("MDM_FULL", "mfw_1.3.5"))
    assert is_bundle_id("0f6f1f0c-5d0a-4d53-9a3c-2b7f0c6f3a11")
    assert not is_bundle_id("APP*0123abc*v1")
    assert not is_bundle_id("APP*0123abcd*v 1"), "devices are told paths with spaces between"
    assert not is_bundle_id("APP*0123abcd*v/1")

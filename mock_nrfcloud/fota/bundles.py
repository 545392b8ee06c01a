"""Firmware bundles: made for a scenario, or read from what a client uploads. Pure."""

from __future__ import annotations

import base64
import binascii
import lzma
import re
import secrets
import string
import zipfile
import zlib
from io import BytesIO
from typing import Final, Literal

import msgspec

from mock_nrfcloud.fota.assumptions import MAX_FIRMWARE_BYTES, TOO_LARGE
from mock_nrfcloud.fota.entities import Bundle
from mock_nrfcloud.fota.errors import ApiError, invalid
from mock_nrfcloud.fota.shelf import numbers

TYPES: Final = (
    "APP",
    "MODEM",
    "BOOT",
    "SOFTDEVICE",
    "BOOTLOADER",
    "MDM_FULL",
    "SMP",
    "CUSTOM",
)
_ID: Final = re.compile(
    rf"(?:{'|'.join(TYPES)})\*[0-9a-zA-Z]{{8}}\*[^\s/]*"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
)
"""Neither spaces nor slashes: it is a part of paths, which spaces separate in MQTT messages."""
_FILE: Final = re.compile(r"[A-Za-z0-9._-]{1,100}")
_VERSION: Final = re.compile(r"[^\s/*]{1,100}")
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/\s]+={0,2}\s*")
_MAX_FILES: Final = 20
_UNREADABLE: Final = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(EOFError, OSError, RuntimeError, ValueError),
)
"""What Python's zipfile raises for damaged files: places that cannot be, passwords, and so on."""


class _File(msgspec.Struct):
    file: str
    type: Literal["application", "mcuboot", "bootloader", "softdevice", "init_packet"]
    size: int


class _Manifest(msgspec.Struct, rename={"format_version": "format-version"}):
    fwversion: str
    files: list[_File]
    name: str = ""
    description: str = ""
    format_version: int = 1


_TYPE_OF: Final = (
    ("application", "APP"),
    ("softdevice", "SOFTDEVICE"),
    ("mcuboot", "BOOT"),
    ("bootloader", "BOOTLOADER"),
)
"""The type of a bundle is that of the first of these which is among its files."""


def is_bundle_id(text: str) -> bool:
    """Whether a bundle could be known by that."""
    return _ID.fullmatch(text) is not None


def new_id(firmware_type: str, version: str) -> str:
    """An ID for a new bundle."""
    letters = string.ascii_letters + string.digits
    return f"{firmware_type}*{''.join(secrets.choice(letters) for _ in range(8))}*{version}"


def content(bundle: Bundle, file: str) -> bytes | None:
    """What is in a file of a bundle; None if it has no such file."""
    if file not in bundle.files:
        return None
    held = bundle.files[file]
    if held is None:
        filler = f"{bundle.id}\n".encode()
        held = (filler * (bundle.size // len(filler) + 1))[: bundle.size]
    return held


def uploaded(body: bytes, now: float) -> Bundle:
    """The bundle that a client has uploaded as a zip file, or as that in base64.

    Raises ApiError if it is malformed, or has no proper `manifest.json`.
    """
    if not body.startswith(b"PK") and _BASE64.fullmatch(body):
        try:
            body = base64.b64decode(body)
        except binascii.Error:
            raise invalid("The body is neither a zip file nor one in base64") from None
    files = _unpacked(body)
    try:
        manifest = msgspec.json.decode(files["manifest.json"], type=_Manifest)
    except KeyError:
        raise invalid("The zip file has no manifest.json") from None
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise invalid(f"manifest.json: {error}") from None
    for each in manifest.files:
        if each.file not in files:
            raise invalid(f"manifest.json names {each.file[:100]}, which is not in the zip file")
        if each.size != len(files[each.file]):
            raise invalid(f"{each.file[:100]} is not as large as manifest.json says")
        if not _FILE.fullmatch(each.file):
            raise invalid(f"{each.file[:100]!r} is no name of a file that a device can ask for")
    if not _VERSION.fullmatch(manifest.fwversion):
        raise invalid(f"{manifest.fwversion[:100]!r} is no version")
    has = {each.type for each in manifest.files}
    kinds = [kind for file_type, kind in _TYPE_OF if file_type in has]
    if not kinds:
        raise invalid("manifest.json names no firmware")
    return Bundle(
        id=new_id(kinds[0], manifest.fwversion),
        number=next(numbers),
        type=kinds[0],
        version=manifest.fwversion,
        size=sum(each.size for each in manifest.files),
        files={each.file: files[each.file] for each in manifest.files},
        created_at=now,
        name=manifest.name,
        description=manifest.description,
    )


def _unpacked(body: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            members = archive.infolist()
            if len(members) > _MAX_FILES:
                raise invalid(f"The zip file has more than {_MAX_FILES} files")
            # What a member says of its size is held to when it is read.
            if sum(each.file_size for each in members) > MAX_FIRMWARE_BYTES:
                raise ApiError(TOO_LARGE, f"The files have more than {MAX_FIRMWARE_BYTES} bytes")
            return {each.filename: archive.read(each) for each in members}
    except _UNREADABLE as error:
        raise invalid(f"The body is no zip file that can be read: {error}") from None

"""What is kept of a body that goes by: its first bytes, unpacked, and what there is to say of it.

Pure: no I/O. May import nothing of the project.
"""

from __future__ import annotations

import zlib
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

KEPT: Final = 4 * 1024 * 1024
"""The bytes of a body that are kept, packed and unpacked."""


def codings() -> frozenset[str]:
    """The content codings (RFC 9110, 8.4.1) that can be unpacked here."""
    always = {"identity", "gzip", "x-gzip", "deflate"}
    return frozenset(always | {"br"} if find_spec("brotli") else always)


class Kept:
    """The beginning of a body of which the parts are added as they come."""

    def __init__(self) -> None:
        self._start = bytearray()
        self._size = 0

    def add(self, chunk: bytes) -> None:
        """The next part."""
        self._size += len(chunk)
        self._start += chunk[: max(0, KEPT - len(self._start))]

    def body(self, coding: str = "") -> tuple[bytes, str]:
        """What is kept, unpacked from its content coding; and a note if that is not all."""
        packed, coding = bytes(self._start), coding.strip().lower()
        if not packed or coding in ("", "identity"):
            whole = self._size <= KEPT
            note = f"a body of {self._size:,} bytes is cut after {len(packed):,}"
            return packed, "" if whole else note
        try:
            body, whole = _unpacked(packed, coding)
        except ValueError as error:
            return b"", f"a body of {self._size:,} bytes is left out: {error}"
        note = f"a body of {self._size:,} bytes ({coding}) is cut after {len(body):,} unpacked ones"
        return body, "" if whole else note


def _unpacked(packed: bytes, coding: str) -> tuple[bytes, bool]:
    """The first bytes of a body, and whether they are all. Raises ValueError that says why not."""
    if coding not in codings():
        hint = ": pip install 'nrfcloud-bdd[record]'" if coding == "br" else ""
        raise ValueError(f"{coding[:40]} cannot be unpacked here{hint}")
    if coding == "br":
        return _without_brotli(packed)
    # What calls itself deflate is zlib's format (RFC 9110, 8.4.1.2), or lacks its head.
    raw = coding == "deflate" and packed[0] & 0x0F != zlib.DEFLATED
    format_ = 0 if coding == "deflate" else 16
    window = -zlib.MAX_WBITS if raw else zlib.MAX_WBITS + format_
    body, rest, is_whole = b"", packed, True
    while rest and is_whole and len(body) < KEPT:  # gzip may have several members (RFC 1952, 2.2)
        unpacker = zlib.decompressobj(window)
        try:
            body += unpacker.decompress(rest, KEPT - len(body))
        except zlib.error as error:
            if rest is not packed:
                break  # what follows is none: it is said that this is not all
            raise ValueError(f"it is not {coding}: {error}") from None
        rest, is_whole = unpacker.unused_data, unpacker.eof
    return body, is_whole and not rest


def _without_brotli(packed: bytes) -> tuple[bytes, bool]:
    brotli: Any = import_module("brotli")  # late: an extra
    unpacker = brotli.Decompressor()
    try:
        body = unpacker.process(packed, output_buffer_limit=KEPT)
    except brotli.error as error:
        raise ValueError(f"it is not br: {error}") from None
    return body[:KEPT], unpacker.is_finished() and len(body) <= KEPT

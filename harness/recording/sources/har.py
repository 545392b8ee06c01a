"""HTTP archives (HAR 1.2, http://www.softwareishard.com/blog/har-12-spec/) as observed calls.

Browsers, proxies and API clients write them. What is not needed of an entry is not looked at.

Pure. May import nothing but harness.core, harness.errors and harness.recording.model.
"""

from __future__ import annotations

import re
from base64 import b64decode
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlencode, urlsplit

import msgspec

from harness.core.http_text import HttpRequest, HttpResponse, Pairs, parse_target
from harness.errors import BddError
from harness.recording.model import Observed

_NO_ANSWER: Final = "the archive has no answer"
_METHOD: Final = re.compile(r"[A-Z][A-Z-]*")
_ENCODED: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})
"""Headers of the answer as it was carried; the archive has it decoded."""


class _Pair(msgspec.Struct):
    name: str
    value: str | None = ""


class _PostData(msgspec.Struct, rename="camel"):
    mime_type: str | None = ""
    text: str | None = ""
    params: list[_Pair] = []


class _Request(msgspec.Struct, rename="camel"):
    method: str
    url: str
    headers: list[_Pair] = []
    post_data: _PostData | None = None


class _Content(msgspec.Struct):
    text: str | None = ""
    encoding: str | None = ""


class _Response(msgspec.Struct, rename="camel"):
    status: int
    status_text: str | None = ""
    headers: list[_Pair] = []
    content: _Content = msgspec.field(default_factory=_Content)


class _Entry(msgspec.Struct, rename="camel"):
    started_date_time: str
    request: _Request
    response: _Response
    time: float = 0.0


class _Log(msgspec.Struct):
    entries: list[_Entry]


class _Archive(msgspec.Struct):
    log: _Log


def read_har(data: bytes, file: str, service_url: str = "") -> tuple[Observed, ...]:
    """The calls of HTTP of an archive; those to `service_url` are the user's.

    Raises BddError that names the file, and the part of it that is wrong.
    """
    try:
        archive = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_Archive)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        what = f"{file} is no HTTP archive (HAR): {error}"
        raise BddError(what, hint="export it anew, with contents") from None
    service = _authority(service_url)
    calls = []
    for number, entry in enumerate(archive.log.entries):
        if not entry.request.url.lower().startswith(("http://", "https://")):
            continue  # as browsers have them: data:, blob:, those of extensions, websockets
        try:
            calls.append(_observed(entry, service))
        except ValueError as error:
            raise BddError(f"{file}: log.entries[{number}]: {error}") from None
    return tuple(calls)


def _observed(entry: _Entry, service: str) -> Observed:
    url = urlsplit(entry.request.url)
    path, query = parse_target(f"{url.path or '/'}{'?' if url.query else ''}{url.query}")
    host = _authority(entry.request.url)
    is_trigger = bool(service) and host == service
    headers = _pairs(entry.request.headers)
    body, kind = _posted(entry.request.post_data)
    if kind and "content-type" not in {name.lower() for name, _ in headers}:
        headers = (*headers, ("Content-Type", kind))
    response = _response(entry.response)
    method = entry.request.method.upper()
    if not _METHOD.fullmatch(method):
        raise ValueError(f"{method[:40]!r} is no method")
    return Observed(
        at=_seconds(entry.started_date_time),
        took=max(entry.time, 0.0) / 1000,
        side="service" if is_trigger else "cloud",
        host="" if is_trigger else url.hostname or "",
        request=HttpRequest(method, path, query, headers, body),
        response=response,
        note="" if response else _NO_ANSWER,
    )


def _seconds(moment: str) -> float:
    """Seconds since 1970; without a zone, which the format demands, it is taken for UTC."""
    time = datetime.fromisoformat(moment)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def _response(response: _Response) -> HttpResponse | None:
    if response.status < 100:  # browsers write 0 for a request that was blocked or broken off
        return None
    text = response.content.text or ""
    body = b64decode(text) if response.content.encoding == "base64" else _bytes(text)
    headers = tuple(pair for pair in _pairs(response.headers) if pair[0].lower() not in _ENCODED)
    return HttpResponse(response.status, response.status_text or "", headers, body)


def _posted(data: _PostData | None) -> tuple[bytes | None, str]:
    if data is None:
        return None, ""
    kind = data.mime_type or ""
    if data.params and not data.text:
        return urlencode([(each.name, each.value or "") for each in data.params]).encode(), kind
    return _bytes(data.text or ""), kind


def _pairs(pairs: list[_Pair]) -> Pairs:
    """Headers without those that HTTP/2 makes of the start line."""
    return tuple((each.name, each.value or "") for each in pairs if not each.name.startswith(":"))


def _authority(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.hostname or ''}:{parts.port or (443 if parts.scheme == 'https' else 80)}"


def _bytes(text: str) -> bytes:
    return text.encode(errors="backslashreplace")

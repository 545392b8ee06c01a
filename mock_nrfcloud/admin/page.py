"""The page for a person, over HTTP: its files, which are in mock_nrfcloud/page/, as they are.

They hold no data; all that the page shows it asks the admin API for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from aiohttp import web

_MEDIA: Final = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}
_HEADERS: Final = {
    # Nothing but what comes from here, and no text that is taken for markup or code.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",  # to be asked for again, which the ETag makes cheap
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of the page."""

    body: bytes
    media: str
    etag: str


def answer(request: web.BaseRequest, path: str) -> web.Response | None:
    """The answer to a request for the page, None if it is for something else.

    `path` is what follows that of the admin API: `/` is the page, `/page/NAME` what it needs.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    if not path:
        # Relative, so that it is right below a namespace and behind a proxy.
        return web.Response(status=307, headers={"Location": "__admin/"})
    name = "index.html" if path == "/" else path.removeprefix("/page/")
    if (file := _files().get(name)) is None or path == "/page/index.html":
        return None
    headers = _HEADERS | {"ETag": file.etag, "Content-Type": file.media}
    if request.headers.get("If-None-Match") == file.etag:
        return web.Response(status=304, headers=headers)
    return web.Response(headers=headers, body=file.body)


@cache
def _files() -> Mapping[str, File]:
    """The files by their names; read when the first of them is asked for."""
    found = {}
    for each in files("mock_nrfcloud").joinpath("page").iterdir():
        if (media := _MEDIA.get(each.name.rpartition(".")[2])) is not None:
            body = each.read_bytes()
            found[each.name] = File(body, media, f'"{sha256(body).hexdigest()[:32]}"')
    return MappingProxyType(found)

"""What the two sides of the mock share: how it is asked, and how a third party is addressed."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar
from urllib.parse import urlsplit

from harness.core.http_text import HttpTextError, Pairs, parse_request_line
from harness.drivers.loop import LoopThread
from harness.errors import BddError, StepFailure
from mock_nrfcloud.values import ContractError

T = TypeVar("T")


def ask(loop: LoopThread, coroutine: Coroutine[Any, Any, T]) -> T:
    """What the mock says; what it refuses, or that it cannot be reached, fails the step.

    Raises ContractError, of which more can be told where the answer is known.
    """
    try:
        return loop.call(coroutine)
    except ContractError:
        raise
    except BddError as error:
        raise StepFailure(str(error), final=True) from None


def request_line(text: str) -> tuple[str, str, Pairs]:
    """`METHOD /path?query` as method, path and query."""
    try:
        return parse_request_line(text)
    except HttpTextError as error:
        hint = f": {error.hint}" if error.hint else ""
        raise StepFailure(f"`{text}` is no request: {error.what}{hint}", final=True) from None


def from_url(url: str, mock_url: str) -> tuple[str, str]:
    """Host and target of a URL: at the mock (then its first segment is the host), the third
    party's own `https://host/path`, or `host/path`."""
    at_mock = url.removeprefix(f"{mock_url}/")
    if at_mock == url and "://" in url:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise StepFailure(f"“{url}” is no URL: {error}", final=True) from None
        query = f"?{parts.query}" if parts.query else ""
        return _named(parts.hostname or "", f"{parts.path or '/'}{query}")
    return from_path(at_mock)


def from_path(path: str) -> tuple[str, str]:
    """Host and target of a path at the mock: its first segment is the host."""
    host, _, rest = path.lstrip("/").partition("/")
    return _named(host.lower(), f"/{rest}")


def _named(host: str, target: str) -> tuple[str, str]:
    if not host or "?" in host:
        raise StepFailure(
            "the request names no third party: write METHOD host/path, as in the mock's URL for it",
            final=True,
        )
    return host, target

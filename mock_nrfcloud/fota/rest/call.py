"""A call of the REST API: what is asked of which account, read with all that can be wrong with
it; and the forms of answers. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

import msgspec

from harness.core.http_text import HttpRequest, HttpResponse
from mock_nrfcloud.fota.account import Account
from mock_nrfcloud.fota.errors import BAD_REQUEST, RANGE, ApiError, invalid
from mock_nrfcloud.fota.shelf import Asked

MAX_PAGE: Final = 100
"""The longest page, and the length of one if none is asked for."""

_JSON: Final = (("Content-Type", "application/json"),)
_BOOLEANS: Final = {"true": True, "false": False}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Call:
    """A request for an operation; `parts` are those of the path that have names."""

    account: Account
    request: HttpRequest
    parts: Mapping[str, str] = field(default_factory=dict)

    def values(self, name: str) -> list[str]:
        """The values of a query parameter, which may be repeated or joined by commas."""
        found = [value for key, value in self.request.query if key == name]
        return [each for value in found for each in value.split(",") if each]

    def value(self, name: str) -> str | None:
        """The value of a query parameter that is there once; the last one counts."""
        found = [value for key, value in self.request.query if key == name]
        return found[-1] if found else None

    def flag(self, name: str) -> bool:
        """A query parameter that is `true` or `false`. Raises ApiError."""
        text = self.value(name)
        if text is None:
            return False
        if text not in _BOOLEANS:
            raise invalid(f"{name} is not true or false")
        return _BOOLEANS[text]

    def page(self) -> Asked:
        """Which page is asked for. Raises ApiError."""
        limit, token = self.value("pageLimit"), self.value("pageNextToken")
        sort = self.value("pageSort") or "desc"
        if limit is not None and not (_is_number(limit) and 1 <= int(limit) <= MAX_PAGE):
            raise invalid(f"pageLimit is not a number from 1 to {MAX_PAGE}")
        if token is not None and not _is_number(token):
            raise ApiError(RANGE, "pageNextToken is none that was given")
        if sort not in ("asc", "desc"):
            raise invalid("pageSort is not asc or desc")
        return Asked(
            int(limit) if limit else MAX_PAGE, int(token) if token else None, sort == "desc"
        )

    def body(self, kind: type[T]) -> T:
        """The JSON body; members that are not known are left out. Raises ApiError."""
        try:
            return msgspec.json.decode(self.request.body or b"", type=kind)
        except msgspec.ValidationError as error:
            raise invalid(str(error)) from None
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
            raise ApiError(BAD_REQUEST, f"The body is malformed: {error}") from None


Handler = Callable[[Call], HttpResponse]


def ok(value: object, status: int = 200) -> HttpResponse:
    """An answer with a JSON body."""
    return HttpResponse(status, "", _JSON, msgspec.json.encode(value))


def accepted() -> HttpResponse:
    """An empty answer: it will be done."""
    return HttpResponse(202)


def refused(error: ApiError) -> HttpResponse:
    """The answer to a request that was refused."""
    return ok({"code": error.code, "message": error.message}, error.code // 100)


def paged(items: list[Any], after: int | None, total: int | None = None) -> HttpResponse:
    """A page, after which another one follows if `after` is given."""
    page: dict[str, Any] = {"items": items}
    if total is not None:
        page["total"] = total
    if after is not None:
        page["pageNextToken"] = str(after)
    return ok(page)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18

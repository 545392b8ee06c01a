"""The errors of the API, by the names under which SDKs know them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

STATUS: Final[Mapping[str, int]] = {
    "InvalidRequestException": 400,
    "ResourceNotFoundException": 404,
    "InvalidStateTransitionException": 409,
    "ResourceAlreadyExistsException": 409,
    "VersionConflictException": 409,
    "LimitExceededException": 410,
}
"""The HTTP status of each (API Reference, "Errors" of each operation)."""


class ApiError(Exception):
    """A request is refused, and nothing has changed. `members` stand beside the message."""

    def __init__(self, name: str, message: str, members: Mapping[str, Any] | None = None) -> None:
        super().__init__(name, message)
        self.name = name
        self.message = message
        self.members = members or {}


def invalid(message: str) -> ApiError:
    """The request itself is wrong."""
    return ApiError("InvalidRequestException", message)


def not_found(what: str) -> ApiError:
    """There is no such thing, job or execution."""
    return ApiError("ResourceNotFoundException", f"{what} does not exist")

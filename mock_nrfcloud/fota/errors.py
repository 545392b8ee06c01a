"""What the REST API of nRF Cloud says when it refuses a request. Pure."""

from __future__ import annotations

from collections.abc import Sized
from typing import Final

from mock_nrfcloud.fota.assumptions import CONFLICT, MAX_THINGS

BAD_REQUEST: Final = 40000
NO_ENTITY: Final = 40410
RANGE: Final = 41600
INVALID: Final = 42200


class ApiError(Exception):
    """A request that is refused; nothing has changed. The first three digits of the code are the
    HTTP status."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message


def unknown(kind: str, name: str) -> ApiError:
    """There is no such thing in this account."""
    return ApiError(NO_ENTITY, f"{kind} {name[:200]} not found")


def conflict(message: str) -> ApiError:
    """The state that something is in does not allow that."""
    return ApiError(CONFLICT, message)


def check_room(things: Sized, kind: str) -> None:
    """Raises ApiError if an account cannot have one more of these things."""
    if len(things) >= MAX_THINGS:
        raise conflict(f"There are {len(things)} {kind} already: delete some")


def invalid(message: str) -> ApiError:
    """A value is not as it has to be."""
    return ApiError(INVALID, message)

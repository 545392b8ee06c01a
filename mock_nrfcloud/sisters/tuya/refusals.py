"""How a call is refused: the codes, and the HTTP status that goes with each. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SYSTEM: Final = "iot.system.SystemException"
ILLEGAL: Final = "iot.system.IllegalRequest"
DENIED: Final = "iot.common.RamActionPermissionDeny"

OF_THE_API: Final[Mapping[str, str]] = {
    SYSTEM: "System Exception",
    ILLEGAL: "Illegal request",
    DENIED: "The access key may not call this action",
}
"""Codes of the API itself, and what they mean. Their status is 200, as of all that is told by
`success`."""

OF_THE_GATEWAY: Final[Mapping[str, int]] = {
    "MissingParameter": 400,
    "InvalidParameter": 400,
    "InvalidTimeStamp.Format": 400,
    "InvalidTimeStamp.Expired": 400,
    "SignatureDoesNotMatch": 400,
    "SignatureNonceUsed": 400,
    "InvalidAccessKeyId.NotFound": 404,
    "InvalidAction.NotFound": 404,
    "UnsupportedHTTPMethod": 405,
}
"""Codes of what stands before the API and checks the common parameters, with their status.

Of these Tuya's pages name the signature that does not match and the access key that is not found.
The others are those of the clients' own service, whose signature this is.
"""


class Refusal(Exception):  # noqa: N818 - what the service says, no error of the mock
    """A call is refused; nothing has changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    @property
    def status(self) -> int:
        """The status of the HTTP response."""
        return OF_THE_GATEWAY.get(self.code, 200)

"""Why the proxy does not do what it is asked for."""

from __future__ import annotations

from mock_nrfcloud.proxy.targets import Target


class Refusal(Exception):  # noqa: N818 - it is no error of the mock
    """A status and a title, headers, and members of the problem that is the answer."""

    def __init__(
        self, status: int, title: str, *headers: tuple[str, str], **members: object
    ) -> None:
        super().__init__(title)
        self.status = status
        self.headers = headers
        self.members = members


def unreachable(target: Target, error: Exception) -> Refusal:
    """The refusal of a request that was to be forwarded to a host which does not answer."""
    where = f"{target.name}:{target.port}"
    if isinstance(error, TimeoutError):
        return Refusal(504, f"{where} does not answer")
    return Refusal(502, f"{where} cannot be reached: {error}")

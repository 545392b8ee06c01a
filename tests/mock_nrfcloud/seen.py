"""Requests as a journal records them."""

from __future__ import annotations

from typing import Any

from mock_nrfcloud.journal import Seen


def seen(path: str = "/x", **changes: Any) -> Seen:
    """A request that was received."""
    plain = Seen(0.0, 0.0, "GET", "api.nrfcloud.com", path, "", (), b"")
    return plain._replace(**changes)

"""A request as any client sends it: to the mock, to the recorder's driver front."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any


def ask(
    url: str, body: object = None, method: str | None = None, **headers: str
) -> tuple[int, Any]:
    """Status and JSON (None for an empty answer) of what a URL answers."""
    data = None if body is None else json.dumps(body).encode()
    sent = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(url, data, sent, method=method)
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            status, text = response.status, response.read()
    except urllib.error.HTTPError as error:
        with error:
            status, text = error.code, error.read()
    return status, json.loads(text) if text else None

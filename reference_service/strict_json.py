"""JSON from the network: whatever is not plain JSON is a ValueError. Pure.

The standard library's parser alone lets through `NaN`, turns `1e999` into infinity, and has its
own exception for deep nesting.
"""

from __future__ import annotations

import json
import math


def loads(text: bytes | str) -> object:
    """The value of a JSON document (RFC 8259). Raises ValueError for anything else."""
    try:
        return json.loads(text, parse_float=_finite, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"the number {text[:20]} is too large")
    return number


def _refuse(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def dig(value: object, *path: str) -> object:
    """What stands in nested objects at `path`, or None where there is no such thing."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value

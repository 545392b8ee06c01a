"""JSON as people write it in code blocks, strictly: what is doubtful is an error. Pure.

Keys that stand twice in an object are an error (RFC 8259, section 4, calls what they mean
unpredictable), and so are NaN and Infinity.
"""

from __future__ import annotations

import json
from typing import NoReturn


class JsonTextError(Exception):
    """What is no JSON; `position` is the line and column (1-based) in the text, if known."""

    def __init__(self, what: str, position: tuple[int, int] | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.position = position


def read_json(text: str) -> object:
    """The JSON value of a text; raises JsonTextError."""
    try:
        return json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer
        )
    except json.JSONDecodeError as error:
        what = f"the code block is not JSON: {error.msg}"
        raise JsonTextError(what, (error.lineno, error.colno)) from None
    except RecursionError:
        what = "the code block is not JSON that can be read: it is nested too deeply"
        raise JsonTextError(what) from None
    except ValueError as error:
        raise JsonTextError(f"the code block is not JSON: {error}") from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} stands twice in one object: remove one")
    return result


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON number")


def _integer(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # Python's own bound, against quadratic time
        raise ValueError(f"a number has {len(digits)} digits: that is too many") from None

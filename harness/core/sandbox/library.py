"""The JSONata library, imported without its side effect, and its values.

It has no type information: what comes from it is Any, and its classes can only be extended with
a `type: ignore[misc]`.
"""

from __future__ import annotations

import sys
from typing import Any

_recursion_limit = sys.getrecursionlimit()
from jsonata import Functions, JException, Jsonata, Parser, Tokenizer, Utils  # noqa: E402 - timed

# Importing the library lets every thread recurse 10,000 deep, which a small native stack does not
# survive. Evaluations stay far below the usual limit, so that is given back.
sys.setrecursionlimit(_recursion_limit)

__all__ = [
    "Functions",
    "JException",
    "Jsonata",
    "Parser",
    "Tokenizer",
    "Tree",
    "Utils",
    "enter",
    "is_function",
    "leave",
]

Tree = Any
"""A node of the library's syntax tree."""


def enter(value: object) -> object:
    """A copy of a JSON value in the library's terms: it has an object of its own for null.

    Raises JException for what is no JSON value.
    """
    if value is None:
        return Utils.NULL_VALUE
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list):
        return [enter(item) for item in value]
    if isinstance(value, dict):
        return {key: enter(item) for key, item in value.items()}
    raise JException(f"a {type(value).__name__} among the values is no JSON value", -1)


def leave(value: Any) -> object:
    """A copy of a value of the library as plain JSON. Functions become "", as in `$string`."""
    if isinstance(value, str | bool | int | float):
        return value
    if isinstance(value, list):
        return [leave(item) for item in value]
    if isinstance(value, dict):
        return {key: leave(item) for key, item in value.items()}
    return "" if is_function(value) else None


def is_function(value: object) -> bool:
    """Whether the value is a function; a regular expression is one in JSONata."""
    callables = (Jsonata.JFunctionCallable, Parser.Symbol)
    return isinstance(value, callables) or bool(Functions.is_regex(value))

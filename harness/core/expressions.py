"""JSONata expressions over stored values: compiled once, evaluated in bounds.

Nine in ten are plain paths (`jobId`, `tracker.id`). Those are looked up without JSONata, which
is not even imported for them; where they could mean more than a lookup (an array on the way is
mapped over), JSONata decides. All others are evaluated by harness.core.sandbox.

Pure; the clock is a parameter. May import harness.core.sandbox and harness.core.showing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from harness.core.sandbox.errors import ExpressionError, LimitExceeded, explain
from harness.core.showing import MISSING

if TYPE_CHECKING:
    from harness.core.sandbox.library import Tree
    from harness.core.sandbox.purse import Limits

__all__ = [
    "MAX_LENGTH",
    "MISSING",
    "Expression",
    "ExpressionError",
    "LimitExceeded",
    "compile_expression",
    "end_of_expression",
]

MAX_LENGTH = 20_000
"""Characters of an expression: the library's parser takes quadratic time."""

_PLAIN = re.compile(r"[ \t\r\n]*([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)[ \t\r\n]*")
_WORDS = frozenset({"and", "or", "in", "true", "false", "null"})
_INVALID = "it is not valid JSONata"


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; made by `compile_expression`.

    `names` are the top-level names of the data that it reads; with `reads_all` it may read
    others too (through `$`, `$$` or a wildcard, say). `path` is the names of a plain path, and
    empty for all other expressions.
    """

    source: str
    names: frozenset[str]
    reads_all: bool = False
    path: tuple[str, ...] = ()

    def evaluate(self, data: object, *, now: int, limits: Limits | None = None) -> object:
        """The value as plain JSON values; MISSING if there is none (null is None).

        `data` is a JSON value, an object as any Mapping. It is not changed, and the result may
        be a part of it. `now` is in milliseconds since the epoch. Raises ExpressionError.
        """
        value: Any = data
        for name in self.path:
            if value.__class__ is not dict and not isinstance(value, Mapping):
                break
            value = value.get(name, MISSING)
        else:
            if self.path:
                return value
        if self.path and value is not data and not isinstance(value, list):
            return MISSING
        return self._evaluate(data, now, limits)

    def _evaluate(self, data: object, now: int, limits: Limits | None) -> object:
        if isinstance(data, Mapping):
            names = data if self.reads_all else self.names & data.keys()
            data = {name: data[name] for name in names}
        evaluate = _evaluator(self.source)
        try:
            return evaluate(data, now=now, limits=limits)
        except Exception as error:  # noqa: BLE001 - the library raises whatever Python raises
            what = "it cannot be evaluated with these values"
            raise explain(error, self.source, what) from None


@lru_cache(maxsize=2048)
def compile_expression(source: str) -> Expression:
    """Compile JSONata, its regular expressions included; raises ExpressionError."""
    plain = _PLAIN.fullmatch(source)
    path = tuple(plain[1].split(".")) if plain else ()
    if path and _WORDS.isdisjoint(path):
        return Expression(source, frozenset(path[:1]), path=path)
    from harness.core.sandbox.syntax import read

    try:
        reading = read(_tree(source))
    except ExpressionError:
        raise
    except Exception as error:  # noqa: BLE001 - the library raises whatever Python raises
        raise explain(error, source, _INVALID) from None
    return Expression(source, reading.names, reading.all)


@lru_cache(maxsize=512)
def _evaluator(source: str) -> Callable[..., object]:
    from harness.core.sandbox.evaluation import evaluate

    return partial(evaluate, _tree(source), MISSING)


@lru_cache(maxsize=512)
def _tree(source: str) -> Tree:
    from harness.core.sandbox.syntax import parse

    if len(source) > MAX_LENGTH:
        raise LimitExceeded(f"it is longer than {MAX_LENGTH:,} characters")
    try:
        return parse(source)[0]
    except Exception as error:  # noqa: BLE001 - the library raises whatever Python raises
        raise explain(error, source, _INVALID) from None


def end_of_expression(text: str) -> int:
    """The offset of the `}` that ends the expression at the start of `text`, by the grammar.

    Raises ExpressionError.
    """
    plain = _PLAIN.match(text)
    if plain and text.startswith("}", plain.end()):
        return plain.end()
    from harness.core.sandbox.syntax import parse

    try:
        return parse(text[:MAX_LENGTH], until_brace=True)[1]
    except Exception as error:  # noqa: BLE001 - the library raises whatever Python raises
        raise explain(error, text, _INVALID) from None

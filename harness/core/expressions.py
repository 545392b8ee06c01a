"""JSONata expressions over stored values: compiled once, evaluated in bounds.

Nine in ten are plain paths (`jobId`, `tracker.id`). Those are looked up without JSONata, which
is not even imported for them; where that could mean something else (an array on the way is
mapped over), JSONata decides. All others go to harness.core.sandbox.

The clock is a parameter. May import harness.core.javascript and harness.core.sandbox; no I/O.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from harness.core.javascript import json_text

if TYPE_CHECKING:
    from harness.core.sandbox import Limits, Tree

MAX_LENGTH = 20_000
"""Characters of an expression; the library's parser is quadratic."""

_PLAIN = re.compile(r"[ \t\r\n]*([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)[ \t\r\n]*")
_WORDS = frozenset({"and", "or", "in", "true", "false", "null"})


class Missing(Enum):
    """The type of MISSING."""

    MISSING = "no value"


MISSING: Final = Missing.MISSING
"""No value at all; JSON's null is None."""


class ExpressionError(Exception):
    """An expression that is not JSONata, or that cannot be evaluated.

    `offset` is a place in the expression, if one is known. The text never contains stored
    strings: those may be secret.
    """

    def __init__(self, what: str, offset: int | None = None, hint: str = "") -> None:
        super().__init__(what, offset, hint)
        self.what = what
        self.offset = offset
        self.hint = hint

    def __str__(self) -> str:
        return ": ".join(part for part in (self.what, self.hint) if part)


class LimitExceeded(ExpressionError):  # noqa: N818 - it is what happened, and the name is agreed
    """The expression asks for more than it may use up."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. `path` is what a plain path names, and empty for all others.

    `names` are the top-level names of the data that it reads; with `reads_all` it may read
    others too (through `$`, `$$` or a wildcard, say).
    """

    source: str
    names: frozenset[str]
    reads_all: bool = False
    path: tuple[str, ...] = ()

    def evaluate(self, data: object, *, now: int, limits: Limits | None = None) -> object:
        """The value as plain JSON values, or MISSING.

        `data` is a JSON value, an object as any Mapping; it is not changed, but the result may
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
        from harness.core import sandbox

        tree = _tree(self.source)
        evaluation = sandbox.Evaluation(now, limits or sandbox.Limits())
        try:
            if isinstance(data, Mapping):
                names = data if self.reads_all else self.names & data.keys()
                data = {name: data[name] for name in names}
            result = evaluation.run(tree, sandbox.enter(data))
            if result is None:
                return MISSING
            if sandbox.is_function(result):
                raise ExpressionError("its value is a function", None, "call it: f(x)")
            evaluation.spend_on_tree(result)
            return sandbox.leave(result)
        except ExpressionError:
            raise
        except Exception as error:  # noqa: BLE001 - the library raises whatever Python raises
            otherwise = "it cannot be evaluated with these values"
            raise _explain(error, self.source, otherwise) from None


@lru_cache(maxsize=2048)
def compile_expression(source: str) -> Expression:
    """Compile JSONata; raises ExpressionError if it is none. Regular expressions count too."""
    plain = _PLAIN.fullmatch(source)
    if plain and len(source) <= MAX_LENGTH:
        path = tuple(plain[1].split("."))
        if _WORDS.isdisjoint(path):
            return Expression(source, frozenset(path[:1]), path=path)
    reading = _read(_tree(source))
    return Expression(source, frozenset(reading.names), reading.reads_all)


def end_of_expression(text: str, start: int = 0) -> int:
    """The offset of the `}` that ends the expression which begins at `start`, by the grammar.

    Raises ExpressionError, with an offset from `start`.
    """
    plain = _PLAIN.match(text, start)
    if plain and text.startswith("}", plain.end()):
        return plain.end()
    from harness.core import sandbox

    source = text[start : start + MAX_LENGTH]
    try:
        return start + sandbox.parse(source, until_brace=True)[1]
    except Exception as error:  # noqa: BLE001 - the library raises whatever Python raises
        raise _explain(error, source) from None


@lru_cache(maxsize=2048)
def _tree(source: str) -> Tree:
    from harness.core import sandbox

    if len(source) > MAX_LENGTH:
        raise LimitExceeded(f"it is longer than {MAX_LENGTH:,} characters")
    try:
        return sandbox.parse(source)[0]
    except Exception as error:  # noqa: BLE001 - the library raises whatever Python raises
        raise _explain(error, source) from None


class _Reading:
    """What an expression reads, as far as its syntax tells.

    A part of it is evaluated either with the whole data as its context, or with an item of it:
    only the former reads top-level names.
    """

    def __init__(self, tree: Tree, functions: Mapping[str, int]) -> None:
        self.names: set[str] = set()
        self.reads_all = False
        self._functions = functions
        self._variables: set[str] = set()
        self._called: list[Tree] = []
        waiting: list[tuple[Tree, bool]] = [(tree, True)]
        while waiting:
            node, of_data = waiting.pop()
            waiting += self._visit(node, of_data)

    def unknown_function(self) -> Tree | None:
        """A call of a function that is neither built in nor a variable of the expression."""
        known = self._variables | self._functions.keys()
        return next((call for call in self._called if call.value not in known), None)

    def _visit(self, node: Tree, of_data: bool) -> Iterator[tuple[Tree, bool]]:
        """Note what the node reads; yield its parts, and whether each sees the whole data."""
        steps: Sequence[Tree | None] = node.steps or ()
        if node.type == "path":
            first = node.steps[0]
            if (
                first.type == "variable"
                and len(steps) > 1
                and not (first.predicate or first.stages)
            ):
                root = first.value == "$" or (first.value == "" and of_data)
                if root and node.steps[1].type == "name":
                    self.names.add(node.steps[1].value)
                    steps = (None, *steps[1:])
            for index, step in enumerate(steps):
                if step is not None:
                    yield step, of_data and index == 0
        elif node.type == "name" and of_data:
            self.names.add(node.value)
        elif node.type == "variable":
            self.reads_all |= node.value == "$" or (node.value == "" and of_data)
            # As a value it may be called elsewhere, without an argument.
            self.reads_all |= bool(self._functions.get(node.value))
        elif node.type in ("wildcard", "descendant"):
            self.reads_all |= of_data
        elif node.type == "parent":
            self.reads_all = True
        elif node.type == "bind":
            self._variables.add(node.lhs.value)
        elif node.type == "lambda":
            self._variables.update(argument.value for argument in node.arguments)
        self._variables.update(name for name in (node.focus, node.index) if isinstance(name, str))
        procedure = node.procedure
        if procedure is not None and procedure.type == "variable":
            self._called.append(procedure)
            # A built-in function that lacks an argument takes the context instead.
            wanted = self._functions.get(procedure.value, 0)
            self.reads_all |= of_data and len(node.arguments) < wanted
        elif procedure is not None:
            yield procedure, of_data
        for part in (node.lhs, node.rhs, node.expression, node.condition, node.then, node._else):
            if part is not None:
                yield part, of_data
        if node.body is not None:
            yield node.body, of_data
        if node.type != "lambda":
            for part in node.arguments or ():
                yield part, of_data
        for part in node.expressions or ():
            yield part, of_data
        for pair in node.lhs_object or ():
            yield from ((part, of_data) for part in pair)
        for pair in node.group.lhs_object if node.group is not None else ():
            yield from ((part, False) for part in pair)
        for stage in (*(node.predicate or ()), *(node.stages or ())):
            if stage.expr is not None:
                yield stage.expr, False
            else:
                self._variables.add(stage.value)
        for term in node.terms or ():
            yield term.expression, False
        for part in (node.pattern, node.update, node.delete):
            if part is not None:
                yield part, False


def _read(tree: Tree) -> _Reading:
    from harness.core import sandbox

    reading = _Reading(tree, sandbox.FUNCTIONS)
    call = reading.unknown_function()
    if call is None:
        return reading
    offset = max(0, call.position - len(call.value) - 1)
    if call.value == "eval":
        raise ExpressionError("$eval() is not available", offset, "write the expression itself")
    near = get_close_matches(call.value, sandbox.FUNCTIONS, 1)
    raise ExpressionError(
        f"there is no function ${call.value}()",
        offset,
        f"did you mean ${near[0]}()?" if near else "",
    )


_INVALID = "it is not valid JSONata"
_PHRASES = {
    "S0201": "{} is not expected here",
    "S0203": "{} is missing at the end",
    "S0207": "it ends where a value should follow",
    "S0211": "{} is not expected here",
    "T0410": "argument {} of {} has the wrong type",
    "T0411": "an argument is left out, and the context ({}) does not fit as argument {}",
    "D3137": "{}",
    "D3141": "{}",
}


def _explain(error: Exception, source: str, otherwise: str = _INVALID) -> ExpressionError:
    """The library's error in words for the author of the expression."""
    from harness.core import sandbox

    match error:
        case sandbox.Exceeded():
            return LimitExceeded(error.text)
        case RecursionError() | MemoryError():
            return LimitExceeded("it is nested too deeply, or needs too much memory")
        case sandbox.Unclosed():
            return ExpressionError("the expression is not closed", len(source), "end it with }")
        case sandbox.RegexError():
            return ExpressionError(f"the regular expression is invalid: {error.msg}")
        case ZeroDivisionError():
            return ExpressionError("it divides by zero")
        case sandbox.LibraryError():
            return ExpressionError(*_message(error, source))
    return ExpressionError(otherwise)


def _message(error: Any, source: str) -> tuple[str, int | None]:
    arguments = [error.current, error.expected, error.extra]
    offset = min(error.location, len(source)) if error.location > 0 else None
    token = str(error.current)
    if offset is not None and source.endswith(token, 0, offset):
        offset -= len(token)
    if "(end)" in arguments and error.error != "S0203":
        return _PHRASES["S0207"], offset
    code = error.error
    if code == "T0410" and error.current is None:
        return "null is no argument for this function", offset
    template = _PHRASES.get(code) or error.error_codes.get(code)
    if template is None:
        # Either a sentence already, or an error that the library did not foresee.
        return (code if " " in code else "it cannot be evaluated"), offset
    as_written = code.startswith("S") or code in _NAMING
    arguments = [str(each) if as_written else _describe(each) for each in arguments]
    template = re.sub(r"\bObject\b", "function", template)
    filled = re.sub(r"{{{?\w+}?}}|{}", lambda _: arguments.pop(0) if arguments else "?", template)
    return (filled if code in _NAMING else filled[:1].lower() + filled[1:]), offset


_NAMING = frozenset({"T1005", "T1007", "D3137", "D3141"})
"""Run-time errors that quote the expression or what its author says, not stored values."""


def _describe(argument: object) -> str:
    """A value in an error message: what kind it is, since it may be secret."""
    from harness.core import sandbox

    if isinstance(argument, str):
        name = f"${argument}()" if argument in sandbox.FUNCTIONS else "a string"
        return argument if argument in sandbox.OPERATORS else name
    if isinstance(argument, bool | int | float):
        return json_text(argument)
    if isinstance(argument, list):
        return "an array"
    if isinstance(argument, dict):
        return "an object"
    return "a function" if sandbox.is_function(argument) else "null"

"""jsonata-python held in bounds: the only module that touches the library.

The library evaluates; this module counts. What an evaluation may cost is paid from one purse of
steps: every node evaluated, and every string, list and tree that a built-in function walks, so
that time and memory stay bounded without a clock. (The exception is time itself: a regular
expression cannot be counted, so matching has seconds.) Depth is counted apart, well below the
native stack.

The library has state that outlives an evaluation: the expression compiled last on a thread lends
its time to all others, bindings stay in the environment, errors leak depth. Here every
evaluation is a fresh object with a fresh environment, which is the thread's current one only
while it runs.

May import harness.core.javascript; no I/O. Slow to import (the library takes 35 ms): import it
where it is first needed.
"""

from __future__ import annotations

import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import regex  # type: ignore[import-untyped]  # its types are a package of their own

from harness.core.javascript import json_text, number_text, parse_number

_recursion_limit = sys.getrecursionlimit()
from jsonata import Functions, JException, Jsonata, Parser, Tokenizer, Utils  # noqa: E402 - see below

# Importing the library lets all threads recurse 10,000 deep, which a small native stack does not
# survive. Evaluation is bounded far below the usual limit, so that is given back.
sys.setrecursionlimit(_recursion_limit)

# The library has no type information: its objects are Any in this module, and its classes can
# only be extended with a `type: ignore[misc]`.
Tree = Any
LibraryError = JException
RegexError = regex.error


@dataclass(frozen=True, slots=True)
class Limits:
    """What one evaluation may use up: nodes evaluated (or their like), nested evaluations,
    characters of a string that it builds, numbers of a range, seconds in regular expressions."""

    steps: int = 500_000
    depth: int = 120
    size: int = 1_000_000
    range: int = 100_000
    regex_seconds: float = 0.2


class Exceeded(JException):  # type: ignore[misc]
    """A bound was hit. `text` says which. (The library passes its own errors on unchanged.)"""

    def __init__(self, text: str) -> None:
        super().__init__("limit", -1)
        self.text = text


class Unclosed(JException):  # type: ignore[misc]
    """The text ended before the `}` that ends the expression."""


class Frame(Jsonata.Frame):  # type: ignore[misc]
    """Variables of a scope. Unlike the library's, lookup does not recurse and bind does not
    rename the built-in function that is bound."""

    def bind(self, name: str, val: object) -> None:
        self.bindings[name] = val

    def lookup(self, name: str) -> object:
        frame = self
        while frame is not None:
            if name in frame.bindings:
                return frame.bindings[name]
            frame = frame.parent
        return None


class Evaluation(Jsonata):  # type: ignore[misc]
    """One evaluation of one expression: its purse, its clock, its environment."""

    def __init__(self, now: int, limits: Limits) -> None:
        # Not super().__init__(): that compiles, and makes itself the thread's current one.
        self.parser = _parser()
        self.timestamp = now
        self.input = None
        self.environment = None
        self.limits = limits
        self.steps = limits.steps
        self.regex_seconds = limits.regex_seconds
        self.depth = 0
        self.tuples_at = 0

    def run(self, tree: Tree, data: object) -> object:
        """The value of the expression, in the library's own types; None if there is none.

        Raises JException (Exceeded among them), and whatever Python raises inside the library.
        """
        environment: Any = Frame(_BUILT_IN)
        environment.bind("$", data)
        if isinstance(data, list):
            wrapped = Utils.create_sequence(data)
            wrapped.outer_wrapper = True
            data = wrapped
        outer = getattr(Jsonata.CURRENT, "jsonata", None)
        Jsonata.CURRENT.jsonata = self
        try:
            return self.eval(tree, data, environment)
        finally:
            if outer is None:
                del Jsonata.CURRENT.jsonata
            else:
                Jsonata.CURRENT.jsonata = outer

    def spend(self, steps: int) -> None:
        """Pay for work about to be done."""
        self.steps -= steps
        if self.steps < 0:
            raise Exceeded(f"it takes more than {self.limits.steps:,} steps")

    def spend_on(self, value: object) -> None:
        """Pay for walking over a string or over a list and the lists in it."""
        if isinstance(value, str):
            self.spend(len(value) >> 8)
        elif isinstance(value, list):
            self.spend(1 + (len(value) >> 2))
            for item in value:
                if isinstance(item, list):
                    self.spend_on(item)

    def spend_on_tree(self, *values: object) -> None:
        """Pay for walking over all of the values; what they share counts as often as it occurs."""
        waiting = list(values)
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                self.spend(1 + (len(value) >> 6))
            elif isinstance(value, list | dict):
                self.spend(1 + len(value))
                waiting.extend(value.values() if isinstance(value, dict) else value)

    def sized(self, length: int) -> None:
        """Refuse to build a string of this length if it is too long."""
        if length > self.limits.size:
            raise Exceeded(f"it builds a string of more than {self.limits.size:,} characters")

    # What follows is called by the library, in place of its own methods.

    def eval(self, expr: Tree, input: object, environment: Frame) -> object:  # noqa: A002
        self.steps -= 1
        if self.steps < 0:
            self.spend(0)
        self.depth += 1
        outer_input, outer_environment = self.input, self.environment
        try:
            if self.depth > self.limits.depth:
                raise RecursionError
            result = self._eval(expr, input, environment)
            if self.depth == self.tuples_at and isinstance(result, list):
                self.spend(len(result) << 2)
        except RecursionError:
            raise Exceeded("it is nested too deeply, or calls itself without end") from None
        finally:
            self.depth -= 1
            self.input, self.environment = outer_input, outer_environment
        if isinstance(result, str | list):
            self.spend_on(result)
        return result

    def create_frame(self, enclosing_environment: Frame | None = None) -> Frame:
        return Frame(enclosing_environment)

    def apply_inner(self, proc: Tree, args: Any, input: Any, environment: Frame) -> object:  # noqa: A002
        # The library would print the value to standard output.
        if not self.is_function_like(proc):
            raise JException("T1006", -1)
        return super().apply_inner(proc, args, input, environment)

    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> object:
        numbers = super().evaluate_range_expression(lhs, rhs)
        if numbers is not None and numbers.b - numbers.a > self.limits.range:
            raise Exceeded(f"it builds a range of more than {self.limits.range:,} numbers")
        return numbers

    def evaluate_string_concat(self, lhs: Any, rhs: Any) -> str:
        text = "".join(BuiltIns.string(part, None) or "" for part in (lhs, rhs))
        self.sized(len(text))
        return text

    def evaluate_equality_expression(self, lhs: Any, rhs: Any, op: str) -> object:
        self.spend_on_tree(lhs)
        return super().evaluate_equality_expression(lhs, rhs, op)

    def evaluate_includes_expression(self, lhs: Any, rhs: Any) -> object:
        self.spend_on_tree(lhs, rhs)
        return super().evaluate_includes_expression(lhs, rhs)

    def evaluate_descendants(self, expr: Tree, input: Any) -> object:  # noqa: A002
        self.spend_on_tree(input)
        return super().evaluate_descendants(expr, input)

    def evaluate_tuple_step(self, expr: Tree, input: Any, bindings: Any, env: Frame) -> object:  # noqa: A002
        # A join makes a dictionary for every item of what it evaluates next.
        outer, self.tuples_at = self.tuples_at, self.depth + 1
        try:
            return super().evaluate_tuple_step(expr, input, bindings, env)
        finally:
            self.tuples_at = outer

    def evaluate_transform_expression(self, expr: Tree, input: Any, environment: Frame) -> object:  # noqa: A002, ARG002
        return Jsonata.JFunction(Transformer(self, expr, environment), "<(oa):o>")

    def evaluate_group_expression(self, expr: Tree, input: Any, environment: Frame) -> object:  # noqa: A002
        if isinstance(input, list):
            self.spend(len(input) ** 2 >> 12)  # the library copies a group for each of its items
        return super().evaluate_group_expression(expr, input, environment)


class Transformer(Jsonata.Transformer):  # type: ignore[misc]
    """The function that `| ... | ... |` makes; it copies its argument whole."""

    def call(self, input: object, args: Any) -> object:  # noqa: A002
        _current().spend_on_tree(*args)
        return super().call(input, args)


def _current() -> Evaluation:
    evaluation: Evaluation = Jsonata.CURRENT.jsonata
    return evaluation


class Pattern:
    """A regular expression of JSONata, matched by the `regex` package, which can time out."""

    def __init__(self, pattern: str, flags: Any) -> None:
        self._regex = regex.compile(
            pattern,
            (regex.IGNORECASE if flags.case_insensitive else 0)
            | (regex.MULTILINE if flags.multiline else 0),
        )

    def finditer(self, string: str) -> Iterator[regex.Match[str]]:
        """The matches, within what is left of the evaluation's seconds."""
        evaluation = _current()
        evaluation.spend_on(string)
        start = 0
        while start <= len(string):
            began = time.monotonic()
            try:
                match = self._regex.search(
                    string, start, timeout=max(evaluation.regex_seconds, 0.001)
                )
            except TimeoutError:
                raise Exceeded("a regular expression takes too long to match") from None
            finally:
                evaluation.regex_seconds -= time.monotonic() - began
            if match is None:
                return
            evaluation.spend(1)
            yield match
            start = match.end() + (match.end() == match.start())

    def split(self, string: str) -> list[str]:
        """The parts between the matches."""
        parts, start = [], 0
        for match in self.finditer(string):
            parts.append(string[start : match.start()])
            start = match.end()
        return [*parts, string[start:]]

    def search(self, string: str) -> regex.Match[str] | None:
        """The first match."""
        return next(self.finditer(string), None)

    def sub(self, *_: object) -> str:
        """Its presence tells the library that this is a regular expression."""
        raise NotImplementedError


class BuiltIns(Functions):  # type: ignore[misc]
    """The built-in functions whose cost, clock or result the library gets wrong for us."""

    @staticmethod
    def string(arg: Any, prettify: bool | None) -> str | None:
        if isinstance(arg, str) or arg is None:
            return arg
        if isinstance(arg, Utils.JList) and arg.outer_wrapper:
            arg = arg[0]
        _current().spend_on_tree(arg)
        if prettify:
            return str(Functions._string(arg, True))
        # The JSONata reference rounds to 15 digits.
        return json_text(leave(arg), lambda number: number_text(float(f"{number:.15g}")))

    @staticmethod
    def pad(string: Any, width: Any, char: Any) -> object:
        if isinstance(width, int | float):
            _current().sized(abs(int(width)))
        return Functions.pad(string, width, char)

    @staticmethod
    def join(strs: Any, separator: Any) -> object:
        if strs is not None:
            _current().sized(sum(map(len, strs)) + len(strs) * len(separator or ""))
        return Functions.join(strs, separator)

    @staticmethod
    def replace(string: Any, pattern: Any, replacement: Any, limit: Any) -> object:
        if string is None:
            return None
        if limit is not None and limit < 0:
            raise JException("D3011", -1)
        count = None if limit is None else int(min(limit, len(string)))
        if isinstance(pattern, str):
            if not pattern:
                raise JException("D3010", -1)
            if not isinstance(replacement, str):
                raise JException("D3012", -1)
            found = string.count(pattern) if count is None else count
            _current().sized(len(string) + found * len(replacement))
            return string.replace(pattern, replacement, -1 if count is None else count)
        parts: list[str] = []
        length, start = len(string), 0
        for match in islice(pattern.finditer(string), count):
            substitute = _substitute(match, replacement)
            length += len(substitute)
            _current().sized(length)
            parts += (string[start : match.start()], substitute)
            start = match.end()
        return "".join((*parts, string[start:]))

    @staticmethod
    def split(string: Any, pattern: Any, limit: Any) -> object:
        if isinstance(string, str):
            _current().sized(len(string))
        return Functions.split(string, pattern, limit)

    @staticmethod
    def number(arg: Any) -> object:
        if not isinstance(arg, str):
            return Functions.number(arg)
        number = parse_number(arg)
        if number is None:
            raise JException("D3030", -1, arg)
        return number

    @staticmethod
    def datetime_to_millis(timestamp: Any, picture: Any) -> object:
        if timestamp is None:
            return None
        if picture is not None:
            # The library matches pictures without a bound and fills gaps from the real clock.
            raise JException("$toMillis() takes ISO 8601 timestamps only here, no picture", -1)
        try:
            year_only = re.fullmatch(r"\d{4}", timestamp, re.ASCII)
            moment = datetime.fromisoformat(f"{timestamp}-01-01" if year_only else timestamp)
        except ValueError:
            raise JException("D3110", -1, timestamp) from None
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return (moment - _EPOCH) // timedelta(milliseconds=1)

    @staticmethod
    def datetime_from_millis(millis: Any, picture: Any, timezone: Any) -> object:
        if millis is None:
            return None
        if picture is None and timezone is None:
            moment = _EPOCH + timedelta(milliseconds=int(millis))
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
        _short(picture)
        if picture is not None and re.search(r",[^\]]*(?:\d\s*){3}", picture):
            raise Exceeded("a date picture asks for a width of more than 99")
        return Functions.datetime_from_millis(millis, picture, timezone)

    @staticmethod
    def now(picture: Any, timezone: Any) -> object:
        return BuiltIns.datetime_from_millis(_current().timestamp, picture, timezone)

    @staticmethod
    def format_integer(value: Any, picture: Any) -> object:
        _short(picture)
        if value is not None and picture in ("I", "i") and abs(value) > 9999:
            raise Exceeded("it writes a number beyond 9999 in Roman numerals")
        return Functions.format_integer(value, picture)

    @staticmethod
    def parse_integer(value: Any, picture: Any) -> object:
        _short(value)
        _short(picture)
        return Functions.parse_integer(value, picture)

    @staticmethod
    def format_number(value: Any, picture: Any, decimal_format: Any) -> object:
        _short(picture)
        for name, mark in (decimal_format or {}).items():
            # They become parts of regular expressions.
            if name not in ("infinity", "NaN") and (not isinstance(mark, str) or len(mark) != 1):
                raise JException(f"the $formatNumber() option {name} must be one character", -1)
        return Functions.format_number(value, picture, decimal_format)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _short(text: object) -> None:
    if isinstance(text, str) and len(text) > 200:
        raise Exceeded("a picture, or what it is applied to, is longer than 200 characters")


def _substitute(match: regex.Match[str], replacement: Any) -> str:
    if isinstance(replacement, str):

        def group(found: re.Match[str]) -> str:
            digits = found[1]
            if digits in ("", "$"):
                return "$"
            while len(digits) > 1 and int(digits) > len(match.groups()):
                digits = digits[:-1]
            rest = found[1][len(digits) :]
            known = int(digits) <= len(match.groups())
            return ((match[int(digits)] or "") if known else "") + rest

        return re.sub(r"\$(\$|\d{1,2}|)", group, replacement)
    found = {
        "match": match[0],
        "start": match.start(),
        "end": match.end(),
        "groups": list(match.groups()),
    }
    substitute = Functions.func_apply(replacement, [found])
    if not isinstance(substitute, str):
        raise JException("D3012", -1)
    return substitute


class BuiltIn(Jsonata.JFunction):  # type: ignore[misc]
    """A built-in function that pays for what it walks over."""

    # These compare or write whole trees in C, where nothing counts.
    _TREES = frozenset({"string", "clone", "distinct", "spread", "keys", "merge", "sort"})
    _SQUARES = frozenset({"spread", "distinct"})

    def __init__(self, native: Any) -> None:
        super().__init__(None, None)
        self.signature = native.signature
        self.function_name = native.function_name
        self.nargs = native.nargs
        self.method: Callable[..., object] = getattr(BuiltIns, native.method.__name__)

    def call(self, input: object, args: Any) -> object:  # noqa: A002, ARG002
        evaluation = _current()
        evaluation.spend(1)
        for arg in args:
            evaluation.spend_on(arg)
            if self.function_name in self._TREES:
                evaluation.spend_on_tree(arg)
            if self.function_name in self._SQUARES and isinstance(arg, list):
                evaluation.spend(len(arg) ** 2 >> 8)
        result = Functions._call(self.method, self.nargs, args)
        if isinstance(result, str):
            evaluation.sized(len(result))
        evaluation.spend_on(result)
        return result

    def get_number_of_args(self) -> int:
        return int(self.nargs)


# $eval would run what the network sent as code.
_BUILT_IN = Frame(None)
for _name, _native in Jsonata.static_frame.bindings.items():
    if _name != "eval":
        _BUILT_IN.bind(_name, BuiltIn(_native))
# The library asks for these at every node; saying "none" early is cheaper.
_BUILT_IN.bind("__evaluate_entry", None)
_BUILT_IN.bind("__evaluate_exit", None)

FUNCTIONS: dict[str, int] = {
    # How many arguments it takes before it no longer falls back on the context.
    name: sum(1 for param in function.signature._params if param.context or "?" not in param.regex)
    if any(param.context for param in function.signature._params)
    else 0
    for name, function in _BUILT_IN.bindings.items()
    if function is not None
}

OPERATORS: frozenset[str] = frozenset(Tokenizer.operators)


def enter(value: object) -> object:
    """A copy of a JSON value in the library's terms, which has an own object for null.

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
    if value is Utils.NULL_VALUE:
        return None
    if isinstance(value, list):
        return [leave(item) for item in value]
    if isinstance(value, dict):
        return {key: leave(item) for key, item in value.items()}
    return "" if is_function(value) else value


def is_function(value: object) -> bool:
    """Whether the value is a function (a regular expression is one in JSONata)."""
    return isinstance(value, Jsonata.JFunctionCallable | Parser.Symbol | Pattern)


class _Local(threading.local):
    parser: Any = None


_local = _Local()


def _parser() -> Any:
    """This thread's parser: building one takes longer than most parsing."""
    if _local.parser is None:
        _local.parser = Parser()
    return _local.parser


def parse(source: str, *, until_brace: bool = False) -> tuple[Tree, int]:
    """Compile a JSONata expression: its syntax tree, and the offset where it ended.

    With `until_brace` the text goes on after the expression: that ends before the first `}`
    that JSONata's grammar has no use for. Raises Unclosed if there is none; JException, or
    whatever Python raises inside the library, if the syntax is wrong.
    """
    parser = _parser()
    parser.ancestry, parser.ancestor_label, parser.ancestor_index = [], 0, 0
    parser.source = source
    parser.lexer = Tokenizer(source, Pattern)
    parser.advance()
    tree = parser.expression(0)
    node = parser.node
    if until_brace and node.id == "(end)":
        raise Unclosed("S0203", len(source), "}")
    if node.id != ("}" if until_brace else "(end)"):
        raise JException("S0201", node.position, node.value)
    end = node.position - 1 if until_brace else len(source)
    tree = parser.process_ast(tree)
    if tree.type == "parent" or tree.seeking_parent is not None:
        raise JException("S0217", tree.position, tree.type)
    return tree, end

"""The parameters of a step, checked for what its definition says they are. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from harness.core.definitions import Argument, Definition, Meaning, Stores
from harness.core.expressions import ExpressionError, compile_expression
from harness.core.http_text import HttpTextError, parse_request_line
from harness.core.sampling import Sampled
from harness.core.sandbox.patterns import check_pattern
from harness.errors import Place
from harness.lint.problems import Problem
from harness.lint.texts import Text
from harness.lint.tracing import Read, Trace

_JSON_WORDS: Final = ("true", "false", "null")


def can_name_a_value(name: str) -> bool:
    """Whether a value can be stored under this name."""
    return name.isidentifier() and name not in _JSON_WORDS


class Parameters:
    """The parameters of one use of a definition, in a title that was filled with samples."""

    def __init__(self, title: Text, filled: Sampled, trace: Trace, columns: frozenset[str]) -> None:
        self._title = title
        self._filled = filled
        self._trace = trace
        self._columns = columns

    def check(self, definition: Definition, arguments: tuple[Argument, ...]) -> Iterator[Problem]:
        """What is wrong with them; what they read and store is traced."""
        if definition.is_open:
            self._trace.guess(argument.text for argument in arguments)
        for argument in arguments:
            meaning = (definition.meanings or {}).get(argument.name)
            is_guessed = self._filled.is_guessed(argument.start, argument.end)
            match meaning:
                case Stores():
                    self._trace.may_store_all |= is_guessed
                    if not is_guessed:
                        yield from self._stored(argument, meaning.suffixes)
                case Meaning() if not is_guessed:
                    yield from self._checked(argument, meaning)

    def _stored(self, argument: Argument, suffixes: tuple[str, ...]) -> Iterator[Problem]:
        name = argument.text
        if can_name_a_value(name):
            names = [name + suffix for suffix in suffixes]
            self._trace.store(names, *self._span(argument))
            return
        is_word = name in _JSON_WORDS
        hint = "it is one of JSON's own" if is_word else "use letters, digits and `_`"
        yield self._problem(argument, "invalid-name", f"“{name}” cannot name a value", hint)

    def _checked(self, argument: Argument, meaning: Meaning) -> Iterator[Problem]:
        text = argument.text
        if meaning in (Meaning.EXPRESSION, Meaning.QUERY):
            try:
                expression = compile_expression(text)
            except ExpressionError as error:
                what = f"`{text}`: {error.what}"
                offset = error.offset or 0
                yield self._problem(argument, "invalid-expression", what, error.hint, offset)
                return
            if meaning is Meaning.EXPRESSION:
                self._trace.read(
                    expression, lambda: Read("", f"`{text}`", *self._span(argument)), self._columns
                )
        elif meaning is Meaning.PATTERN:
            if what := check_pattern(text):
                message = f"“{text}” is no regular expression: {what}"
                yield self._problem(argument, "invalid-pattern", message)
        else:
            yield from self._request(argument)

    def _request(self, argument: Argument) -> Iterator[Problem]:
        try:
            _, _, query = parse_request_line(argument.text)
        except HttpTextError as error:
            what = f"`{argument.text}` is no request: {error.what}"
            yield self._problem(argument, "invalid-request", what, error.hint, error.column - 1)
            return
        for name, value in query:
            pattern = value.rpartition("/")[0][1:] if value[:1] == "/" else ""
            if pattern and (what := check_pattern(pattern)):
                message = f"the parameter {name} is no regular expression: {what}"
                yield self._problem(argument, "invalid-pattern", message)

    def _problem(
        self, argument: Argument, code: str, what: str, hint: str = "", offset: int = 0
    ) -> Problem:
        place, end = self._span(argument)
        if offset:
            place = self._title.place(self._filled.origin(argument.start + offset))
        return Problem(place, code, what, hint, end=end)

    def _span(self, argument: Argument) -> tuple[Place, tuple[int, int]]:
        title, filled = self._title, self._filled
        place = title.place(filled.origin(argument.start))
        return place, title.end(filled.origin(argument.end))

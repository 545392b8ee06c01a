"""Phrases: how step definitions of this project are written, and what they say of themselves.

A phrase is the sentence as it stands in a scenario file, registered with Behave as the step
matcher "phrase":

    use_step_matcher("phrase")

    @step("I `{method}`[ to] `{url}`[ retrying {retries:d} times]")
    @repeatable
    def send(context, method, url, retries=0): ...

    `{name}`      a Markdown code span; its text is the parameter
    {name:d}      a whole number, {name:g} any number, with or without backticks
    {name}        words without backticks, each beginning with a letter (no numbers)
    [ optional ]  may be left out; parameters in it are then not given

It compiles phrases and matches titles; it does not run anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from behave.matchers import Match, Matcher, register_step_matcher_class
from behave.model_type import Argument
from behave.step_registry import StepRegistry

import harness
from harness.errors import BddError

F = TypeVar("F", bound=Callable[..., Any])


class Mode(Enum):
    """What a step definition says of itself (docs/dialect.md, "Soon, retries and time")."""

    ONCE = "once"
    """It runs once, whatever its keyword."""
    WAITS = "waits"
    """It waits by itself until its budget is spent; it is told the budget, not repeated."""
    REPEATABLE = "repeatable"
    """Under `Soon` it is repeated until it holds."""
    ANSWER = "answer"
    """It looks at the last REST answer: under `Soon` the request is sent again before it is
    repeated."""


def _declare(mode: Mode) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        setattr(function, "mode", mode)  # noqa: B010 - the name is data on a function object
        return function

    return decorate


waits = _declare(Mode.WAITS)
repeatable = _declare(Mode.REPEATABLE)
about_the_answer = _declare(Mode.ANSWER)


def mode_of(function: object) -> Mode:
    """The mode a step definition declares; ONCE if it declares none."""
    mode = getattr(function, "mode", Mode.ONCE)
    return mode if isinstance(mode, Mode) else Mode.ONCE


_NUMBER = {"d": r"[+-]?\d{1,18}", "g": r"[+-]?\d{1,18}(?:\.\d{1,18})?"}
_CONVERT: dict[str, Callable[[str], object]] = {"d": int, "g": float}
TOKEN = re.compile(
    r"(?P<tick>`?)\{(?P<name>\w+)(?::(?P<kind>[a-z]))?\}(?P=tick)|(?P<bracket>[\[\]])"
)


class PhraseMatcher(Matcher):  # type: ignore[misc]  # Behave ships no types
    """Behave's step matcher for phrases. `start` is how every title begins that it matches."""

    NAME: ClassVar[str] = "phrase"

    def __init__(self, func: Callable[..., Any], pattern: str, step_type: str | None = None):
        super().__init__(func, pattern, step_type)
        self._kinds: dict[str, str] = {}
        self.start = _start(pattern)
        self._source = self._translate(pattern)

    @property
    def regex_pattern(self) -> str:
        """The regular expression that the phrase stands for."""
        return self._source

    @cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(self._source)

    def compile(self) -> PhraseMatcher:
        """Nothing is left to do: a phrase is checked when it is registered, and compiled when a
        title begins as it does, since a run uses a small part of a library."""
        return self

    def match(self, title: str) -> Match | None:
        """Behave's match, or None."""
        arguments = self.check_match(title)
        if arguments is None:
            return None
        # Without its function, for which Behave would find its place in its file at each match.
        match = Match(None, arguments)
        match.func, match.location = self.func, self.location
        return match

    def check_match(self, title: str) -> list[Argument] | None:
        """The arguments found in a title, in its order; None if the phrase does not match."""
        if not title.startswith(self.start) or (found := self._regex.fullmatch(title)) is None:
            return None
        arguments = []
        for name, kind in self._kinds.items():
            text = found[name]
            if text is not None:
                value = _CONVERT[kind](text) if kind in _CONVERT else _code_text(text)
                arguments.append(Argument(found.start(name), found.end(name), text, value, name))
        return sorted(arguments, key=lambda argument: argument.start)

    def _translate(self, phrase: str) -> str:
        regex, end, depth = "", 0, 0
        for token in TOKEN.finditer(phrase):
            regex += re.escape(phrase[end : token.start()])
            end = token.end()
            if token["bracket"]:
                regex += "(?:" if token["bracket"] == "[" else ")?"
                depth += 1 if token["bracket"] == "[" else -1
                if depth < 0:
                    break
                continue
            name = token["name"]
            if not name.isidentifier():
                raise BddError(f"the phrase {phrase!r}: {name!r} cannot be a parameter's name")
            kind = token["kind"] or ("code" if token["tick"] else "words")
            if name in self._kinds:
                raise BddError(f"the phrase {phrase!r} names the parameter {name!r} twice")
            if kind not in {"code", "words", *_NUMBER}:
                raise BddError(f"the phrase {phrase!r} has a parameter of unknown kind {kind!r}")
            self._kinds[name] = kind
            regex += _parameter(name, kind)
        if depth:
            raise BddError(f"the phrase {phrase!r} has a bracket without its partner")
        return regex + re.escape(phrase[end:])


def _start(phrase: str) -> str:
    """How every title begins that the phrase matches."""
    token = TOKEN.search(phrase)
    if token is None:
        return phrase
    is_code = token["tick"] and not token["kind"]
    return phrase[: token.start()] + ("`" if is_code else "")


def _parameter(name: str, kind: str) -> str:
    if kind == "code":
        # A code span (CommonMark 6.1) ends at the first run of as many backticks as opened it.
        ticks = f"{name}_ticks"
        end = rf"(?<!`)(?P={ticks})(?!`)"
        return rf"(?P<{ticks}>(?<!`)`+(?!`))(?P<{name}>(?:(?!{end}).)+){end}"
    if kind == "words":
        # A number would be taken for a word where another phrase has one at this place.
        return rf"(?P<{name}>[^\W\d_][^`\s]*(?: [^\W\d_][^`\s]*)*)"
    return rf"`?(?P<{name}>{_NUMBER[kind]})`?"


def _code_text(text: str) -> str:
    # CommonMark 6.1: one space on each side is stripped, unless there is nothing else.
    if len(text) > 2 and text[0] == text[-1] == " " and text.strip(" "):
        return text[1:-1]
    return text


def matches(registry: StepRegistry, step_type: str, title: str) -> list[tuple[Matcher, Match]]:
    """The definitions that match a title, each with its match; `step_type` is Behave's."""
    steps = registry.steps
    # Most phrases begin differently, and asking each of them costs more than looking here.
    return [
        (definition, match)
        for definition in (*steps[step_type], *steps["step"])
        if title.startswith(getattr(definition, "start", "")) and (match := definition.match(title))
    ]


def register() -> None:
    """Make "phrase" known to `use_step_matcher`; calling it again does no harm."""
    register_step_matcher_class(PhraseMatcher.NAME, PhraseMatcher)


def library_folder() -> Path:
    """The step library: inside the installed package, or beside it in a clone."""
    package = Path(harness.__file__).parent
    installed = package / "library"
    return installed if installed.is_dir() else package.parent / "steps"

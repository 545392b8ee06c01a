"""How a step definition says what it takes and what its parameters mean, for static checks.

    @step("I store `{expression}` of the last response into `{name}`")
    @takes(Takes.NOTHING)
    def store(context: Context, expression: Query, name: StoredName) -> None: ...

What is said here is never looked at when a step runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Annotated, Any, TypeVar, get_args, get_type_hints

from behave.matchers import Matcher
from behave.step_registry import StepRegistry

from harness.bdd.model import STEP_TYPES
from harness.bdd.phrases import matches
from harness.core.definitions import Argument, Definition, Meaning, Stores, Use
from harness.core.definitions import Takes as Takes

F = TypeVar("F", bound=Callable[..., Any])

StoredName = Annotated[str, Stores()]
"""A value is stored under this name."""
DeviceName = Annotated[str, Stores(("", "_deviceId"))]
"""A device's fingerprint is stored under this name, its ID under `NAME_deviceId`."""
Expression = Annotated[str, Meaning.EXPRESSION]
"""JSONata over the stored values."""
Query = Annotated[str, Meaning.QUERY]
"""JSONata over something else: an answer, a message."""
Pattern = Annotated[str, Meaning.PATTERN]
"""A regular expression."""
RequestLine = Annotated[str, Meaning.REQUEST]
"""Method, path and query of a request to nRF Cloud."""


def takes(what: Takes) -> Callable[[F], F]:
    """Declare what may stand below the step."""

    def decorate(function: F) -> F:
        setattr(function, "takes", what)  # noqa: B010 - the name is data on a function object
        return function

    return decorate


class RegisteredLibrary:
    """The definitions in Behave's registry, as the static checks see them."""

    def __init__(self, registry: StepRegistry, *, is_complete: bool = True) -> None:
        self._registry = registry
        self._definitions: dict[Matcher, Definition] = {}
        self.is_complete = is_complete
        self.uses = lru_cache(maxsize=4096)(self._uses)
        """The definitions that match a title (see `Library`); most titles are written often."""

    @property
    def phrases(self) -> list[str]:
        """How each definition is written."""
        return [matcher.pattern for matcher in self._matchers()]

    @property
    def definitions(self) -> list[Definition]:
        """All of them."""
        return [self._definition(matcher) for matcher in self._matchers()]

    def _matchers(self) -> Iterator[Matcher]:
        for kind in self._registry.steps.values():
            yield from kind

    def _uses(self, keyword: str, title: str) -> tuple[Use, ...]:
        return tuple(
            Use(self._definition(matcher), tuple(map(_argument, match.arguments or ())))
            for matcher, match in matches(self._registry, STEP_TYPES[keyword], title)
        )

    def _definition(self, matcher: Matcher) -> Definition:
        if matcher not in self._definitions:
            function, location = matcher.func, matcher.location
            what = getattr(function, "takes", None)
            self._definitions[matcher] = Definition(
                matcher.pattern,
                location.filename,
                location.line,
                what if isinstance(what, Takes) else None,
                _meanings(function),
            )
        return self._definitions[matcher]


def _argument(found: Any) -> Argument:
    """Behave's argument; the text of a code span is its value, that of a number as written."""
    text = found.value if isinstance(found.value, str) else found.original
    return Argument(found.name or "", text, found.start, found.end)


def _meanings(function: Callable[..., Any]) -> dict[str, Meaning | Stores]:
    try:
        hints = get_type_hints(function, include_extras=True)
    except Exception:  # noqa: BLE001 - annotations are the project's code; they may be anything
        return {}
    return {
        name: note
        for name, hint in hints.items()
        for part in (hint, *get_args(hint))  # it may be one of a union
        for note in getattr(part, "__metadata__", ())
        if isinstance(note, Meaning | Stores)
    }

"""What a step definition says of itself, for checks that run nothing.

A definition says which code block it takes and what its parameters mean. One that says neither
(a project's own, perhaps) may take anything and store anything. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple, Protocol


class Takes(Enum):
    """What may stand below a step."""

    NOTHING = "no code block and no table"
    ANY_BLOCK = "a code block or none"
    BLOCK = "a code block"
    JSON = "a code block marked `json`"
    EXPECTED = "a code block marked `json` with what is expected"
    REQUEST = "a code block with an HTTP request"
    RESPONSE = "a code block with an HTTP response"
    TABLE = "a table"


NEEDED = (Takes.BLOCK, Takes.JSON, Takes.EXPECTED, Takes.REQUEST, Takes.RESPONSE)
"""Those that need a code block."""


class Meaning(Enum):
    """What the text of a parameter is."""

    EXPRESSION = "JSONata over the stored values"
    QUERY = "JSONata over something else, as an answer is"
    PATTERN = "a regular expression"
    REQUEST = "method, path and query of a request to nRF Cloud"


@dataclass(frozen=True, slots=True)
class Stores:
    """The parameter names a stored value; with `suffixes`, one for each of them."""

    suffixes: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Definition:
    """A step definition. `takes` is None if it does not say; `meanings` are by parameter."""

    phrase: str
    file: str
    line: int
    takes: Takes | None = None
    meanings: Mapping[str, Meaning | Stores] | None = None

    @property
    def is_open(self) -> bool:
        """Whether it says nothing of itself, so that it may do anything."""
        return self.takes is None and not self.meanings


class Argument(NamedTuple):
    """The text of a parameter, and where it stands in the title."""

    name: str
    text: str
    start: int
    end: int


class Use(NamedTuple):
    """A definition that matches a title, with its arguments."""

    definition: Definition
    arguments: tuple[Argument, ...]


class Library(Protocol):
    """The step definitions of a project."""

    @property
    def phrases(self) -> Sequence[str]:
        """How each of them is written."""

    @property
    def is_complete(self) -> bool:
        """Whether all step files could be loaded."""

    def uses(self, keyword: str, title: str) -> tuple[Use, ...]:
        """The definitions that match a title: one, if all is well."""

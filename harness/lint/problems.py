"""What the checks find, and the table of all checks. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Final

from harness.errors import Fix, Place, ScenarioFileError


class Severity(Enum):
    """Whether a file with the problem is still clean."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong at a place of a file.

    `code` is one of CHECKS. `end` is the line and column behind what is wrong, where that is
    known. `details` are lines for a person below the message: near phrases, other places, code to
    copy. `fix` mends it safely.
    """

    place: Place
    code: str
    message: str
    hint: str = ""
    details: tuple[str, ...] = ()
    end: tuple[int, int] | None = None
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        """Errors and warnings differ by their codes."""
        return CHECKS[self.code][0]

    @property
    def text(self) -> str:
        """What is wrong and what to do, in one line."""
        return ": ".join(part for part in (self.message, self.hint) if part)


_ERROR, _WARNING = Severity.ERROR, Severity.WARNING

CHECKS: Final[Mapping[str, tuple[Severity, str]]] = {
    "unreadable": (_ERROR, "the file cannot be read, or is not UTF-8"),
    "front-matter": (_ERROR, "the front matter is no YAML, or a key has a wrong value"),
    "syntax": (_ERROR, "the text is not the dialect"),
    "invalid-placeholder": (_ERROR, "a placeholder is no JSONata, or names no value of a variant"),
    "no-source": (_ERROR, "nothing stores the value that a placeholder reads"),
    "undefined-step": (_ERROR, "no step definition matches the step"),
    "ambiguous-step": (_ERROR, "more than one step definition matches the step"),
    "step-file": (_ERROR, "a Python file of the project cannot be loaded"),
    "missing-block": (_ERROR, "the step needs a code block and has none"),
    "unexpected-block": (_ERROR, "the step takes no code block, or no table"),
    "invalid-json": (_ERROR, "a code block is not JSON once its placeholders are filled"),
    "invalid-http": (_ERROR, "a code block is not the HTTP message that the step needs"),
    "invalid-marker": (_ERROR, "a marker cannot be tried"),
    "invalid-expression": (_ERROR, "a parameter is no JSONata"),
    "invalid-pattern": (_ERROR, "a parameter is no regular expression"),
    "invalid-request": (_ERROR, "a parameter is no request line"),
    "invalid-name": (_ERROR, "a value cannot be stored under this name"),
    "unknown-need": (_ERROR, "no feature has the title that `needs` names"),
    "ambiguous-need": (_ERROR, "more than one feature has the title that `needs` names"),
    "cyclic-needs": (_ERROR, "features need each other"),
    "forbidden-only": (_ERROR, "`run: only`, with `--forbid-only`"),
    "unknown-marker": (_WARNING, "a string is nearly a marker, but none"),
    "only": (_WARNING, "`run: only`: other features are skipped"),
    "draft": (_WARNING, "the file was recorded, and is not known to pass"),
    "same-title": (_WARNING, "another feature has the same title"),
    "no-sample": (_WARNING, "a value that a placeholder reads has no sample in `exampleContext`"),
    "unused-sample": (_WARNING, "nothing uses or stores a sample of `exampleContext`"),
    "unused-value": (_WARNING, "a value is stored and never used"),
}
"""Every check by its code: how bad it is, and what is wrong where it strikes."""


def of_error(error: ScenarioFileError, code: str) -> Problem:
    """The problem that an error of a scenario file is."""
    place = error.place or Place("", 1)
    return Problem(place, code, error.what, error.hint, fix=error.fix)

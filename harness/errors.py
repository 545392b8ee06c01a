"""Every error that a person can cause: where it is, what is wrong, what to do.

The text is always `path:line:column: what is wrong: what to do`, with the parts that are known.

    BddError
    ├── ScenarioFileError   a *.feature.md file, or the suite that the files make up
    │   └── FrontMatterError
    ├── SettingsError       nrfcloud-bdd.toml, the environment, -D values
    └── UsageError          the command line
    StepFailure             an AssertionError: what a step expected did not happen

May import nothing of the project.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Self


class Place(NamedTuple):
    """A place in a text file; line and column are 1-based, columns count code points.

    A named tuple, since `nrfcloud-bdd parse` must start quickly and dataclasses are slow to import.
    """

    file: str
    line: int
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Mark(NamedTuple):
    """A part of a step's code block that differs: its keys from the top, and what differs.

    In an HTTP message the first key is `method`, `path`, `query NAME`, `header NAME` or `body`.
    """

    path: tuple[str | int, ...]
    what: str


class Fix(NamedTuple):
    """A change of the file: `removed` characters at line:column give way to `text`.

    The end of a line is one character.
    """

    line: int
    column: int
    removed: int
    text: str


class Seen(NamedTuple):
    """What a step saw instead of what it expects. It is real data: it may hold secrets.

    `value` is JSON or an HTTP request, like the step's code block, which is partial unless it is
    `exact`; or a text in place of the one that the step's title has as `instead_of`.
    """

    value: object
    exact: bool = False
    instead_of: str = ""


class BddError(Exception):
    """A mistake that a person can mend; never shown with a traceback."""

    def __init__(self, what: str, place: Place | None = None, hint: str = "") -> None:
        super().__init__(what, place, hint)
        self.what = what
        self.place = place
        self.hint = hint

    def __str__(self) -> str:
        return ": ".join(str(part) for part in (self.place, self.what, self.hint) if part)


class ScenarioFileError(BddError):
    """A scenario file, or the suite that the files make up, is wrong.

    `fix` mends it, where there is one way that cannot be meant otherwise.
    """

    def __init__(
        self, what: str, place: Place | None = None, hint: str = "", fix: Fix | None = None
    ) -> None:
        super().__init__(what, place, hint)
        self.fix = fix


class FrontMatterError(ScenarioFileError):
    """The front matter of a scenario file is wrong."""


class SettingsError(BddError):
    """The settings file, an environment variable or a `-D` value is wrong."""


class UsageError(BddError):
    """The command line asks for something that cannot be done."""


class StepFailure(AssertionError):  # noqa: N818 - "failure" is the term for a failed assertion
    """What a step expected did not happen. Behave shows its text, without a traceback.

    `details` are lines for a person, below the summary; `final` says that trying the same
    step again cannot help (a malformed code block, say); `position` is the line and column
    (1-based) within the step's code block, where the fault lies in one; `marks` are the parts of
    that block that did not come true; `seen` is what came instead of what it says.
    """

    def __init__(
        self,
        summary: str,
        *details: str,
        final: bool = False,
        position: tuple[int, int] | None = None,
        marks: tuple[Mark, ...] = (),
        seen: Seen | None = None,
    ) -> None:
        super().__init__(summary, *details)
        self.summary = summary
        self.details = details
        self.final = final
        self.position = position
        self.marks = marks
        self.seen = seen

    def retold(
        self, summary: str, details: Iterable[str], marks: tuple[Mark, ...] | None = None
    ) -> Self:
        """The same failure, of the same kind, in other words."""
        return type(self)(
            summary,
            *details,
            final=self.final,
            position=self.position,
            marks=self.marks if marks is None else marks,
            seen=self.seen,
        )

    def __str__(self) -> str:
        return "\n".join((self.summary, *self.details))

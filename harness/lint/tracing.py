"""Where the values of a file come from and who reads them, as far as its text tells. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from harness.core.expressions import Expression
from harness.errors import Place


class Read(NamedTuple):
    """A name that is read at a place (to `end`), by the expression that is quoted."""

    name: str
    quoted: str
    place: Place
    end: tuple[int, int]


class Stored(NamedTuple):
    """A step that stores something; `names` are all that it stores, in order."""

    names: dict[str, None]
    place: Place
    end: tuple[int, int]


@dataclass(slots=True)
class Trace:
    """What is known of the values of a file: grows as its steps are walked in their order.

    `names` are stored by now, `stored` at all. `open` are reads that nothing above them stores.
    `placeholders` are reads that need a sample. `guesses` are names that may be stored by what
    says nothing of itself. `used` are all names that are read, from wherever.
    """

    configured: Collection[str]
    has_variants: bool
    names: set[str] = field(default_factory=set)
    stored: dict[Place, Stored] = field(default_factory=dict)
    placeholders: dict[str, Read] = field(default_factory=dict)
    open: dict[str, Read] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    guesses: set[str] = field(default_factory=set)
    reads_all: bool = False
    may_store_all: bool = False

    def read(
        self,
        expression: Expression,
        at: Callable[[], Read],
        columns: Collection[str] = (),
        *,
        is_placeholder: bool = False,
    ) -> None:
        """An expression over the stored values, which stands `at` (asked for where it matters);
        `columns` are the names of an outline's row."""
        self.reads_all |= expression.reads_all
        self.used |= expression.names
        for name in sorted(expression.names):
            is_variant = name == "variant" and self.has_variants
            if name in columns or name in self.configured or is_variant:
                continue
            if is_placeholder and name not in self.placeholders:
                self.placeholders[name] = at()._replace(name=name)
            if name not in self.names and name not in self.open:
                self.open[name] = at()._replace(name=name)

    def store(self, names: Iterable[str], place: Place, end: tuple[int, int]) -> None:
        """A step stores values of these names; in an outline, others for each row."""
        stored = self.stored.setdefault(place, Stored({}, place, end))
        stored.names.update(dict.fromkeys(names))
        self.names.update(names)

    def guess(self, names: Iterable[str]) -> None:
        """Something may store values of these names."""
        self.guesses.update(name for name in names if name.isidentifier())

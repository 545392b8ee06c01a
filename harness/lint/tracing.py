"""Where the values of a file come from and who reads them, as far as its text tells. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
    is_placeholder: bool = False


class Stored(NamedTuple):
    """A step that stores something; `names` are all that it stores, the first as it is written."""

    names: tuple[str, ...]
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
    stored: list[Stored] = field(default_factory=list)
    placeholders: dict[str, Read] = field(default_factory=dict)
    open: dict[str, Read] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    guesses: set[str] = field(default_factory=set)
    reads_all: bool = False
    may_store_all: bool = False

    def read(self, expression: Expression, at: Read, columns: Collection[str] = ()) -> None:
        """An expression over the stored values; `columns` are the names of an outline's row."""
        self.reads_all |= expression.reads_all
        self.used |= expression.names
        for name in sorted(expression.names):
            is_variant = name == "variant" and self.has_variants
            if name in columns or name in self.configured or is_variant:
                continue
            read = at._replace(name=name)
            if at.is_placeholder:
                self.placeholders.setdefault(name, read)
            if name not in self.names:
                self.open.setdefault(name, read)

    def store(self, stored: Stored) -> None:
        """A step stores values."""
        self.stored.append(stored)
        self.names.update(stored.names)

    def guess(self, names: Iterable[str]) -> None:
        """Something may store values of these names."""
        self.guesses.update(name for name in names if name.isidentifier())

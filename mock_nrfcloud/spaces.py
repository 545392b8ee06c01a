"""Namespaces: runs that share one mock without seeing each other.

A service chooses its namespace with the path (`/__ns/NAME/v1/devices`) or with a header. What
names none is in the root. Namespaces are made over the admin API, bounded in number, and leave
when nobody has used them for long. Reads no clock of its own: it is given one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.space import Space

PREFIX: Final = "/__ns/"
HEADER: Final = "X-Mock-Namespace"
NAME: Final = r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}"
"""What a name looks like, as a regular expression."""
MAX_SPACES: Final = 100
IDLE_SECONDS: Final = 3600.0
"""A namespace that nobody has used for so long leaves when another is made."""


class SpacesFullError(BddError):
    """There are as many namespaces as there may be."""


@dataclass(slots=True)
class Past:
    """What was counted in namespaces that are gone."""

    requests: int = 0
    unanswered: int = 0


class Spaces:
    """The root and the namespaces; `make` makes a space with that name."""

    def __init__(
        self,
        make: Callable[[str], Space],
        clock: Callable[[], float],
        *,
        most: int = MAX_SPACES,
        idle_seconds: float = IDLE_SECONDS,
    ) -> None:
        self._make = make
        self._clock = clock
        self._most = most
        self._idle_seconds = idle_seconds
        self._used: dict[str, float] = {}
        self.past = Past()
        self.changes = 0
        """How often something was changed in any of them, besides the requests that came in."""
        self.root = make("")
        self.named: dict[str, Space] = {}

    def __iter__(self) -> Iterator[tuple[str, Space]]:
        """Every space with its name; that of the root is empty."""
        yield "", self.root
        yield from self.named.items()

    def choose(self, target: str, header: str | None) -> tuple[Space, str]:
        """The space that a request is for, and what is left of its target.

        Raises BddError for a namespace that does not exist.
        """
        name, target = split(target, header)
        if not name:
            return self.root, target
        return self.get(name), target

    def get(self, name: str) -> Space:
        """A namespace, which is used by that. Raises BddError if it does not exist."""
        if name not in self.named:
            shown = repr(name[:64])
            hint = did_you_mean(name, self.named) or "make it with PUT /__admin/namespaces/NAME"
            raise BddError(f"there is no namespace {shown}", hint=hint)
        self._used[name] = self._clock()
        return self.named[name]

    def changed(self) -> None:
        """Something was changed: who watches one of them looks again."""
        self.changes += 1
        for _, space in self:
            space.journal.waits.wake()

    def make(self, name: str) -> Space:
        """A new namespace. Raises BddError for a wrong name, one that exists, and too many."""
        if not re.fullmatch(NAME, name):
            raise BddError(
                f"{name[:100]!r} is no name of a namespace",
                hint="take 1 to 64 letters, digits, dots, hyphens and underscores",
            )
        if name in self.named:
            raise BddError(f"the namespace {name} exists already")
        now = self._clock()
        for idle in [each for each, at in self._used.items() if at < now - self._idle_seconds]:
            self.delete(idle)
        if len(self.named) >= self._most:
            raise SpacesFullError(
                f"there are {len(self.named)} namespaces already",
                hint="delete those that are not used any more",
            )
        self.named[name] = self._make(name)
        self.named[name].twins.publish = self.root.twins.publish
        self._used[name] = now
        return self.named[name]

    def delete(self, name: str) -> bool:
        """Forget a namespace; whether there was one."""
        if (space := self.named.pop(name, None)) is None:
            return False
        del self._used[name]
        self.past.requests += space.journal.next - 1
        self.past.unanswered += space.unanswered
        space.close()
        return True


def split(target: str, header: str | None) -> tuple[str | None, str]:
    """The name of the namespace that a request is for, if any, and what is left of its target."""
    if not target.startswith(PREFIX):
        return header, target
    end = len(target)
    for mark in "/?":
        if (found := target.find(mark, len(PREFIX))) >= 0:
            end = min(end, found)
    name, target = target[len(PREFIX) : end], target[end:]
    return name, target if target.startswith("/") else f"/{target}"

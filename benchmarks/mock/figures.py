"""Figures, the table of them, and whether their targets are met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, and how it must compare with its target; None: it is only told."""

    what: str
    measured: float
    relation: Literal["<=", ">="] = "<="
    target: float | None = None

    @property
    def met(self) -> bool:
        if self.target is None:
            return True
        if self.relation == "<=":
            return self.measured <= self.target
        return self.measured >= self.target


def report(figures: Iterable[Figure]) -> int:
    """Print the table; the exit status: 1 if a target is missed."""
    status = 0
    print(f"\n{'what':50} {'ratio':>7} {'target':>8}  met")
    for each in figures:
        target = "" if each.target is None else f"{each.relation} {each.target:5.2f}"
        met = "" if each.target is None else "yes" if each.met else "NO"
        print(f"{each.what:50} {each.measured:7.2f} {target:>8}  {met}".rstrip())
        status |= not each.met
    return status

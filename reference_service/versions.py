"""Semantic versions and the ranges of an upgrade path. Pure.

Order is that of semver.org 2.0.0, section 11: a pre-release comes before its release, build
metadata does not count. A range is one or more comparisons that must all hold
(`>=1.0.0 <2.0.0`); a version alone means that version; alternatives are parted by `||`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import eq, ge, gt, le, lt
from typing import Final

_MAX_LENGTH: Final = 200
_NUMBER: Final = r"(?:0|[1-9][0-9]*)"
_LABEL: Final = rf"(?:{_NUMBER}|[0-9]*[a-zA-Z-][0-9a-zA-Z-]*)"
_VERSION: Final = (
    rf"({_NUMBER})\.({_NUMBER})\.({_NUMBER})"
    rf"(?:-({_LABEL}(?:\.{_LABEL})*))?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?"
)
_WHOLE: Final = re.compile(_VERSION)
# Modem firmware is reported with its name in front: mfw_nrf91x1_2.0.1
_REPORTED: Final = re.compile(rf"(?:v|.*_v?)?({_VERSION})")
_COMPARISON: Final = re.compile(rf"\s*(>=|<=|>|<|=|)\s*({_VERSION})(?=\s|$)\s*")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A semantic version; comparison operators follow its precedence."""

    precedence: tuple[object, ...]
    text: str = field(compare=False)

    def __str__(self) -> str:
        return self.text


def parse_version(text: str) -> Version | None:
    """`2.0.1-rc.1+build`, or None if that is no semantic version."""
    match = _WHOLE.fullmatch(text) if len(text) <= _MAX_LENGTH else None
    if match is None:
        return None
    major, minor, patch, labels = match.groups()
    return Version((int(major), int(minor), int(patch), _precedence(labels)), text)


def _precedence(labels: str | None) -> tuple[object, ...]:
    if labels is None:
        return (1,)
    return (
        0,
        tuple(
            (0, int(label), "") if label.isdigit() else (1, 0, label) for label in labels.split(".")
        ),
    )


def reported_version(text: object) -> Version | None:
    """The version in what a device reports: `2.0.0`, `v2.0.0`, `mfw_nrf91x1_2.0.1`."""
    if not isinstance(text, str) or len(text) > _MAX_LENGTH:
        return None
    match = _REPORTED.fullmatch(text)
    return parse_version(match[1]) if match else None


_OPERATORS: Final[dict[str, Callable[[Version, Version], bool]]] = {
    ">=": ge,
    "<=": le,
    ">": gt,
    "<": lt,
    "=": eq,
    "": eq,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A version that satisfies it stands in the relation `operator` to `version`."""

    operator: str
    version: Version

    def holds(self, version: Version) -> bool:
        return _OPERATORS[self.operator](version, self.version)


Range = tuple[tuple[Comparison, ...], ...]
"""Alternatives, each a list of comparisons that must all hold."""


def parse_range(text: str) -> Range | None:
    """The range that `text` writes, or None if it is none."""
    if len(text) > _MAX_LENGTH:
        return None
    alternatives = tuple(_comparisons(part) for part in text.split("||"))
    return alternatives if all(alternatives) else None


def _comparisons(text: str) -> tuple[Comparison, ...]:
    found: list[Comparison] = []
    position = 0
    while position < len(text):
        match = _COMPARISON.match(text, position)
        version = parse_version(match[2]) if match else None
        if match is None or version is None:
            return ()
        found.append(Comparison(match[1], version))
        position = match.end()
    return tuple(found)


def satisfies(version: Version, accepted: Range) -> bool:
    """Whether one alternative of the range accepts the version."""
    return any(all(comparison.holds(version) for comparison in part) for part in accepted)

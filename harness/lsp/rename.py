"""A stored value gets another name, wherever it is surely the same value; else why not. Pure.

The same value has the same name in all features that are connected by `needs`. All of them are
renamed together, so that each placeholder reads what it did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from harness.core.document import Document
from harness.core.plan import reachable
from harness.errors import BddError, Place
from harness.lint.examine import Examined
from harness.lint.parameters import can_name_a_value
from harness.lint.problems import Severity
from harness.lint.suite import Edges
from harness.lsp.values import Values


class Source(NamedTuple):
    """A file as it is written, and the names in it."""

    lines: Sequence[str]
    document: Document
    values: Values


class Edit(NamedTuple):
    """At a place of a file one name gives way to another."""

    place: Place
    old: str
    new: str


def rename(
    file: str,
    old: str,
    new: str,
    files: Mapping[str, Examined],
    needs: Edges,
    configured: Collection[str],
    source: Callable[[str], Source | None],
) -> list[Edit]:
    """The edits that rename a value which the file stores or reads.

    Raises BddError if it is not sure what has to change.
    """
    if not can_name_a_value(new):
        raise BddError(f"“{new}” cannot name a value", hint="use letters, digits and `_`")
    names = {old: new}
    while True:
        connected = _connected(file, names, files, needs)
        sources = {each: _source(files[each], source) for each in connected}
        if (found := _names(old, new, sources)) == names:
            break
        names = found
    for each, (_, document, values) in sources.items():
        _check(files[each], document, values, names, configured)
    return [
        _edit(Place(each, *occurrence.place), occurrence.name, names, sources[each].lines)
        for each in connected
        for occurrence in sources[each].values.found
        if occurrence.name in names
    ]


def _connected(
    file: str, names: Collection[str], files: Mapping[str, Examined], needs: Edges
) -> list[str]:
    """The files between which values of these names may pass."""
    dependents: Edges = {each: [] for each in needs}
    for each, needed in needs.items():
        for need in needed:
            dependents[need].append(each)
    found: set[str] = set()
    waiting = {file}
    while waiting:
        each = waiting.pop()
        found.add(each)
        near = reachable([each], needs) | reachable([each], dependents)
        waiting |= {other for other in near - found if _mentions(files[other], names)}
    return sorted(found)


def _mentions(examined: Examined, names: Collection[str]) -> bool:
    known = examined.stores | examined.reads | examined.guesses
    return examined.may_store_all or examined.reads_all or not known.isdisjoint(names)


def _source(examined: Examined, source: Callable[[str], Source | None]) -> Source:
    for problem in examined.problems:
        if problem.severity is Severity.ERROR:
            what = f"the file has an error, which may hide a use: {problem.message}"
            raise BddError(what, problem.place, "mend it first")
    found = source(examined.file)
    assert found is not None  # or it would have an error
    return found


def _names(old: str, new: str, sources: Mapping[str, Source]) -> dict[str, str]:
    """All names that change with one: some steps store more than one value."""
    suffixes = {""}
    is_stored = False
    for file, each in sources.items():
        for name, stored in each.values.stored():
            if name == old and stored.name != old:
                what = f"`{old}` is stored together with `{stored.name}`"
                raise BddError(what, Place(file, *stored.place), f"rename `{stored.name}`")
            if name == old:
                is_stored = True
                suffixes.update(stored.suffixes)
    if not is_stored:
        raise BddError(f"no step stores `{old}`")
    return {old + suffix: new + suffix for suffix in sorted(suffixes)}


def _check(
    examined: Examined,
    document: Document,
    values: Values,
    names: Mapping[str, str],
    configured: Collection[str],
) -> None:
    """Raise if a file may use one of the names in another way, or has one of the new ones."""
    file = examined.file
    top = Place(file, document.line, document.column)
    if examined.may_store_all or examined.reads_all:
        does = "store" if examined.may_store_all else "read"
        raise BddError(f"something here may {does} values of any name", top)
    columns = {
        name
        for _, scenario in document.walk()
        for examples in scenario.examples
        for name in examples.table.headings
    }
    samples = document.front_matter.example_context.keys()
    taken = examined.stores | examined.reads | examined.guesses | columns | samples
    for old, new in names.items():
        if old in values.unsure:
            what = f"`{old}` is read or stored here by what is not written as such"
            raise BddError(what, Place(file, *values.unsure[old]))
        if old in examined.guesses:
            raise BddError(f"a step that does not say what it stores may store `{old}`", top)
        if old in configured or new in configured:
            name = old if old in configured else new
            raise BddError(f"`{name}` is a value of the settings")
        if new in taken:
            raise BddError(f"there is a `{new}` already", top)


def _edit(place: Place, name: str, names: Mapping[str, str], lines: Sequence[str]) -> Edit:
    if not lines[place.line - 1].startswith(name, place.column - 1):
        raise BddError(f"`{name}` is written in another way here", place)
    return Edit(place, name, names[name])

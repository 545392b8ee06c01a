"""Which features run, and in which order: `needs`, `order`, `run`, groups and shards.

Pure: it sees parsed files, and says what is wrong with them together as a suite.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import NamedTuple

from harness.core.document import Document, Need
from harness.core.nearest import did_you_mean
from harness.errors import Place, ScenarioFileError, UsageError


class SuiteFile(NamedTuple):
    """A parsed file of the suite."""

    file: str
    document: Document


class PlannedFeature(NamedTuple):
    """A feature of the run.

    `needs` are the files of what it needs directly, in the order written; `skip` says why it is
    not run, and is None if it is; `requested` tells what was chosen from what is only needed.
    """

    file: str
    document: Document
    needs: tuple[str, ...]
    skip: str | None
    requested: bool


class Plan(NamedTuple):
    """The features of a run in their order: what a feature needs comes before it."""

    features: tuple[PlannedFeature, ...]


_Files = Mapping[str, Document]
_Edges = Mapping[str, Sequence[str]]


def make_plan(suite: Sequence[SuiteFile], chosen: Collection[str]) -> Plan:
    """Plan the run of the `chosen` files, and of what they need from the suite.

    Raises ScenarioFileError if the suite is empty, or if among these features one needs a title
    that no feature or more than one has, or itself, directly or not.
    """
    if not suite:
        raise ScenarioFileError("no scenario files found", None, "they are called `*.feature.md`")
    files = {entry.file: entry.document for entry in sorted(suite, key=lambda entry: entry.file)}
    needs = _resolve(files, chosen)
    if cycle := find_cycle(needs):
        titles = {file: files[file].title for file in cycle}
        raise cycle_error(cycle, titles, {file: files[file].front_matter.needs for file in cycle})
    dependents: dict[str, list[str]] = {file: [] for file in needs}
    for file, needed in needs.items():
        for need in needed:
            dependents[need].append(file)
    skips = _skips(files, needs, dependents, chosen)
    ranks = _ranks(files, needs, dependents)
    order = _needs_first(sorted(needs, key=lambda file: (ranks[file], file)), needs)
    return Plan(
        tuple(
            PlannedFeature(file, files[file], needs[file], skips.get(file), file in chosen)
            for file in order
        )
    )


def inherited(plan: Plan, file: str) -> tuple[str, ...]:
    """The features whose stored values a feature sees: all that it needs, directly or not.

    In the order in which they are overlaid: the later wins. Of what it needs directly that is
    the one written later; and a feature comes after what it needs itself, unless both are
    written in the other order.
    """
    direct = next(feature.needs for feature in plan.features if feature.file == file)
    below = {
        feature.file: [need for need in feature.needs if need not in direct]
        for feature in plan.features
    }
    return tuple(_needs_first(direct, below))


def groups(plan: Plan) -> list[tuple[str, ...]]:
    """The features that must run together, since one needs the other; each in run order."""
    leader: dict[str, str] = {}

    def find(file: str) -> str:
        while leader.setdefault(file, file) != file:
            leader[file] = leader[leader[file]]
            file = leader[file]
        return file

    for feature in plan.features:
        for need in feature.needs:
            leader[find(need)] = find(feature.file)
    members: dict[str, list[str]] = {}
    for feature in plan.features:
        members.setdefault(find(feature.file), []).append(feature.file)
    return [tuple(files) for files in members.values()]


def shard(plan: Plan, index: int, count: int) -> tuple[str, ...]:
    """The files of shard `index` (from 1) of `count`, in run order.

    Groups stay whole; the largest goes first to the shard with the fewest scenarios so far. So
    the same plan always gives the same shards, and every feature is in exactly one of them. A
    shard may be empty. Raises UsageError if there is no such shard.
    """
    if not 1 <= index <= count:
        raise UsageError(f"no shard {index}/{count}", None, "I/N is a number from 1 to N, and N")
    sizes = {feature.file: _size(feature.document) for feature in plan.features}
    weighed = sorted(
        ((sum(sizes[file] for file in group), group) for group in groups(plan)),
        key=lambda item: -item[0],
    )
    loads = [0] * min(count, len(weighed))
    mine: set[str] = set()
    for size, group in weighed:
        lightest = loads.index(min(loads))
        loads[lightest] += size
        if lightest == index - 1:
            mine.update(group)
    return tuple(feature.file for feature in plan.features if feature.file in mine)


def _size(document: Document) -> int:
    """How many scenarios a feature runs: rows and variants counted, at least 1."""
    scenarios = sum(
        sum(len(examples.table.rows) for examples in scenario.examples) or 1
        for _, scenario in document.walk()
    )
    return max(scenarios, 1) * max(len(document.front_matter.variants), 1)


def _resolve(files: _Files, chosen: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The direct needs, as files, of the chosen features and of all that they need."""
    titles: dict[str, list[str]] = {}
    for file, document in files.items():
        titles.setdefault(document.title, []).append(file)
    needs: dict[str, tuple[str, ...]] = {}
    waiting = sorted(chosen, reverse=True)
    while waiting:
        file = waiting.pop()
        if file not in needs:
            found = [find_need(need, file, titles) for need in files[file].front_matter.needs]
            # Of a title written twice the later counts: it decides whose value wins.
            needs[file] = tuple(reversed(dict.fromkeys(reversed(found))))
            waiting += needs[file]
    return needs


def find_need(need: Need, file: str, titles: Mapping[str, Sequence[str]]) -> str:
    """The file of the feature that a file needs; `titles` are the files that bear each title.

    Raises ScenarioFileError unless it is exactly one.
    """
    bearers = titles.get(need.title, [])
    if len(bearers) == 1:
        return bearers[0]
    place = Place(file, need.line, need.column)
    if bearers:
        raise ScenarioFileError(
            f'"{need.title}" is the title of {" and of ".join(bearers)}',
            place,
            "give each feature its own title",
        )
    raise ScenarioFileError(
        f'no feature is called "{need.title}"',
        place,
        did_you_mean(need.title, titles) or "`needs` names features by their titles",
    )


def find_cycle(needs: _Edges) -> list[str]:
    """Files that need each other in a circle, each the next and the last the first; or none."""
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1][:0:-1]  # from the one that needs to the one needed
        start = cycle.index(min(cycle))
        return [*cycle[start:], *cycle[:start]]
    return []


def cycle_error(
    cycle: Sequence[str], titles: Mapping[str, str], written: Mapping[str, Sequence[Need]]
) -> ScenarioFileError:
    """The error for a cycle, told of its first file.

    `titles` and `written` are the title and the front matter's `needs` of each file.
    """
    names = [titles[file] for file in (*cycle, cycle[0])]
    need = next(need for need in written[cycle[0]] if need.title == names[1])
    return ScenarioFileError(
        "`needs` go in a circle: " + " → ".join(f'"{name}"' for name in names),
        Place(cycle[0], need.line, need.column),
        "remove one of them",
    )


def _needs_first(order: Iterable[str], needs: _Edges) -> list[str]:
    """That order, but each feature just after what it needs; `needs` has no cycle."""
    done: dict[str, None] = {}
    waiting = list(order)[::-1]
    while waiting:
        file = waiting[-1]
        missing = [need for need in needs[file] if need not in done]
        if missing and file not in done:
            waiting += missing[::-1]
        else:
            done[waiting.pop()] = None
    return list(done)


def reachable(start: Iterable[str], edges: _Edges) -> set[str]:
    """What can be reached from `start`, itself included."""
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += edges[file]
    return found


def _skips(
    files: _Files, needs: _Edges, dependents: _Edges, chosen: Collection[str]
) -> dict[str, str]:
    """Why features are skipped, by file."""
    marks = {file: files[file].front_matter.run for file in needs}
    skips = {file: "it is marked `run: never`" for file, mark in marks.items() if mark == "never"}
    broken = reachable(skips, dependents)
    for file in broken - skips.keys():
        need = next(need for need in needs[file] if need in broken)
        skips[file] = f'it needs "{files[need].title}", which is skipped'
    only = [file for file, mark in marks.items() if mark == "only" and file in chosen]
    if only:
        for file in needs.keys() - reachable(only, needs):
            skips.setdefault(file, "another feature is marked `run: only`")
    wanted = reachable((file for file in needs if file in chosen and file not in skips), needs)
    for file in needs.keys() - wanted:
        skips.setdefault(file, "no feature that runs needs it")
    return skips


def _ranks(files: _Files, needs: _Edges, dependents: _Edges) -> dict[str, int]:
    """0 for `order: first` and what that needs, 2 for `last` and what needs that, else 1."""
    orders = {file: files[file].front_matter.order for file in needs}
    first = reachable((file for file, order in orders.items() if order == "first"), needs)
    lasts = (file for file, order in orders.items() if order == "last" and file not in first)
    last = reachable(lasts, dependents)
    return {file: 0 if file in first else 2 if file in last else 1 for file in needs}

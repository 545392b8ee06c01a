"""What the files of a suite are to each other: titles, `needs`, values that cross files. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from harness.core.nearest import did_you_mean
from harness.core.plan import cycle_error, find_cycle, find_need, reachable
from harness.errors import Place, ScenarioFileError
from harness.lint.examine import Examined
from harness.lint.problems import Problem, of_error
from harness.lint.tracing import Read

Files = Mapping[str, Examined]
Edges = dict[str, list[str]]

_UNREAD: Final = ("unreadable", "front-matter", "syntax")


def conclude(
    suite: Iterable[Examined],
    chosen: Collection[str],
    configured: Collection[str],
    *,
    forbid_only: bool = False,
) -> list[Problem]:
    """Every problem of the `chosen` files of a suite, by file and place.

    What keeps a file that they need from being read, or from finding what it needs itself, is one
    too: it keeps the chosen from running.
    """
    files = {examined.file: examined for examined in suite}
    titles = titles_of(files)
    needs, unmet = needs_of(files, titles)
    dependents: Edges = {file: [] for file in files}
    for file, needed in needs.items():
        for need in needed:
            dependents[need].append(file)
    running = reachable(chosen, needs)
    found = [problem for problem in unmet if problem.place.file in running]
    found += _cycles(files, needs, chosen)
    for file in running.difference(chosen):
        found += (each for each in files[file].problems if each.code in _UNREAD)
    incomplete = {problem.place.file for problem in unmet}
    for file in chosen:
        examined = files[file]
        found += examined.problems
        found += _only(examined, forbid_only)
        found += _same_title(examined, titles)
        above = reachable([file], needs)
        is_known = incomplete.isdisjoint(above) and not any(
            files[other].may_store_all for other in above
        )
        found += _values(
            examined, [files[other] for other in above - {file}], is_known, files, configured
        )
        found += _unused(
            examined, [files[other] for other in reachable([file], dependents) - {file}]
        )
    return sorted(found, key=lambda problem: (problem.place, problem.code))


def _values(
    examined: Examined,
    above: Sequence[Examined],
    is_known: bool,
    files: Files,
    configured: Collection[str],
) -> Iterator[Problem]:
    """Reads without a source or a sample; `above` is all that the file needs, and `is_known`
    tells whether all that this stores is known."""
    inherited = frozenset[str]().union(*(each.stores for each in above))
    guesses = examined.guesses.union(*(each.guesses for each in above))
    missing = [read for read in examined.open if read.name not in inherited]
    for read in missing if is_known else ():
        if read.name not in guesses:
            what = f"{read.quoted} reads `{read.name}`, which nothing stores before"
            known = {*configured, *inherited, *examined.stores}
            hint = _where_stored(read, examined, files) or did_you_mean(read.name, known)
            yield Problem(read.place, "no-source", what, hint, end=read.end)
    sourced = (inherited | examined.stores) - {read.name for read in missing}
    for read in examined.unsampled:
        if read.name in sourced:
            what = f"`{read.name}` has no sample"
            yield Problem(read.place, "no-sample", what, "add it to `exampleContext`", end=read.end)


def titles_of(files: Files) -> dict[str, list[str]]:
    """The files that bear each title."""
    titles: dict[str, list[str]] = {}
    for file in sorted(files):
        if (title := files[file].title) is not None:
            titles.setdefault(title, []).append(file)
    return titles


def needs_of(files: Files, titles: Mapping[str, list[str]]) -> tuple[Edges, list[Problem]]:
    """The files that each file needs directly, and the problems of those that are not found."""
    needs: Edges = {}
    problems = []
    for file, examined in files.items():
        needs[file] = []
        for need in examined.needs:
            try:
                needs[file].append(find_need(need, file, titles))
            except ScenarioFileError as error:
                code = "ambiguous-need" if need.title in titles else "unknown-need"
                problems.append(of_error(error, code))
    return needs, problems


def _cycles(files: Files, needs: Edges, chosen: Collection[str]) -> Iterator[Problem]:
    """One problem a cycle, told of a chosen file if one is in it; each is cut to find the next."""
    uncut = {file: list(needs[file]) for file in reachable(chosen, needs)}
    while cycle := find_cycle(uncut):
        start = next((index for index, file in enumerate(cycle) if file in chosen), 0)
        cycle = [*cycle[start:], *cycle[:start]]
        titles = {file: files[file].title or "" for file in cycle}
        error = cycle_error(cycle, titles, {file: files[file].needs for file in cycle})
        yield of_error(error, "cyclic-needs")
        uncut[cycle[0]] = [need for need in uncut[cycle[0]] if need != (*cycle, cycle[0])[1]]


def _only(examined: Examined, forbid_only: bool) -> Iterator[Problem]:
    if examined.only_at is None:
        return
    place = Place(examined.file, *examined.only_at)
    if forbid_only:
        what = "the feature is marked `run: only`, which is forbidden here"
        yield Problem(place, "forbidden-only", what, "remove it before you share the file")
    else:
        what = "the feature is marked `run: only`: others are skipped"
        yield Problem(place, "only", what, "remove it before you share the file")


def _same_title(examined: Examined, titles: Mapping[str, list[str]]) -> Iterator[Problem]:
    others = [file for file in titles.get(examined.title or "", ()) if file != examined.file]
    if others:
        place = Place(examined.file, examined.line, examined.column)
        what = f'"{examined.title}" is the title of {" and of ".join(others)}, too'
        yield Problem(place, "same-title", what, "give each feature its own title")


def _where_stored(read: Read, examined: Examined, files: Files) -> str:
    if read.name in examined.stores:
        return "it is stored below only: store it before it is read"
    others = (each for each in files.values() if read.name in each.stores)
    other = min(others, key=lambda each: each.file, default=None)
    if other is None:
        return ""
    return f"it is stored by “{other.title}”: add that feature to `needs`"


def _unused(examined: Examined, below: Sequence[Examined]) -> Iterator[Problem]:
    if not examined.unused or any(each.reads_all for each in below):
        return
    used = frozenset[str]().union(*(each.reads for each in below))
    for stored in examined.unused:
        if used.isdisjoint(stored.names):
            what = f"`{next(iter(stored.names))}` is stored and never used"
            yield Problem(stored.place, "unused-value", what, "remove the step", end=stored.end)

"""One file by itself: what is wrong with it, and what the suite has to know of it.

What depends on other files is left open here and concluded in `suite`. So one file can be looked
at anew, or files in several processes, and little has to be kept of each. Pure.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Final

from harness.core.definitions import Library
from harness.core.document import DRAFT, Document, Need, Scenario
from harness.core.markdown import decode
from harness.core.markdown import read as read_all
from harness.errors import FrontMatterError, Place, ScenarioFileError
from harness.lint.problems import Problem, of_error
from harness.lint.steps import Steps
from harness.lint.texts import Variant, cells_of, heading
from harness.lint.tracing import Read, Stored, Trace

MAX_STEPS: Final = 100_000
"""Steps of a file that are looked at, those of each variant counted; the first is always."""
_CODE_SPAN: Final = re.compile(r"`(\w+)`")


@dataclass(frozen=True, slots=True)
class Examined:
    """What is known of one file.

    `problems` are those that depend on no other file. `open` are reads of values that the file
    does not store before, and that have no sample either; `unsampled` are all placeholders that
    have none. `guesses` are names that it may store after all, and `may_store_all` says that it
    may store any. `unused` are stored values that it does not read itself.
    """

    file: str
    problems: tuple[Problem, ...]
    title: str | None = None
    line: int = 1
    column: int = 1
    only_at: tuple[int, int] | None = None
    needs: tuple[Need, ...] = ()
    stores: frozenset[str] = frozenset()
    guesses: frozenset[str] = frozenset()
    may_store_all: bool = True
    reads: frozenset[str] = frozenset()
    reads_all: bool = True
    open: tuple[Read, ...] = ()
    unsampled: tuple[Read, ...] = ()
    unused: tuple[Stored, ...] = ()


def examine_bytes(
    data: bytes, file: str, library: Library, configured: Mapping[str, object]
) -> Examined:
    """Look at what a file holds; `configured` are the values of the settings."""
    try:
        text = decode(data, file)
    except ScenarioFileError as error:
        return Examined(file, (of_error(error, "unreadable"),))
    return examine(text, file, library, configured)


def examine(text: str, file: str, library: Library, configured: Mapping[str, object]) -> Examined:
    """Look at the text of a file."""
    document, errors = read_all(text, file)
    problems = [of_error(error, _code(error)) for error in errors]
    if document is None:
        return Examined(file, tuple(problems))
    front = document.front_matter
    is_known = not any(isinstance(error, FrontMatterError) for error in errors)
    problems += _draft(document, file)
    trace = Trace(configured, has_variants=bool(front.variants))
    problems += _walk(document, file, library, trace, _broken(document, errors))
    if errors:
        # What cannot be read may store what is read elsewhere.
        trace.guess(_CODE_SPAN.findall(text))
    elif is_known:
        problems += _samples(document, file, trace)
    stored = trace.stored.values()
    unused = [each for each in stored if trace.used.isdisjoint(each.names)]
    return Examined(
        file,
        tuple(_once(problems)),
        document.title,
        document.line,
        document.column,
        front.run_at if front.run == "only" else None,
        front.needs,
        frozenset(chain.from_iterable(each.names for each in stored)),
        frozenset(trace.guesses),
        trace.may_store_all or not is_known,
        frozenset(trace.used),
        trace.reads_all,
        _without(trace.open, front.example_context),
        _without(trace.placeholders, front.example_context) if is_known else (),
        () if errors or trace.reads_all else tuple(unused),
    )


def _code(error: ScenarioFileError) -> str:
    return "front-matter" if isinstance(error, FrontMatterError) else "syntax"


def _broken(document: Document, errors: Iterable[ScenarioFileError]) -> set[int]:
    """The lines of errors, and those of the steps above them."""
    lines = {error.place.line for error in errors if error.place is not None}
    if not lines:
        return lines
    steps = sorted(step.line for step in document.steps())
    above = (bisect_right(steps, line) - 1 for line in lines)
    return lines | {steps[index] for index in above if index >= 0}


def _once(problems: Iterable[Problem]) -> list[Problem]:
    """One of each kind at each place: a step of an outline is looked at for every row."""
    first: dict[tuple[Place, str], Problem] = {}
    for problem in problems:
        first.setdefault((problem.place, problem.code), problem)
    return list(first.values())


def _walk(
    document: Document, file: str, library: Library, trace: Trace, broken: Collection[int]
) -> list[Problem]:
    """Every step in the order of a run, once for each variant; see `Steps` for `broken`."""
    problems: list[Problem] = []
    samples = document.front_matter.example_context
    variants = document.front_matter.variants or (None,)
    count = sum(1 for _ in document.steps())
    for variant in variants[: max(1, MAX_STEPS // max(1, count))]:
        trace.names.clear()
        steps = Steps(file, library, trace, samples, variant, broken, problems)
        if document.background is not None:
            steps.check(document.background)
        for rule, scenario in document.walk():
            if rule is not None:
                _heading(rule.title, rule.line, rule.column, file, variant, trace, problems)
            _headings(scenario, file, variant, trace, problems)
            steps.check(scenario)
    return problems


def _headings(
    scenario: Scenario, file: str, variant: Variant, trace: Trace, problems: list[Problem]
) -> None:
    _heading(scenario.title, scenario.line, scenario.column, file, variant, trace, problems)
    for examples in scenario.examples:
        _heading(examples.title, examples.line, examples.column, file, variant, trace, problems)
        for cell in cells_of(examples.table, file):
            if (template := cell.bind(variant, problems)) is not None:
                cell.trace(template, trace)


def _heading(
    title: str,
    line: int,
    column: int,
    file: str,
    variant: Variant,
    trace: Trace,
    problems: list[Problem],
) -> None:
    """A heading reads values too, but what it reads may be stored later, or never."""
    template = heading(title, line, column, file).bind(variant, problems)
    if template is not None:
        for _, slot in template.fillings():
            trace.used.update(slot.expression.names)


def _draft(document: Document, file: str) -> Iterator[Problem]:
    """The comment above the feature by which `record` marks what it has not seen pass."""
    comment = document.comment or ""
    if comment.startswith(DRAFT):
        place = Place(file, document.line, document.column)
        what = f"this is a draft: {comment.removeprefix(DRAFT).strip().rstrip('.')}"
        hint = "run it, mend it, and remove the comment above the title"
        yield Problem(place, "draft", what, hint)


def _samples(document: Document, file: str, trace: Trace) -> Iterator[Problem]:
    """Samples that nothing uses; a step that stores the value counts as use."""
    front = document.front_matter
    stored = set(chain.from_iterable(each.names for each in trace.stored.values()))
    for name in front.example_context:
        if name not in trace.used and name not in stored and not trace.reads_all:
            place = Place(file, *front.samples_at[name])
            yield Problem(place, "unused-sample", f"nothing uses the sample `{name}`", "remove it")


def _without(reads: Mapping[str, Read], samples: Mapping[str, object]) -> tuple[Read, ...]:
    return tuple(read for name, read in reads.items() if name not in samples)

"""The steps of a scenario: placeholders, definitions, parameters, what stands below them. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from harness.core.definitions import Library, Takes, Use
from harness.core.document import Scenario, Step
from harness.core.nearest import nearest_phrases
from harness.core.sampling import Sampled, sample
from harness.core.template import Template
from harness.errors import Place
from harness.lint.blocks import check_content, check_markers, check_presence
from harness.lint.parameters import Parameters
from harness.lint.problems import Problem
from harness.lint.snippets import snippet
from harness.lint.texts import Text, Variant, block_of, cells_of, title_of
from harness.lint.tracing import Trace

MAX_ROWS: Final = 100
"""Rows of an outline that are filled in; what stands behind them is read, but not filled in."""

_CODE_SPAN: Final = re.compile(r"`([^`]+)`")


class Steps:
    """Checks scenarios in the order of a run, for one variant of a file.

    What is wrong goes into `problems`, what is read and stored into the trace. `broken` are lines
    with errors of syntax, and those of the steps above them.
    """

    def __init__(
        self,
        file: str,
        library: Library,
        trace: Trace,
        samples: Mapping[str, object],
        variant: Variant,
        broken: Collection[int],
        problems: list[Problem],
    ) -> None:
        self._file = file
        self._library = library
        self._trace = trace
        self._samples = samples if variant is None else {**samples, "variant": variant}
        self._variant = variant
        self._broken = broken
        self._problems = problems

    def check(self, scenario: Scenario) -> None:
        """Look at every step of a scenario, filled with the samples of each row."""
        tables = [examples.table for examples in scenario.examples]
        headings = [frozenset(table.headings) for table in tables]
        columns = frozenset.intersection(*headings) if headings else frozenset()
        rows = [
            cells
            for table in tables
            for row, cells in zip(table.rows, table.records(), strict=True)
            if row.line not in self._broken
        ]
        for step in scenario.steps:
            self._step(step, columns, rows[:MAX_ROWS])

    def _step(
        self, step: Step, columns: frozenset[str], rows: Sequence[Mapping[str, str | None]]
    ) -> None:
        title = title_of(step, self._file)
        template = self._traced(title, columns)
        block = step.code_block
        content = None if block is None else self._traced(block_of(block, self._file), columns)
        for cell in cells_of(step.table, self._file) if step.table else ():
            self._traced(cell, columns)
        if template is None:
            return
        takes: dict[Takes | None, None] = {}
        for samples in self._cases(rows, template):
            takes[self._use(step, title, sample(template, samples), columns)] = None
        if block is None or content is None:
            return
        for samples in self._cases(rows, content):
            for what in takes:
                if problem := check_content(block, self._file, content, samples, what):
                    self._problems.append(problem)
                else:
                    found = check_markers(block, self._file, content, samples, what)
                    self._problems += found

    def _traced(self, text: Text, columns: frozenset[str]) -> Template | None:
        """The template of a text, if it is one; what it reads is noted."""
        template = text.bind(self._variant, self._problems)
        if template is not None:
            text.trace(template, self._trace, columns)
        return template

    def _cases(
        self, rows: Sequence[Mapping[str, str | None]], template: Template
    ) -> Iterator[Mapping[str, object]]:
        """The samples with which a template is filled: for each row that makes a difference."""
        names = frozenset[str]().union(*(slot.expression.names for _, slot in template.fillings()))
        distinct = {
            tuple((name, row[name]) for name in sorted(names & row.keys())) for row in rows
        } or {()}
        for cells in sorted(distinct, key=repr):
            yield {**self._samples, **dict(cells)} if cells else self._samples

    def _use(
        self, step: Step, title: Text, filled: Sampled, columns: frozenset[str]
    ) -> Takes | None:
        """Look for the definition of a step, and at what it says of itself: what it takes."""
        uses = self._library.uses(step.keyword, filled.text)
        if len(uses) == 1:
            ((definition, arguments),) = uses
            parameters = Parameters(title, filled, self._trace, columns)
            self._problems += parameters.check(definition, arguments)
            self._problems += check_presence(step, self._file, definition, self._broken)
            return definition.takes
        # Whatever it is meant to be, it may store something.
        self._trace.guess(_CODE_SPAN.findall(filled.text))
        if uses:
            self._problems.append(self._ambiguous(step, uses))
        elif self._library.is_complete:
            is_guess = any(span.guessed for span in filled.spans)
            self._problems.append(self._undefined(step, step.title if is_guess else filled.text))
        return None

    def _undefined(self, step: Step, title: str) -> Problem:
        near = nearest_phrases(title, self._library.phrases)
        lines = [f"  {phrase}" for phrase in near]
        own = snippet(step.title, has_block=bool(step.code_block), has_table=bool(step.table))
        return Problem(
            Place(self._file, step.line, step.column),
            "undefined-step",
            f"no step definition matches “{title}”",
            "did you mean one of these?" if near else "write one in steps/",
            (
                *lines,
                *(["Or write one in steps/:"] if near else []),
                *(f"  {line}" for line in own),
            ),
        )

    def _ambiguous(self, step: Step, uses: Sequence[Use]) -> Problem:
        places = (
            f"  {use.definition.phrase!r} at {use.definition.file}:{use.definition.line}"
            for use in uses
        )
        return Problem(
            Place(self._file, step.line, step.column),
            "ambiguous-step",
            f"{len(uses)} step definitions match this step",
            "change the phrase of all but one",
            tuple(places),
        )

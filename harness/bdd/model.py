"""Behave's model elements as the dialect needs them: stories, and what they are made of.

A *story* is one run of a feature: the feature itself, or one of its variants (then it is a Rule
of the Behave feature, since Behave's JUnit writer keeps one file a feature). Scenarios of a story
share state, so Background runs once, before the first that runs, and the story stops at its
first failure.

They are made in `building`; which scenarios are chosen is decided in `selection`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple

from behave import model
from behave.capture import CaptureSinkAsCollector, ManyCaptured
from behave.model_type import FileLocation, Status
from behave.runner import ModelRunner

from harness.core.document import Document, Row, Scenario, Step, Table

if TYPE_CHECKING:
    from harness.bdd.runner import MarkdownRunner
    from harness.core.trace import StepTrace

STEP_TYPES = {"Given": "given", "When": "when", "Then": "then", "Soon": "then"}


@dataclass(slots=True, eq=False)
class Story:
    """One run of a feature. `variant` is None for a feature without variants.

    `scenarios` are all of them in the file's order; `broken` is what ended the story early.
    `inherits` are the stories whose values and stubs it begins with, the last wins; `suite` are
    all documents around it, for hints.
    """

    file: str
    document: Document
    variant: Mapping[str, object] | None = None
    scenarios: list[MarkdownScenario] = field(default_factory=list)
    broken: str = ""
    inherits: list[Story] = field(default_factory=list)
    suite: Sequence[Document] = ()

    @property
    def name(self) -> str:
        """The variant as people see it (`nw=ltem`), or an empty text."""
        return ", ".join(f"{key}={value}" for key, value in (self.variant or {}).items())

    @property
    def running(self) -> list[MarkdownScenario]:
        """The scenarios that are not skipped."""
        return [scenario for scenario in self.scenarios if not scenario.should_skip]

    @property
    def passed(self) -> bool:
        """Whether the story ran to its end without a failure."""
        return not self.broken and all(
            scenario.status == Status.passed for scenario in self.scenarios
        )


class OutlineRow(NamedTuple):
    """A row of Examples, which its steps see laid over the stored values."""

    headings: tuple[str, ...]
    source: Row

    @property
    def cells(self) -> dict[str, str | None]:
        """The cells as they are written, by heading."""
        return dict(zip(self.headings, self.source.cells, strict=True))


class MarkdownStep(model.Step):  # type: ignore[misc]  # Behave ships no types
    """A step with the source that it is rendered from, and the row of an outline's scenario.

    `trace` is what happened while it ran; None if its definition was not called.
    """

    def __init__(self, story: Story, source: Step, row: OutlineRow | None = None) -> None:
        # Behave's constructor finds the file's relative path anew for each step, which is most of
        # the time that a model takes. A test holds these attributes to those that it would set.
        self.location = FileLocation(story.file, source.line)
        self.keyword = source.written
        self.name = source.title
        self.step_type = STEP_TYPES[source.keyword]
        self.text: Any = None  # Behave ships no types
        self.table: Any = None
        if source.code_block is not None:
            block = source.code_block
            self.text = model.Text(block.code, block.language or "text/plain", block.line)
        if source.table is not None:
            self.table = behave_table(source.table)
        self.status = Status.untested
        self.hook_failed = False
        self.duration: float = 0
        self.exception: BaseException | None = None
        self.exc_traceback: TracebackType | None = None
        self.error_message: str | None = None
        self._captured = ManyCaptured()
        self._capture_sink = CaptureSinkAsCollector(self._captured)
        self.story = story
        self.source = source
        self.row = row
        self.trace: StepTrace | None = None


class MarkdownScenario(model.Scenario):  # type: ignore[misc]  # Behave ships no types
    """A scenario of a story. It is skipped when the story is broken, and breaks it by failing."""

    story: Story
    lines: tuple[int, ...]
    """The lines by which a person may choose it: its row, its Examples, its heading, its rule."""

    def add_step(self, title: str, line: int, column: int) -> None:
        """Add a `Then` at its end that the file says in another way, at this place."""
        self.steps.append(MarkdownStep(self.story, Step("Then", "Then", title, line, column)))

    def run(self, runner: MarkdownRunner) -> bool:
        """Run it unless the story is broken; true if it failed (Behave's convention)."""
        if self.story.broken and not self.should_skip:
            self.mark_skipped()
            self.skip_reason = self.story.broken
        failed = bool(super().run(runner))
        if failed:
            self.story.broken = f"the scenario “{self.name}” failed before it"
        elif self.should_skip and self.background is not None:
            self._pass_on_background()
        runner.scenario_ended(self)
        return failed

    def _pass_on_background(self) -> None:
        """A hook or a step skipped the scenario that has the Background."""
        if any(step.status != Status.skipped for step in self.background_steps):
            self.story.broken = "its Background was skipped"
            return
        self.background = None
        self.use_background = True  # Behave's way to forget the copy of the steps
        begin_with_background(self.story)


class MarkdownOutline(model.ScenarioOutline):  # type: ignore[misc]  # Behave ships no types
    """An outline whose scenarios are built here: rows are overlaid values, not text."""

    rows: list[MarkdownScenario]

    @property
    def scenarios(self) -> list[MarkdownScenario]:
        """One scenario a row."""
        return self.rows

    def compute_status(self) -> Status:
        """The status over the rows; Behave would look at rows that it builds itself."""
        self._scenarios = self.rows
        return super().compute_status()


class MarkdownFeature(model.Feature):  # type: ignore[misc]  # Behave ships no types
    """A feature and its stories, in the order in which they run; `needed` run before it."""

    file: str
    document: Document
    stories: list[Story]
    needed: list[MarkdownFeature]

    @property
    def duration(self) -> float:
        """Seconds over all its scenarios; Behave leaves out those in rules."""
        return float(sum(scenario.duration for scenario in self.walk_scenarios()))

    def story_like(self, other: Story) -> Story:
        """The story of the same variant as another feature's, else the last."""
        same = [story for story in self.stories if story.name == other.name]
        return (same or self.stories)[-1]

    @property
    def passed(self) -> bool:
        """Whether every story of it passed, and no hook of the feature or its rules failed."""
        return not self.status.has_failed() and all(story.passed for story in self.stories)

    def run(self, runner: ModelRunner) -> bool:
        """Run it unless a feature that it needs did not pass."""
        unmet = next((feature for feature in self.needed if not feature.passed), None)
        if unmet is not None and not runner.config.dry_run and not self.should_skip:
            self.skip_because(f"it needs “{unmet.name}”, which did not pass")
        return bool(super().run(runner))

    def skip_because(self, reason: str) -> None:
        """Skip the whole feature; the reason is kept for those who report it."""
        self.mark_skipped()
        self.skip_reason = reason
        for scenario in self.walk_scenarios():
            scenario.skip_reason = reason


def behave_table(
    table: Table, rows: tuple[tuple[str | None, ...], ...] | None = None
) -> model.Table:
    """Behave's table with true lines; an empty cell is an empty text there."""
    result = model.Table(list(table.headings), line=table.line)
    for index, row in enumerate(table.rows):
        cells = row.cells if rows is None else rows[index]
        result.add_row([cell or "" for cell in cells], row.line)
    return result


def begin_with_background(story: Story) -> None:
    """Give the Background to the first scenario of the story that runs."""
    background = story.document.background
    if background is not None and story.running:
        story.running[0].background = make_background(story, background)


def make_background(story: Story, source: Scenario) -> model.Background:
    """Behave's Background with steps of its own: those of another would be marked twice."""
    steps = [MarkdownStep(story, step) for step in source.steps]
    return model.Background(
        story.file, source.line, steps=steps, description=list(source.description)
    )

"""The run-time seam: a step is rendered and matched when it is about to run, and retried.

Behave asks its step registry for a match immediately before it runs a step. The registry here
renders the step's title, code block and table at that moment, finds the definition, and returns a
match whose `run` does the retrying: formatters see one step with its total time. What people see
of the step (its name, text and table) has its secrets hidden; the step function gets the real
values.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from behave import model
from behave.matchers import Match, Matcher, MatchWithError
from behave.model_type import Argument, Status
from behave.runner import Context, ModelRunner
from behave.step_registry import StepRegistry

from harness.bdd.model import MarkdownStep, behave_table
from harness.bdd.phrases import Mode, library_folder, matches, mode_of
from harness.core.excerpt import Spot, excerpt
from harness.core.excerpt import spots as find_spots
from harness.core.nearest import nearest_phrases
from harness.core.rendering import RenderedStep, static_title
from harness.core.retry import retry
from harness.core.trace import Waiting
from harness.errors import Place, ScenarioFileError, StepFailure

if TYPE_CHECKING:
    from harness.core.proposal import Proposal
    from harness.core.trace import StepTrace
    from harness.errors import Seen

ATTEMPTS = 5
"""How many tries that failed otherwise a failure tells of, and how many differences of each."""
ATTEMPT_DIFFERENCES = 2
FAULT = """\
This is a fault of nrfcloud-bdd, not of your scenario. Please report it, with the lines above, the
step, and what `nrfcloud-bdd --version` says."""
MAX_TITLE = 500
"""Characters of a rendered title that are shown."""


class StepSession(Protocol):
    """What the seam needs of the running feature's world; `harness.story` implements it."""

    def render(self, step: MarkdownStep) -> RenderedStep:
        """The step with the values stored so far; raises ScenarioFileError at its place."""

    def redact(self, text: str) -> str:
        """The text with its secrets hidden."""

    def begin_step(self, step: MarkdownStep, unresolved: tuple[str, ...]) -> StepTrace:
        """A step begins; `unresolved` are placeholders that were left as they are."""

    def budget(self, mode: Mode) -> float:
        """Seconds for which the step that has begun is repeated; 0: it is decided at once."""

    def ask_again(self) -> None:
        """Send the last REST request again."""

    def propose(self, step: MarkdownStep, rendered: RenderedStep, seen: Seen) -> Proposal | None:
        """How the step can be changed so that it holds for what it saw; None if nobody asks."""

    def explain(self, failure: StepFailure) -> StepFailure:
        """The failure with what a person needs besides: the service's log of that time."""


class Found(NamedTuple):
    """A step definition, and how it matches a title."""

    definition: Matcher
    match: Match
    title: str

    def arguments_in(self, shown: str) -> list[Argument]:
        """The arguments where they stand in the title as it is shown; none if that does not fit."""
        match = self.match if shown == self.title else self.definition.match(shown)
        return list(match.arguments or ()) if match else []


class SteppingRegistry(StepRegistry):  # type: ignore[misc]  # Behave ships no types
    """Behave's step registry, rendering Markdown steps before it matches them."""

    def __init__(self, inner: StepRegistry, runner: ModelRunner) -> None:
        super().__init__()
        self.steps = inner.steps
        self.error_handler = inner.error_handler
        self._runner = runner

    def find_match(self, step: model.Step) -> Match | None:
        """The match of a step, or None if no definition fits."""
        if not isinstance(step, MarkdownStep):
            return super().find_match(step)
        if self._runner.config.dry_run or step.status == Status.skipped:
            return self._match_without_running(step)
        session: StepSession | None = getattr(self._runner.context, "session", None)
        if session is None:
            return Unrunnable(
                StepFailure(
                    "there is no session for this feature: environment.py must take its hooks from"
                    " harness.session (`from harness.session import *`) and call them where it"
                    " replaces them"
                )
            )
        try:
            rendered = session.render(step)
        except ScenarioFileError as error:
            return Unrunnable(StepFailure(str(error)))
        show(step, rendered, session)
        try:
            found = self._found(step.step_type, rendered.title)
        except StepFailure as failure:
            return Unrunnable(_at(step, failure))
        if found is None:
            step.exception = _at(step, self._undefined(step.name))
            step.error_message = str(step.exception)
            return None
        if isinstance(found.match, MatchWithError):
            return found.match
        return StepMatch(found, step, rendered, session)

    def _match_without_running(self, step: MarkdownStep) -> Match | None:
        """Dry run, or the look at the rest of a failed scenario: values are samples."""
        cells = step.row.cells if step.row else {}
        values = {**step.story.document.front_matter.example_context, **cells}
        try:
            title = static_title(step.source, step.story.file, values, step.story.variant)
        except ScenarioFileError as error:
            return Unrunnable(StepFailure(str(error)))
        try:
            found = self._found(step.step_type, title)
        except StepFailure as failure:
            step.error_message = str(_at(step, failure))
            return Unrunnable(failure)
        # The step shows its raw title, in which the arguments may stand elsewhere.
        return found.match.with_arguments(found.arguments_in(step.name)) if found else None

    def _found(self, step_type: str, title: str) -> Found | None:
        """The definition that matches a title; raises StepFailure if there are more."""
        found = [Found(*each, title) for each in matches(self, step_type, title)]
        if len(found) > 1:
            places = [f"  {item.definition.pattern!r} at {item.match.location}" for item in found]
            raise StepFailure(f"{len(found)} step definitions match this step:", *places)
        return found[0] if found else None

    def _undefined(self, title: str) -> StepFailure:
        phrases = (definition.pattern for kind in self.steps.values() for definition in kind)
        near = nearest_phrases(title, phrases)
        return StepFailure(
            f"no step definition matches “{title}”: "
            + ("did you mean" if near else "write one, or see the step catalogue"),
            *(f"  {phrase}" for phrase in near),
        )


class StepMatch(Match):  # type: ignore[misc]  # Behave ships no types
    """A rendered step and its definition; running it retries where that is allowed."""

    def __init__(
        self, found: Found, step: MarkdownStep, rendered: RenderedStep, session: StepSession
    ) -> None:
        # Without its function, in which Behave would look for the location once more.
        super().__init__(None, found.arguments_in(step.name))
        self.func, self.location = found.match.func, found.match.location
        self._match = found.match
        self.step = step
        self._rendered = rendered
        self._session = session

    def run(self, context: Context) -> None:
        """Run the definition; raises StepFailure with the place and what a person needs."""
        self._give_block(context)
        session = self._session
        trace = self.step.trace = session.begin_step(self.step, self._rendered.unresolved)
        mode = mode_of(self.func)
        try:
            budget = session.budget(mode)
            attempt = self._attempts(context, mode, trace)
            if budget > 0 and mode in (Mode.REPEATABLE, Mode.ANSWER):
                trace.waiting = Waiting("this to hold", time.time(), budget)
                retry(attempt, budget, time.monotonic, time.sleep)
            else:
                attempt()
        except StepFailure as failure:
            before = _before(trace)
            trace.failure = session.explain(
                failure.retold(failure.summary, [*failure.details, *before])
            )
            if failure.seen is not None:
                trace.proposal = session.propose(self.step, self._rendered, failure.seen)
            text = self._rendered.text or ""
            raise _at(self.step, trace.failure, text, session.redact) from None
        finally:
            trace.ended = time.time()

    def _attempts(self, context: Context, mode: Mode, trace: StepTrace) -> Callable[[], None]:
        first = True

        def attempt() -> None:
            nonlocal first
            if not first and mode is Mode.ANSWER:
                self._session.ask_again()
            first = False
            try:
                self._call(context)
            except StepFailure as failure:
                differences = [mark.what for mark in failure.marks]
                what = "; ".join(differences[:ATTEMPT_DIFFERENCES]) or failure.summary
                trace.tried(time.time(), self._session.redact(what))
                raise

        return attempt

    def _call(self, context: Context) -> None:
        try:
            self._match.run(context)
        except StepFailure:
            raise
        except SystemExit as error:
            # It would end the whole run here, as passed even.
            raise StepFailure(f"the step called sys.exit({error.code!r})", final=True) from None
        except AssertionError as error:
            raise StepFailure(str(error) or _where_asserted(error)) from None
        except Exception as error:
            if Path(self.func.__code__.co_filename).parent == library_folder():
                error.add_note(FAULT)
            raise

    def _give_block(self, context: Context) -> None:
        """The step function sees the real block; the step itself shows it with secrets hidden."""
        source, rendered = self.step.source, self._rendered
        if source.code_block is not None and rendered.text is not None:
            kind = source.code_block.language or "text/plain"
            context.text = model.Text(rendered.text, kind, source.code_block.line)
        if source.table is not None:
            context.table = behave_table(source.table, rendered.rows)


def _before(trace: StepTrace) -> list[str]:
    """How the tries before the last failed otherwise."""
    earlier = trace.attempts[:-1][-ATTEMPTS:]
    if not earlier:
        return []
    lines = [
        f"  {each.at - trace.started:.1f} s: {each.failure}"
        + (f" ({each.count} times)" if each.count > 1 else "")
        for each in earlier
    ]
    return ["Before that:", *lines]


class Unrunnable(Match):  # type: ignore[misc]  # Behave ships no types
    """A step that fails before its definition is called."""

    def __init__(self, failure: StepFailure) -> None:
        super().__init__(None, [])
        self._failure = failure

    def run(self, context: Context) -> None:  # noqa: ARG002 - Behave's signature
        """Raise what is wrong."""
        raise self._failure


def show(step: MarkdownStep, rendered: RenderedStep, session: StepSession) -> None:
    """Let the step show what it says now, without its secrets."""
    title = session.redact(rendered.title)
    step.name = title if len(title) <= MAX_TITLE else f"{title[:MAX_TITLE]}…"
    source = step.source
    if source.code_block is not None and rendered.text is not None:
        step.text = model.Text(
            session.redact(rendered.text), step.text.content_type, source.code_block.line
        )
    if source.table is not None:
        rows = tuple(
            tuple(None if cell is None else session.redact(cell) for cell in row)
            for row in rendered.rows
        )
        step.table = behave_table(source.table, rows)


def _where_asserted(error: AssertionError) -> str:
    """What to say of an assertion without a message: where it stands."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"the assertion `{frame.line}` failed ({frame.filename}:{frame.lineno})"


def place_of(step: MarkdownStep, failure: StepFailure) -> Place:
    """Where a step failed: in its code block, if the fault lies there."""
    return _place(step, _spots(step, failure))


def _place(step: MarkdownStep, spots: Sequence[Spot]) -> Place:
    block = step.source.code_block
    if block is not None and spots:
        return Place(step.story.file, block.line + spots[0].line, spots[0].column)
    return Place(step.story.file, step.source.line, step.source.column)


def _spots(step: MarkdownStep, failure: StepFailure) -> list[Spot]:
    """What is wrong with the code block, or did not come true of it."""
    if step.source.code_block is None:
        return []
    if failure.position is not None:
        return [Spot(*failure.position, 1, "")]
    return find_spots(step.source.code_block, failure.marks, step.story.variant)


def _at(
    step: MarkdownStep,
    failure: StepFailure,
    text: str = "",
    clean: Callable[[str], str] = str,
) -> StepFailure:
    """The failure with its place and the lines around it; `text` is the block as rendered,
    `clean` hides secrets."""
    block, spots = step.source.code_block, _spots(step, failure)
    lines: list[str] = []
    if block is not None:
        # A position is one in what was rendered, marks are looked up in what is written.
        shown = text if failure.position else block.code
        lines = excerpt(block, shown, spots, clean)
    return failure.retold(f"{_place(step, spots)}: {failure.summary}", [*lines, *failure.details])

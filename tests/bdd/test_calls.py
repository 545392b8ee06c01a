"""How a step finds its definition and is run, with a session that only takes notes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.matchers import Match, Matcher, MatchWithError
from behave.model_type import Status
from behave.step_registry import StepRegistry

from harness.bdd import calls
from harness.bdd.calls import MAX_TITLE, StepMatch, SteppingRegistry, StepSession
from harness.bdd.model import MarkdownStep, OutlineRow, Story
from harness.bdd.phrases import Mode, PhraseMatcher, about_the_answer, repeatable, waits
from harness.core.document import Row
from harness.core.markdown import parse
from harness.core.rendering import RenderedStep, render_step
from harness.core.trace import StepTrace
from harness.errors import StepFailure

FILE = "a.feature.md"
SECRET = "s3cret"


class Notes(StepSession):
    """A session that notes what it is asked for; retries have `seconds` to spend."""

    def __init__(self, seconds: float = 0, **values: object) -> None:
        self.seconds = seconds
        self.values = values
        self.noted: list[object] = []

    def render(self, step: MarkdownStep) -> RenderedStep:
        return render_step(step.source, FILE, self.values, now=0, strict=False)

    def redact(self, text: str) -> str:
        return text.replace(SECRET, "[redacted]")

    def begin_step(self, step: MarkdownStep, unresolved: tuple[str, ...]) -> StepTrace:
        self.noted.append(("begin", step.source.keyword == "Soon", unresolved))
        return StepTrace(0.0)

    def budget(self, mode: Mode) -> float:
        self.noted.append(mode)
        return self.seconds

    def ask_again(self) -> None:
        self.noted.append("again")

    def explain(self, failure: StepFailure) -> StepFailure:
        return StepFailure(
            failure.summary, *failure.details, "explained", position=failure.position
        )


class FakeContext:
    """As much of Behave's context as a match needs."""

    text: Any = None
    table: Any = None

    @contextmanager
    def use_with_user_mode(self) -> Iterator[None]:
        yield


class FakeClock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return 1e9 + self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    fake = FakeClock()
    monkeypatch.setattr(calls, "time", fake)
    return fake


def step(text: str, **row: str) -> MarkdownStep:
    document = parse(f"# F\n\n## S\n\n{text}\n", FILE)
    cells = OutlineRow(tuple(row), Row(tuple(row.values()), 99)) if row else None
    return MarkdownStep(Story(FILE, document), document.scenarios[0].steps[0], cells)


Definitions = Mapping[str, Callable[..., Any]]


def registry(
    definitions: Definitions, session: StepSession | None = None, dry_run: bool = False
) -> SteppingRegistry:
    inner = StepRegistry()
    inner.steps["step"] = [PhraseMatcher(func, phrase) for phrase, func in definitions.items()]
    context = SimpleNamespace() if session is None else SimpleNamespace(session=session)
    runner = SimpleNamespace(config=SimpleNamespace(dry_run=dry_run), context=context)
    return SteppingRegistry(inner, runner)


def nothing(context: object, **_arguments: object) -> None:
    """A definition that holds."""


def run(found: MarkdownStep, definitions: Definitions, session: StepSession | None) -> FakeContext:
    match = registry(definitions, session).find_match(found)
    assert match is not None
    context = FakeContext()
    match.run(context)
    return context


def failure(
    found: MarkdownStep, definitions: Definitions, session: StepSession | None = None
) -> StepFailure:
    with pytest.raises(StepFailure) as raised:
        run(found, definitions, session or Notes())
    return raised.value


def test_the_function_gets_the_values_and_people_see_no_secret() -> None:
    got: dict[str, object] = {}

    def define(context: FakeContext, x: str) -> None:
        got.update(x=x, text=str(context.text), kind=context.text.content_type)

    written = step('Given `${a}` it is\n\n```json\n{"a": "${a}"}\n```')
    run(written, {"`{x}` it is": define}, Notes(a=SECRET))
    assert got == {"x": SECRET, "text": f'{{"a": "{SECRET}"}}', "kind": "json"}
    assert written.name == "`[redacted]` it is"
    assert str(written.text) == '{"a": "[redacted]"}'
    assert written.text.line == 7


def test_a_table_is_filled_and_shown_without_its_secrets() -> None:
    written = step("Given a table\n\n| a | b |\n| - | - |\n| ${a} | |")
    context = run(written, {"a table": nothing}, Notes(a=SECRET))
    assert [list(row.cells) for row in context.table] == [[SECRET, ""]]
    assert [list(row.cells) for row in written.table] == [["[redacted]", ""]]
    assert [row.line for row in context.table] == [9]


def test_a_long_title_is_shown_cut_and_matched_whole() -> None:
    got = []
    written = step("Given `${a}` ends")
    value = "x" * (2 * MAX_TITLE)
    run(written, {"`{x}` ends": lambda _, x: got.append(x)}, Notes(a=value))
    assert got == [value]
    assert written.name == ("`" + value)[:MAX_TITLE] + "…"


@pytest.mark.parametrize(
    ("value", "where"), [("abc", [(4, 7, "abc")]), (SECRET, [(4, 14, "[redacted]")])]
)
def test_arguments_stand_where_they_are_shown(
    value: str, where: list[tuple[int, int, str]]
) -> None:
    found = registry({"is `{x}`": nothing}, Notes(a=value)).find_match(step("Given is `${a}`"))
    assert isinstance(found, StepMatch)
    assert [(item.start, item.end, item.original) for item in found.arguments] == where
    assert found.location.filename.endswith("test_calls.py")


@pytest.mark.parametrize(
    ("declare", "mode", "tries", "again"),
    [
        (lambda function: function, Mode.ONCE, 1, 0),
        (waits, Mode.WAITS, 1, 0),
        (repeatable, Mode.REPEATABLE, 3, 0),
        (about_the_answer, Mode.ANSWER, 3, 2),
    ],
)
def test_a_step_is_repeated_if_its_definition_allows_it(
    declare: Callable[[Any], Any], mode: Mode, tries: int, again: int
) -> None:
    tried = []

    @declare
    def define(_context: object) -> None:
        tried.append(1)
        if len(tried) < 3:
            raise StepFailure(f"not yet: {len(tried)}")

    session = Notes(seconds=17)
    if tries == 1:
        assert "not yet: 1" in str(failure(step("Given it"), {"it": define}, session))
    else:
        run(step("Given it"), {"it": define}, session)
    assert len(tried) == tries
    assert session.noted == [("begin", False, ()), mode, *["again"] * again]


def test_without_a_budget_a_step_is_decided_at_once() -> None:
    told = failure(step("Then it"), {"it": repeatable(raising(StepFailure("not yet")))}, Notes(0))
    assert told.details == ("explained",)


def test_when_the_budget_is_spent_the_last_failure_counts(clock: FakeClock) -> None:
    tried = []

    @repeatable
    def define(_context: object) -> None:
        tried.append(1)
        raise AssertionError(f"this is try {len(tried)}")

    told = failure(step("Then it"), {"it": define}, Notes(seconds=1))
    assert told.summary == f"{FILE}:5:1: this is try {len(tried)}"
    assert told.details[:2] == (f"Tried {len(tried)} times in 1.0 s.", "Before that:")
    earlier = [line.partition(": ")[2] for line in told.details[2:-1]]
    assert earlier == [f"this is try {len(tried) - back}" for back in (5, 4, 3, 2, 1)]
    assert told.details[-1] == "explained"
    assert clock.now == pytest.approx(1)


def test_a_session_is_told_of_soon_and_of_what_was_left_as_it_is() -> None:
    session = Notes()
    text = "Given it\n\nSoon it\n\n```\n${gone}\n```"
    document = parse(f"# F\n\n## S\n\n{text}\n", FILE)
    soon = MarkdownStep(Story(FILE, document), document.scenarios[0].steps[1])
    run(soon, {"it": nothing}, session)
    assert session.noted[0] == ("begin", True, ("gone",))


def test_a_failure_within_the_block_is_placed_there() -> None:
    def define(_context: object) -> None:
        raise StepFailure("no JSON", position=(2, 3))

    written = step("Given it\n\n```json\n{\n  x\n}\n```")
    assert failure(written, {"it": define}).summary == f"{FILE}:9:3: no JSON"
    assert failure(step("Given it"), {"it": define}).summary == f"{FILE}:5:1: no JSON"


def raising(error: BaseException) -> Callable[..., None]:
    def define(_context: object) -> None:
        raise error

    return define


def test_what_a_definition_may_raise_becomes_a_failure_of_the_step() -> None:
    said = failure(step("Given it"), {"it": raising(AssertionError("so it is"))})
    assert said.summary == f"{FILE}:5:1: so it is"
    silent = failure(step("Given it"), {"it": raising(AssertionError())})
    assert re.search(r"the assertion `raise error` failed \(.*test_calls\.py:\d+\)", str(silent))
    ended = failure(step("Given it"), {"it": repeatable(raising(SystemExit(0)))}, Notes(17))
    assert ended.summary == f"{FILE}:5:1: the step called sys.exit(0)"
    assert ended.details == ("explained",)


def test_any_other_error_is_left_to_behave() -> None:
    for error in (KeyError("x"), KeyboardInterrupt()):
        with pytest.raises(type(error)):
            run(step("Given it"), {"it": repeatable(raising(error))}, Notes(17))


def test_an_undefined_step_tells_what_is_near() -> None:
    known = {"I store `{x}` into `{y}`": nothing, "the status code is {n:d}": nothing}
    written = step("Given I stored `1` into `${a}`")
    assert registry(known, Notes(a=SECRET)).find_match(written) is None
    assert written.error_message == (
        f"{FILE}:5:1: no step definition matches “I stored `1` into `[redacted]`”: did you mean\n"
        "  I store `{x}` into `{y}`"
    )
    far = step("Given something else")
    assert registry(known, Notes()).find_match(far) is None
    assert "write one, or see the step catalogue" in str(far.error_message)


AMBIGUOUS = {"I see `{x}`": nothing, "I see {x}": nothing, "I [really ]see `{y}`": nothing}


def test_a_step_with_two_definitions_names_both() -> None:
    told = failure(step("Given I see `it`"), AMBIGUOUS)
    assert told.summary == f"{FILE}:5:1: 2 step definitions match this step:"
    assert [line.split(" at ")[0] for line in told.details] == [
        "  'I see `{x}`'",
        "  'I [really ]see `{y}`'",
    ]
    assert all("test_calls.py:" in line for line in told.details)


@pytest.mark.parametrize("dry_run", [True, False])
def test_a_step_with_two_definitions_does_not_end_the_run_where_it_is_only_looked_at(
    dry_run: bool,
) -> None:
    written = step("Given I see `it`")
    written.status = Status.untested if dry_run else Status.skipped
    found = registry(AMBIGUOUS, Notes(), dry_run).find_match(written)
    assert found is not None
    with pytest.raises(StepFailure, match="2 step definitions match this step"):
        found.run(FakeContext())


def test_a_missing_value_fails_the_step_and_leaves_it_as_it_is_written() -> None:
    written = step("Given `${gone}` is")
    told = failure(written, {"`{x}` is": nothing})
    assert told.summary.startswith(f"{FILE}:5:8: ${{gone}} has no value")
    assert written.name == "`${gone}` is"


def test_without_a_session_the_environment_file_is_told_of() -> None:
    with pytest.raises(StepFailure, match="environment"):
        run(step("Given it"), {"it": nothing}, None)


@pytest.mark.parametrize("dry_run", [True, False])
def test_what_does_not_run_is_matched_with_samples(dry_run: bool) -> None:
    written = step("Given `${a}` of ${n} and ${b}", n="7")
    written.status = Status.untested if dry_run else Status.skipped
    session = Notes()
    found = registry({"`{x}` of {n:d} and {m:d}": nothing}, session, dry_run).find_match(written)
    assert found is not None
    assert written.name == "`${a}` of ${n} and ${b}"
    assert session.noted == []
    unknown = step("Given `${a}` of ${n} and ${b}", n="x")
    unknown.status = written.status
    assert registry({"`{x}` of {n:d}": nothing}, session, dry_run).find_match(unknown) is None


def test_a_match_that_could_not_be_made_is_behaves_own() -> None:
    error = ValueError("no such month")

    class Converting(Matcher):  # type: ignore[misc]  # Behave ships no types
        def match(self, _title: str) -> Match:
            return MatchWithError(self.func, error)

    found = registry({}, Notes())
    found.steps["step"].append(Converting(nothing, "in {month}"))
    match = found.find_match(step("Given in Smarch"))
    assert isinstance(match, MatchWithError)
    assert match.stored_error is error


def test_a_plain_step_is_matched_as_behave_does_it() -> None:
    found = registry({"it": nothing})
    assert found.find_match(SimpleNamespace(step_type="given", name="it")).func is nothing
    assert found.find_match(SimpleNamespace(step_type="given", name="not")) is None


@pytest.mark.parametrize("library", [True, False])
def test_a_fault_of_the_harness_owns_up_to_it(
    monkeypatch: pytest.MonkeyPatch, library: bool
) -> None:
    here = Path(__file__).parent
    monkeypatch.setattr(calls, "library_folder", lambda: here if library else here / "other")

    def define(_context: object) -> None:
        raise ZeroDivisionError("a fault")

    with pytest.raises(ZeroDivisionError) as caught:
        run(step("Then it"), {"it": define}, Notes())
    assert getattr(caught.value, "__notes__", []) == ([calls.FAULT] if library else [])

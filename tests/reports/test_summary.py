"""The summary as a reader sees it: rendered, it says what the results say."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from harness.core.events import Frame
from harness.core.trace import Attempt
from harness.reports.results import FeatureResult, Results, ScenarioResult, StepResult
from harness.reports.sequence import diagram
from harness.reports.summary import LEAST_ROOM, LIMIT, MARKS, summary
from tests.reports.test_results import results

GOLDEN = Path(__file__).parent / "golden" / "summary.md"

HOSTILE = Results(
    (
        FeatureResult(
            "A | pipe, a `tick`, <b>a tag</b>, [a link](x) and &lt;",
            "features/a.feature.md",
            "failed",
            (
                ScenarioResult(
                    "Passes",
                    "features/a.feature.md",
                    3,
                    "passed",
                    0.25,
                    steps=(
                        StepResult(
                            "Soon",
                            "`a|b` should be `c`",
                            5,
                            "passed",
                            1.25,
                            tries=3,
                            attempts=(Attempt(1, "no"), Attempt(2, "expected | got\n*nothing*", 2)),
                        ),
                    ),
                ),
                ScenarioResult(
                    "# *Fails* _with_ | and ``ticks`` #",
                    "features/`a`.feature.md",
                    9,
                    "failed",
                    1.5,
                    steps=(
                        StepResult(
                            "Then",
                            "`x` should equal `y`",
                            11,
                            "failed",
                            reason="features/a.feature.md:11:1: no\n\n````\n# not a heading\n````\n"
                            "| no | table |",
                            events=(
                                Frame(at=1, source="service", target="test", text="```\nend;"),
                            ),
                        ),
                    ),
                ),
                ScenarioResult("After", "features/a.feature.md", 15, "skipped", 0, "it failed"),
            ),
        ),
        FeatureResult(
            "Skipped",
            "features/b.feature.md",
            "skipped",
            (
                ScenarioResult("B", "b", 3, "skipped", 0, "it needs “A | b”,\nwhich did not"),
                ScenarioResult("C", "b", 5, "skipped", 0, "it needs “A | b”,\nwhich did not"),
            ),
        ),
        FeatureResult("Untested", "c", "untested", (ScenarioResult("C", "c", 3, "untested", 0),)),
    )
)


def test_the_summary_of_hostile_titles() -> None:
    assert summary(HOSTILE) == GOLDEN.read_text(encoding="utf-8")


def test_a_run_without_features_is_told_too() -> None:
    assert summary(Results(())).startswith(
        "# Acceptance tests: passed\n\n0 scenarios passed, 0 failed\n\n## Features\n"
    )


def text_of(token: Token) -> str:
    """The text of inline Markdown, which must have no markup in it but code spans."""
    parts = []
    for child in token.children or ():
        assert child.type in ("text", "text_special", "code_inline"), child
        parts.append(child.content)
    return "".join(parts)


class Seen:
    """What a CommonMark parser with GitHub's tables sees in a summary."""

    def __init__(self, text: str) -> None:
        tokens = MarkdownIt("commonmark").enable("table").parse(text)
        self.headings: list[str] = []
        fences = [token for token in tokens if token.type == "fence"]
        self.blocks = [token.content for token in fences if token.info == "text"]
        self.diagrams = [token.content for token in fences if token.info == "mermaid"]
        self.places: list[str] = []
        self.rows: list[list[str]] = []
        for opening, token in pairwise(tokens):
            if opening.type == "heading_open":
                self.headings.append(text_of(token))
            elif opening.type == "tr_open":
                self.rows.append([])
            elif opening.type in ("td_open", "th_open"):
                self.rows[-1].append(text_of(token))
            elif opening.type == "paragraph_open":
                self.places.append(text_of(token))


def spaced(text: str) -> str:
    return " ".join(text.split())


def shown(failed: ScenarioResult) -> str:
    step = failed.failed_step
    title = [f"{step.keyword} {step.title}"] if step else []
    return "\n".join([*title, failed.why]) + "\n"


def check(run: Results) -> None:
    seen = Seen(summary(run))
    failed = run.scenarios("failed")
    verdict = f"Acceptance tests: {'failed' if failed else 'passed'}"
    assert [spaced(heading) for heading in seen.headings] == [
        verdict,
        *(spaced(f"❌ {scenario.name}") for scenario in failed),
        *(["Held late"] if any(step.late for item in run for step in item.steps) else []),
        "Features",
    ]
    assert [spaced(place) for place in seen.places] == [
        run.counts(),
        *(spaced(f"{scenario.file}:{scenario.line}") for scenario in failed),
    ]
    assert seen.blocks == [shown(item) for item in failed]
    assert seen.diagrams == [f"{code}\n" for item in failed if (code := diagram(item))]
    rows = seen.rows[seen.rows.index(["", "feature", "scenarios", "time"]) + 1 :]
    assert [[mark, spaced(name)] for mark, name, *_ in rows] == [
        [MARKS[feature.status], spaced(feature.name)] for feature in run.features
    ]
    assert {len(row) for row in rows} <= {4}


def test_a_reader_of_hostile_titles_sees_what_they_say() -> None:
    check(HOSTILE)
    late, held, _, first, second, third = Seen(summary(HOSTILE)).rows
    assert late == ["step", "where", "after", "before that"]
    assert held == [
        "Soon `a|b` should be `c`",
        "features/a.feature.md:5",
        "1.2 s, 3 tries that failed",
        "expected | got *nothing*",
    ]
    assert first[2:] == ["1 of 2 passed", "1.8 s"]
    assert spaced(second[2]) == "skipped; it needs “A | b”, which did not"
    assert third[2:] == ["0 of 1 passed", "0.0 s"]


titles = st.text(st.sampled_from("ab 1\\`*_{}[]<>|#~&;!:-+=().\n\"'@/$^%lt"), max_size=25)
reasons = st.text(st.sampled_from("ab `~|#->\n\\"), max_size=25)


@st.composite
def runs(draw: st.DrawFn) -> Results:
    step = st.builds(
        StepResult,
        keyword=st.just("Then"),
        title=st.just("`x` should equal `y`"),
        line=st.integers(1, 99),
        status=st.sampled_from(["passed", "failed"]),
        reason=reasons,
    )
    scenario = st.builds(
        ScenarioResult,
        name=titles,
        file=titles.map(str.strip).filter(bool),
        line=st.integers(1, 99),
        status=st.sampled_from(["passed", "failed", "skipped"]),
        seconds=st.floats(0, 99),
        reason=reasons,
        steps=st.lists(step, max_size=1).map(tuple),
    )
    feature = st.builds(
        FeatureResult,
        name=titles,
        file=titles,
        status=st.sampled_from(["passed", "failed", "skipped"]),
        scenarios=st.lists(scenario, max_size=2).map(tuple),
    )
    return Results(tuple(draw(st.lists(feature, max_size=2))))


@given(runs())
def test_a_reader_sees_what_the_results_say(run: Results) -> None:
    check(run)


def test_of_a_long_run_the_first_failures_are_told_and_how_many_are_left_out() -> None:
    scenarios = tuple(
        ScenarioResult(f"S{number}", "ä.feature.md", number, "failed", 1, "ö" * 3000)
        for number in range(1, 2001)
    )
    features = (FeatureResult("Long", "ä.feature.md", "failed", scenarios),)
    text = summary(Results(features, notes=("n" * LIMIT,)))
    told = text.count("## ❌ ")
    assert f"{2000 - told:,} more failed scenarios are left out" in text
    assert "1 more notes are left out" in text
    assert text.endswith("| ❌ | Long | 0 of 2000 passed | 2000.0 s |\n")
    assert LIMIT // 2 < len(text.encode()) < LIMIT


@given(results, st.integers(0, 2 * LEAST_ROOM))
def test_a_summary_stays_below_the_limit(run: Results, limit: int) -> None:
    assert len(summary(run, limit).encode()) < max(limit, LEAST_ROOM)


def test_what_does_not_fit_is_said_to_be_left_out() -> None:
    features = tuple(FeatureResult(f"F{n}", "f", "passed", ()) for n in range(1000))
    text = summary(Results(features), LEAST_ROOM)
    kept = text.count("✅")
    assert text.endswith(
        f"\n{1000 - kept} more features are left out: the page would be too long for GitHub.\n\n"
    )

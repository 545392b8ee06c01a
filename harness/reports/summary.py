"""The Markdown summary of a run: numbers, failures first, then every feature. Pure.

GitHub shows it as the summary of a job, if it is not too long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from harness.core.showing import clipped
from harness.reports.results import FeatureResult, Results, ScenarioResult, StepResult
from harness.reports.sequence import diagram

T = TypeVar("T")

MARKS = {"passed": "✅", "failed": "❌", "skipped": "⏭️", "untested": "⬜"}

LIMIT: Final = 1024 * 1024
"""Bytes of UTF-8 that GitHub takes for the summary of a step; it shows nothing of a longer one:
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""
LEAST_ROOM: Final = 4096
"""A summary in fewer bytes would say nothing."""
FAILURE_TEXT: Final = 16 * 1024
"""Characters of the text of one failure."""
CELL: Final = 200
"""Characters of a text in a table or heading."""
LEFT_OUT: Final = "\n{count:,} more {what} are left out: the page would be too long for GitHub.\n\n"


def summary(results: Results, limit: int = LIMIT) -> str:
    """The summary as CommonMark with GitHub's tables, in fewer bytes of UTF-8 than `limit`.

    What does not fit is left out, and said to be; most of the room is for failures. A limit below
    LEAST_ROOM is taken as that.
    """
    limit = max(limit, LEAST_ROOM)
    failed = results.scenarios("failed")
    late = [(scenario, step) for scenario in results for step in scenario.steps if step.late]
    late.sort(key=lambda each: -each[1].seconds)
    text = f"# Acceptance tests: {'failed' if failed else 'passed'}\n\n{results.counts()}\n\n"
    text += _within(limit // 16, "notes", results.notes, _note)
    text += _within(limit * 5 // 8, "failed scenarios", failed, _failure)
    if late:
        text += "## Held late\n\n| step | where | after | before that |\n|---|---|---|---|\n"
        text += _within(limit // 16, "steps", late, _late_row) + "\n"
    text += "## Features\n\n| | feature | scenarios | time |\n|---|---|---|---|\n"
    left = limit - 1 - len(text.encode())
    return text + _within(left, "features", results.features, _row)


def _within(room: int, what: str, items: Sequence[T], show: Callable[[T], str]) -> str:
    """As many of the items as fit into so many bytes, and how many do not."""
    room -= len(LEFT_OUT) + len(what)
    parts = []
    for index, item in enumerate(items):
        part = show(item)
        room -= len(part.encode())
        if room < 0:
            parts.append(LEFT_OUT.format(count=len(items) - index, what=what))
            break
        parts.append(part)
    return "".join(parts)


def _note(text: str) -> str:
    return f"{_fenced('text', text)}\n"


def _failure(scenario: ScenarioResult) -> str:
    step = scenario.failed_step
    text = clipped(scenario.why, FAILURE_TEXT)
    drawn = diagram(scenario)
    parts = [
        f"## ❌ {_inline(scenario.name)}\n",
        f"{_code(f'{scenario.file}:{scenario.line}')}\n",
        _fenced("text", f"{step.keyword} {step.title}\n{text}" if step else text),
        *([_fenced("mermaid", drawn)] if drawn else []),
    ]
    return "".join(f"{part}\n" for part in parts)


def _late_row(item: tuple[ScenarioResult, StepResult]) -> str:
    scenario, step = item
    tries = f"{step.tries} {'try' if step.tries == 1 else 'tries'} that failed"
    cells = (
        _inline(f"{step.keyword} {step.title}"),
        _inline(f"{scenario.file}:{step.line}"),
        f"{step.seconds:.1f} s, {tries}",
        _inline(step.attempts[-1].failure),
    )
    return f"| {' | '.join(cells)} |\n"


def _row(feature: FeatureResult) -> str:
    ran = [item for item in feature.scenarios if item.status != "skipped"]
    passed = sum(item.status == "passed" for item in ran)
    seconds = sum(item.seconds for item in ran)
    what = f"{passed} of {len(ran)} passed"
    if feature.status == "skipped":
        reasons = dict.fromkeys(item.reason for item in feature.scenarios if item.reason)
        what = _inline("; ".join(["skipped", *reasons]))
    return f"| {MARKS[feature.status]} | {_inline(feature.name)} | {what} | {seconds:.1f} s |\n"


def _fenced(language: str, text: str) -> str:
    fence = "`" * max(3, _longest_ticks(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}\n"


def _inline(text: str) -> str:
    """Text that Markdown must not read as markup, on one line."""
    line = clipped(" ".join(text.split()), CELL)
    return "".join(f"\\{char}" if char in "\\`*_{}[]<>|#~&" else char for char in line)


def _code(text: str) -> str:
    """A code span, on one line."""
    line = " ".join(text.split())
    longest = _longest_ticks(line)
    if longest == 0:
        return f"`{line}`"
    ticks = "`" * (longest + 1)
    return f"{ticks} {line} {ticks}"


def _longest_ticks(text: str) -> int:
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return longest

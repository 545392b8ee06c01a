"""The Markdown summary of a run: numbers, failures first, then every feature. Pure."""

from __future__ import annotations

from harness.reports.results import FeatureResult, Results, ScenarioResult

MARKS = {"passed": "✅", "failed": "❌", "skipped": "⏭️", "untested": "⬜"}


def summary(results: Results) -> str:
    """The summary as CommonMark with GitHub's tables."""
    failed = results.scenarios("failed")
    lines = [f"# Acceptance tests: {'failed' if failed else 'passed'}", "", results.counts(), ""]
    for scenario in failed:
        lines += _failure(scenario)
    lines += ["## Features", "", "| | feature | scenarios | time |", "|---|---|---|---|"]
    lines += [_row(feature) for feature in results.features]
    return "\n".join(lines) + "\n"


def _failure(scenario: ScenarioResult) -> list[str]:
    step = scenario.failed_step
    fence = "`" * max(3, _longest_ticks(scenario.why) + 1)
    return [
        f"## ❌ {_inline(scenario.name)}",
        "",
        _code(f"{scenario.file}:{scenario.line}"),
        "",
        f"{fence}text",
        *([f"{step.keyword} {step.title}"] if step else []),
        scenario.why,
        fence,
        "",
    ]


def _row(feature: FeatureResult) -> str:
    ran = [item for item in feature.scenarios if item.status != "skipped"]
    passed = sum(item.status == "passed" for item in ran)
    seconds = sum(item.seconds for item in ran)
    what = f"{passed} of {len(ran)} passed"
    if feature.status == "skipped":
        reasons = dict.fromkeys(item.reason for item in feature.scenarios if item.reason)
        what = _inline("; ".join(["skipped", *reasons]))
    return f"| {MARKS[feature.status]} | {_inline(feature.name)} | {what} | {seconds:.1f} s |"


def _inline(text: str) -> str:
    """Text that Markdown must not read as markup, on one line."""
    line = " ".join(text.split())
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

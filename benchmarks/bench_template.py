"""How fast placeholders are replaced: ratios within one run.

    python benchmarks/bench_template.py

Method: each figure is the best of several rounds, in which both sides take turns, so that a busy
machine slows both. Our side is a placeholder as a run has it: its text is scanned before, its
value is looked up or evaluated when the step runs. jsonata-python's side compiles and evaluates
the expression, with its own defaults. "In a block" adds what is around it: rendering a JSON block
of 20 strings, each a placeholder, per placeholder.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from time import perf_counter

from jsonata import Jsonata

from harness.core.expressions import compile_expression
from harness.core.template import Where, parse_template

ROUNDS = 25
NOW = 1_694_503_339_523
VALUES: dict[str, object] = {
    "jobId": "bc631093-7f7c-4c1b-aa63-a68c759bcd5c",
    "ts": NOW,
    "tracker": {"id": "oob-352656108602296"},
    "APIURL": "http://127.0.0.1:8080",
}
MANY: dict[str, object] = VALUES | {f"name{number}": number for number in range(996)}


def best(*sides: tuple[Callable[[], object], int]) -> list[float]:
    """The shortest time of one call of each side, in microseconds; `int` calls are timed at
    once, and the sides take turns."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(ROUNDS):
        for (side, calls), taken in zip(sides, times, strict=True):
            start = perf_counter()
            for _ in range(calls):
                side()
            taken.append((perf_counter() - start) / calls * 1e6)
    return [min(taken) for taken in times]


def against_library(source: str, calls: int) -> float:
    """jsonata-python's time for an expression over ours."""
    expression = compile_expression(source)
    ours, theirs = best(
        (lambda: expression.evaluate(VALUES, now=NOW), calls),
        (lambda: Jsonata(source).evaluate(VALUES), 50),
    )
    print(f"{source}: {ours:.2f} µs, jsonata-python {theirs:.0f} µs")
    return theirs / ours


def in_a_block() -> float:
    """jsonata-python's time for a plain name over ours in a rendered block."""
    fields = ", ".join(f'"key{number}": "${{jobId}}"' for number in range(20))
    template = parse_template(f"{{{fields}}}", Where.JSON)
    ours, theirs = best(
        (lambda: template.render(VALUES, now=NOW), 200),
        (lambda: Jsonata("jobId").evaluate(VALUES), 50),
    )
    print(f"jobId in a block: {ours / 20:.2f} µs, jsonata-python {theirs:.0f} µs")
    return theirs / (ours / 20)


def with_many_values(text: str) -> float:
    """The time for a text with 1,000 stored values over that with 4."""
    template = parse_template(text, Where.JSON)

    def render(values: Mapping[str, object]) -> Callable[[], object]:
        return lambda: template.render(values, now=NOW)

    few, many = best((render(VALUES), 200), (render(MANY), 200))
    print(f"{text}: {few:.2f} µs with 4 stored values, {many:.2f} µs with 1,000")
    return many / few


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    at_least = [
        ("plain name, times faster than the library", against_library("jobId", 2000), 100.0),
        ("fixed path, the same", against_library("tracker.id", 2000), 100.0),
        ("plain name in a block, the same", in_a_block(), 50.0),
        (
            "other expressions, the same",
            min(
                against_library("$fromMillis($millis()+60*1000)", 50),
                against_library("$fromMillis(ts - 1000)", 50),
                against_library("ts + 1", 50),
                against_library("tracker.id & '-' & jobId", 50),
            ),
            2.0,
        ),
    ]
    at_most = [
        ("plain name, 1,000 values against 4", with_many_values('"${jobId}"'), 1.2),
        ("other expression, 1,000 values against 4", with_many_values('"${ts + 1}"'), 1.2),
    ]
    print(f"\n{'what':<45} {'ratio':>6} {'target':>8}  ok")
    missed = False
    for sign, figures in (("≥", at_least), ("≤", at_most)):
        for what, ratio, target in figures:
            ok = ratio >= target if sign == "≥" else ratio <= target
            missed |= not ok
            print(f"{what:<45} {ratio:>6.2f} {sign:>2}{target:>6.1f}  {'yes' if ok else 'NO'}")
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())

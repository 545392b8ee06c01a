"""What reports cost: a run that writes all of them beside one that writes none, and a long run's.

    python benchmarks/bench_reports.py

Method: both runs are processes of their own that take turns; a ratio is the median of the ratios of
each turn, of processor time, the service's included. They run the project's own scenarios against
the reference service: `nrfcloud-bdd run`, and `behave`, which collects nothing.
The long run has 2,000 scenarios of 10 steps with a request each, one of 20 failed, made up here.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from time import perf_counter

from bench_run import ROOT, SCENARIOS, Figure, processor_time, run, tell, turns

from harness.core.events import Exchange
from harness.reports.results import FeatureResult, Results, ScenarioResult, StepResult
from harness.tools.output import write_reports


def ratio(folder: Path) -> float:
    """Processor time of a run with all reports over one without."""
    options = ["-f", "null", "--no-summary"]
    ours = [sys.executable, "-m", "harness.tools.cli", "run", *options, "--report", str(folder)]
    theirs = [sys.executable, "-m", "behave", *options]
    return turns(
        lambda: processor_time(run(ours, ROOT)),
        lambda: processor_time(run(theirs, ROOT)),
        "the project's scenarios with reports, and without",
    )


def long_run() -> Results:
    """The results of 2,000 scenarios."""
    event = Exchange(
        at=1.0,
        took=0.1,
        source="test",
        target="service",
        method="GET",
        url="/device/oob-350006662902868",
        status=200,
        answer_body='{"a": 1}' * 50,
    )
    passed = StepResult("When", "I `GET` `${APIURL}/device`", 5, "passed", 0.1, events=(event,))
    failed = StepResult("Then", "it holds", 7, "failed", 0.1, reason="no\n" * 20, events=(event,))
    features = []
    for number in range(SCENARIOS // 20):
        scenarios = tuple(
            ScenarioResult(
                f"Scenario {number}.{index}",
                f"features/{number}.feature.md",
                index,
                "passed" if index else "failed",
                1.0,
                steps=(passed,) * 9 + ((passed,) if index else (failed,)),
            )
            for index in range(20)
        )
        name, file = f"Feature {number}", f"features/{number}.feature.md"
        features.append(FeatureResult(name, file, "failed", scenarios))
    return Results(tuple(features))


def writing(folder: Path) -> float:
    """Seconds in which the reports of the long run are written."""
    results = long_run()
    start = perf_counter()
    with redirect_stdout(StringIO()):
        write_reports(results, folder)
    return perf_counter() - start


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        figures = [
            Figure(f"reports of {SCENARIOS:,} scenarios, s", writing(folder), 5.0),
            Figure("a run with all reports / without", ratio(folder), 1.1),
        ]
    return tell(figures)


if __name__ == "__main__":
    sys.exit(main())

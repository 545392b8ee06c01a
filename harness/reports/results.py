"""The results of a run, as every report is made from them, and their JSON form.

Pure. Texts in here have their secrets hidden already.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

Status = Literal["passed", "failed", "skipped", "untested"]
STATUSES: tuple[Status, ...] = ("passed", "failed", "skipped", "untested")


@dataclass(frozen=True, slots=True)
class ScenarioResult:
    """How a scenario ended. `seconds` is its duration; `reason` says why it failed or did not
    run, and is empty otherwise; `step` is the title of the step that failed."""

    name: str
    file: str
    line: int
    status: Status
    seconds: float
    step: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class FeatureResult:
    """How a feature ended, with its scenarios in the order in which they ran."""

    name: str
    file: str
    status: Status
    scenarios: tuple[ScenarioResult, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """How a run ended."""

    features: tuple[FeatureResult, ...]

    def scenarios(self, status: Status) -> list[ScenarioResult]:
        """All scenarios that ended like this."""
        return [
            scenario
            for feature in self.features
            for scenario in feature.scenarios
            if scenario.status == status
        ]

    def counts(self) -> str:
        """The numbers in one line: `3 scenarios passed, 1 failed, 2 skipped`."""
        found = Counter(item.status for feature in self.features for item in feature.scenarios)
        passed = found["passed"]
        parts = [
            f"{passed} scenario{'' if passed == 1 else 's'} passed",
            f"{found['failed']} failed",
        ]
        parts += [f"{found[status]} {status}" for status in STATUSES[2:] if found[status]]
        return ", ".join(parts)


def merge(parts: Iterable[Results]) -> Results:
    """The results of runs that were parts of one."""
    return Results(tuple(feature for part in parts for feature in part.features))


def to_json(results: Results) -> str:
    """The results as JSON."""
    return json.dumps(asdict(results), indent=1, ensure_ascii=False)


def from_json(text: str) -> Results:
    """The results that `to_json` wrote."""
    return Results(
        tuple(
            FeatureResult(
                **{
                    **feature,
                    "scenarios": tuple(ScenarioResult(**item) for item in feature["scenarios"]),
                }
            )
            for feature in json.loads(text)["features"]
        )
    )

"""What is known of a run, and that its JSON says all of it."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.reports.results import (
    STATUSES,
    FeatureResult,
    Results,
    ScenarioResult,
    Status,
    from_json,
    merge,
    to_json,
)

statuses: st.SearchStrategy[Status] = st.sampled_from(STATUSES)
scenario_results = st.builds(
    ScenarioResult,
    name=st.text(),
    file=st.text(),
    line=st.integers(min_value=1),
    status=statuses,
    seconds=st.floats(min_value=0, allow_nan=False, allow_infinity=False),
    step=st.text(),
    reason=st.text(),
)
feature_results = st.builds(
    FeatureResult,
    name=st.text(),
    file=st.text(),
    status=statuses,
    scenarios=st.lists(scenario_results, max_size=4).map(tuple),
)
results = st.builds(Results, st.lists(feature_results, max_size=3).map(tuple))


@given(results)
def test_json_and_back_is_the_same(run: Results) -> None:
    assert from_json(to_json(run)) == run


@given(results)
def test_every_scenario_is_found_by_how_it_ended(run: Results) -> None:
    everything = [scenario for feature in run.features for scenario in feature.scenarios]
    assert sum(len(run.scenarios(status)) for status in STATUSES) == len(everything)
    for status in STATUSES:
        assert run.scenarios(status) == [item for item in everything if item.status == status]


@given(st.lists(results, max_size=3))
def test_the_parts_of_a_run_make_it_up(parts: list[Results]) -> None:
    merged = merge(parts)
    assert list(merged.features) == [feature for part in parts for feature in part.features]


def ended(*how: Status) -> Results:
    scenarios = tuple(
        ScenarioResult(f"S{index}", "a.feature.md", index, status, 0.5)
        for index, status in enumerate(how, 1)
    )
    return Results((FeatureResult("A", "a.feature.md", "passed", scenarios),))


def test_the_numbers_in_one_line() -> None:
    assert Results(()).counts() == "0 scenarios passed, 0 failed"
    assert ended("passed").counts() == "1 scenario passed, 0 failed"
    both = merge([ended("passed", "untested"), ended("skipped", "passed", "failed", "skipped")])
    assert both.counts() == "2 scenarios passed, 1 failed, 2 skipped, 1 untested"


def test_the_json_is_plain() -> None:
    assert json.loads(to_json(ended("failed"))) == {
        "features": [
            {
                "name": "A",
                "file": "a.feature.md",
                "status": "passed",
                "scenarios": [
                    {
                        "name": "S1",
                        "file": "a.feature.md",
                        "line": 1,
                        "status": "failed",
                        "seconds": 0.5,
                        "step": "",
                        "reason": "",
                    }
                ],
            }
        ]
    }

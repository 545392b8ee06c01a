"""What is known of a run, and that its JSON says all of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from harness.core.events import Exchange, Frame
from harness.core.trace import Attempt
from harness.reports.results import (
    STATUSES,
    Failure,
    FeatureResult,
    Results,
    ScenarioResult,
    Status,
    StepResult,
    from_json,
    merge,
    schema,
    to_json,
)
from tests.in_process import ROOT

statuses: st.SearchStrategy[Status] = st.sampled_from(STATUSES)
seconds = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
events = st.one_of(
    st.builds(
        Exchange,
        at=seconds,
        source=st.text(),
        target=st.text(),
        took=seconds,
        method=st.text(),
        url=st.text(),
        headers=st.lists(st.tuples(st.text(), st.text()), max_size=2).map(tuple),
        status=st.integers(0, 599),
        answer_body=st.text(),
    ),
    st.builds(Frame, at=seconds, source=st.text(), target=st.text(), text=st.text()),
)
steps = st.builds(
    StepResult,
    keyword=st.text(),
    title=st.text(),
    line=st.integers(min_value=1),
    status=statuses,
    seconds=seconds,
    text=st.none() | st.text(),
    table=st.lists(st.lists(st.text(), max_size=2).map(tuple), max_size=2).map(tuple),
    failure=st.none() | st.builds(Failure, st.integers(1), st.integers(1), st.text()),
    attempts=st.lists(st.builds(Attempt, seconds, st.text()), max_size=2).map(tuple),
    events=st.lists(events, max_size=2).map(tuple),
)
scenario_results = st.builds(
    ScenarioResult,
    name=st.text(),
    file=st.text(),
    line=st.integers(min_value=1),
    status=statuses,
    seconds=seconds,
    reason=st.text(),
    steps=st.lists(steps, max_size=2).map(tuple),
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


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "truncated"),
        (b"[]", "Expected `object`"),
        (b"{}", "missing required field `version`"),
        (b'{"version": 2, "features": 1}', "they are of version 2, and this reads 1"),
        (b'{"version": 1}', "missing required field `features`"),
        (b'{"version": 1, "features": [{}]}', "missing required field `name`"),
        (b"\xff", "invalid"),
    ],
)
def test_what_are_no_results_is_refused(text: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        from_json(text)


def test_the_json_is_plain() -> None:
    assert json.loads(to_json(ended("failed"))) == {
        "version": 1,
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
                    }
                ],
            }
        ],
    }


@given(results)
def test_the_json_is_as_its_schema_says(run: Results) -> None:
    Draft202012Validator(schema()).validate(json.loads(to_json(run)))


def test_the_documented_schema_is_that_of_the_program() -> None:
    written = (ROOT / "docs" / "results.schema.json").read_text(encoding="utf-8")
    assert json.loads(written) == json.loads(json.dumps(schema())), (
        "write it anew: see docs/reports.md"
    )

"""What steps print and log is kept for a failure, however much it is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from behave.capture import NO_CAPTURED_DATA
from behave.configuration import Configuration

from harness.bdd.capture import KEPT_RECORDS, Capture
from tests.project import make_project

LOG = logging.getLogger("tests.capture")

STEPS = """
import logging
from behave import step, use_step_matcher
use_step_matcher("phrase")

@step("it tells `{text}`")
def tell(context, text):
    logging.getLogger("own").info("logged %s", text)
    print("printed", text)

@step("it breaks")
def breaks(context):
    raise AssertionError("it was told to")
"""

FEATURE = """
# Told

## One

Given it tells `first`

Then it breaks
"""

AFTER = """
# After

## Other

Given it tells `second`

## Two

Given it tells `third`

Then it breaks
"""


def capture(*options: str) -> Iterator[Capture]:
    controller = Capture(Configuration(list(options), load_config=False))
    controller.setup_capture(name="scenario")
    yield controller
    controller.teardown_capture()


@pytest.fixture
def captured() -> Iterator[Capture]:
    yield from capture()


def step(captured: Capture, text: str) -> None:
    captured.start_capture()
    print(text)
    LOG.info(text)
    captured.stop_capture()


def test_a_failure_shows_what_its_scenario_printed_and_logged(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": FEATURE, "b.feature.md": AFTER})
    project.write("steps/tell.py", STEPS)
    done = project.behave()
    first, _, last = done.out.partition("Feature: After")
    for text, told in ((first, "first"), (last, "third")):
        assert f"CAPTURED STDOUT: scenario\nprinted {told}" in text
        assert f"CAPTURED LOG: scenario\nLOG_INFO:own: logged {told}" in text
        assert "logged second" not in text


def test_the_output_of_a_step_is_what_came_since_the_step_before(captured: Capture) -> None:
    step(captured, "one")
    captured.update_delta_bookmark()
    step(captured, "two")
    delta = captured.make_captured_delta(failed=True, name="step")
    assert (delta.stdout, delta.log.rpartition(" ")[2]) == ("two\n", "two")
    assert (delta.name, delta.failed) == ("step", True)
    assert captured.make_captured_delta() is NO_CAPTURED_DATA
    assert captured.captured.stdout == "one\ntwo\n"


def test_a_new_scenario_begins_with_nothing(captured: Capture) -> None:
    step(captured, "a long text of the scenario before")
    captured.update_delta_bookmark()
    captured.teardown_capture()
    captured.setup_capture(name="scenario")
    step(captured, "new")
    delta = captured.make_captured_delta()
    assert (delta.stdout, delta.log.rpartition(" ")[2]) == ("new\n", "new")


def test_only_the_last_records_are_kept_and_it_says_so(captured: Capture) -> None:
    captured.start_capture()
    for number in range(KEPT_RECORDS + 5):
        LOG.info("record %d", number)
    captured.stop_capture()
    lines = captured.captured.log.splitlines()
    assert lines[0] == "… 5 earlier records"
    assert lines[1].endswith("record 5")
    assert len(lines) == KEPT_RECORDS + 1


def test_a_handler_that_a_hook_has_taken_away_comes_back(captured: Capture) -> None:
    logging.getLogger().removeHandler(captured.capture_log)
    step(captured, "one")
    assert captured.captured.log.endswith("one")
    captured.teardown_capture()
    assert captured.capture_log not in logging.getLogger().handlers


def test_what_is_not_to_be_captured_is_not() -> None:
    for captured in capture("--no-capture"):
        captured.start_capture()
        LOG.info("seen elsewhere")
        captured.stop_capture()
        captured.update_delta_bookmark()
        assert captured.make_captured_delta() is NO_CAPTURED_DATA

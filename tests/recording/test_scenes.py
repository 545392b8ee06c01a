"""Where one scenario ends and the next begins."""

from __future__ import annotations

import re
from dataclasses import replace

from harness.core.markdown import parse
from harness.recording.compose import compose
from harness.recording.model import Mark, Observed, Options, Recording
from tests.recording.calls import BEGIN, cloud, user


def titles(*observed: Observed, marks: tuple[Mark, ...] = (), silence: float = 3.0) -> list[str]:
    text = compose(Recording(observed, marks), Options(silence=silence)).text
    return [each.title for each in parse(text, "a.feature.md").scenarios]


FLOW = (
    user(0, "POST /orders", query=()),
    cloud(1, "POST /v1/x"),
    *(cloud(2 + each, "GET /v1/y", 1) for each in range(20)),
    user(20, "GET /orders/7", query=()),
)


def test_a_pause_ends_a_scenario_and_polls_are_no_noise() -> None:
    assert titles(*FLOW) == ["POST orders", "GET orders"]
    assert titles(*FLOW, silence=30) == ["POST orders"]


def test_marks_end_scenarios_and_pauses_do_not() -> None:
    assert titles(*FLOW, marks=(Mark(BEGIN + 10, "Later"), Mark(BEGIN, "First"))) == [
        "First",
        "Later",
    ]
    assert titles(*FLOW, marks=(Mark(BEGIN + 10, "Later"),)) == ["POST orders", "Later"]


def test_a_mark_parts_polls_too() -> None:
    polls = tuple(user(at, "GET /jobs", query=()) for at in (0, 1, 2))
    assert titles(*polls) == ["GET jobs"]
    assert titles(*polls, marks=(Mark(BEGIN, "First"), Mark(BEGIN + 2, "Then"))) == [
        "First",
        "Then",
    ]


def test_a_mark_after_which_nothing_came_is_told() -> None:
    made = compose(Recording(FLOW, (Mark(BEGIN, "First"), Mark(BEGIN + 50, "Empty"))), Options())
    assert "## Empty" not in made.text
    assert made.notes == ("nothing came after the mark “Empty”",)


def test_equal_titles_are_numbered() -> None:
    again = tuple(replace(each, at=each.at + 100) for each in FLOW[:1])
    assert titles(*FLOW[:1], *again) == ["POST orders", "POST orders (2)"]


def test_what_nobody_asked_for_is_marked_as_a_place_to_fill_in() -> None:
    text = compose(Recording(FLOW[1:3]), Options()).text
    assert "## The service asks by itself\n" in text
    assert re.search(r"<!-- To fill in: .* -->\n\nSoon the nRF Cloud API", text)


def test_a_change_by_itself_needs_nobody_to_ask() -> None:
    flow = (*FLOW[:3], cloud(30, "GET /v1/y", 2))
    text = compose(Recording(flow), Options()).text
    assert "## Something changes in nRF Cloud\n" in text
    assert "To fill in" not in text


def test_titles_are_titles_whatever_was_typed() -> None:
    marks = (Mark(BEGIN, "# Given ${x}\n<variant.y> #"),)
    assert titles(*FLOW[:2], marks=marks) == ["Given $ {x} < variant.y>"]
    assert titles(*FLOW[:2], marks=(Mark(BEGIN, " "),)) == ["POST orders"]
    assert titles(*FLOW[:2], marks=(Mark(BEGIN, "Rule: not one"),)) == ["Rule: not one"]
    assert titles(*FLOW[:2], marks=(Mark(BEGIN, "Background"),)) == ["Background"]
    assert titles(*FLOW[:2], marks=(Mark(BEGIN, "``\x1b[31m"),)) == ["``[31m"]

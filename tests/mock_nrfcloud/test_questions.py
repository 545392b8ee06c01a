from __future__ import annotations

from typing import Any

import pytest

from harness.errors import BddError
from mock_nrfcloud.commands import decoded
from mock_nrfcloud.questions import Question, answered
from mock_nrfcloud.twins import Reply


class Lamp(Question, frozen=True, kw_only=True):
    """Ask for a lamp."""

    id: str


LAMP = {"status": "ON", "colours": ["#red", "blue"]}


def ask(found: dict[str, Any] | None = LAMP, **question: str) -> Reply:
    lamp = decoded({"do": "lamp", "id": "a"} | question, (Lamp,))
    return answered(
        lamp, "lamp", f"the lamp “{lamp.id}”", found, "there is no lamp “a”", ["ON", "OFF"]
    )


@pytest.mark.parametrize(
    "question",
    [
        {},
        {"status": "ON"},
        {"match": '{"colours": ["blue"]}'},
        {"match": '{"status": "#regex O.", "more": "##string"}'},
        {"match": '{"colours": ["\\u0023red"]}'},
    ],
)
def test_what_is_as_it_should_be_holds(question: dict[str, str]) -> None:
    assert ask(**question) == {"lamp": LAMP, "holds": True}


def test_what_is_not_there_does_not_hold() -> None:
    assert ask(None, status="ON") == {"holds": False, "what": ["there is no lamp “a”"]}


def test_another_status_is_told() -> None:
    reply = ask(status="OFF", match='{"colours": []}')
    assert not reply["holds"]
    assert reply["lamp"] == LAMP
    assert reply["what"] == [
        "the lamp “a” is ON, not OFF",
        '  it is: {"status": "ON", "colours": ["#red", "blue"]}',
    ]


def test_differences_are_told_and_marked() -> None:
    reply = ask(match='{"status": "ON", "colours": ["green"], "size": "#integer"}')
    assert not reply["holds"]
    summary, *details = reply["what"]
    assert summary == "the lamp “a” does not match what is expected"
    assert len(details) == 3
    assert [list(path) for path, _ in reply["marks"]] == [["colours", 0], ["size"]]


@pytest.mark.parametrize("match", ["", "{", "nan", '{"a": "#regex ("}', '"\ud800'])
def test_what_is_no_expectation(match: str) -> None:
    with pytest.raises(BddError, match=r"^(match is|the body that is expected|there is half)"):
        ask(match=match)


def test_a_status_that_there_is_not_is_no_question() -> None:
    with pytest.raises(BddError, match="no status 'OF': did you mean \"OFF\""):
        ask(None, status="OF")
    with pytest.raises(BddError, match="there are: ON, OFF"):
        ask(status="BROKEN")

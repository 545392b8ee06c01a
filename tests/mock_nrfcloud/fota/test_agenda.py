"""What is due when: by itself, by time that is skipped, and in a feature that inherits it."""

from __future__ import annotations

import pytest

from harness.errors import BddError
from mock_nrfcloud.fota.agenda import Agenda, Due
from tests.mock_nrfcloud.fota.playing import Played


def agenda(played: Played) -> tuple[Agenda, list[tuple[float, str]]]:
    """An agenda in a world, and what has happened when."""
    happened: list[tuple[float, str]] = []

    def happen(due: Due) -> None:
        happened.append((made.now(), due.id))
        if due.what == "again":
            made.add(10, "default", "again", due.id)

    made = Agenda(played.surroundings, happen)
    return made, happened


def test_things_happen_at_their_time_and_in_order(played: Played) -> None:
    made, happened = agenda(played)
    began = played.time
    made.add(20, "default", "", "late")
    made.add(5, "default", "", "early")
    made.add(5, "default", "", "next")
    assert len(played.timers) == 1
    played.pass_time(4.9)
    assert happened == []
    played.pass_time(100)
    assert happened == [(began + 5, "early"), (began + 5, "next"), (began + 20, "late")]
    assert played.changes == 2
    assert played.timers == []


def test_time_is_skipped_and_what_is_due_meanwhile_happens_at_its_time(played: Played) -> None:
    made, happened = agenda(played)
    began = played.time
    made.add(10, "default", "again", "a")
    made.advance(35)
    assert happened == [(began + 10, "a"), (began + 20, "a"), (began + 30, "a")]
    assert made.now() == began + 35
    played.pass_time(4.9)
    assert len(happened) == 3
    played.pass_time(0.1)
    assert happened[3:] == [(began + 40, "a")]


def test_what_is_left_happens_in_another(played: Played) -> None:
    made, _ = agenda(played)
    made.advance(100)
    made.add(10, "default", "", "a")
    left = made.left()
    made.close()
    assert played.timers == []
    other, happened = agenda(played)
    other.begin([*left, *left], 100)
    assert other.now() == made.now()
    played.pass_time(10)
    assert [name for _, name in happened] == ["a"]


def test_what_two_have_left_for_one_thing_happens_once_and_last(played: Played) -> None:
    made, _ = agenda(played)
    made.add(10, "default", "again", "a")
    before = made.left()
    made.advance(10)
    made.close()
    other, happened = agenda(played)
    other.begin([*made.left(), *before], made.skipped)
    played.pass_time(9.9)
    assert happened == []
    played.pass_time(0.1)
    assert len(happened) == 1


def test_a_timer_that_is_early_waits_on(played: Played) -> None:
    made, happened = agenda(played)
    made.add(10, "default", "", "a")
    (_, wake), *_ = played.timers
    wake()
    assert happened == []
    played.pass_time(10)
    assert len(happened) == 1


def test_there_is_an_end_to_time_which_could_not_be_told(played: Played) -> None:
    played.time = 253_370_764_800.0 - 60
    played.do("advance", seconds=60)
    with pytest.raises(BddError, match="no times after the year 9998: let less time pass"):
        played.do("advance", seconds=60)
    assert (
        played.call("GET", "/v1/account/service-token")["createdAt"] == "9999-01-01T00:00:00.000Z"
    )

"""What is told of calls that come again and again, and where."""

from __future__ import annotations

from collections.abc import Iterable

from harness.core.secret_rules import Rules
from harness.recording.exchanges import Reader
from harness.recording.folding import Event, Folding, fold, without_repeats
from harness.recording.model import Observed
from harness.recording.secrets import Covering
from harness.recording.times import Clock
from tests.recording.calls import BEGIN, cloud, user

CLOCK = Clock(BEGIN, BEGIN + 100)


def events(*observed: Observed) -> list[Event]:
    exchanges = Reader(Covering(Rules(()), ())).read(observed)
    return fold(exchanges, Folding(CLOCK), lambda before, at: at - before > 3)


def told(found: Iterable[Event]) -> list[tuple[str, int, bool]]:
    """Each event: method and path, how often, whether it is a change."""
    return [
        (f"{each.exchange.request.method} {each.exchange.request.path}", each.times, each.is_change)
        for each in found
    ]


def get(at: float, answer: object, path: str = "/job") -> Observed:
    return cloud(at, f"GET {path}", answer)


def test_equal_answers_to_the_same_question_are_told_once() -> None:
    found = events(get(0, "a"), get(1, "x", "/other"), get(2, "a"), get(3, "b"), get(4, "a"))
    assert told(found) == [
        ("GET /job", 2, False),
        ("GET /other", 1, False),
        ("GET /job", 1, True),
        ("GET /job", 1, True),
    ]


def test_answers_that_differ_in_their_times_only_are_equal() -> None:
    now, later = "2026-11-21T16:00:00.500Z", "2026-11-21T16:00:09.500Z"
    assert len(events(get(0, {"at": now}), get(9, {"at": later}))) == 1
    assert len(events(get(0, {"at": now}), get(9, {"at": "2025-01-01T00:00:00Z"}))) == 2
    assert len(events(get(0, {"n": 1}), get(9, {"n": 1.0}))) == 2


def test_what_changes_something_is_told_each_time() -> None:
    found = events(cloud(0, "POST /job", "a"), cloud(1, "POST /job", "a"))
    assert told(found) == [("POST /job", 1, False), ("POST /job", 1, False)]


def test_of_polls_of_the_user_the_last_counts() -> None:
    found = events(user(0, "GET /jobs", "a"), get(1, "x"), user(2, "GET /jobs", "b"))
    assert told(found) == [("GET /job", 1, False), ("GET /jobs", 2, False)]
    assert found[1].start == BEGIN
    assert found[1].exchange.answered.value == "b"
    found = events(user(0, "GET /jobs", "a"), user(1, "POST /jobs"), user(2, "GET /jobs", "b"))
    assert len(found) == 3
    assert len(events(user(0, "GET /jobs", "a"), user(5, "GET /jobs", "b"))) == 2


def test_a_change_seen_at_the_first_look_after_a_request_of_the_user_stands_above_it() -> None:
    found = events(get(0, "a"), user(10, "POST /x"), get(11, "b"))
    assert told(found) == [("GET /job", 1, False), ("GET /job", 1, True), ("POST /x", 1, False)]
    assert found[1].at == BEGIN + 10


def test_a_change_after_a_mere_look_of_the_user_stands_below_that() -> None:
    found = events(get(0, "a"), user(10, "GET /x"), get(11, "b"))
    assert [each.exchange.request.path for each in found] == ["/job", "/x", "/job"]


def test_a_change_after_another_look_stands_where_it_was_seen() -> None:
    found = events(get(0, "a"), user(10, "POST /x"), get(10.5, "a"), get(11, "b"))
    assert [each.exchange.request.path for each in found] == ["/job", "/x", "/job"]


def test_a_change_after_a_request_of_the_service_stands_below_that() -> None:
    found = events(get(0, "a"), user(10, "POST /x"), cloud(10.5, "PUT /cancel"), get(11, "b"))
    assert [each.exchange.request.path for each in found] == ["/job", "/x", "/cancel", "/job"]


def test_a_change_seen_while_the_user_is_answered_stands_above_that() -> None:
    # The answer of `user` takes 0.05 s.
    found = events(get(0, "a"), user(10, "POST /x"), cloud(10.01, "PUT /c"), get(10.02, "b"))
    assert [each.exchange.request.path for each in found] == ["/job", "/job", "/x", "/c"]


def test_the_last_answer_of_a_queue_is_repeated_by_itself() -> None:
    def queued(answers: str, before: str = "") -> list[tuple[object, int]]:
        calls = [cloud(at, "POST /x", answer) for at, answer in enumerate(before + answers)]
        found = events(*calls)
        folding = Folding(CLOCK)
        last = folding.answer(found[len(before) - 1].exchange) if before else None
        left = without_repeats(found[len(before) :], last, folding)
        return [(each.exchange.answered.value, each.times) for each in left]

    assert queued("aab") == [("a", 1), ("a", 1), ("b", 1)]
    assert queued("abb") == [("a", 1), ("b", 2)]
    assert queued("aa") == [("a", 2)]
    assert queued("aa", before="a") == []
    assert queued("ab", before="a") == [("a", 1), ("b", 1)]

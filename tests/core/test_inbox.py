"""The inbox against a plain list as the model, and its bounds."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from harness.core.inbox import Inbox


def equals(expected: object) -> Callable[[object], bool]:
    return lambda data: data == expected


@pytest.mark.parametrize(
    ("raw", "data"),
    [
        ('{"a": [1, null]}', {"a": [1, None]}),
        (b'{"a": "\xc3\xa6"}', {"a": "æ"}),
        ("3", 3),
        ("not JSON", "not JSON"),
        ("", ""),
        ("NaN", "NaN"),
        ("[Infinity]", "[Infinity]"),
        (b"\x00\xff", "\x00\\xff"),
        ("[" * 100_000, "[" * 100_000),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_message_is_read_as_json_if_it_is_json(raw: str | bytes, data: object) -> None:
    assert Inbox().add(raw).data == data


def test_a_message_is_used_up_by_one_step_and_the_others_stay_in_order() -> None:
    inbox = Inbox()
    for text in ("1", "2", "1", "3"):
        inbox.add(text)
    first = inbox.take(equals(1))
    assert first is not None
    assert (first.sequence, first.text) == (1, "1")
    second = inbox.take(equals(1))
    assert second is not None
    assert second.sequence == 3
    assert inbox.take(equals(1)) is None
    assert [message.data for message in inbox.unmatched] == [2, 3]
    assert inbox.received == 4


def test_find_leaves_the_message() -> None:
    inbox = Inbox()
    inbox.add("1")
    assert inbox.find(equals(1)) == inbox.find(equals(1)) is not None


def test_one_who_waits_looks_at_each_message_once() -> None:
    inbox = Inbox()
    looked_at: list[object] = []

    def never(data: object) -> bool:
        looked_at.append(data)
        return False

    seen = 0
    for number in range(1000):
        inbox.add(str(number))
        assert inbox.take(never, after=seen) is None
        seen = inbox.received
    assert looked_at == list(range(1000))


def test_a_flood_is_bounded_and_says_what_it_dropped() -> None:
    inbox = Inbox(max_messages=1000)
    for number in range(100_000):
        inbox.add(f'{{"n": {number:>6}}}')
    assert [message.data for message in inbox.unmatched] == [{"n": n} for n in range(99_000, 10**5)]
    assert inbox.received == 100_000
    assert inbox.dropped == 99_000
    assert inbox.dropped_note() == (
        "99,000 unmatched messages (1,287,000 bytes), the oldest, were dropped:"
        " 1,000 messages and 8,388,608 bytes are kept."
    )


def test_nothing_dropped_is_not_worth_a_note() -> None:
    inbox = Inbox()
    inbox.add("1")
    assert inbox.dropped_note() == ""


def test_bytes_are_bounded_but_the_newest_message_stays() -> None:
    inbox = Inbox(max_bytes=10)
    inbox.add("123456")
    inbox.add("789")
    assert [message.text for message in inbox.unmatched] == ["123456", "789"]
    inbox.add("0" * 20)
    assert [message.text for message in inbox.unmatched] == ["0" * 20]
    assert inbox.dropped == 2
    inbox.add("1")
    assert [message.text for message in inbox.unmatched] == ["1"]


def test_a_taken_message_makes_room() -> None:
    inbox = Inbox(max_bytes=4)
    inbox.add("11")
    inbox.add("22")
    inbox.take(equals(11))
    inbox.add("33")
    assert [message.data for message in inbox.unmatched] == [22, 33]
    assert inbox.dropped == 0


class InboxMachine(RuleBasedStateMachine):
    """The same calls on an inbox for 5 messages and 12 bytes, and on a list."""

    def __init__(self) -> None:
        super().__init__()
        self.inbox = Inbox(max_messages=5, max_bytes=12)
        self.model: list[tuple[int, int]] = []
        self.added = 0

    @rule(number=st.sampled_from([1, 2, 33, 44_444]))
    def add(self, number: int) -> None:
        self.inbox.add(json.dumps(number))
        self.added += 1
        self.model.append((self.added, number))
        while len(self.model) > 5 or sum(len(str(n)) for _, n in self.model) > 12:
            self.model.pop(0)

    @rule(number=st.sampled_from([1, 2, 33, 44_444]), after=st.integers(0, 10))
    def take(self, number: int, after: int) -> None:
        wanted = next(((s, n) for s, n in self.model if n == number and s > after), None)
        if wanted:
            self.model.remove(wanted)
        taken = self.inbox.take(equals(number), after)
        assert (taken and (taken.sequence, taken.data)) == wanted

    @invariant()
    def same(self) -> None:
        assert [(m.sequence, m.data) for m in self.inbox.unmatched] == self.model


TestInboxMachine = InboxMachine.TestCase


@given(st.binary(max_size=40))
def test_no_bytes_are_too_odd(raw: bytes) -> None:
    inbox = Inbox()
    message = inbox.add(raw)
    assert inbox.unmatched == [message]

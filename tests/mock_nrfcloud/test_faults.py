from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpResponse
from harness.errors import BddError
from mock_nrfcloud.faults import (
    MAX_MILLISECONDS,
    Action,
    Damage,
    Drip,
    End,
    Fault,
    FixedDelay,
    LogNormalDelay,
    Pause,
    Send,
    UniformDelay,
    actions,
    check,
    sent,
)

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n"
GARBAGE = bytes(range(0x80, 0xC0))


@pytest.mark.parametrize(
    ("damage", "body", "expected"),
    [
        (None, b"body", [Send(HEAD + b"body")]),
        (Damage.RESET, b"body", [End.RESET]),
        (Damage.RESET_AFTER_HEADERS, b"body", [Send(HEAD), End.RESET]),
        (Damage.EMPTY, b"body", [End.CLOSE]),
        (Damage.TRUNCATED, b"body", [Send(HEAD + b"bo"), End.CLOSE]),
        (Damage.TRUNCATED, b"b", [Send(HEAD), End.CLOSE]),
        (Damage.TRUNCATED, b"", [Send(HEAD[: len(HEAD) // 2]), End.CLOSE]),
        (Damage.MALFORMED_JSON, b"{},", [Send(HEAD + b"{},")]),
        (Damage.MALFORMED_JSON, b"", [Send(HEAD[: len(HEAD) // 2]), End.CLOSE]),
        (
            Damage.MALFORMED_CHUNK,
            b"body",
            [
                Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + GARBAGE),
                End.CLOSE,
            ],
        ),
        (Damage.GARBAGE, b"body", [Send(GARBAGE), End.CLOSE]),
    ],
)
def test_what_is_left_of_a_damaged_answer(
    damage: Damage | None, body: bytes, expected: list[Action]
) -> None:
    assert actions(HEAD, body, Fault(damage=damage)) == expected


def test_a_delay_comes_first_and_once() -> None:
    fault = Fault(FixedDelay(1500), Drip(2, 1000), Damage.TRUNCATED)
    assert actions(HEAD, b"12345678", fault) == [
        Pause(1.5),
        Send(HEAD),
        Pause(0.5),
        Send(b"12"),
        Pause(0.5),
        Send(b"34"),
        End.CLOSE,
    ]
    assert actions(HEAD, b"", Fault(FixedDelay(1), Drip(2, 2), Damage.RESET)) == [
        Pause(0.001),
        End.RESET,
    ]


@given(st.binary(max_size=300), st.integers(1, 400), st.floats(0, 1000), st.booleans())
def test_drops_are_the_whole(body: bytes, chunks: int, milliseconds: float, delay: bool) -> None:
    fault = Fault(FixedDelay(5) if delay else None, Drip(chunks, milliseconds))
    done = actions(HEAD, body, fault)
    assert b"".join(each.data for each in done if isinstance(each, Send)) == HEAD + body
    assert all(each.data for each in done if isinstance(each, Send))
    paused = sum(each.seconds for each in done if isinstance(each, Pause))
    assert paused == pytest.approx((milliseconds + 5 * delay) / 1000)


def test_the_head_drips_where_there_is_no_body() -> None:
    first, second, third, fourth = actions(HEAD, b"", Fault(drip=Drip(2, 10)))
    assert (first, third) == (Pause(0.005), Pause(0.005))
    assert second == Send(HEAD[: len(HEAD) // 2])
    assert fourth == Send(HEAD[len(HEAD) // 2 :])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(JSON.map(json.dumps) | st.text(max_size=5))
def test_malformed_json_is_never_json(text: str) -> None:
    response = HttpResponse(200, body=text.encode())
    damaged = sent(response, Fault(damage=Damage.MALFORMED_JSON))
    with pytest.raises((json.JSONDecodeError, UnicodeDecodeError)):
        json.loads(damaged.body)
    assert sent(response, Fault(damage=Damage.TRUNCATED)) is response
    assert sent(response, None) is response


def test_delays_by_chance_can_be_had_again() -> None:
    for delay in (UniformDelay(100, 200), LogNormalDelay(100, 0.5)):
        first, second = (
            [Fault(delay).settled(chance) for _ in range(5)] for chance in (Random(1), Random(1))
        )
        assert first == second
        assert len(set(first)) == 5
    fixed = Fault(FixedDelay(1), Drip(1, 1))
    assert fixed.settled(Random(1)) is fixed


@given(st.integers(), st.floats(0, MAX_MILLISECONDS), st.floats(0, 10))
def test_no_delay_is_longer_than_the_longest(seed: int, median: float, sigma: float) -> None:
    assert 0 <= LogNormalDelay(median, sigma).drawn(Random(seed)) <= MAX_MILLISECONDS


def test_the_median_is_the_median() -> None:
    chance = Random(1)
    drawn = sorted(LogNormalDelay(100, 1).drawn(chance) for _ in range(1001))
    assert drawn[500] == pytest.approx(100, rel=0.1)
    uniform = [UniformDelay(10, 20).drawn(chance) for _ in range(100)]
    assert all(10 <= each <= 20 for each in uniform)


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        (Fault(FixedDelay(-1000)), "-1 s is no delay that can be played: take 0 to 600 s"),
        (Fault(FixedDelay(float("nan"))), "nan s is no delay"),
        (Fault(FixedDelay(float("inf"))), "inf s is no delay"),
        (Fault(UniformDelay(1, 601_000)), "601 s is no delay"),
        (Fault(UniformDelay(2000, 1)), "in 2 s to 0.001 s late the lower bound is above the upper"),
        (Fault(LogNormalDelay(-1, 1)), "-0.001 s is no median of a delay"),
        (
            Fault(LogNormalDelay(1, 11)),
            "11 is no sigma of a delay that can be played: take 0 to 10",
        ),
        (Fault(drip=Drip(0, 1)), "0 is no number of parts"),
        (Fault(drip=Drip(1, 1e9)), "1e+06 s is no time to drip in"),
    ],
)
def test_what_cannot_be_played(fault: Fault, message: str) -> None:
    with pytest.raises(BddError) as caught:
        check(fault)
    assert message in str(caught.value)


def test_a_fault_in_words() -> None:
    fault = Fault(FixedDelay(1234), Drip(3, 2000), Damage.RESET_AFTER_HEADERS)
    assert str(fault) == "1.23 s late, in 3 parts over 2 s, reset after the headers"
    assert str(Fault(UniformDelay(0, 1))) == "0 s to 0.001 s late"
    assert str(Fault(LogNormalDelay(90, 1), damage=Damage.EMPTY)) == "about 0.09 s late, empty"
    assert len({each.words for each in Damage}) == len(Damage)

"""Lines out of bytes, however they are cut, within bounds."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from harness.drivers.process_log import ProcessLog


@given(st.lists(st.sampled_from(["a", "bc", "", "æøå", "d" * 9, "\r"])), st.data())
def test_lines_do_not_depend_on_where_the_bytes_are_cut(
    lines: list[str], data: st.DataObject
) -> None:
    written = "".join(f"{line}\n" for line in lines).encode()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(written)), max_size=5)))
    log = ProcessLog(max_length=20)
    for start, end in itertools.pairwise([0, *cuts, len(written)]):
        log.feed(1, written[start:end], 0)
    assert log.since(0) == [line.rstrip("\r") for line in lines]


def test_streams_do_not_mix() -> None:
    log = ProcessLog()
    log.feed(1, b"out", 1)
    log.feed(2, b"err\n", 2)
    log.feed(1, b"put\n", 3)
    assert log.since(0) == ["err", "output"]


def test_since_is_about_the_arrival_of_the_line_end() -> None:
    log = ProcessLog()
    log.feed(1, b"old\nbegun", 1)
    log.feed(1, b" later\n", 5)
    assert log.since(1) == ["old", "begun later"]
    assert log.since(5) == ["begun later"]
    assert log.since(6) == []


def test_a_line_without_an_end_counts_when_the_stream_ends() -> None:
    log = ProcessLog()
    log.feed(1, b"cut off", 1)
    assert log.since(0) == []
    log.end(1, 2)
    log.end(1, 3)
    log.end(2, 3)
    assert log.since(0) == ["cut off"]


def test_last_lines() -> None:
    log = ProcessLog()
    log.feed(1, b"1\n2\n3\n", 0)
    assert log.last(2) == ["2", "3"]
    assert log.last(9) == ["1", "2", "3"]


def test_a_flood_is_bounded_in_lines() -> None:
    log = ProcessLog(max_lines=3)
    for number in range(1000):
        log.feed(1, f"{number}\n".encode(), number)
    assert log.since(0) == ["997", "998", "999"]


def test_an_endless_line_is_cut_and_what_follows_it_is_not() -> None:
    log = ProcessLog(max_length=4)
    for _ in range(1000):
        log.feed(1, b"x" * 1000, 0)
    assert len(log._begun[1]) == 5
    log.feed(1, b"\nfour\nmore than four\n", 0)
    assert log.since(0) == ["xxxx…", "four", "more…"]


def test_bytes_that_are_not_utf8_are_shown_as_such() -> None:
    log = ProcessLog()
    log.feed(1, b"\xff\xfe\r\n", 0)
    assert log.since(0) == ["\ufffd\ufffd"]

"""Signals that end a run as Ctrl-C does, and are as before afterwards."""

from __future__ import annotations

import signal
import threading

import pytest

from harness.interrupts import like_ctrl_c, told_by_socket

SIGNALS = [signal.SIGTERM, signal.SIGHUP]


@pytest.mark.parametrize("number", SIGNALS)
def test_they_raise_keyboard_interrupt_while_it_is_open(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), like_ctrl_c():
        signal.raise_signal(number)
    assert signal.getsignal(number) == before


def test_what_is_ignored_or_handled_already_stays_so() -> None:
    handled = []
    before = [
        signal.signal(signal.SIGHUP, signal.SIG_IGN),
        signal.signal(signal.SIGTERM, lambda number, _: handled.append(number)),
    ]
    try:
        with like_ctrl_c():
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTERM)
    finally:
        signal.signal(signal.SIGHUP, before[0])
        signal.signal(signal.SIGTERM, before[1])
    assert handled == [signal.SIGTERM]


def test_in_another_thread_it_does_nothing() -> None:
    seen = []

    def work() -> None:
        with like_ctrl_c():
            seen.append([signal.getsignal(number) for number in SIGNALS])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [[signal.getsignal(number) for number in SIGNALS]]


@pytest.mark.parametrize("number", [signal.SIGINT, *SIGNALS])
def test_they_can_be_read_from_a_socket_while_it_is_open(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with told_by_socket() as told:
        signal.raise_signal(number)
        assert told.recv(1) == bytes([number])
    assert signal.getsignal(number) == before
    assert signal.set_wakeup_fd(-1) == -1


def test_what_is_ignored_cannot_be_read() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with told_by_socket() as told:
            signal.raise_signal(signal.SIGHUP)
            signal.raise_signal(signal.SIGTERM)
            assert told.recv(2) == bytes([signal.SIGTERM])
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread_there_is_nothing_to_read() -> None:
    def work() -> None:
        with told_by_socket() as told:
            told.setblocking(False)
            with pytest.raises(BlockingIOError):
                told.recv(1)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert signal.set_wakeup_fd(-1) == -1

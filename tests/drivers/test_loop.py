"""The loop in a thread: results and errors, Ctrl-C, time limits, and a clean end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from harness.drivers.loop import LoopThread


@pytest.fixture
def loop() -> Iterator[LoopThread]:
    before = set(threading.enumerate())
    with LoopThread() as thread:
        yield thread
    left = set(threading.enumerate()) - before
    assert not [other for other in left if other.name == "harness-loop"]


async def forever(cleaned_up: list[str], started: threading.Event | None = None) -> None:
    try:
        if started:
            started.set()
        await asyncio.Event().wait()
    finally:
        await asyncio.sleep(0)
        cleaned_up.append("yes")


def test_returns_what_the_coroutine_returns(loop: LoopThread) -> None:
    async def thread_name() -> str:
        return threading.current_thread().name

    assert loop.call(thread_name()) == "harness-loop"


def test_raises_what_the_coroutine_raises(loop: LoopThread) -> None:
    async def fails() -> None:
        raise LookupError("gone")

    with pytest.raises(LookupError, match="gone"):
        loop.call(fails())


def test_objects_live_on_from_call_to_call(loop: LoopThread) -> None:
    async def make() -> asyncio.Queue[int]:
        return asyncio.Queue()

    queue = loop.call(make())
    loop.call(queue.put(7))
    assert loop.call(queue.get()) == 7


def test_a_call_that_takes_too_long_is_cancelled_and_cleans_up(loop: LoopThread) -> None:
    cleaned_up: list[str] = []
    with pytest.raises(TimeoutError, match=r"0\.01 s"):
        loop.call(forever(cleaned_up), timeout=0.01)
    assert cleaned_up == ["yes"]


def test_ctrl_c_cancels_the_call_and_goes_on_up(loop: LoopThread) -> None:
    cleaned_up: list[str] = []
    started = threading.Event()

    def interrupt() -> None:
        started.wait()
        os.kill(os.getpid(), signal.SIGINT)

    killer = threading.Thread(target=interrupt)
    killer.start()
    with pytest.raises(KeyboardInterrupt):
        loop.call(forever(cleaned_up, started))
    killer.join()
    assert cleaned_up == ["yes"]


def test_close_cancels_what_still_runs() -> None:
    cleaned_up: list[str] = []
    tasks = []

    async def leave_behind() -> None:
        tasks.append(asyncio.create_task(forever(cleaned_up)))
        await asyncio.sleep(0)

    with LoopThread() as thread:
        thread.call(leave_behind())
    assert cleaned_up == ["yes"]
    assert tasks[0].cancelled()


def test_close_ends_a_call_of_another_thread() -> None:
    cleaned_up: list[str] = []
    started = threading.Event()
    ended = []

    def wait() -> None:
        try:
            thread.call(forever(cleaned_up, started))
        except asyncio.CancelledError:
            ended.append("cancelled")

    with LoopThread() as thread:
        waiter = threading.Thread(target=wait)
        waiter.start()
        started.wait()
    waiter.join()
    assert ended == ["cancelled"]
    assert cleaned_up == ["yes"]


def test_a_closed_loop_refuses_calls_and_can_be_closed_again() -> None:
    thread = LoopThread()
    thread.close()
    with pytest.raises(RuntimeError, match="does not run"):
        thread.call(asyncio.sleep(0))
    with thread:
        pass
    thread.close()
    with pytest.raises(RuntimeError, match="does not run"):
        thread.call(asyncio.sleep(0))


def test_a_call_from_the_loop_itself_is_refused(loop: LoopThread) -> None:
    async def wrong() -> None:
        loop.call(asyncio.sleep(0))

    with pytest.raises(RuntimeError, match="from the loop itself"):
        loop.call(wrong())


def test_a_program_that_forgets_to_close_it_ends_all_the_same() -> None:
    program = """
import asyncio
from harness.drivers.loop import LoopThread

async def forever():
    try:
        await asyncio.Event().wait()
    finally:
        print("cleaned up")

async def begin():
    global task
    task = asyncio.create_task(forever())
    await asyncio.sleep(0)

thread = LoopThread()
thread.start()
thread.call(asyncio.to_thread(int))  # an executor is left behind too
thread.call(begin())
raise SystemExit(3)
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program], capture_output=True, timeout=60, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (3, "cleaned up\n", "")

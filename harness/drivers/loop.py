"""One event loop in a thread of its own, for steps that are plain functions.

May import nothing of the project, and knows nothing of what runs on it.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")

CANCEL_GRACE = 5.0
"""Seconds that a cancelled call gets to clean up before it is left to itself."""


class LoopThread:
    """A thread that runs an event loop. A context manager; `call` is for the other threads.

    The thread is a daemon only so that the interpreter's exit does not wait for a loop that
    nobody closed: such a loop is closed, and its thread joined, at exit.
    """

    def __init__(self) -> None:
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="harness-loop", daemon=True)
        # Guards `_loop`, so that nothing can be handed over after the order to stop.
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop = asyncio.Event()

    def start(self) -> None:
        """Start the thread; returns when its loop runs. A closed one cannot be started again."""
        self._thread.start()
        self._started.wait()
        atexit.register(self.close)

    def call(self, coroutine: Coroutine[Any, Any, T], timeout: float | None = None) -> T:
        """Run `coroutine` on the loop, wait for it, and return or raise what it does.

        Whatever ends the wait early (Ctrl-C, or `timeout` seconds: TimeoutError) cancels the
        coroutine and waits until it has cleaned up. Raises RuntimeError if the loop does not
        run, or would have to wait for itself.
        """
        done = threading.Event()
        tasks: list[asyncio.Task[T]] = []

        def begin() -> None:
            task = asyncio.ensure_future(coroutine)
            task.add_done_callback(lambda _: done.set())
            tasks.append(task)

        def abandon() -> None:
            if tasks:
                tasks[0].cancel()
            else:  # interrupted before it was handed over
                coroutine.close()
                done.set()

        try:
            self._hand_over(begin)
            finished = done.wait(timeout)
        except RuntimeError:
            coroutine.close()
            raise
        finally:
            if not done.is_set():
                with suppress(RuntimeError):  # the loop has been closed meanwhile: all is done
                    self._hand_over(abandon)
                    done.wait(CANCEL_GRACE)
        if not finished:
            raise TimeoutError(f"not done within {timeout} s")
        return tasks[0].result()

    def close(self) -> None:
        """Cancel all that runs on the loop, wait until it has cleaned up, and end the thread."""
        atexit.unregister(self.close)
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._stop.set)
            self._loop = None
        if self._thread.is_alive():
            self._thread.join()

    def _hand_over(self, callback: Callable[[], None]) -> None:
        with self._lock:
            if self._loop is None or threading.current_thread() is self._thread:
                raise RuntimeError("call() on a loop that does not run, or from the loop itself")
            self._loop.call_soon_threadsafe(callback)

    def __enter__(self) -> LoopThread:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _run(self) -> None:
        with asyncio.Runner() as runner:  # at the end it cancels what is left and waits for it
            runner.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._started.set()
        await self._stop.wait()

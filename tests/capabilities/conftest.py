"""A loop for the capabilities to hand their coroutines to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.drivers.loop import LoopThread


@pytest.fixture(scope="session")
def loop() -> Iterator[LoopThread]:
    with LoopThread() as thread:
        yield thread

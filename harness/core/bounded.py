"""Work on values of any depth and size: tasks on an explicit stack, paid from a budget.

A task is a generator: it yields the tasks that it needs, and is sent their results.

Pure. May import nothing of the project.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeVar

T = TypeVar("T")
Task = Generator[Any, Any, T]


class TooMuchError(Exception):
    """The comparison takes more work than it is allowed; the text says so."""


class Work:
    """A budget of comparisons."""

    __slots__ = ("left", "limit")

    def __init__(self, limit: int) -> None:
        self.left = self.limit = limit

    def spend(self, amount: int = 1) -> None:
        """Raises TooMuchError when there is no more left."""
        self.left -= amount
        if self.left < 0:
            raise TooMuchError(
                f"gave up after {self.limit:,} comparisons: the arrays are too large"
            )


def run(task: Task[T]) -> T:
    """Run a task and the tasks that it yields, however deep they go."""
    stack: list[Task[Any]] = [task]
    value: Any = None
    while stack:
        try:
            child = stack[-1].send(value)
        except StopIteration as end:
            stack.pop()
            value = end.value
        else:
            stack.append(child)
            value = None
    result: T = value
    return result

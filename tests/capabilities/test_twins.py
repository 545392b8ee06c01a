from __future__ import annotations

import pytest

from harness.capabilities.twins import Twins
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.errors import BddError, StepFailure
from mock_nrfcloud.client import InProcessMock
from mock_nrfcloud.twins import Command, Reply


class Asked(InProcessMock):
    """A mock that does not run; it gives one reply, and tells what was asked."""

    def __init__(self, reply: Reply) -> None:
        super().__init__()
        self.reply = reply
        self.asked: list[tuple[str, Command, float]] = []

    async def twin(self, name: str, command: Command, seconds: float = 0.0) -> Reply:
        self.asked.append((name, command, seconds))
        if error := self.reply.get("error"):
            raise BddError(error, hint="did you mean this?")
        return self.reply


def twins(loop: LoopThread, mock: InProcessMock) -> Twins:
    return Twins(loop, mock, Budgets(calls=7), lambda: Redactor({"secret-key"}))


def test_what_is_done_is_not_waited_for(loop: LoopThread) -> None:
    mock = Asked({"id": "a"})
    assert twins(loop, mock).do("tuya", name="a", twin="b") == {"id": "a"}
    assert mock.asked == [("tuya", {"name": "a", "twin": "b"}, 0.0)]


def test_what_should_be_is_waited_for_like_a_call(loop: LoopThread) -> None:
    mock = Asked({"holds": True})
    assert twins(loop, mock).should("tuya", do="task") == {"holds": True}
    assert mock.asked == [("tuya", {"do": "task"}, 7)]


def test_what_does_not_hold_is_told_without_secrets(loop: LoopThread) -> None:
    reply = {"holds": False, "what": ["it is not so", "secret-key was there"]}
    with pytest.raises(StepFailure, match=r"^it is not so, in \d\.\d s") as caught:
        twins(loop, Asked(reply)).should("tuya", do="task")
    assert "secret-key" not in str(caught.value)
    assert len(caught.value.details) == 1
    assert caught.value.marks == ()


def test_what_does_not_match_is_marked(loop: LoopThread) -> None:
    reply = {"holds": False, "what": ["no"], "marks": [[["jobs", 0], "expected secret-key"]]}
    with pytest.raises(StepFailure) as caught:
        twins(loop, Asked(reply)).should("tuya", do="task")
    ((path, what),) = caught.value.marks
    assert path == ("jobs", 0)
    assert "secret-key" not in what


def test_what_cannot_be_done_fails_at_once(loop: LoopThread) -> None:
    with pytest.raises(StepFailure, match="no such thing: did you mean this") as caught:
        twins(loop, Asked({"error": "no such thing"})).do("tuya", do="x")
    assert caught.value.final

"""A service whose answers are too large, too slow, broken or missing: one plain failure each."""

from __future__ import annotations

from pathlib import Path

from tests.bad_input.live import COMMANDS, live, steps, troubled_project

EXPECTED = '\n\n```json\n{"last": "never"}\n```'
MEBIBYTE = 1024 * 1024
MAX_MEMORY = 200 * MEBIBYTE

ANSWERS = {
    "text": (7, "the body is not JSON: "),
    "slow": (5, "/slow: no complete answer within 0.5 s"),
    "huge": (5, "/huge: the answer is larger than 16,777,216 bytes"),
    "endless": (5, "/endless: the answer is larger than 16,777,216 bytes"),
    "garbage": (5, "/garbage: the answer is not proper HTTP: "),
    "dies": (9, "The service ended with exit status 7."),
}
WEBSOCKETS = {
    "refused": (5, "/refused: refused with 403 Forbidden: Forbidden: no such device"),
    "dropped": (10, "The websocket broke off "),
    "closed": (7, "The service closed the websocket "),
    "flood": (16, "were dropped: 10,000 messages and 8,388,608 bytes are kept."),
}
"""The line of the step that fails, and what the failure says."""


def rest_feature(path: str) -> str:
    return steps(
        f"Rest {path}",
        f"When I `GET` `${{APIURL}}/{path}`",
        f"Then the last response should match{EXPECTED}",
    )


def websocket_feature(path: str) -> str:
    return steps(
        f"Websocket {path}",
        f"Given I connect to the websocket at `${{webSocketURI}}/{path}`",
        f"Soon I should receive a message on the websocket that matches{EXPECTED}",
    )


def flood_feature() -> str:
    """The last of all messages has arrived when the second step is done."""
    return steps(
        "Websocket flood",
        "Given I connect to the websocket at `${webSocketURI}/flood`",
        "Soon I should receive a message on the websocket that matches after 200 retries"
        '\n\n```json\n{"last": true}\n```',
        f"Then I should receive a message on the websocket that matches{EXPECTED}",
    )


def check_failures(out: str, expected: dict[str, tuple[int, str]]) -> None:
    """Each feature has one failure, at this line, and it says this."""
    _, *shown = out.split("ASSERT FAILED: ")
    assert len(shown) == len(expected), out
    for path, (line, text) in expected.items():
        found = [each for each in shown if each.startswith(f"features/{path}.feature.md:{line}:")]
        assert [text in each for each in found] == [True], out


def test_answers_of_every_bad_kind(tmp_path: Path) -> None:
    features = {f"{path}.feature.md": rest_feature(path) for path in ANSWERS}
    # Once the service has died nothing else can be asked.
    features["dies.feature.md"] = "---\norder: last\n---\n\n" + features["dies.feature.md"]
    project = troubled_project(tmp_path, features, more="[run]\nrequest_timeout = 0.5")
    with live(project, *COMMANDS["run"]) as run:
        done, peak = run.done_and_peak()
        assert run.family() == []
    assert done.status == 1
    assert done.err == ""
    assert "0 scenarios passed, 6 failed" in done.out
    check_failures(done.out, ANSWERS)
    assert peak < MAX_MEMORY
    assert "The service's log of this time:\n        the disk is full" in done.out
    # Written before the step that fails had begun, when its answer was asked for.
    assert "The service's log of this time:\n        there is only HTML" in done.out


def test_websockets_of_every_bad_kind(tmp_path: Path) -> None:
    features = {f"{path}.feature.md": websocket_feature(path) for path in WEBSOCKETS}
    features["flood.feature.md"] = flood_feature()
    with live(troubled_project(tmp_path, features), *COMMANDS["run"]) as run:
        done, peak = run.done_and_peak()
        assert run.family() == []
    assert done.status == 1
    assert "0 scenarios passed, 4 failed" in done.out
    check_failures(done.out, WEBSOCKETS)
    assert peak < MAX_MEMORY

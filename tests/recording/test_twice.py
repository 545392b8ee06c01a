"""What two recordings of the same flow tell that one does not."""

from __future__ import annotations

from harness.recording.compose import compose
from harness.recording.model import Options, Recording
from tests.recording.calls import cloud, user

ONE, OTHER = "5e1a8f3c-6d86-4f1c-9d0e-0f4b6c1f2b11", "bc631093-7f7c-4c1b-aa63-a68c759bcd5c"


def flow(job: str, trace: str, when: str, polls: int = 1) -> Recording:
    """A job is made, and asked for; the service logs that with something of its own."""
    bundle = "33ec3829-895f-4265-a11f-6c617a2e6b87"
    return Recording(
        (
            user(0, "POST /jobs", {"trace": trace, "kind": "fixed"}, query=()),
            cloud(1, "POST /v1/fota-jobs", {"jobId": job, "bundleId": bundle, "at": when}),
            *(cloud(2 + each, f"GET /v1/fota-jobs/{job}", {"jobId": job}) for each in range(polls)),
            cloud(5, f"GET /v1/firmwares/{bundle}", {"built": "2026-11-21T16:00:00.000Z"}),
            cloud(6, "POST /log", body={"trace": trace, "kind": "fixed"}, host="log.example.com"),
        )
    )


def test_what_does_not_vary_is_left_as_it_is() -> None:
    first = flow(ONE, "a-7f3", "2026-11-21T16:00:01.000Z")
    second = flow(OTHER, "b-1c9", "2026-11-21T17:30:01.000Z", polls=3)
    text = compose(first, Options(), other=second).text
    assert '"jobId": "${jobId}"' in text
    assert '"bundleId": "33ec3829-895f-4265-a11f-6c617a2e6b87"' in text
    assert '"at": "${$fromMillis(ts)}"' in text
    assert '"built": "2026-11-21T16:00:00.000Z"' in text


def test_what_varies_is_expected_of_nobody() -> None:
    first, second = flow(ONE, "a-7f3", "x"), flow(OTHER, "b-1c9", "y")
    text = compose(first, Options(), other=second).text
    assert "a-7f3" not in text
    assert '{ "kind": "fixed" }' in text
    assert '{ "trace": "#string", "kind": "fixed" }' in text


def test_one_recording_alone_takes_a_value_for_what_it_is() -> None:
    text = compose(flow(ONE, "a-7f3", "x"), Options()).text
    assert '{ "trace": "a-7f3", "kind": "fixed" }' in text
    assert '"bundleId": "${bundleId}"' in text


def test_a_second_recording_in_which_nothing_came_tells_nothing() -> None:
    first = flow(ONE, "a-7f3", "x")
    assert compose(first, Options(), other=Recording(())) == compose(first, Options())

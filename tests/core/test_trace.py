"""What happened while steps ran: bounded, without secrets, and in its order."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from harness.core.events import KEPT_TEXT, Exchange, Frame, exchange, kept
from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.redaction import REDACTED, Redactor
from harness.core.trace import KEPT_ATTEMPTS, KEPT_EVENTS, Attempt, StepTrace, distribute


def call(at: float) -> Exchange:
    return Exchange(at=at, source="service", target="h", took=0.0, method="GET", url="/")


def test_an_exchange_has_no_secrets_and_no_half_characters() -> None:
    request = HttpRequest("POST", "/x", (), (("Authorization", "Bearer abcdef"),), b"s3cret \xff")
    response = HttpResponse(200, "O\udcff", (("Set-Cookie", "a=b"),), b'{"token": "s3cret"}')
    seen = exchange(
        request,
        "/x?token=abc",
        response,
        Redactor(["s3cret"]),
        at=1.0,
        took=0.5,
        source="test",
        target="service",
        note="it said s3cret",
    )
    assert seen == Exchange(
        at=1.0,
        took=0.5,
        source="test",
        target="service",
        method="POST",
        url=f"/x?token={REDACTED}",
        headers=(("Authorization", REDACTED),),
        body=f"{REDACTED} \\xff",
        status=200,
        reason="O\\udcff",
        answer_headers=(("Set-Cookie", REDACTED),),
        answer_body=f'{{"token": "{REDACTED}"}}',
        note=f"it said {REDACTED}",
    )


def test_a_request_without_an_answer_has_no_status() -> None:
    seen = exchange(
        HttpRequest("GET", "/"),
        "/",
        None,
        Redactor(),
        at=0,
        took=0,
        source="a",
        target="b",
        note="refused",
    )
    assert (seen.status, seen.note) == (0, "refused")


def test_long_texts_are_cut_and_say_so() -> None:
    assert kept("x" * KEPT_TEXT) == "x" * KEPT_TEXT
    assert kept("x" * (KEPT_TEXT + 1234)) == "x" * KEPT_TEXT + "… 1,234 more characters"


def test_events_beyond_the_limit_are_counted() -> None:
    trace = StepTrace(0.0)
    made = []

    def event() -> Frame:
        made.append(1)
        return Frame(at=len(made), source="a", target="b", text="")

    for _ in range(KEPT_EVENTS + 3):
        trace.add(event)
    assert (len(trace.events), trace.dropped, len(made)) == (KEPT_EVENTS, 3, KEPT_EVENTS)


def test_tries_that_fail_in_the_same_way_are_counted_together() -> None:
    trace = StepTrace(0.0)
    for at, failure in enumerate(["404", "404", "is A", "404"]):
        trace.tried(at, failure)
    assert trace.attempts == [Attempt(0, "404", 2), Attempt(2, "is A"), Attempt(3, "404")]
    for number in range(1000):
        trace.tried(number, str(number))
    assert (len(trace.attempts), trace.tries) == (KEPT_ATTEMPTS, 1004)


def test_nothing_is_given_to_no_steps() -> None:
    distribute([(1.0, partial(call, 1.0))], [])


@given(
    st.lists(st.integers(0, 50), min_size=1, max_size=6).map(sorted),
    st.lists(st.integers(0, 60), max_size=20),
)
def test_each_event_belongs_to_the_step_that_ran(starts: list[int], times: list[int]) -> None:
    steps = [StepTrace(started) for started in starts]
    steps[0].add(lambda: Frame(at=starts[0] + 0.5, source="a", target="b", text=""))
    distribute([(at, partial(call, at)) for at in times], steps)
    assert sum(len(step.events) for step in steps) == len(times) + 1
    for index, step in enumerate(steps):
        assert step.events == sorted(step.events, key=lambda each: each.at)
        for event in step.events:
            assert index == 0 or event.at >= step.started
            assert index + 1 == len(steps) or event.at < steps[index + 1].started or index == 0

"""`Soon`, `Then` and `retrying N times`: what is asked for again, and how often (docs/dialect.md).

The peer counts: `/count/NAME?ready=N` is answered with 503 before the Nth request.
"""

from __future__ import annotations

from itertools import count

import pytest

from tests.steps.stage import Stage

NAMES = (f"counted{number}" for number in count())

OK = "the status code of the last response should be `200`"
THIRD = 'the last response should match\n\n```json\n{ "n": 3 }\n```'
RETRYING = " retrying 1000 times"


def run(
    stage: Stage, request: str, *steps: str, ready: int = 3, **options: float
) -> tuple[str, int]:
    """The failure of a story that asks for a new counter, and how often that was asked for.

    `request` is the method, and what follows the URL.
    """
    name = next(NAMES)
    method, _, rest = request.partition(" ")
    asked = f"When I `{method}` `${{APIURL}}/count/{name}?ready={ready}`{rest and ' ' + rest}"
    return stage.steps(asked, *steps, **options), stage.peer.asked[name]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_soon_asks_again_for_what_is_safe(stage: Stage, method: str) -> None:
    assert run(stage, method, f"Soon {OK}", scale=1) == ("", 3)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_soon_does_not_send_again_what_may_do_something(stage: Stage, method: str) -> None:
    failure, asked = run(stage, method, f"Soon {OK}", scale=1)
    assert asked == 1
    assert "expected the status code 200, got 503" in failure
    assert "Tried" not in failure


@pytest.mark.parametrize("keyword", ["Then", "Soon"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_retrying_sends_again_whatever_the_keyword(stage: Stage, method: str, keyword: str) -> None:
    assert run(stage, f"{method}{RETRYING}", f"{keyword} {OK}") == ("", 3)


def test_then_is_decided_at_once(stage: Stage) -> None:
    failure, asked = run(stage, "GET", f"Then {OK}", scale=1)
    assert asked == 1
    assert "got 503" in failure


def test_and_after_soon_is_soon(stage: Stage) -> None:
    assert run(stage, "GET", f"Soon {OK}", f"And {THIRD}", ready=1, scale=1) == ("", 3)


def test_and_after_then_is_then(stage: Stage) -> None:
    failure, asked = run(stage, "GET", f"Then {OK}", f"And {THIRD}", ready=1, scale=1)
    assert asked == 1
    assert "n: expected 3, got 1" in failure


def test_the_request_under_soon_is_sent_once(stage: Stage) -> None:
    name = next(NAMES)
    stage.steps(
        "Soon `1` should equal\n\n```json\n1\n```", f"And I `POST` `${{APIURL}}/count/{name}`"
    )
    assert stage.peer.asked[name] == 1


def test_what_holds_at_once_is_not_asked_for_again(stage: Stage) -> None:
    assert run(stage, f"GET{RETRYING}", f"Soon {OK}", f"Soon {OK}", ready=1) == ("", 1)


@pytest.mark.parametrize(
    "assertion",
    [
        THIRD,
        "`n` of the last response should equal\n\n```json\n3\n```",
        "I store `items[1]` of the last response into `second`",
        "the status code of the last response should be `2xx`",
    ],
)
def test_every_assertion_on_an_answer_asks_again(stage: Stage, assertion: str) -> None:
    failure, asked = run(stage, "GET", f"Soon {assertion}", scale=1)
    assert not failure
    assert asked in (2, 3)


@pytest.mark.parametrize(
    "assertion",
    [
        "I should receive a `https://example.com/other` response",
        "the `Content-Type` header of the last response should be `text/html`",
        "the `Content-Type` header of the last response should match `html`",
    ],
)
def test_asking_again_ends_with_the_budget(stage: Stage, assertion: str) -> None:
    failure, asked = run(stage, "GET", f"Soon {assertion}", ready=1)
    assert asked > 1
    assert "Tried N times in T s." in failure


@pytest.mark.parametrize(
    "assertion",
    [
        "the status code of the last response should be `ok`",
        "the last response should match",
        "the last response should match\n\n```json\n{\n```",
        "`items[` of the last response should equal\n\n```json\n1\n```",
        "the `Content-Type` header of the last response should match `(`",
    ],
)
def test_what_time_cannot_mend_is_not_tried_again(stage: Stage, assertion: str) -> None:
    failure, asked = run(stage, "GET", f"Soon {assertion}", scale=1)
    assert asked == 1
    assert "Tried" not in failure


def test_what_is_sent_again_is_the_same(stage: Stage) -> None:
    block = '```json\n{ "at": "${$millis()}" }\n```'
    stage.steps(
        "Given the `X-Once` header of the next request is `yes`",
        f"When I `POST` `${{mockURL}}/v1/again` retrying 3 times with\n\n{block}",
        f"Then {OK}",
    )
    calls = [call.request for call in stage.world.loop.call(stage.world.mock.calls())]
    assert len(calls) > 1
    assert {call.header("X-Once") for call in calls} == {"yes"}
    assert len({call.body for call in calls}) == 1


def test_a_feature_has_budgets_of_its_own(stage: Stage) -> None:
    matter = "---\nretry:\n  rest: 5\n---\n\n"
    name = next(NAMES)
    request = f"When I `GET` `${{APIURL}}/count/{name}?ready=3`"
    feature = f"{matter}# F\n\n## S\n\n{request}\n\nSoon {OK}\n"
    assert stage.failure(feature, scale=0) == ""
    assert stage.peer.asked[name] == 3


def test_no_answer_remains_of_a_request_that_failed(stage: Stage) -> None:
    own = "Given I store `1` into `x`"
    failure = stage.steps(own, "When I `GET` `http://127.0.0.1:1/` retrying 1 times")
    assert "refused the connection" in failure
    assert "Tried" in failure
    once = stage.steps(own, "When I `GET` `http://127.0.0.1:1/`")
    assert "Tried" not in once


@pytest.mark.parametrize("keyword", ["Then", "Soon"])
def test_a_message_is_waited_for_whatever_the_keyword(stage: Stage, keyword: str) -> None:
    assert not stage.steps(
        "Given I connect to the websocket at `${live}/echo`",
        'When I send this message via the websocket\n\n```json\n{ "after": 60 }\n```',
        f"{keyword} I should receive a message on the websocket that matches"
        ' after 1000 retries\n\n```json\n{ "after": 60 }\n```',
    )


@pytest.mark.parametrize("keyword", ["Then", "Soon"])
def test_a_call_is_waited_for_whatever_the_keyword(stage: Stage, keyword: str) -> None:
    later = '{ "milliseconds": 60, "method": "GET", "url": "${mockURL}/v1/x" }'
    assert not stage.steps(
        f"When I `POST` to `${{APIURL}}/later` with\n\n```json\n{later}\n```",
        f"{keyword} the nRF Cloud API should have been called with\n\n```\nGET /v1/x\n```",
        scale=1,
    )


def test_a_connection_is_kept_over_scenarios_and_closed_at_the_end(stage: Stage) -> None:
    connect = "Given I connect to the websocket using fingerprint `kept`"
    again = "Given I reconnect to the websocket using fingerprint `kept`"
    before = stage.peer.asked["/device?fingerprint=kept"]
    feature = f"# F\n\n## One\n\n{connect}\n\n## Two\n\n{connect}\n\n## Three\n\n{again}\n"
    assert stage.failure(feature) == ""
    assert stage.peer.asked["/device?fingerprint=kept"] == before + 2
    assert stage.failure(f"# F\n\n## One\n\n{connect}\n") == ""
    assert stage.peer.asked["/device?fingerprint=kept"] == before + 3


def test_requests_of_another_feature_do_not_count(stage: Stage) -> None:
    call = "When I `GET` `${mockURL}/v1/elsewhere`"
    check = "Then the nRF Cloud API should have been called with\n\n```\nGET /v1/elsewhere\n```"
    assert stage.steps(call, check) == ""
    assert "Nothing was requested since the feature began." in stage.steps(check)

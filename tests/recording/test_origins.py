"""Which values become stored or random ones, and what they are called."""

from __future__ import annotations

import pytest

from harness.recording.compose import compose
from harness.recording.model import Composed, Observed, Options, Recording
from harness.recording.origins import Names, Path, expression, generator
from tests.recording.calls import CLOUD_JOB, JOB, cloud, user


def composed(*observed: Observed) -> Composed:
    return compose(Recording(observed), Options())


def test_what_the_cloud_answers_and_is_asked_with_later_is_made_up() -> None:
    made = composed(
        cloud(0, "POST /v1/jobs", {"jobId": CLOUD_JOB}), cloud(1, f"GET /v1/jobs/{CLOUD_JOB}", 1)
    )
    assert "Given I have a random UUIDv4 in `jobId`" in made.text
    assert CLOUD_JOB not in made.text
    (replacement,) = made.replacements
    assert replacement.reason == (
        "first seen in the answer to POST api.nrfcloud.com/v1/jobs, $.jobId;"
        " then in the request GET api.nrfcloud.com/v1/jobs/${jobId}"
    )


def test_a_look_is_no_reason() -> None:
    made = composed(cloud(0, "POST /v1/jobs", {"jobId": CLOUD_JOB, "ulid": JOB}))
    assert f'"jobId": "{CLOUD_JOB}"' in made.text
    assert f'"ulid": "{JOB}"' in made.text
    assert made.replacements == ()


def test_what_was_asked_with_before_is_not_made_up() -> None:
    made = composed(
        cloud(0, f"GET /v1/jobs/{CLOUD_JOB}", {"jobId": CLOUD_JOB}),
        cloud(1, f"POST /v1/jobs/{CLOUD_JOB}"),
    )
    assert made.replacements == ()


def test_what_nothing_can_make_up_stays() -> None:
    made = composed(cloud(0, "POST /v1/jobs", {"id": "job-1"}), cloud(1, "GET /v1/jobs/job-1", 1))
    assert made.replacements == ()


def test_what_the_service_answers_and_the_user_asks_with_later_is_stored() -> None:
    made = composed(
        user(0, "POST /orders", {"orders": [{"id": 7, "kind": "large"}]}, query=()),
        user(1, "GET /orders/7", {"id": 7}, query=()),
        user(2, "GET /kinds/large", {"kind": "large"}, query=()),
    )
    assert "And I store `orders[0].id` of the last response into `orderId`" in made.text
    assert "`${APIURL}/orders/${orderId}`" in made.text
    assert "And I store `orders[0].kind` of the last response into `kind`" in made.text
    assert "`${APIURL}/kinds/${kind}`" in made.text


def test_a_short_value_that_is_no_id_is_no_find() -> None:
    made = composed(
        user(0, "POST /orders", {"count": 7}, query=()), user(1, "GET /orders/7", query=())
    )
    assert made.replacements == ()


def test_what_the_service_sends_before_it_answers_is_expected_with_what_it_answers() -> None:
    made = composed(
        user(0, "POST /orders", {"id": JOB}, query=()),
        cloud(0.01, "POST /hook", body={"order": JOB}, host="hooks.example.com"),
    )
    assert "And I store `id` of the last response into `id`" in made.text
    assert '{ "order": "${id}" }' in made.text


def test_an_answer_that_needs_a_stored_value_stands_below_it() -> None:
    made = composed(
        user(0, "POST /orders", {"orderId": JOB}, query=()),
        cloud(1, f"GET /v1/orders/{JOB}", {"a": 1}),
    )
    stored = made.text.index("I store `orderId` of the last response into `orderId`")
    assert made.text.index("`GET /v1/orders/${orderId}`") > stored


def test_names_that_are_taken() -> None:
    names = Names(["jobId", "ts"])
    assert [names.give(("jobId",), None, "nrfCloud") for _ in range(3)] == [
        "nrfCloudJobId",
        "nrfCloudJobId2",
        "nrfCloudJobId3",
    ]
    assert names.give(("job-id",), None) == "jobId2"
    assert names.give((0,), None) == "value"
    assert names.give(("7",), None) == "value7"


@pytest.mark.parametrize(
    ("path", "written"),
    [
        (("id",), "id"),
        (("jobs", 0, "id"), "jobs[0].id"),
        ((0, "id"), "$[0].id"),
        (("a b",), "$.$lookup($, 'a b')"),
        (("x", "@id"), "x.$lookup($, '@id')"),
        ((), "$"),
        (("null", "in"), "$.$lookup($, 'null').$lookup($, 'in')"),
        (("it's",), None),
        (("`",), None),
    ],
)
def test_the_way_to_a_value_as_jsonata(path: Path, written: str | None) -> None:
    assert expression(path) == written


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (CLOUD_JOB, "UUIDv4"),
        (JOB, "ULID"),
        (JOB.lower(), None),
        ("350006661234563", None),
        (7, None),
    ],
)
def test_what_makes_up_such_a_value(value: str | int, kind: str | None) -> None:
    assert generator(value) == kind

"""The bodies of requests."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_service import bodies, contexts
from reference_service.firmware import Target
from reference_service.problems import Problem

BUNDLE = "APP*1e29dfa3*v2.0.1"
UPDATE = {"@context": contexts.OBJECT_UPDATE, "ObjectID": 14240, "Resources": {"0": 60}}
FEEDBACK = {"stars": 4, "suggestion": "More of it", "email": "alex@example.com"}
DEVICE = {"fingerprint": "92b.y7i24q", "model": "PCA20065", "account": "default"}


def refused(read: Callable[[object], object], body: object, *words: str) -> None:
    with pytest.raises(Problem) as caught:
        read(body)
    assert caught.value.status == 400
    for word in words:
        assert word in caught.value.detail


def path(body: object) -> dict[str, str]:
    return bodies.upgrade_path(body, Target.APP)


def registration(body: object) -> object:
    return bodies.registration("oob-1", body)


def test_upgrade_paths_keep_their_order() -> None:
    written = {">=1.0.0": BUNDLE, "0.9.0": "0a31b6b4-5a7e-4c2e-8a3f-64a1c1b6f0aa"}
    assert list(path({"upgradePath": written}).items()) == list(written.items())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ([], "JSON object"),
        ({}, "upgradePath"),
        ({"upgradePath": {}}, "1 to 100"),
        ({"upgradePath": [BUNDLE]}, "upgradePath"),
        ({"upgradePath": {"latest": BUNDLE}}, "'latest' is no version"),
        ({"upgradePath": {"1" * 300: BUNDLE}}, "..."),
        ({"upgradePath": {"1.0.0": 5}}, "firmware bundle"),
        ({"upgradePath": {"1.0.0": "newest"}}, "firmware bundle"),
        ({"upgradePath": {"1.0.0": "MODEM*1e29dfa3*v2"}}, "no bundle for the app"),
        ({"upgradePath": {f"1.0.{n}": BUNDLE for n in range(101)}}, "1 to 100"),
    ],
)
def test_what_is_no_upgrade_path(body: object, words: str) -> None:
    refused(path, body, words)


def test_object_updates() -> None:
    assert bodies.object_update(UPDATE) == {
        "ObjectID": 14240,
        "ObjectVersion": "1.0",
        "Resources": {"0": 60},
    }
    assert bodies.object_update(UPDATE | {"ObjectVersion": "1.1"})["ObjectVersion"] == "1.1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"@context": "https://example.com/"}, "@context"),
        ({"ObjectID": None}, "ObjectID"),
        ({"ObjectID": True}, "ObjectID"),
        ({"ObjectID": 65536}, "65535"),
        ({"ObjectID": "14240"}, "ObjectID"),
        ({"ObjectVersion": "1"}, "ObjectVersion"),
        ({"ObjectVersion": None}, "ObjectVersion"),
        ({"Resources": {}}, "Resources"),
        ({"Resources": [60]}, "Resources"),
        ({"Resources": {"zero": 60}}, "'zero'"),
        ({"Resources": {"0": None}}, "a string, a number"),
        ({"Resources": {"0": {}}}, "a string, a number"),
        ({"Resources": {"0": 1, "99": "now"}}, "99"),
        ({"Resources": {"0": 1, "99": -1}}, "99"),
    ],
)
def test_what_is_no_object_update(change: dict[str, Any], words: str) -> None:
    refused(bodies.object_update, UPDATE | change, words)


@pytest.mark.parametrize(
    ("stars", "rating"), [(1, "★☆☆☆☆"), (2, "★★☆☆☆"), (4, "★★★★☆"), (5, "★★★★★")]
)
def test_feedback_becomes_a_card(stars: int, rating: str) -> None:
    feedback = bodies.feedback(FEEDBACK | {"stars": stars, "browser": "Lynx"})
    assert feedback.card() == {
        "summary": "New feedback",
        "title": "New feedback received",
        "themeColor": "00a9ce",
        "sections": [
            {
                "facts": [
                    {"name": "Rating", "value": rating},
                    {"name": "Email", "value": "alex@example.com"},
                    {"name": "Browser", "value": "Lynx"},
                ],
                "text": "More of it",
            }
        ],
    }


def test_a_browser_that_is_not_told_is_left_out() -> None:
    names = [fact["name"] for fact in bodies.feedback(FEEDBACK).card()["sections"][0]["facts"]]  # type: ignore[index] # JSON
    assert names == ["Rating", "Email"]


@pytest.mark.parametrize(
    "change",
    [{"stars": 0}, {"stars": 6}, {"stars": 4.0}, {"stars": True}, {"stars": "4"}, {"email": "alex"},
     {"email": 5}, {"email": "a" * 251 + "@b.c"}, {"suggestion": ""}, {"suggestion": None},
     {"suggestion": "x" * 10_001}, {"browser": None}, {"browser": ""}],
)  # fmt: skip
def test_what_is_no_feedback(change: dict[str, Any]) -> None:
    refused(bodies.feedback, FEEDBACK | change, *change)


@pytest.mark.parametrize(
    "change",
    [{"fingerprint": "92b"}, {"fingerprint": "92b.y7i24l"}, {"fingerprint": None}, {"model": ""},
     {"model": "x" * 65}, {"model": "a\nb"}, {"account": 1}],
)  # fmt: skip
def test_what_is_no_registration(change: dict[str, Any]) -> None:
    refused(registration, DEVICE | change, *change)


def test_registrations() -> None:
    device = bodies.registration("oob-1", DEVICE)
    assert (device.id, device.model, device.account) == ("oob-1", "PCA20065", "default")
    assert "y7i24q" not in repr(device)
    refused(lambda body: bodies.registration("oob 1", body), DEVICE, "device ID")


@pytest.mark.parametrize(
    "read", [path, registration, bodies.object_update, bodies.feedback, bodies.bundle_id]
)
@given(
    body=st.dictionaries(
        st.sampled_from(["upgradePath", "bundleId", "Resources", "ObjectID", "stars", "model"]),
        st.none() | st.text() | st.integers() | st.dictionaries(st.text(), st.text()),
    )
    | st.none()
    | st.lists(st.none())
)
def test_any_body_is_read_or_refused(read: Callable[[object], object], body: object) -> None:
    with suppress(Problem):
        read(body)

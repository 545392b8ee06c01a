"""Shadow data of devices, alone and together."""

from __future__ import annotations

import pytest

from harness.core.http_text import HttpRequest, Pairs
from harness.errors import BddError
from mock_nrfcloud.shadows import Shadows
from mock_nrfcloud.values import ROOT_HOST

SHADOW: Pairs = (("includeState", "true"), ("includeStateMeta", "true"), ("pageLimit", "100"))


def page(device_id: str) -> dict[str, object]:
    return {"items": [{"id": device_id}], "total": 1, "more": True}


def answered(shadows: Shadows, *query: tuple[str, str], path: str = "/v1/devices") -> object:
    group = shadows.group(ROOT_HOST, HttpRequest("GET", path, query))
    return group and group.kept and group.kept.answer.response.json()


@pytest.fixture
def shadows() -> Shadows:
    shadows = Shadows()
    for order, device_id in enumerate("abc"):
        shadows.set(device_id, page(device_id), order)
    return shadows


def test_a_single_page_stays_as_it_was_written(shadows: Shadows) -> None:
    assert answered(shadows, ("deviceIds", "a"), ("other", "x"), *SHADOW) == page("a")
    assert answered(shadows, ("deviceIds", "a,unknown"), *SHADOW) == page("a")


@pytest.mark.parametrize(
    "query",
    [[("deviceIds", "b,a,x")], [("deviceIds", "b"), ("deviceIds", "a"), ("deviceIds", "b")]],
)
def test_several_devices_share_a_page_with_the_right_total(
    shadows: Shadows, query: list[tuple[str, str]]
) -> None:
    assert answered(shadows, *query, *SHADOW) == {"items": [{"id": "b"}, {"id": "a"}], "total": 2}


def test_what_does_not_ask_for_known_shadows_is_not_answered(shadows: Shadows) -> None:
    assert answered(shadows, ("deviceIds", "x"), *SHADOW) is None
    assert answered(shadows, *SHADOW) is None
    assert answered(shadows, ("deviceIds", "a"), *SHADOW[1:]) is None
    assert answered(shadows, ("deviceIds", "a"), *SHADOW, path="/v1/other") is None
    assert shadows.group("other", HttpRequest("GET", "/v1/devices", SHADOW)) is None


def test_the_newest_data_of_a_device_replaces_the_older(shadows: Shadows) -> None:
    new = {"items": [], "total": 0}
    shadows.set("a", new, 9)
    assert answered(shadows, ("deviceIds", "a"), *SHADOW) == new


def test_data_that_is_no_page_is_refused(shadows: Shadows) -> None:
    for bad in ({}, {"items": {}}, []):
        with pytest.raises(BddError, match="the shadow data for a has no array `items`"):
            shadows.set("a", bad, 1)  # type: ignore[arg-type]  # what a person may write


def test_shadows_are_shown_as_the_stubs_that_they_behave_like(shadows: Shadows) -> None:
    assert str(next(shadows.stubs())) == (
        "kept GET /v1/devices?deviceIds=c&includeState=true&includeStateMeta=true&pageLimit=100"
    )

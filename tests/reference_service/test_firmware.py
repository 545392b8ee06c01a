"""Firmware bundles."""

from __future__ import annotations

import pytest

from reference_service.firmware import (
    Target,
    bundle_type,
    bundles,
    is_bundle_id,
    target_of,
    types_of,
)

UUID = "0a31b6b4-5a7e-4c2e-8a3f-64a1c1b6f0aa"


@pytest.mark.parametrize(
    ("bundle", "expected", "target"),
    [
        ("APP*1e29dfa3*v2.0.1", "APP", Target.APP),
        ("MODEM*be0ef0bd*mfw_nrf91x1_2.0.1", "MODEM", Target.MODEM),
        ("MDM_FULL*be0ef0bd*x", "MDM_FULL", Target.MODEM),
        ("BOOT*be0ef0bd*", "BOOT", None),
        (UUID, None, None),
    ],
)
def test_bundles_and_their_types(bundle: str, expected: str | None, target: Target | None) -> None:
    assert is_bundle_id(bundle)
    assert bundle_type(bundle) == expected
    assert target_of(bundle) == target


@pytest.mark.parametrize(
    "text",
    ["", "APP", "APP*1e29dfa3", "APP*1e29dfa*v1", "APP*1e29dfa3*v 1", "app*1e29dfa3*v1", UUID[1:],
     "APP*1e29dfa3*v1\n", "APP*1e29dfa3*" + "v" * 256],
)  # fmt: skip
def test_what_is_no_bundle(text: str) -> None:
    assert not is_bundle_id(text)


def test_types_for_a_target() -> None:
    assert types_of([UUID], Target.APP) == {"APP"}
    assert types_of([UUID, "MDM_FULL*be0ef0bd*x"], Target.MODEM) == {"MODEM", "MDM_FULL"}


def test_the_list_is_last_modified_first() -> None:
    def item(name: str, **more: object) -> dict[str, object]:
        return {"bundleId": name, "type": "APP", "version": "1", "size": 1, **more}

    items = [
        item("never"),
        item("old", lastModified="2025-01-01T00:00:00Z"),
        item("new", lastModified="2026-01-01T00:00:00.000Z"),
        item("no version", version=None),
        None,
    ]
    assert bundles(items) == [
        {"bundleId": name, "type": "APP", "version": "1"} for name in ("new", "old", "never")
    ]

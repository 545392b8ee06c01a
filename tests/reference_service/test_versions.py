"""Semantic versions: their order (semver.org, section 11), ranges, and what devices report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_service.versions import (
    Version,
    parse_range,
    parse_version,
    reported_version,
    satisfies,
)

ORDER = [
    "0.9.10",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2.0",
    "1.10.0",
    "2.0.0",
]
numbers = st.integers(0, 10**6)
labels = st.text("0123456789abcXYZ-", min_size=1, max_size=5).filter(
    lambda label: not label.isdigit() or label == "0" or label[0] != "0"
)
versions = st.builds(
    lambda core, pre: ".".join(map(str, core)) + ("-" + ".".join(pre) if pre else ""),
    st.tuples(numbers, numbers, numbers),
    st.lists(labels, max_size=3),
)


def version(text: str) -> Version:
    parsed = parse_version(text)
    assert parsed is not None, text
    return parsed


def accepts(text: str, of: str) -> bool:
    accepted = parse_range(text)
    assert accepted is not None, text
    return satisfies(version(of), accepted)


def test_versions_have_the_order_of_semver() -> None:
    assert [str(each) for each in sorted(map(version, reversed(ORDER)))] == ORDER


def test_build_metadata_does_not_count() -> None:
    assert version("1.0.0+a.1") == version("1.0.0+b") == version("1.0.0")
    assert str(version("1.0.0+a.1")) == "1.0.0+a.1"


@pytest.mark.parametrize(
    "text",
    ["", "1", "1.0", "1.0.0.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0-a..b", "1.0.0+", "v1.0.0",
     "1.0.0\n", "\uff11.0.0", " 1.0.0", "1.0.0-ä", "1" * 5000 + ".0.0"],
)  # fmt: skip
def test_what_is_no_version(text: str) -> None:
    assert parse_version(text) is None


@pytest.mark.parametrize(
    ("written", "of", "holds"),
    [
        ("2.0.0", "2.0.0", True),
        ("2.0.0", "2.0.1", False),
        ("=2.0.0", "2.0.0", True),
        (">=1.0.0", "1.0.0", True),
        (">=1.0.0", "1.0.0-rc.1", False),
        (">1.0.0", "1.0.0", False),
        (">1.0.0", "1.0.1", True),
        ("<1.0.0", "1.0.0", False),
        ("<1.0.0", "0.9.9", True),
        ("<=1.0.0", "1.0.0", True),
        (">=1.0.0 <2.0.0", "1.9.9", True),
        (">=1.0.0 <2.0.0", "2.0.0", False),
        (" >= 1.0.0  < 2.0.0 ", "1.0.0", True),
        ("1.0.0 || >=3.0.0", "1.0.0", True),
        ("1.0.0 || >=3.0.0", "2.0.0", False),
        ("1.0.0 || >=3.0.0", "3.1.0", True),
    ],
)
def test_ranges(written: str, of: str, holds: bool) -> None:
    assert accepts(written, of) is holds


@pytest.mark.parametrize(
    "text", ["", " ", "||", "1.0.0||", ">=", ">=1.0", "~>1.0.0", "latest", ">=1.0.0<2.0.0",
             "=>1.0.0", "1.0.0 , 2.0.0", ">=1.0.0 " * 100]
)  # fmt: skip
def test_what_is_no_range(text: str) -> None:
    assert parse_range(text) is None


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        ("2.0.0", "2.0.0"),
        ("v2.0.1", "2.0.1"),
        ("mfw_nrf91x1_2.0.1", "2.0.1"),
        ("mfw_nrf9160_1.3.6-FOTA-TEST", "1.3.6-FOTA-TEST"),
        ("2.0.0-rc.1+build_2", None),
        ("0.0.0-development", "0.0.0-development"),
        ("12.0.0", "12.0.0"),
        ("x12.0.0", None),
        ("unknown", None),
        ("", None),
        ("_" * 201, None),
        (None, None),
        (2, None),
        (["2.0.0"], None),
    ],
)
def test_the_version_in_what_a_device_reports(reported: object, expected: str | None) -> None:
    found = reported_version(reported)
    assert (str(found) if found else None) == expected


@given(versions, versions, versions)
def test_order_is_total(first: str, second: str, third: str) -> None:
    a, b, c = sorted(map(version, (first, second, third)))
    assert a <= b <= c
    assert a <= c
    assert (a < b) + (a == b) + (a > b) == 1


@given(versions, versions)
def test_operators_agree_with_the_order(first: str, second: str) -> None:
    a, b = version(first), version(second)
    assert accepts(f"<{second}", first) == (a < b)
    assert accepts(f"<={second} || >{second}", first)
    assert accepts(f">={second}", first) == (not accepts(f"<{second}", first))
    assert accepts(second, first) == (a == b)


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    parse_range(text)
    found = reported_version(text)
    assert found is None or text.endswith(str(found))

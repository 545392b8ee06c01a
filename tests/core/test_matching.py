"""What is reported of a comparison; whether it holds is tested in test_comparing."""

from __future__ import annotations

import json

import pytest

from harness.core import matching
from harness.core.markers import parse, with_markers
from harness.core.matching import MISSING, mismatches, nearest


@pytest.mark.parametrize(
    ("expected", "actual", "report"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, []),
        (
            {"jobs": [{"status": "FAILED"}]},
            {"jobs": [{"status": "IN_PROGRESS"}]},
            ['jobs[0].status: expected "FAILED", got "IN_PROGRESS"'],
        ),
        ({"a": None}, {}, ["a: expected null, got nothing"]),
        ({"a": 1}, {"a": None}, ["a: expected 1 (number), got null (null)"]),
        (True, 1, ["expected true (boolean), got 1 (number)"]),
        ("1", 1, ['expected "1" (string), got 1 (number)']),
        ({}, [], ["expected {} (object), got [] (array)"]),
        ([], [1, 2], ["expected an empty array, got [1, 2]"]),
        ([1, 2], [2], ["expected an item 1, got no item that is left for it"]),
        ([1, 1], [1, 2], ["[1]: expected 1, got 2"]),
        ({"@context": 1}, {"@context": 2}, ['["@context"]: expected 1, got 2']),
        ({"a": {"b c": 1}}, {"a": {}}, ['a["b c"]: expected 1, got nothing']),
        ({"a": 1, "b": 2}, {"a": 3, "b": 4}, ["a: expected 1, got 3", "b: expected 2, got 4"]),
        (
            "https://example.com/a/long/context/one",
            "https://example.com/a/long/context/two-of-them",
            [
                'expected "https://example.com/a/long/context/one", '
                'got "https://example.com/a/long/context/two-of-them" '
                '(they differ from character 36 on: "g/context/one", "g/context/two-of-them")'
            ],
        ),
    ],
)
def test_each_difference_has_its_path_and_both_values(
    expected: object, actual: object, report: list[str]
) -> None:
    assert [str(each) for each in mismatches(expected, actual)] == report


@pytest.mark.parametrize(
    ("expected", "actual", "report"),
    [
        ({"a": 1}, {"a": 1, "b": 2}, ["b: unexpected 2"]),
        ([1, 2], [2, 1], ["[0]: expected 1, got 2", "[1]: expected 2, got 1"]),
        ([1], [1, 2], ["[1]: unexpected 2"]),
        ([1, 2], [1], ["[1]: expected 2, got nothing"]),
        ([], [1], ["[0]: unexpected 1"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["a[0].b: expected 1, got 2"]),
        (0.3, 0.1 + 0.2, ["expected 0.3, got 0.30000000000000004"]),
    ],
)
def test_equality_reports_what_is_too_much_as_well(
    expected: object, actual: object, report: list[str]
) -> None:
    assert [str(each) for each in mismatches(expected, actual, exact=True)] == report


@pytest.mark.parametrize(
    ("expected", "actual", "report"),
    [
        ({"id": "#uuid"}, {"id": "x"}, ['id: expected a UUID (#uuid), got "x"']),
        ({"id": "#uuid"}, {}, ["id: expected a UUID (#uuid), got nothing"]),
        ({"id": "##string"}, {}, []),
        (
            {"id": "##string"},
            {"id": 1},
            ["id: expected a string, null or nothing (##string), got 1"],
        ),
        ({"id": "#notpresent"}, {"id": 1}, ["id: expected nothing (#notpresent), got 1"]),
        ("#regex a+", "b", ['expected a string that matches a+ (#regex), got "b"']),
        (
            "#? $ > 5",
            3,
            ["expected a value for which `$ > 5` is true (#?): it gives false, got 3"],
        ),
        (
            "#? $ > 5",
            "x",
            [
                "expected a value for which `$ > 5` is true (#?): the values a string and 5 "
                'either side of operator > must be of the same data type, got "x"'
            ],
        ),
        ("#? a", {}, ["expected a value for which `a` is true (#?): it gives nothing, got {}"]),
        ("#uid", "x", ['expected "#uid", got "x" (did you mean the marker #uuid?)']),
        (
            [{"id": "#uuid", "n": 1}],
            [{"id": "x", "n": 1}, {"id": "y", "n": 2}],
            ['[0].id: expected a UUID (#uuid), got "x"'],
        ),
        (["#string", 1], [1], ['expected an item "#string", got no item that is left for it']),
        ({"a": {"b": "#null"}}, {"a": 1}, ['a: expected {"b": "#null"} (object), got 1 (number)']),
    ],
)
def test_a_marker_says_what_it_accepts(expected: object, actual: object, report: list[str]) -> None:
    text = json.dumps(expected)
    found = mismatches(with_markers(text, expected), actual)
    assert [str(each) for each in found] == report


def test_equality_knows_where_a_key_may_be_missing_and_that_no_item_may() -> None:
    text = '{"a": "##string", "b": ["##array"]}'
    found = mismatches(with_markers(text, None), {"b": [], "c": 1}, exact=True)
    assert [str(each) for each in found] == [
        "b[0]: expected an array, null or nothing (##array), got nothing",
        "c: unexpected 1",
    ]


def test_the_nearest_candidate_is_found_with_markers() -> None:
    near = nearest(
        with_markers('{"id": "#number", "of": "#string"}', None),
        [{"id": "x", "of": "y"}, {"id": "x"}],
    )
    assert near is not None
    assert (near.index, [str(each) for each in near.mismatches]) == (
        0,
        ['id: expected a number (#number), got "x"'],
    )


def test_a_missing_item_is_explained_by_the_item_that_comes_nearest() -> None:
    expected = [{"id": 1, "status": "OK", "more": {"x": 1}}]
    actual = [
        {"id": 2, "status": "BAD"},
        {"id": 1, "status": "BAD", "more": {"x": 1}},
        {"id": 3},
    ]
    assert [str(each) for each in mismatches(expected, actual)] == [
        '[1].status: expected "OK", got "BAD"'
    ]


def test_an_item_that_matches_is_not_offered_as_the_nearest_to_another() -> None:
    found = mismatches([{"a": 1}, {"a": 2}], [{"a": 1}, {"a": 3}])
    assert [str(each) for each in found] == ["[1].a: expected 2, got 3"]


def test_the_values_themselves_are_part_of_a_mismatch() -> None:
    (found,) = mismatches({"a": [1]}, {"b": 1})
    assert (found.path, found.expected, found.actual) == ("a", [1], MISSING)


def test_the_list_is_bounded_and_counts_what_is_left_out() -> None:
    found = mismatches({str(i): i for i in range(32)}, {})
    assert len(found) == 21
    assert str(found[-1]) == "and 12 more"


def test_many_missing_items_are_listed_and_counted() -> None:
    found = mismatches(list(range(100)), list(range(100, 200)))
    assert str(found[0]) == "[0]: expected 0, got 100"
    assert str(found[-1]) == "and 80 more"


def test_a_path_that_is_too_long_is_shortened_in_its_middle() -> None:
    expected: object = 1
    actual: object = 2
    for _ in range(10_000):
        expected, actual = {"a": [expected]}, {"a": [actual]}
    (found,) = mismatches(expected, actual)
    assert len(found.path) < 250
    assert "…" in found.path
    assert found.what == "expected 1, got 2"


def test_too_much_work_is_said_to_be_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_DECIDE_LIMIT", 1000)
    items = [{"a": {"b": i}} for i in range(100)]
    (found,) = mismatches(items, items[::-1])
    assert str(found) == "gave up after 1,000 comparisons: the arrays are too large"


def test_what_is_too_large_to_explain_is_still_a_mismatch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_EXPLAIN_LIMIT", 1000)
    # Decided by counting, but to say which one has no counterpart takes all pairs.
    items = [{"a": {"b": i}} for i in range(100)]
    (found,) = mismatches(items, items[:0:-1])
    assert str(found).startswith('expected [{"a": {"b": 0}}, ')


def test_the_nearest_candidate_is_found_with_its_mismatches() -> None:
    candidates = [{"type": "x", "n": 3}, {"type": "y", "n": 2}, {"kind": "z"}]
    near = nearest({"type": "y", "n": 1}, candidates)
    assert near is not None
    assert (near.index, near.others) == (1, 2)
    assert [str(each) for each in near.mismatches] == ["n: expected 1, got 2"]


def test_of_equal_candidates_the_newest_is_the_nearest() -> None:
    near = nearest(1, [2, 2, 2])
    assert near is not None
    assert near.index == 2


def test_a_candidate_that_holds_has_no_mismatches() -> None:
    near = nearest({"a": [1]}, [{"a": [2]}, {"a": [2, 1]}, {}])
    assert near is not None
    assert (near.index, near.mismatches) == (1, [])


def test_nearest_compares_exactly_if_asked() -> None:
    near = nearest({"a": 1}, [{"a": 1, "b": 2}], exact=True)
    assert near is not None
    assert [str(each) for each in near.mismatches] == ["b: unexpected 2"]


def test_without_candidates_there_is_no_nearest() -> None:
    assert nearest(1, []) is None


def test_only_the_newest_candidates_are_looked_at() -> None:
    near = nearest({"a": 1}, [{"a": 1}, *({"a": 2} for _ in range(200))])
    assert near is not None
    assert near.index == 200
    assert near.others == 200


def test_hostile_candidates_take_bounded_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "_EXPLAIN_LIMIT", 1000)
    items = [{"a": {"b": i}} for i in range(100)]
    near = nearest({"x": items}, [{"x": items[::-1]}, {"y": 1}])
    assert near is not None
    assert near.index == 1
    near = nearest({"x": items}, [{"y": 1}, {"x": items[::-1]}])
    assert near is not None
    assert (near.index, near.others) == (1, 1)
    assert len(near.mismatches) == 1


def test_secrets_are_not_shown() -> None:
    found = mismatches({"token": "a", "b": {"password": 1}}, {"token": "hidden", "b": {}})
    assert [str(each) for each in found] == [
        "token: expected another value (it is secret)",
        "b.password: expected another value (it is secret), got nothing",
    ]


@pytest.mark.parametrize(
    ("expected", "candidate", "alike"),
    [
        ({"status": "FAILED"}, {"status": "QUEUED", "more": 1}, True),
        ({"status": "FAILED"}, {"other": "FAILED"}, False),
        ({"status": "FAILED"}, {"status": 5}, False),
        ({"id": 1, "status": "FAILED"}, {"id": 1}, True),
        ({"id": 1, "status": "FAILED", "x": 1}, {"id": 1}, False),
        ([{"a": 1}], {"a": 1}, False),
        ("x", "y", True),
    ],
)
def test_whether_the_nearest_is_alike(expected: object, candidate: object, alike: bool) -> None:
    found = nearest(expected, [candidate])
    assert found is not None
    assert found.is_alike is alike


def test_a_marker_is_alike_to_what_is_there() -> None:
    marker = parse("#uuid")
    for candidate, alike in (({"id": 5}, True), ({}, False)):
        found = nearest({"id": marker}, [candidate])
        assert found is not None
        assert found.is_alike is alike

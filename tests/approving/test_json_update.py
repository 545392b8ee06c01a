"""Expected JSON and what was seen: the smallest change after which it holds."""

from __future__ import annotations

import json
import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.matching import mismatches
from tests.approving.updating import VALUES, changed, read

CASES: list[tuple[str, object, str]] = [
    # what is expected, what was seen, what is proposed
    ('{"a": 1}', {"a": 1, "b": 2}, '{"a": 1}'),
    ('{"a":1 , "b" : "x"}', {"a": 2, "b": "y", "c": 3}, '{"a":2 , "b" : "y"}'),
    ('{"a": 1, "b": 2, "c": 3}', {"a": 1, "c": 3}, '{"a": 1, "c": 3}'),
    ('{"a": 1, "b": 2, "c": 3}', {"b": 2, "c": 3}, '{"b": 2, "c": 3}'),
    ('{"a": 1, "b": 2, "c": 3}', {"b": 2}, '{"b": 2}'),
    ('{"a": 1, "b": 2, "c": 3}', {"a": 1}, '{"a": 1}'),
    ('{ "a": 1 }', {}, "{}"),
    ('{"id": "#uuid", "n": 1}', {"id": VALUES["jobId"], "n": 2}, '{"id": "#uuid", "n": 2}'),
    ('{"id": "#integer"}', {"id": "x"}, '{"id": "x"}'),
    ('{"id": "##uuid", "n": 1}', {"n": 2}, '{"id": "##uuid", "n": 2}'),
    ('{"id": "#notpresent"}', {"id": 5}, '{"id": 5}'),
    ('{"d": "${deviceId}", "s": 1}', {"d": VALUES["deviceId"], "s": 2},
     '{"d": "${deviceId}", "s": 2}'),
    ('{"d": "${oldId}"}', {"d": VALUES["jobId"]}, '{"d": "${jobId}"}'),
    ('{"d": "job ${jobId}: QUEUED"}', {"d": f"job {VALUES['jobId']}: FAILED"},
     '{"d": "job ${jobId}: FAILED"}'),
    ('{"at": "$number{ts}", "s": 1}', {"at": VALUES["ts"], "s": 2},
     '{"at": "$number{ts}", "s": 2}'),
    ('{"at": 1}', {"at": VALUES["ts"]}, '{"at": "$number{ts}"}'),
    ('{"o": ${device}, "s": 1}', {"o": VALUES["device"], "s": 2}, '{"o": ${device}, "s": 2}'),
    ('{"s": "x"}', {"s": "a ${b} <variant.c>"}, '{"s": "a ${\'$\'}{b} ${\'<\'}variant.c>"}'),
    ('{"s": "x"}', {"s": "#uuid"}, '{"s": "\\u0023uuid"}'),
    ('{"s": "x"}', {"s": 'q"\\\n\x00\ud800```'}, '{"s": "q\\"\\\\\\n\\u0000\\ud800```"}'),
    ("[1, 2, 3]", [3, 1], "[1, 3]"),
    ('[{"id": 1, "s": "A"}, {"id": 2, "s": "B"}]',
     [{"id": 2, "s": "C"}, {"id": 1, "s": "A"}],
     '[{"id": 1, "s": "A"}, {"id": 2, "s": "C"}]'),
    ("[]", [1], "[1]"),
    ("[1]", [], "[]"),
    ('{"a": {"b": 1}}', {"a": None}, '{"a": null}'),
    ('"x"', 5, "5"),
]  # fmt: skip


@pytest.mark.parametrize(("expected", "seen", "proposed"), CASES)
def test_the_smallest_change_of_a_partial_block(expected: str, seen: object, proposed: str) -> None:
    assert changed(expected, seen)[0] == proposed


def test_an_exact_block_gets_what_is_new() -> None:
    seen = {"a": 1, "b": {"c": [1, 2]}, "d": "${x}"}
    assert changed('{"a": 1}', seen, exact=True)[0] == (
        '{"a": 1, "b": { "c": [1, 2] }, "d": "${\'$\'}{x}"}'
    )
    assert changed('{\n  "x": 2,\n  "a": 1\n}', {"a": 1, "b": 2}, exact=True)[0] == (
        '{\n  "a": 1,\n  "b": 2\n}'
    )
    assert changed("[1, 2]", [1, 3, 4], exact=True)[0] == "[1, 3, 4]"
    assert changed("{}", {"a": 1}, exact=True)[0] == '{ "a": 1 }'


def test_what_does_not_fit_into_a_line_is_laid_out_where_it_stands() -> None:
    block = '{\n  "a": {\n    "b": 1\n  }\n}'
    long = {"first": "x" * 30, "second": ["y" * 30]}
    assert changed(block, {"a": {"b": long}}, indent="  ")[0] == textwrap.indent(
        '{\n  "a": {\n    "b": {\n      "first": "' + "x" * 30 + '",\n      "second": ["'
        + "y" * 30 + '"]\n    }\n  }\n}',
        "  ",
    )  # fmt: skip


texts = st.sampled_from(["", "a", "b", "${x}", "#uuid", "<variant.y>", "é\u2028", "$number{1}"])
scalars = st.none() | st.booleans() | st.integers(-3, 3) | st.floats(-2, 2, width=16) | texts
json_values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(json_values, json_values, st.booleans(), st.sampled_from([None, 2]))
def test_what_is_proposed_holds(
    expected: object, seen: object, exact: bool, indent: int | None
) -> None:
    """Text that would be taken for a placeholder or a marker is not: it is data, on both sides."""
    written = changed("0", expected, exact=True)[0]
    if indent:
        written = written.replace("[", "[\n  ").replace("{ ", "{\n  ")
    new, _ = changed(written, seen, exact=exact)
    assert not mismatches(read(new), seen, exact=exact)
    again, notes = changed(new, seen, exact=exact)
    assert (again, notes) == (new, ())


@given(json_values, st.booleans())
def test_what_holds_stays_as_it_is(value: object, exact: bool) -> None:
    written = json.dumps(value, indent=3).replace("$", "\\u0024").replace("#", "\\u0023")
    written = written.replace("<", "\\u003c")
    assert changed(written, value, exact=exact) == (written, ())

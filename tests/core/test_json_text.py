"""JSON in code blocks, strictly."""

from __future__ import annotations

import pytest

from harness.core.json_text import JsonTextError, read_json


def test_json_is_its_value() -> None:
    assert read_json('{ "a": [1, 2.5, null, true] }') == {"a": [1, 2.5, None, True]}


@pytest.mark.parametrize(
    ("text", "what", "position"),
    [
        ('{\n "a": x }', "Expecting value", (2, 7)),
        ('{ "a": 1, "a": 2 }', "the key 'a' stands twice in one object: remove one", None),
        ("[NaN]", "NaN is no JSON number", None),
        ("[-Infinity]", "-Infinity is no JSON number", None),
        ("1" * 5000, "a number has 5000 digits: that is too many", None),
        ("[" * 100_000, "it is nested too deeply", None),
        ("", "Expecting value", (1, 1)),
    ],
)
def test_what_is_doubtful_is_an_error(
    text: str, what: str, position: tuple[int, int] | None
) -> None:
    with pytest.raises(JsonTextError) as raised:
        read_json(text)
    assert raised.value.what.endswith(what)
    assert raised.value.position == position

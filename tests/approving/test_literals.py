"""Values as they are written: known ones as placeholders, secrets never."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

import pytest

from harness.approving.literals import MAX, Literals, UnfitError
from harness.core.redaction import Redactor
from harness.recording.provenance import Replacer, stored

LITERALS = Literals(
    Replacer(stored({"id": "oob-1234", "odd": "a b&c=d"}), Redactor(["the-api-key"]).text), "json"
)


def test_a_known_value_is_its_placeholder_where_it_can_stand() -> None:
    write = partial(quote, safe="")
    assert LITERALS.text("oob-1234") == "${id}"
    assert LITERALS.text("oob-1234", "id", write) == "${id}"
    assert LITERALS.text("a b&c=d") == "${odd}"
    assert LITERALS.text("a b&c=d", "q", write) == "a%20b%26c%3Dd"


@pytest.mark.parametrize(
    "value",
    [
        {"token": "abc"},
        {"a": [{"password": "oob-1234!"}]},
        ["so it is: the-api-key"],
        {"the-api-key": 1},
        "[redacted]",
        "Bearer abcdef",
        float("inf"),
        "x" * (MAX + 1),
    ],
    ids=lambda value: repr(value)[:20],
)
def test_what_is_not_written(value: object) -> None:
    with pytest.raises(UnfitError) as caught:
        LITERALS.json(value)
    assert "abc" not in str(caught.value)
    assert "api-key" not in str(caught.value)


def test_a_secret_that_is_stored_is_its_placeholder() -> None:
    assert LITERALS.json({"token": "oob-1234"}) == '{ "token": "${id}" }'
    with pytest.raises(UnfitError):
        LITERALS.text("abc", "X-API-Key")

"""Values as they are written: known ones as placeholders, secrets never."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

import pytest

from harness.approving.literals import MAX, Literals, UnfitError
from harness.core.secret_rules import Rules
from harness.recording.provenance import Replacer, stored
from harness.recording.secrets import Covering

KNOWN = stored({"id": "oob-1234", "odd": "a b&c=d", "hidden": "a/secret/with slashes"})
COVERING = Covering(
    Rules(["$.auth.pin"]),
    {str(each.value) for each in KNOWN},
    secrets=["the-api-key", "a/secret/with slashes"],
)
COVERING.seal()
LITERALS = Literals(Replacer(KNOWN, COVERING.all_of), COVERING, "json")


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
        {"token": 12345},
        {"auth": {"pin": "1234"}},
        {"imei": "350006660000008"},
        {"iccid": "89450421180216254864"},
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
        LITERALS.json(LITERALS.covered(value))
    assert "abc" not in str(caught.value)
    assert "api-key" not in str(caught.value)


def test_a_secret_that_is_stored_is_its_placeholder() -> None:
    covered = LITERALS.covered({"token": "oob-1234"})
    assert LITERALS.json(covered) == '{ "token": "${id}" }'
    with pytest.raises(UnfitError):
        LITERALS.text("abc", "X-API-Key")
    with pytest.raises(UnfitError):  # its placeholder cannot stand there
        LITERALS.text("a/secret/with slashes", "q", partial(quote, safe=""))

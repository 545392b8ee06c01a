"""What is proposed for a step, and what is told of what is not."""

from __future__ import annotations

from harness.core.http_text import HttpRequest
from tests.approving.updating import changed


def test_a_secret_is_never_written() -> None:
    new, notes = changed('{"token": "x", "s": 1}', {"token": "abc", "s": 2})
    assert new == '{"token": "x", "s": 2}'
    assert notes == ("token: it is secret, and no stored value, so it stays as it is",)
    new, notes = changed('{"s": "x"}', {"s": {"deep": ["an-api-key-of-somebody"]}})
    assert (new, len(notes)) == ('{"s": "x"}', 1)
    assert "somebody" not in "".join(notes)
    new, notes = changed(
        '{"auth": {"pin": "x${jobId}"}}', {"auth": {"pin": "1"}}, rules=["$.auth.pin"]
    )
    assert (new, len(notes)) == ('{"auth": {"pin": "x${jobId}"}}', 1)
    assert changed('{"fingerprint": "x"}', {"fingerprint": "92b.y7i24q"})[0] == (
        '{"fingerprint": "${fingerprint}"}'
    )


def test_a_placeholder_of_a_row_or_a_variant_is_not_given_up() -> None:
    new, notes = changed('{"d": "${oldId}", "n": 1}', {"d": "x", "n": 2}, shared=True)
    assert new == '{"d": "${oldId}", "n": 2}'
    assert notes == ("d: ${oldId} stays, since other rows or variants have it too",)
    variant = {"nw": "ltem"}
    new, _ = changed('{"d": "<variant.nw>-x"}', {"d": "ltem-y"}, shared=True, variant=variant)
    assert new == '{"d": "<variant.nw>-y"}'


def test_a_parameter_of_the_title() -> None:
    def title(text: str, seen: str) -> str:
        return changed("{}", seen, title=text, instead_of="201")[0]

    assert title("the code of `201` should be `201`", "404") == "the code of `201` should be `404`"
    assert title("it should be `201`", "4`4") == "it should be `201`"
    assert title("it should be `20${1}`", "404") == "it should be `404`"


def test_a_secret_is_not_written_into_titles_and_heads() -> None:
    title, notes = changed(
        "{}", "an-api-key-of-somebody", title="it should be `201`", instead_of="201"
    )
    assert title == "it should be `201`"
    assert notes == ("it is secret, and no stored value, so it stays as it is",)
    for block, seen in (
        ("GET /a/b", HttpRequest("GET", "/a/an-api-key-of-somebody")),
        ("GET /a?b=1", HttpRequest("GET", "/a", (("b", "an-api-key-of-somebody"),))),
        ("GET /a\nX: 1", HttpRequest("GET", "/a", (), (("X", "an-api-key-of-somebody"),))),
    ):
        new, notes = changed(block, seen, language="http")
        assert (new, len(notes)) == (block, 1)

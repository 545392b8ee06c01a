"""No secret comes through, whatever it stands in; everything else does."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.redaction import REDACTED, Redactor, names_secret


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("GET /device?fingerprint=92b.y7i24q&a=1", "GET /device?fingerprint=[redacted]&a=1"),
        (
            "ws://localhost/?a=1&FINGERPRINT=92b.y7i24q: no",
            "ws://localhost/?a=1&FINGERPRINT=[redacted] no",
        ),
        ("Authorization: Bearer abc.def", "Authorization: [redacted]"),
        ("A: b\nauthorization:key\nC: d", "A: b\nauthorization:[redacted]\nC: d"),
        ("sent Bearer eyJhbGciOi.J9 twice", "sent Bearer [redacted] twice"),
        ("Cookie: a=b; c=d\r\n\r\n", "Cookie: [redacted]\r\n\r\n"),
        ('{"apiKey": "a\\"b", "x": "y"}', '{"apiKey": "[redacted]", "x": "y"}'),
        ('{"pageNextToken": "abc"}', '{"pageNextToken": "abc"}'),
        (
            "x -----BEGIN EC PRIVATE KEY-----\nabc\n-----END EC PRIVATE KEY----- y",
            "x [redacted] y",
        ),
        ("-----BEGIN PRIVATE KEY-----\nabc cut off", "[redacted]"),
        ("nothing is secret here", "nothing is secret here"),
    ],
)
def test_secrets_are_known_by_their_name_or_form(text: str, shown: str) -> None:
    assert Redactor().text(text) == shown
    assert Redactor().url(text) == shown


secrets = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=REDACTED), min_size=5)


@given(secrets, st.text(), st.text())
def test_a_known_value_never_comes_through(secret: str, before: str, after: str) -> None:
    for form in (secret, quote(secret, safe=""), json.dumps(secret)[1:-1]):
        assert form not in Redactor([secret]).text(f"{before}{form}{after}")


@given(st.text(alphabet="abc xyz=&?:/\n"))
def test_without_secrets_a_text_stays_as_it_is(text: str) -> None:
    assert Redactor([""]).text(text) == text


def test_the_longest_of_the_known_values_goes_first() -> None:
    assert Redactor(["key", "key-2"]).text("key-2 key") == "[redacted] [redacted]"


def test_headers_and_queries_are_known_by_name() -> None:
    redactor = Redactor(["s3cret"])
    assert redactor.headers([("X-API-Key", "k"), ("A", "is s3cret"), ("B", "c")]) == (
        ("X-API-Key", "[redacted]"),
        ("A", "is [redacted]"),
        ("B", "c"),
    )
    assert redactor.query([("Fingerprint", "f"), ("a", "s3cret"), ("b", "c")]) == (
        ("Fingerprint", "[redacted]"),
        ("a", "[redacted]"),
        ("b", "c"),
    )


@pytest.mark.parametrize(
    "piece",
    [
        "Bearer ",
        '"token": "',
        "-----BEGIN PRIVATE KEY",
        "?token=",
        "cookie :",
        '"secret"  ',
        "-eyJ",
        "eyJabcdefgh.",
    ],
)
def test_a_hostile_text_takes_no_time(piece: str) -> None:
    # Work that grows with the square of the length would take hours.
    Redactor().text(piece * 100_000)


@pytest.mark.parametrize(
    ("path", "secret"),
    [
        ("token", True),
        ("$.auth.Token", True),
        ('a["api-key"]', True),
        ("a.`apiKey` ", True),
        ("tokens", False),
        ("token.id", False),
        ("token[0]", False),
        ("", False),
    ],
)
def test_a_path_may_name_a_secret(path: str, secret: bool) -> None:
    assert names_secret(path) is secret


@pytest.mark.parametrize(
    "secret",
    [
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "-----BEGIN CERTIFICATE-----\nMIIBszCCAVmg\n-----END CERTIFICATE-----",
        "-----BEGIN CERTIFICATE-----\\nMIIBszCCAVmg",
    ],
)
def test_tokens_and_certificates_are_known_by_form(secret: str) -> None:
    assert Redactor().text(f'{{"value": "{secret}"}}').startswith('{"value": "[redacted]')
    assert "MIIB" not in Redactor().text(secret)


def test_many_known_values_are_found_as_quickly_as_one() -> None:
    # Tried one after the other at each place they would take minutes.
    many = [f"{number * 7919 % 100_003:05}-secret" for number in range(20_000)]
    text = "nothing to see here " * 20_000
    assert Redactor(many).text(f"{text}{many[-1]}{text}") == f"{text}[redacted]{text}"

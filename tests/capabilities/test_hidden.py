from __future__ import annotations

from harness.capabilities.hidden import Hidden
from harness.core.secret_rules import Rules

SECRET = "s3cret-one"


def test_what_is_known_and_what_is_kept_is_hidden() -> None:
    hidden = Hidden(frozenset({"known-before"}), Rules(()))
    before = hidden.redactor()
    hidden.learn(f'{{"badge": "{SECRET}"}}')
    assert hidden.redactor() is before
    hidden.keep(SECRET)
    assert hidden.redactor().text(f"known-before {SECRET} else") == "[redacted] [redacted] else"
    assert hidden.values == {"known-before", SECRET}


def test_messages_tell_secrets_by_rules() -> None:
    hidden = Hidden(frozenset(), Rules(["$..badge", "$.all"]))
    hidden.learn(
        b'{"a": [{"badge": "%s"}], "all": {"n": 12345678, "no": [true, null, "short"]}}'
        % SECRET.encode(),
        "no JSON",
        b"\xff",
        "[" * 10_000,
    )
    assert hidden.values == {SECRET, "12345678"}

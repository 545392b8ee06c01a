"""Secrets taken out of what is shown: logs, reports, failure texts, listings.

By the name they bear (headers, query parameters, members of JSON objects), by their form
(bearer tokens, JWTs, private keys and certificates), and by known values. Matching works on the
real values; this is for the last step before a person.

Pure. May import nothing of the project.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from typing import Final
from urllib.parse import quote

REDACTED: Final = "[redacted]"

SECRET_HEADERS: Final = frozenset(
    {
        "api-key",
        "authorization",
        "cookie",
        "proxy-authorization",
        "set-cookie",
        "x-amz-security-token",
        "x-api-key",
        "x-auth-token",
    }
)
"""In lower case."""

SECRET_NAMES: Final = frozenset(
    {
        "access_token",
        "accesskeysecret",
        "accesstoken",
        "api-key",
        "api_key",
        "apikey",
        "client_secret",
        "clientsecret",
        "fingerprint",
        "password",
        "private_key",
        "privatekey",
        "refresh_token",
        "refreshtoken",
        "secret",
        "signature",
        "token",
        "x-amz-security-token",
        "x-amz-signature",
    }
)
"""Query parameters and JSON members, in lower case. A fingerprint is a bearer credential."""

_NAMES: Final = "|".join(sorted(map(re.escape, SECRET_NAMES), key=len, reverse=True))
_HEADERS: Final = "|".join(sorted(map(re.escape, SECRET_HEADERS), key=len, reverse=True))
_FORMS: Final = re.compile(
    rf"""
      (?P<pem> -----BEGIN\ [A-Z ]{{0,40}}(?:PRIVATE\ KEY|CERTIFICATE)-----
               .*? (?: -----END\ [A-Z ]{{0,40}}(?:PRIVATE\ KEY|CERTIFICATE)----- | \Z ) )
    | (?P<jwt> (?<![\w-])eyJ[\w-]{{8,}}\.[\w-]{{2,}}\.[\w-]* )
    | (?P<bearer> \bBearer\ + ) [A-Za-z0-9._~+/=-]{{4,}}
    | (?P<header> ^[ \t]*(?:{_HEADERS})[ \t]*:[ \t]* ) [^\r\n]+
    | (?P<parameter> (?<=[?&])(?:{_NAMES})= ) [^&\s"'`<>\#)]+
    | (?P<member> "(?:{_NAMES})"\s*:\s*" ) (?:[^"\\]|\\.)*
    """,
    re.VERBOSE | re.IGNORECASE | re.DOTALL | re.MULTILINE,
)
# One of these is in every text that _FORMS could find something in: far quicker to look for.
_SIGNS: Final = re.compile(
    rf"PRIVATE KEY|CERTIFICATE|eyJ|Bearer|{_HEADERS}|(?:{_NAMES})[\"=]", re.IGNORECASE
)


def names_secret(path: str) -> bool:
    """Whether a path or an expression ends with the name of a secret, as `$.auth.token` does."""
    last = re.search(r"([\w-]+)[\"'`\]]*\s*$", path)
    return last is not None and last[1].lower() in SECRET_NAMES


class Redactor:
    """Takes secrets out of texts. `values` are secrets that are known, whatever they stand in."""

    __slots__ = ("_known",)

    def __init__(self, values: Collection[str] = ()) -> None:
        forms = {form for value in values if value for form in _written(value)}
        self._known = re.compile(_any_of(forms)) if forms else None

    def text(self, text: str) -> str:
        """A text of any kind: a message, a log line, an HTTP message, JSON."""
        if self._known:
            text = self._known.sub(REDACTED, text)
        if _SIGNS.search(text):
            text = _FORMS.sub(_cover, text)
        return text

    def url(self, url: str) -> str:
        """A URL, or a path with a query."""
        return self.text(url)

    def headers(self, headers: Collection[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Headers, as (name, value)."""
        known = [
            (name, REDACTED if name.lower() in SECRET_HEADERS else value) for name, value in headers
        ]
        # Most have nothing secret: one look at all of them is far quicker than one at each.
        every = "\n".join([value for _, value in known])
        if self.text(every) == every:
            return tuple(known)
        return tuple((name, self.text(value)) for name, value in known)

    def query(self, query: Collection[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """Query parameters, as (name, value)."""
        return tuple(
            (name, REDACTED if name.lower() in SECRET_NAMES else self.text(value))
            for name, value in query
        )


def _written(value: str) -> set[str]:
    """The ways in which a value may be written: plain, in a URL, in JSON."""
    return {
        value,
        quote(value, safe=""),
        quote(value),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
    }


def _any_of(forms: Collection[str]) -> str:
    """A pattern for any of these, the longest first; by their first two characters, so that
    thousands of them are looked for as quickly as one."""
    tree: dict[str, dict[str, list[str]]] = {}
    for form in sorted(forms, key=len, reverse=True):
        tree.setdefault(form[0], {}).setdefault(form[1:2], []).append(form[2:])
    return "|".join(
        re.escape(first)
        + _either(
            re.escape(second) + _either(map(re.escape, rest)) for second, rest in seconds.items()
        )
        for first, seconds in tree.items()
    )


def _either(patterns: Iterable[str]) -> str:
    return f"(?:{'|'.join(patterns)})"


def _cover(match: re.Match[str]) -> str:
    """What names the secret stays; the secret goes."""
    kept = match["bearer"] or match["header"] or match["parameter"] or match["member"] or ""
    return kept + REDACTED

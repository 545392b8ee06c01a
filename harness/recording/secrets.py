"""What in a recording is secret, and how it is covered before anything is written.

By the name it bears, by its form, by JSONPath rules, and then wherever the same value stands again.
What has a placeholder is left for that: a placeholder tells nothing.

Pure. May import nothing but harness.core, harness.errors and its own folder.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from typing import Final
from urllib.parse import parse_qsl

from harness.core.generators import luhn_digit
from harness.core.http_text import Pairs
from harness.core.redaction import REDACTED, SECRET_HEADERS, SECRET_NAMES, Redactor
from harness.core.secret_rules import ROOT, SURE, Rules
from harness.recording.bodies import Body
from harness.recording.prettier import Written

_IMEI: Final = re.compile(r"(?<!\d)(?<!\d\.)\d{15}(?!\d)", re.ASCII)
_DIGITS: Final = re.compile(r"\d{14,16}", re.ASCII)
_ICCID: Final = re.compile(r"(?<!\d)89\d{17,18}(?!\d)", re.ASCII)
_FORM: Final = "application/x-www-form-urlencoded"


class Covering:
    """Covers the secrets of a recording. `known` are the texts that have a placeholder.

    Reads every message once (`headers`, `query`, `body`) and so learns the secrets in it; `text`
    then covers all of them.
    """

    def __init__(
        self,
        rules: Rules,
        known: Container[str],
        allow: Collection[str] = (),
        secrets: Iterable[str] = (),
    ) -> None:
        self._rules = rules
        self._known = known
        self._allow = allow
        self._secrets = set(secrets)
        self._redactor = self._identities = Redactor()
        self.imeis: dict[str, None] = {}
        """The IMEIs that were met, each once."""

    def headers(self, headers: Pairs) -> None:
        """Learn the credentials in headers."""
        for name, value in headers:
            if name.lower() in SECRET_HEADERS:
                for secret in _credentials(name.lower(), value):
                    self._learn(secret)

    def query(self, query: Pairs) -> Pairs:
        """A query, with its secrets covered."""
        return tuple(
            (name, self._covered(value) if name.lower() in SECRET_NAMES else value)
            for name, value in query
        )

    def body(self, body: Body, media_type: str) -> Body:
        """A body, with the secrets covered that are such by their place in it."""
        if body.kind == "text" and media_type == _FORM:
            for name, value in parse_qsl(str(body.value)):
                if name.lower() in SECRET_NAMES:
                    self._covered(value)
        if body.kind != "json":
            return body
        places = self._rules.places(body.value)
        return body._replace(value=self._json(body.value, places, "", ROOT in places))

    def seal(self) -> None:
        """All messages have been read."""
        self._redactor = Redactor(self._secrets)
        self._identities = Redactor(self.imeis)

    def all_of(self, text: str) -> str:
        """A text without secrets, and without the IMEIs that were met: where none is made up."""
        return self._identities.text(self.text(text))

    def text(self, text: str) -> str:
        """A text without secrets."""
        text = self._redactor.text(text)
        if "imei" not in self._allow:
            text = _IMEI.sub(_cover_imei, text)
        if "iccid" not in self._allow:
            text = _ICCID.sub(REDACTED, text)
        return text

    def _json(self, value: object, places: Container[object], name: str, is_secret: bool) -> object:
        match value:
            case dict():
                here = id(value)
                return {
                    key: self._json(
                        each,
                        places,
                        key,
                        is_secret or key.lower() in SECRET_NAMES or (here, key) in places,
                    )
                    for key, each in value.items()
                }
            case list():
                here = id(value)
                return [
                    self._json(each, places, name, is_secret or (here, index) in places)
                    for index, each in enumerate(value)
                ]
            case bool() | None:
                return value
        text = value.text if isinstance(value, Written) else str(value)
        if is_secret:
            covered = self._covered(text)
            return value if covered == text else covered
        kind = name.lower()
        if kind.endswith("imei") and "imei" not in self._allow:
            return self._imei(text, value)
        if kind.endswith("iccid") and "iccid" not in self._allow:
            return self._covered(text)
        return self._by_form(text, value)

    def _by_form(self, text: str, value: object) -> object:
        """A value that is an identity by its form; as a text it is covered where it is written."""
        if len(text) >= 15:
            if "imei" not in self._allow:
                for found in _IMEI.findall(text):
                    if _is_imei(found):
                        self._imei(found, value)
            if text.isdecimal() and not isinstance(value, str) and self.text(text) != text:
                return value if text in self.imeis or text in self._known else REDACTED
        return value

    def _imei(self, text: str, value: object) -> object:
        if text not in self._known and _DIGITS.fullmatch(text):
            self.imeis[text] = None
            return value
        return value if text in self._known else self._covered(text)

    def _covered(self, text: str) -> str:
        self._learn(text)
        return text if text in self._known else REDACTED

    def _learn(self, secret: str) -> None:
        if len(secret) >= SURE and secret != REDACTED:
            self._secrets.add(secret)


def _credentials(name: str, value: str) -> Iterator[str]:
    """What is secret in a header: not the scheme, nor the names and attributes of cookies."""
    if "cookie" in name:
        pairs = value.split(";")[: 1 if name == "set-cookie" else None]
        yield from (pair.partition("=")[2].strip(' "') for pair in pairs)
    else:
        yield value.rpartition(" ")[2]
        yield value


def _is_imei(digits: str) -> bool:
    return luhn_digit(digits[:-1]) == digits[-1]


def _cover_imei(found: re.Match[str]) -> str:
    return REDACTED if _is_imei(found[0]) else found[0]

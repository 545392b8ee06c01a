"""Messages as the texts of code blocks and titles, with placeholders for what is known.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from harness.core.http_text import HttpResponse, Pairs
from harness.recording.bodies import OCTETS, Body
from harness.recording.folding import telling
from harness.recording.prettier import format_json
from harness.recording.provenance import Replacer

_PATH: Final = "/!$&'()*+,;=:@~-._"
_QUERY: Final = "/!$'()*,;:@~-._"
_CONTENT_TYPE: Final = "Content-Type"


class Writer:
    """Writes messages; `replacer` puts in the placeholders and covers what is secret."""

    def __init__(self, replacer: Replacer) -> None:
        self._replacer = replacer

    def target(self, path: str, query: Pairs, where: str) -> str:
        """Path and query as a request has them."""
        pairs = "&".join(
            f"{self._encoded(name, _QUERY, where)}={self._encoded(value, _QUERY, where)}"
            for name, value in query
        )
        return self._encoded(path, _PATH, where) + (f"?{pairs}" if pairs else "")

    def response(self, response: HttpResponse, body: Body, where: str) -> str:
        """An answer as an HTTP block."""
        reason = response.reason or _phrase(response.status)
        start = f"HTTP/1.1 {response.status} {self.line(reason, where)}".rstrip()
        return self._message(start, response.headers, body, where)

    def call(self, method: str, target: str, headers: Pairs, body: Body, where: str) -> str:
        """A request as an HTTP block."""
        return self._message(f"{method} {target} HTTP/1.1", headers, body, where)

    def json(self, value: object, where: str) -> str:
        """JSON as a block marked `json`."""
        return format_json(self._replacer.json(value, "json", where))

    def text(self, text: str, where: str) -> str:
        """A text as a block without rules."""
        return self._replacer.text(text, where)

    def line(self, text: str, where: str) -> str:
        """A text that must stay on its line."""
        return self._replacer.text(" ".join(text.split()), where)

    def shown(self, text: str) -> str:
        """A text for a person, in notes: with placeholders, of which no places are kept."""
        return self._replacer.shown(text)

    def _message(self, start: str, headers: Pairs, body: Body, where: str) -> str:
        shown = telling(headers)
        if body.kind == "binary":
            # Nothing but this type can be written as bytes.
            others = [pair for pair in shown if pair[0].lower() != _CONTENT_TYPE.lower()]
            shown = ((_CONTENT_TYPE, OCTETS), *others)
        head = [start, *(f"{name}: {self.line(value, where)}" for name, value in shown)]
        text = self._body(body, where)
        return "\n".join(head if text is None else (*head, "", text))

    def _body(self, body: Body, where: str) -> str | None:
        match body:
            case Body("json", value):
                return format_json(self._replacer.json(value, "http", f"{where}: $"))
            case Body("text", str(value)):
                return self._replacer.text(value, where)
            case Body("binary", bytes(value)):
                # As text, in which what is no UTF-8 is kept: so secrets in it are found.
                text = self._replacer.covered(value.decode(errors="surrogateescape"))
                return text.encode(errors="surrogateescape").hex()
        return None

    def _encoded(self, text: str, safe: str, where: str) -> str:
        pieces = self._replacer.pieces(text, where, partial(quote, safe=safe), short=True)
        return "".join(
            each if isinstance(each, str) else f"${{{each.expression}}}" for each in pieces
        )


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def fits_title(text: str) -> bool:
    """Whether a text can stand between backticks in a title."""
    return "`" not in text and text.isprintable()

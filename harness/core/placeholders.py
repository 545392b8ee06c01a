"""Where the placeholders of a text are, and where their values land.

A text is scanned once, from left to right. An expression ends where JSONata's grammar ends it.
What lands within a JSON string, an HTTP head or a title has rules of its own, so the scanner
keeps track of what surrounds a placeholder; it knows no more of JSON and HTTP than that.

Pure. May import harness.core.expressions and harness.core.javascript.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Literal, NamedTuple

from harness.core.expressions import (
    MAX_LENGTH,
    Expression,
    ExpressionError,
    compile_expression,
    end_of_expression,
)
from harness.core.javascript import escape

_VARIANT = r"<variant\.([^<>\s]+)>"
_VARIANTS = re.compile(_VARIANT)
_ESCAPES = re.compile(r'"|(?:\\u[0-9a-fA-F]{4})+|\\.', re.DOTALL)
_NUMBER = '"$number{'
_CONTENT_TYPE = re.compile(r"^content-type[ \t]*:(.*)", re.IGNORECASE | re.MULTILINE)
_LOOKS_LIKE_JSON = re.compile(r'\s*[{\["]')


class Where(Enum):
    """What kind of text it is: a title, a table cell, a code block with the info string `json`,
    a raw HTTP message, or any other code block."""

    TITLE = "title"
    CELL = "cell"
    JSON = "json"
    HTTP = "http"
    TEXT = "text"


class TemplateError(Exception):
    """A placeholder that is wrong, or whose value does not fit; `offset` is in the text."""

    def __init__(self, what: str, offset: int, hint: str = "") -> None:
        super().__init__(what, offset, hint)
        self.what = what
        self.offset = offset
        self.hint = hint

    def __str__(self) -> str:
        return ": ".join(part for part in (self.what, self.hint) if part)


class Placeholder(NamedTuple):
    """A placeholder; `start` and `end` are its offsets in the text, delimiters included.

    `expression` is the JSONata, with variants put in and JSON's escapes removed where that was
    needed; for a variant it is the NAME.
    """

    kind: Literal["text", "number", "variant"]
    expression: str
    start: int
    end: int


class Landing(Enum):
    """What surrounds a placeholder, as far as it matters to the value that lands there."""

    PLAIN = "text without rules"
    TITLE = "a title"
    HEAD = "start line and header lines of an HTTP message"
    JSON = "JSON, outside of its strings"
    STRING = "a string in JSON"

    def fit(self, text: str) -> str:
        """What to put in for the text of a value; ValueError says why it cannot stand there."""
        if self is Landing.STRING:
            return escape(text)
        if self is Landing.TITLE and _BREAKS_TITLE.search(text):
            raise ValueError("has a backtick, a line break or a control character, in a title")
        if self is Landing.HEAD and _BREAKS_HEAD.search(text):
            raise ValueError("has a line break or a control character, in the head of a message")
        return text


_BREAKS_TITLE = re.compile(r"[`\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")
_BREAKS_HEAD = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_STOPS = {
    Landing.PLAIN: re.compile(rf"\$\{{|{_VARIANT}"),
    Landing.TITLE: re.compile(rf"\$\{{|{_VARIANT}"),
    Landing.HEAD: re.compile(rf"\$\{{|{_VARIANT}|\n\r?\n"),
    Landing.JSON: re.compile(rf'\$\{{|{_VARIANT}|"'),
    Landing.STRING: re.compile(rf'\$\{{|{_VARIANT}|"|\\[^$]', re.DOTALL),
}
_BEGIN = {
    Where.TITLE: Landing.TITLE,
    Where.CELL: Landing.PLAIN,
    Where.JSON: Landing.JSON,
    Where.HTTP: Landing.HEAD,
    Where.TEXT: Landing.PLAIN,
}


class Piece(NamedTuple):
    """A placeholder, the text between the one before and it, and where its value lands.

    A variant has no expression.
    """

    literal: str
    placeholder: Placeholder
    expression: Expression | None
    landing: Landing


def variants_in(text: str) -> tuple[Placeholder, ...]:
    """Every `<variant.NAME>`, in expressions too."""
    return tuple(
        Placeholder("variant", match[1], match.start(), match.end())
        for match in _VARIANTS.finditer(text)
    )


def scan(text: str, where: Where, variant: Mapping[str, str] | None) -> Iterator[Piece]:
    """The placeholders of a text. `variant` has the text of every NAME in it, and is None for a
    text without `<variant.NAME>`.

    Raises TemplateError for one that is not closed, or that is not JSONata.
    """
    landing = _BEGIN[where]
    done = at = 0
    while match := _STOPS[landing].search(text, at):
        start, at, stop = match.start(), match.end(), match[0]
        expression = None
        if stop.startswith("\\"):
            continue
        if stop.startswith("\n"):
            landing = _body(text, start, at)
            continue
        if stop == '"':
            begins = landing is Landing.JSON
            landing = Landing.STRING if begins else Landing.JSON
            if not (begins and where is Where.JSON and text.startswith(_NUMBER, start)):
                continue
            expression, at = _expression(text, start + len(_NUMBER), landing, variant)
            if not text.startswith('"', at):
                hint = "use ${…} for a number within other text"
                raise TemplateError("$number{…} is not all of its string", start, hint)
            at += 1
            landing = Landing.JSON
            found = Placeholder("number", expression.source, start, at)
        elif stop == "${":
            expression, at = _expression(text, at, landing, variant)
            found = Placeholder("text", expression.source, start, at)
        else:
            found = Placeholder("variant", match[1], start, at)
        yield Piece(text[done:start], found, expression, landing)
        done = at


def _body(text: str, end_of_head: int, start: int) -> Landing:
    """Whether the body of an HTTP message is JSON: by its Content-Type, or by its looks."""
    declared = _CONTENT_TYPE.search(text, 0, end_of_head)
    is_json = "json" in declared[1].lower() if declared else _LOOKS_LIKE_JSON.match(text, start)
    return Landing.JSON if is_json else Landing.PLAIN


class _Source(NamedTuple):
    """Text that begins with an expression; `origins` is where each character, and the end,
    stands in the template."""

    text: str
    origins: Sequence[int]

    def read(self) -> tuple[Expression, int]:
        """The expression, and the offset of its `}` in the template; raises TemplateError."""
        try:
            end = end_of_expression(self.text)
            return compile_expression(self.text[:end]), self.origins[end]
        except ExpressionError as error:
            offset = min(error.offset or 0, len(self.text))
            hint = error.hint
            if not hint and error.offset is not None:
                hint = "a literal ${ is written ${'$'}{"
            what = f"invalid placeholder: {error.what}"
            raise TemplateError(what, self.origins[offset], hint) from None


def _expression(
    text: str, start: int, landing: Landing, variant: Mapping[str, str] | None
) -> tuple[Expression, int]:
    """The expression that begins at `start`, and the offset after its `}`."""
    source = _with_variants(text, start, variant)
    found = None
    try:
        found = source.read()
    except TemplateError:
        if landing is not Landing.STRING:
            raise
    # JSONata takes a backslash for a letter: \"a\" is a name to it, which nobody means.
    if found is None or (landing is Landing.STRING and '\\"' in found[0].source):
        found = _unescaped(source).read()
    expression, end = found
    if text[end] != "}":
        raise TemplateError("the value of a variant ends the expression", end)
    return expression, end + 1


def _with_variants(text: str, start: int, variant: Mapping[str, str] | None) -> _Source:
    stop = min(len(text), start + MAX_LENGTH)
    if variant is None:
        return _Source(text[start:stop], range(start, stop + 1))
    replaced = ((match, variant[match[1]]) for match in _VARIANTS.finditer(text, start, stop))
    return _spliced(text, range(len(text) + 1), start, stop, replaced)


def _unescaped(source: _Source) -> _Source:
    """The source up to the end of its JSON string, escapes removed."""
    replaced = []
    stop = len(source.text)
    for match in _ESCAPES.finditer(source.text):
        if match[0] == '"':
            stop = match.start()
            break
        try:
            replaced.append((match, json.loads(f'"{match[0]}"')))
        except ValueError:
            continue  # no escape of JSON
    return _spliced(*source, 0, stop, replaced)


def _spliced(
    text: str,
    origins: Sequence[int],
    start: int,
    stop: int,
    replaced: Iterable[tuple[re.Match[str], str]],
) -> _Source:
    """A part of the text with some matches replaced."""
    parts: list[str] = []
    kept: list[int] = []
    at = start
    for match, value in replaced:
        parts += (text[at : match.start()], value)
        kept += origins[at : match.start()]
        kept += [origins[match.start()]] * len(value)
        at = match.end()
    parts.append(text[at:stop])
    kept += origins[at : stop + 1]
    return _Source("".join(parts), kept)

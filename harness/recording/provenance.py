"""Values that are known from elsewhere become placeholders, where they are equal to them.

A value is never replaced for its look: only for being equal to one that is known, whole, or as a
word within a text. Each replacement is remembered with its reason and its places.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Final, Literal, NamedTuple

from harness.core.redaction import REDACTED, Redactor
from harness.recording import escaping
from harness.recording.model import Replacement
from harness.recording.prettier import Written

TELLING: Final = 4
"""Characters from which on a value is no chance find within a text, or as a number."""
SHOWN_PLACES: Final = 3
_OFTEN: Final = 40
"""Characters of a text that may well come again."""

Block = Literal["json", "http"]
"""Where JSON stands: in a block marked `json`, or as the body of an HTTP block."""

_WORD: Final = re.compile(r"[0-9A-Za-z]+")
_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class Known(NamedTuple):
    """A value that is known, the JSONata that gives it in a run, and how it is known.

    If `whole`, it is not looked for within longer texts.
    """

    value: str | int
    expression: str
    reason: str
    whole: bool = False
    is_secret: bool = False


def stored(values: Mapping[str, object]) -> list[Known]:
    """The stored values of a scenario that can be told from others: texts and whole numbers."""
    return [
        Known(value, name, f"it equals the stored value {name}", is_secret=True)
        for name, value in values.items()
        if isinstance(value, (str, int)) and not isinstance(value, bool)
        if len(str(value)) >= TELLING and _NAME.fullmatch(name)
    ]


Piece = str | Known
"""A part of a text: literal, or a known value."""


class Replacer:
    """Puts placeholders in for known values. Of two equal ones the first is taken.

    What stays goes through `redact`.
    """

    def __init__(self, known: Iterable[Known], redact: Callable[[str], str] | None = None) -> None:
        self._redact = redact or Redactor().text
        self._texts: dict[str, Known] = {}
        self._numbers: dict[int, Known] = {}
        self._words: dict[str, list[Known]] = {}
        self._places: dict[Known, dict[str, None]] = {}
        self._literal: dict[str, str] = {}
        for each in known:
            self._learn(each)
        for found in self._words.values():
            found.sort(key=lambda each: -len(str(each.value)))

    def _learn(self, known: Known) -> None:
        text = str(known.value)
        if isinstance(known.value, int):
            self._numbers.setdefault(known.value, known)
        if text in self._texts:
            return
        self._texts[text] = known
        word = _WORD.match(text)
        if word and not known.whole:
            self._words.setdefault(word[0], []).append(known)

    def json(self, value: object, block: Block, where: str) -> object:
        """A JSON value to be laid out, with its texts, keys and numbers as a block has them."""
        match value:
            case str():
                return Written(self._string(value, where))
            case bool():
                return value
            case int() if value in self._numbers and len(str(value)) >= TELLING:
                expression = self._use(self._numbers[value], where).expression
                text = f'"$number{{{expression}}}"' if block == "json" else f"${{{expression}}}"
                return Written(text)
            case dict():
                return {
                    Written(self._string(name, where)): self.json(each, block, f"{where}.{name}")
                    for name, each in value.items()
                }
            case list():
                return [
                    self.json(each, block, f"{where}[{index}]") for index, each in enumerate(value)
                ]
        return value

    def text(self, text: str, where: str) -> str:
        """A text outside of JSON, as it stands in a block."""
        return "".join(
            each if isinstance(each, str) else f"${{{each.expression}}}"
            for each in self.pieces(text, where, escaping.plain)
        )

    def pieces(
        self, text: str, where: str, write: Callable[[str], str], *, short: bool = False
    ) -> list[Piece]:
        """The parts of a text; those that are literal are redacted and then written by `write`.

        With `short`, a known value of a few characters counts too, if it is all of the text, or
        all between two slashes or commas.
        """
        return [
            write(self._redact(each)) if isinstance(each, str) else self._use(each, where)
            for each in self._split(text, short)
        ]

    def covered(self, text: str) -> str:
        """A text without what is secret, and without placeholders."""
        return self._redact(text)

    def shown(self, text: str) -> str:
        """A text for a person: its placeholders count for no replacement."""
        return "".join(
            self._redact(each) if isinstance(each, str) else f"${{{each.expression}}}"
            for each in self._split(text, short=False)
        )

    def replacements(self) -> tuple[Replacement, ...]:
        """What was replaced so far, in the order in which it was met."""
        return tuple(
            Replacement(
                REDACTED if each.is_secret else self._redact(str(each.value)),
                f"${{{each.expression}}}",
                self.shown(each.reason),
                tuple(map(self.shown, places)),
            )
            for each, places in self._places.items()
        )

    def _string(self, text: str, where: str) -> str:
        """A text as a string of JSON, with its quotes. Most come again and again."""
        if text in self._literal:
            return self._literal[text]
        pieces = self.pieces(text, where, str)
        if all(isinstance(each, str) for each in pieces):
            written = escaping.whole_json_string("".join(map(str, pieces)))
            if len(text) <= _OFTEN:
                self._literal[text] = written
            return written
        inner = "".join(
            escaping.json_string(each, begins=not index)
            if isinstance(each, str)
            else f"${{{each.expression}}}"
            for index, each in enumerate(pieces)
        )
        return f'"{inner}"'

    def _split(self, text: str, short: bool) -> list[Piece]:
        whole = self._texts.get(text)
        if whole and (short or len(text) >= TELLING):
            return [whole]
        pieces: list[Piece] = []
        done = 0
        for word in _WORD.finditer(text):
            if word.start() < done:
                continue
            for known in self._words.get(word[0], ()):
                value = str(known.value)
                start, end = word.start(), word.start() + len(value)
                if not text.startswith(value, start) or _goes_on(text, end):
                    continue
                if len(value) >= TELLING or (short and _is_alone(text, start, end)):
                    pieces += (text[done:start], known)
                    done = end
                    break
        return [each for each in (*pieces, text[done:]) if each != ""]

    def _use(self, known: Known, where: str) -> Known:
        places = self._places.setdefault(known, {})
        if len(places) < SHOWN_PLACES:
            places[where] = None
        return known


def _goes_on(text: str, end: int) -> bool:
    """Whether a word goes on across this offset."""
    return text[end - 1 : end].isalnum() and text[end : end + 1].isalnum()


def _is_alone(text: str, start: int, end: int) -> bool:
    """Whether a part is all that stands between slashes or commas."""
    return text[max(start - 1, 0) : start] in ("", "/", ",") and text[end : end + 1] in (
        "",
        "/",
        ",",
    )

"""What can be written at a place: phrases of steps, names of values, titles. Pure.

It looks at lines, not at the document: what is being written can seldom be read yet.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from enum import Enum
from itertools import count
from typing import Final, NamedTuple

from harness.bdd.catalogue import Entry
from harness.bdd.phrases import TOKEN
from harness.core.definitions import Definition, Takes
from harness.core.lines import BLANKS, FENCE, KEYWORDS, STEP


class Kind(Enum):
    """What an offer is."""

    KEYWORD = "a keyword"
    STEP = "a step"
    VALUE = "a value"
    TITLE = "the title of a feature"


class Offer(NamedTuple):
    """Something to write in place of what stands from column `start` to `end` of the line.

    `snippet` has the tab stops of the protocol's snippets, `plain` is the same without them.
    """

    kind: Kind
    label: str
    start: int
    end: int
    plain: str
    snippet: str = ""
    detail: str = ""
    about: str = ""


class Known(NamedTuple):
    """What there is to offer: step definitions; values by name, and the properties of the
    variant, each with where it comes from; titles of other features."""

    definitions: Sequence[tuple[Entry, Definition]] = ()
    values: Mapping[str, str] = {}
    variant: Mapping[str, str] = {}
    titles: Sequence[str] = ()


_VARIANT: Final = re.compile(r"(?:<variant\.|\{[^}]*\bvariant\.)(\w*)$")
_PLACEHOLDER: Final = re.compile(r"\$(?:number)?\{(?:[^}]*[^}\w.$])?(\w*)$")
_ITEM: Final = re.compile(r"\s*-\s+(.*)|needs:\s*(?:\[(?:.*,)?\s*)?(.*)")
_SPAN: Final = re.compile(r"(?<!`)`([^`]+)`(?!`)")
_OPTIONAL: Final = re.compile(r"\[[^\[\]]*\]")
_WORDS: Final = re.compile(r"\[[^\[\]{]*\]")
"""An optional part without a parameter."""
_BRACKET: Final = re.compile(r"[\[\]]")
_BELOW: Final = {
    Takes.BLOCK: ("```\n", "\n```"),
    Takes.JSON: ("```json\n", "\n```"),
    Takes.EXPECTED: ("```json\n", "\n```"),
    Takes.REQUEST: ("```http\n", "\n```"),
    Takes.RESPONSE: ("```http\n", "\n```"),
    Takes.TABLE: ("| ", " |\n| --- |\n"),
}


def offers(lines: Sequence[str], line: int, column: int, known: Known) -> list[Offer]:
    """What can be written at a place, the best first."""
    before = lines[line - 1][: column - 1]
    if _in_front_matter(lines, line):
        return list(_titles(lines, line, column, known.titles))
    for pattern, values in ((_VARIANT, known.variant), (_PLACEHOLDER, known.values)):
        if found := pattern.search(before):
            return list(_values(found, lines[line - 1][column - 1 :], values))
    if _in_code(lines, line):
        return []
    if begin := STEP.match(before.lstrip(BLANKS)):
        start = len(before) - len(before.lstrip(BLANKS)) + begin.end() + 1
        return _steps(lines, line, start, known.definitions)
    if not before.strip(BLANKS) or before.isalpha():
        return [
            Offer(Kind.KEYWORD, word, 1, column, f"{word} ")
            for word in KEYWORDS
            if word.lower().startswith(before.strip(BLANKS).lower())
        ]
    return []


def _in_front_matter(lines: Sequence[str], line: int) -> bool:
    return lines[0].rstrip(BLANKS) == "---" and not any(
        each.rstrip(BLANKS) == "---" for each in lines[1:line]
    )


def _in_code(lines: Sequence[str], line: int) -> bool:
    fence = ""
    for each in lines[: line - 1]:
        found = FENCE.fullmatch(each.strip(BLANKS))
        if not fence and found:
            fence = found[1] or found[3]
        elif fence and fence in each and not each.strip(BLANKS).strip(fence[0]):
            fence = ""
    return bool(fence)


def _titles(lines: Sequence[str], line: int, column: int, titles: Sequence[str]) -> Iterator[Offer]:
    """Titles in `needs`; each quoted if YAML would take it for something else."""
    before = lines[line - 1][: column - 1]
    key = next((each for each in reversed(lines[:line]) if re.match(r"\w", each)), "")
    found = _ITEM.fullmatch(before)
    if found is None or not key.startswith("needs:"):
        return
    typed = found[1] if found[1] is not None else found[2]
    for title in titles:
        quoted = (
            title
            if re.fullmatch(r"[^\W\d_][\w ()/.-]*", title)
            else json.dumps(title, ensure_ascii=False)
        )
        yield Offer(Kind.TITLE, title, column - len(typed), column, quoted)


def _values(found: re.Match[str], after: str, values: Mapping[str, str]) -> Iterator[Offer]:
    start, end = found.start(1) + 1, found.end(1) + 1
    end += len(re.match(r"\w*", after)[0])  # type: ignore[index]  # it always matches
    opened = found[0][0]
    close = ">" if opened == "<" else "}"
    closing = "" if after.lstrip("0123456789_").startswith(close) else close
    for name, source in values.items():
        yield Offer(Kind.VALUE, name, start, end, name + closing, detail=source)


def _steps(
    lines: Sequence[str], line: int, start: int, definitions: Sequence[tuple[Entry, Definition]]
) -> list[Offer]:
    """The phrases that what is typed may become; what is typed in backticks is kept."""
    typed = lines[line - 1][start - 1 :]
    has_more = any(each.strip(BLANKS) for each in lines[line : line + 2])
    ranked = []
    for entry, definition in definitions:
        rank = _rank(typed, entry.phrase)
        if rank is None:
            continue
        below = _BELOW.get(definition.takes) if definition.takes and not has_more else None
        for snippet, plain in _shapes(entry.phrase, _SPAN.findall(typed), below):
            offer = Offer(
                Kind.STEP,
                plain.split("\n")[0],
                start,
                start + len(typed),
                plain,
                snippet,
                entry.group,
                f"{entry.title}\n\n{entry.about}",
            )
            ranked.append((rank, offer))
    return [offer for _, offer in sorted(ranked, key=lambda each: each[0])]


def _rank(typed: str, phrase: str) -> int | None:
    """0 if the phrase begins with the words that are typed, 1 if it has them in their order."""
    words = re.findall(r"\w+", re.sub(r"`[^`]*`?", " ", typed).lower())
    theirs = re.findall(r"\w+|\*", TOKEN.sub(_gap, phrase).lower())
    at = 0
    is_start = True
    for number, word in enumerate(words):
        is_last = number == len(words) - 1 and typed[-1:].isalnum()
        for index in range(at, len(theirs)):
            is_free = theirs[index] == "*" and index == at > 0  # all before it is typed
            if is_free or theirs[index] == word or (is_last and theirs[index].startswith(word)):
                is_start &= index <= number
                at = index if is_free else index + 1
                break
        else:
            return None
    return 0 if is_start else 1


def _gap(token: re.Match[str]) -> str:
    """What stands for a parameter or a bracket: any words, a code span, or nothing."""
    if token["bracket"]:
        return " "
    return " " if token["tick"] or token["kind"] else " * "


def _shapes(
    phrase: str, given: Sequence[str], below: tuple[str, str] | None
) -> Iterator[tuple[str, str]]:
    """Snippet and plain text of a phrase, without its optional parts; then with those that have
    parameters."""
    bare = _without(phrase, _OPTIONAL)
    for text in dict.fromkeys((bare, _without(_without(phrase, _WORDS), _BRACKET))):
        yield (
            _filled(text, given, below, is_snippet=True),
            _filled(text, given, below, is_snippet=False),
        )


def _without(phrase: str, what: re.Pattern[str]) -> str:
    """The phrase without something, from the inside out."""
    while (shorter := what.sub("", phrase)) != phrase:
        phrase = shorter
    return phrase


def _filled(
    phrase: str, given: Sequence[str], below: tuple[str, str] | None, *, is_snippet: bool
) -> str:
    parts, end = [], 0
    numbers = count(1)
    spans = iter(given)
    for token in TOKEN.finditer(phrase):
        parts.append(
            _escaped(phrase[end : token.start()]) if is_snippet else phrase[end : token.start()]
        )
        value = next(spans, token["name"]) if token["tick"] else token["name"]
        shown = f"${{{next(numbers)}:{_escaped(value)}}}" if is_snippet else value
        parts.append(f"{token['tick']}{shown}{token['tick']}")
        end = token.end()
    parts.append(_escaped(phrase[end:]) if is_snippet else phrase[end:])
    if below:
        parts.append(f"\n\n{below[0]}{'$0' if is_snippet else ''}{below[1]}")
    return "".join(parts)


def _escaped(text: str) -> str:
    return re.sub(r"[\\$}]", r"\\\g<0>", text)

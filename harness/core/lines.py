"""What a line of a scenario file can be: the questions that `blocks` and `tables` ask of it.

White space is CommonMark's, spaces and tabs; str.strip() alone would take others too. Pure;
imports the errors.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NoReturn

from harness.errors import Fix, Place, ScenarioFileError

BLANKS: Final = " \t"
KEYWORDS: Final = ("Given", "When", "Then", "And", "But", "Soon")
STEP: Final = re.compile(rf"({'|'.join(KEYWORDS)})(?:[ \t]+|$)")
"""The beginning of a step; group 1 is the keyword, and the text begins at the end."""
FENCE: Final = re.compile(r"(`{3,})([^`]*)|(~{3,})(.*)")
"""An opening fence with its info string: groups 1 and 2, or 3 and 4."""

APART: Final = "leave a blank line between them"

_LIST: Final = re.compile(r"(?:[-+*]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_HTML: Final = re.compile(r"<(?:[/?!]|[A-Za-z][A-Za-z0-9-]*(?:[ \t/>]|$))")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def fail(
    what: str, file: str, line: int, column: int, hint: str = "", fix: Fix | None = None
) -> NoReturn:
    """Raise the error for a place."""
    raise ScenarioFileError(what, Place(file, line, column), hint, fix)


def blank_above(line: int) -> Fix:
    """The fix that puts a blank line above a line."""
    return Fix(line, 1, 0, "\n")


def without_controls(text: str) -> str:
    """The text without what `check_text` raises for."""
    return _CONTROL.sub("", text)


def column_of(line: str) -> int:
    """The column of the first character that is not blank."""
    return len(line) - len(line.lstrip(BLANKS)) + 1


def is_indented(line: str) -> bool:
    """Whether a line is indented by four columns or more; a tab goes to the fourth."""
    if line[:1] not in BLANKS:
        return False
    margin = line[: column_of(line) - 1]
    return len(margin) > 3 or "\t" in margin


def check_text(text: str, file: str, line: int, column: int) -> None:
    """Raise for control characters in text that a person reads."""
    # Asking for printable first takes a tenth of the time.
    if not text.isprintable() and (found := _CONTROL.search(text)):
        fail(
            f"a control character (U+{ord(found[0]):04X})",
            file,
            line,
            column + found.start(),
            "remove it",
        )


def kind_of(text: str) -> str:
    """The block that a line with this text (stripped) begins wherever it stands, or "".

    Those are the blocks that may follow a paragraph without a blank line.
    """
    match text[0]:
        case "#":
            after = text.lstrip("#")
            if len(text) - len(after) <= 6 and (not after or after[0] in BLANKS):
                return "heading"
        case "`" | "~":
            if text.startswith(("```", "~~~")) and FENCE.fullmatch(text):
                return "fence"
        case ">":
            return "quote"
        case "<":
            if text.startswith("<!--"):
                return "comment"
    return ""


def foreign(text: str) -> str:
    """What else of Markdown a line with this text (stripped) begins, or would to a reader."""
    first = text[0]
    if first in "-*_":
        bare = text.replace(" ", "").replace("\t", "")
        if len(bare) >= 3 and not bare.strip(first):
            return "a thematic break"
    if first in "-+*0123456789" and _LIST.match(text):
        return "a list"
    if first == "<" and _HTML.match(text):
        return "HTML"
    return ""


def is_table(lines: Sequence[str], number: int) -> bool:
    """Whether a line and the one below it look like the first two rows of a table."""
    if "|" not in lines[number] or number + 1 == len(lines):
        return False
    below = lines[number + 1].strip(BLANKS)
    return "|" in below and "-" in below and not below.strip("|:- \t")


def ends_paragraph(lines: Sequence[str], number: int, file: str, of_what: str) -> bool:
    """Whether the paragraph above this line ends there; false if the line belongs to it.

    `of_what` is what the paragraph is, for errors. Raises for what CommonMark would join to the
    paragraph, or take for something else, against its author's will.
    """
    line = lines[number]
    text = line.strip(BLANKS)
    if not text:
        return True
    kind = kind_of(text) or ("table" if is_table(lines, number) else "")
    column = column_of(line)
    if kind:
        if is_indented(line):
            fail(
                f"a {kind} indented by four columns or more would be joined to {of_what}",
                file,
                number + 1,
                column,
                "indent it by at most three spaces",
            )
        return True
    if found := STEP.match(text):
        what = f'"{found[1]}" directly below {of_what}'
        fail(what, file, number + 1, column, APART, blank_above(number + 1))
    if not text.strip("=") or not text.strip("-"):
        fail(
            f"a line of `{text[0]}` directly below {of_what} would make a heading of it",
            file,
            number + 1,
            column,
            "remove it; headings begin with `#`",
        )
    if what := foreign(text):
        fail(
            f"{what} directly below {of_what}",
            file,
            number + 1,
            column,
            "leave it out, or put it into a quote",
        )
    if text[0] == "|" or not text.strip("|:- \t"):
        fail(
            f"a row of a table directly below {of_what}",
            file,
            number + 1,
            column,
            "a table is a first row, a delimiter row like `| --- |`, and its rows",
        )
    return False

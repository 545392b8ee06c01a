"""The text of a scenario file -> its Document, or every error in it.

`scanner` says which blocks there are, `structure` what they mean together. Pure.
"""

from __future__ import annotations

import codecs
from typing import NamedTuple

from harness.core.cursor import Cursor
from harness.core.document import Document, FrontMatter
from harness.core.lines import BLANKS, fail
from harness.core.recovery import Problems, scan_all
from harness.core.scanner import scan
from harness.core.structure import feature
from harness.errors import FrontMatterError, Place, ScenarioFileError


def decode(data: bytes, file: str) -> str:
    """The text of a file in UTF-8, without a byte order mark.

    Raises ScenarioFileError at the first byte that is no UTF-8.
    """
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = _with_line_feeds(data[: error.start].decode())
        fail(
            f"the byte 0x{data[error.start]:02X} is no UTF-8",
            file,
            before.count("\n") + 1,
            len(before) - before.rfind("\n"),
            "save the file as UTF-8",
        )


def parse(source: str, file: str) -> Document:
    """Read a scenario file; `file` is its name in errors.

    Raises ScenarioFileError at the first problem.
    """
    document = _parse(source, file, None)
    assert document is not None  # or it would have raised
    return document


class Reading(NamedTuple):
    """What a file says as far as it can be read, and every error in it, by its place.

    There is no document without a feature.
    """

    document: Document | None
    errors: list[ScenarioFileError]


def read(source: str, file: str) -> Reading:
    """Read a scenario file to its end, whatever is wrong with it."""
    problems = Problems()
    try:
        document = _parse(source, file, problems)
    except ScenarioFileError as error:
        return Reading(None, [error])
    return Reading(document, problems.sorted())


def _parse(source: str, file: str, problems: Problems | None) -> Document | None:
    source = _with_line_feeds(source)
    if (nul := source.find("\0")) >= 0:
        before = source[:nul]
        column = nul - before.rfind("\n")
        hint = "is this a text file?"
        fail("a control character (U+0000)", file, before.count("\n") + 1, column, hint)
    lines = source.split("\n")
    front_matter, start = _front_matter(lines, file, problems)
    blocks = (
        scan(lines, start, file) if problems is None else scan_all(lines, start, file, problems)
    )
    return feature(Cursor(blocks, file, problems), front_matter)


def _with_line_feeds(text: str) -> str:
    """CommonMark ends a line at LF, CRLF and CR, and nowhere else (as str.splitlines would)."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _front_matter(
    lines: list[str], file: str, problems: Problems | None
) -> tuple[FrontMatter, int]:
    """The front matter, and the number of the line below it."""
    if lines[0].rstrip(BLANKS) != "---":
        return FrontMatter(), 0
    # Imported late: a file without front matter needs no YAML parser.
    from harness.core import front_matter

    end = next((n for n in range(1, len(lines)) if lines[n].rstrip(BLANKS) == "---"), None)
    if end is None:
        what, hint = "front matter that is never closed", "close it with a line of `---`"
        raise FrontMatterError(what, Place(file, 1), hint)
    return front_matter.parse("\n".join(lines[1:end]), file, 2, problems), end + 1

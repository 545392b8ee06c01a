"""Proposals put into the bytes of a scenario file, and the difference that a person is shown. Pure.

May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff

from harness.core.fixes import applied
from harness.core.markdown import decode, parse
from harness.core.showing import visible
from harness.errors import Fix, Place, ScenarioFileError


def approved(data: bytes, file: str, fixes: Iterable[Fix]) -> bytes:
    """The file with the fixes; all other bytes stay as they are.

    Raises ScenarioFileError if they do not fit it, or if it was no scenario file with them.
    """
    text = decode(data, file)
    mark = data[: len(data) - len(text.encode())]
    try:
        new = applied(text, fixes)
        better = mark + new.encode()
    except ValueError as error:  # UnicodeEncodeError is one
        raise ScenarioFileError(f"the proposals do not fit it: {error}", Place(file, 1)) from None
    parse(new, file)
    return better


def difference(before: bytes, after: bytes, file: str) -> Iterator[str]:
    """The lines of a unified diff, fit for a terminal."""
    one, other = (_lines(data.decode().removesuffix("\n")) for data in (before, after))
    for line in unified_diff(one, other, f"a/{file}", f"b/{file}", lineterm=""):
        yield "\t".join(map(visible, line.split("\t")))


def changed_step(data: bytes, place: Place, fixes: Iterable[Fix]) -> str:
    """The Markdown of the step at a place, with the fixes; raises ScenarioFileError."""
    text = decode(approved(data, place.file, fixes), place.file)
    lines = _lines(text)
    steps = parse(text, place.file).steps()
    block = next((each.code_block for each in steps if each.line == place.line), None)
    if block is not None:
        end = block.line + block.code.count("\n") + 2
    else:
        end = next(n for n in range(place.line, len(lines) + 1) if not lines[n - 1].strip())
    return "\n".join(lines[place.line - 1 : end]).rstrip()


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")

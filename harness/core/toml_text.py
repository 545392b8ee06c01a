"""TOML with places: what is wrong where, and where each key stands.

The standard parser keeps no positions. Pure. May import only the errors.
"""

from __future__ import annotations

import re
import tomllib

from harness.errors import Place, SettingsError

Path = tuple[str | int, ...]
"""Keys from the top, and the index (from 0) in an array of tables."""

# The line that ends a value of several lines ends like this; trying only there keeps a long list
# from taking time in proportion to its square.
_MAY_END = re.compile(r"(?:[\]}]|\"\"\"|''')\s*(?:#.*)?$")


def read_toml(text: str, file: str) -> dict[str, object]:
    """The data of a TOML document. Raises SettingsError with the place of what is no TOML."""
    try:
        return tomllib.loads(text)
    except ValueError as error:
        # The parser tells the place in its text only; "at end of document" tells none.
        found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|.*)\)", str(error), re.DOTALL)
        what, line, column = found.groups() if found else (str(error), None, None)
        last = text.rstrip().count("\n") + 1
        place = Place(file, int(line or last), int(column or 1))
        raise SettingsError(f"this is not TOML: {what[0].lower()}{what[1:]}", place) from None


def key_lines(text: str) -> dict[Path, int]:
    """The line (from 1) on which each table and each key of a valid TOML document begins.

    A document is a row of statements. The shortest run of lines that the parser accepts by itself
    is one: only a value that goes on over the line end is refused before it is complete.
    """
    lines: dict[Path, int] = {}
    indexes: dict[Path, int] = {}
    table: Path = ()
    statement: list[str] = []
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        statement.append(line)
        if len(statement) > 1 and not _MAY_END.search(line):
            continue
        try:
            data = tomllib.loads("\n".join(statement))
        except tomllib.TOMLDecodeError:
            continue
        first = number - len(statement) + 1
        statement.clear()
        if line.lstrip().startswith("[") and first == number:
            table = _header(data, indexes)
            for length in range(1, len(table) + 1):
                lines.setdefault(table[:length], first)
        else:
            _note(lines, table, data, first)
    return lines


def _header(data: object, indexes: dict[Path, int]) -> Path:
    """The table that a header opens: `data` is what the header alone means."""
    path: Path = ()
    while data:
        if isinstance(data, list):
            indexes[path] = indexes.get(path, -1) + 1
            return (*path, indexes[path])
        assert isinstance(data, dict)
        ((key, data),) = data.items()
        path = (*path, key)
        # Below an array of tables a header means its last element.
        if path in indexes and isinstance(data, dict):
            path = (*path, indexes[path])
    return path


def _note(lines: dict[Path, int], path: Path, data: object, line: int) -> None:
    if path:
        lines.setdefault(path, line)
    if isinstance(data, dict):
        for key, value in data.items():
            _note(lines, (*path, key), value, line)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            _note(lines, (*path, index), value, line)

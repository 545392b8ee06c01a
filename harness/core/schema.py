"""Settings as frozen dataclasses that carry their own rules: kind, default, doc and example.

A field annotated with a `Setting` is a key; what a dataclass holds is a table. From these come both
the checks (`read_table`) and the table in the docs (`keys`). Pure: the text of a file and the lines
in it are another's matter. May import nothing of the project.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar, get_type_hints

from harness.core.nearest import did_you_mean

T = TypeVar("T")
KeyPath = tuple[str | int, ...]
"""Keys from the top, and the index (from 0) in an array."""


class SchemaError(Exception):
    """A key is wrong: its path from the top, what is wrong with it, and what to do."""

    def __init__(self, path: KeyPath, what: str, hint: str = "") -> None:
        super().__init__(path, what, hint)
        self.path = path
        self.what = what
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Kind(Generic[T]):
    """What a value must be. `read` gives it its type, or raises SchemaError.

    `tables` is, for a table or several of them, the dataclass that each is read into, and
    `suffix` what stands after the key in its name: `.NAME` or `[]`.
    """

    name: str
    read: Callable[[object, KeyPath], T]
    tables: type | None = None
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as the docs show it; `default` and `example` are TOML."""

    name: str
    kind: str
    default: str
    doc: str
    example: str


@dataclass(frozen=True, slots=True)
class Setting:
    """Makes a field a key, as in `scale: Annotated[float, Setting(FACTOR, "…", "…")] = 1.0`.

    A field without a default must be given. `doc` says what it is for, `example` is TOML.
    """

    kind: Kind[Any]
    doc: str = ""
    example: str = ""


def _simple(name: str, holds: Callable[[Any], bool], make: Callable[[Any], T]) -> Kind[T]:
    def read(value: object, path: KeyPath) -> T:
        if not holds(value):
            raise SchemaError(path, f"{dotted(path)} is {_described(value)}", f"it must be {name}")
        return make(value)

    return Kind(name, read)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != "" and "\0" not in value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


TEXT = _simple("a text", _is_text, str)
FLAG = _simple("true or false", lambda value: isinstance(value, bool), bool)
PATH = _simple("a path", _is_text, Path)
SECONDS = _simple(
    "a number of seconds, above 0 and below 1e9",
    lambda value: _is_number(value) and 0 < value < 1e9,
    float,
)
FACTOR = _simple(
    "a number, at least 0 and below 1e9",
    lambda value: _is_number(value) and 0 <= value < 1e9,
    float,
)
NUMBER = _simple(
    "a whole number, at least 0 and below 1e9",
    lambda value: isinstance(value, int) and _is_number(value) and 0 <= value < 1e9,
    int,
)
TEXTS = _simple(
    "a list of texts", lambda value: isinstance(value, list) and all(map(_is_text, value)), tuple
)
PATHS = _simple(
    "a path, or a list of paths",
    lambda value: _is_text(value) or (isinstance(value, list) and all(map(_is_text, value))),
    lambda value: tuple(map(Path, [value] if isinstance(value, str) else value)),
)
TEXT_MAP = _simple(
    "a table of texts",
    lambda value: isinstance(value, dict) and all(v == "" or _is_text(v) for v in value.values()),
    dict,
)


def choice(*options: str) -> Kind[str]:
    """One of some words."""
    name = " or ".join(f'"{option}"' for option in options)
    return _simple(name, lambda value: value in options, str)


def either(first: Kind[T], second: Kind[T]) -> Kind[T]:
    """What is of one kind or of the other."""
    name = f"{first.name}, or {second.name}"

    def read(value: object, path: KeyPath) -> T:
        for kind in (first, second):
            try:
                return kind.read(value, path)
            except SchemaError:
                pass
        raise SchemaError(path, f"{dotted(path)} is {_described(value)}", f"it must be {name}")

    return Kind(name, read)


def starting(kind: str, *starts: str) -> Kind[str]:
    """A text that begins in one of some ways."""
    name = f"{kind} that begins with {' or '.join(starts)}"
    return _simple(name, lambda value: _is_text(value) and value.startswith(starts), str)


def _read_json(value: object, path: KeyPath) -> object:
    match value:
        case dict():
            return {key: _read_json(each, (*path, key)) for key, each in value.items()}
        case list():
            return [_read_json(each, (*path, index)) for index, each in enumerate(value)]
        case None | str() | bool() | int():
            return value
        case float() if math.isfinite(value):
            return value
    raise SchemaError(
        path, f"{dotted(path)} is {_described(value)}, which JSON lacks", "write it in quotes"
    )


def _read_json_table(value: object, path: KeyPath) -> Mapping[str, object]:
    return {name: _read_json(each, (*path, name)) for name, each in _table(value, path).items()}


JSON_TABLE = Kind("any value that JSON has", _read_json_table, suffix=".NAME")


def table(of: type[T]) -> Kind[T]:
    """A table."""
    return Kind("a table", lambda value, path: read_table(of, value, path), of)


def tables_by_name(of: type[T]) -> Kind[Mapping[str, T]]:
    """Tables whose names the user chooses."""

    def read(value: object, path: KeyPath) -> Mapping[str, T]:
        return {
            name: read_table(of, each, (*path, name)) for name, each in _table(value, path).items()
        }

    return Kind("tables", read, of, ".NAME")


def list_of_tables(of: type[T]) -> Kind[tuple[T, ...]]:
    """An array of tables."""

    def read(value: object, path: KeyPath) -> tuple[T, ...]:
        if not isinstance(value, list):
            _not_a_table(value, path, f"[[{dotted(path)}]]")
        return tuple(read_table(of, each, (*path, index)) for index, each in enumerate(value))

    return Kind("list of tables", read, of, "[]")


def read_table(of: type[T], data: object, path: KeyPath = ()) -> T:
    """The values of a table, checked, as its dataclass. Raises SchemaError at the first wrong key.

    An unknown key's error has no hint; `suggest` finds the known one that was meant.
    """
    data = _table(data, path)
    settings = _settings(of)
    for name in data:
        if name not in settings:
            raise SchemaError((*path, name), f'there is no key "{dotted((*path, name))}"')
    for name, (each, _) in settings.items():
        if name not in data and each.default is each.default_factory is MISSING:
            raise SchemaError(path, f'{dotted(path)} lacks the key "{name}"', "add it")
    return of(
        **{name: settings[name][1].kind.read(value, (*path, name)) for name, value in data.items()}
    )


def keys(of: type, prefix: str = "") -> Iterator[Key]:
    """Every key below a dataclass, in the order of its fields."""
    for name, (each, setting) in _settings(of).items():
        name = f"{prefix}{name}{setting.kind.suffix}"
        if setting.kind.tables:
            yield from keys(setting.kind.tables, f"{name}.")
        else:
            yield Key(name, setting.kind.name, _default(each), setting.doc, setting.example)


def suggest(of: type, name: str) -> str:
    """The known key that is nearest to an unknown one, as a question; empty if none is near."""
    known = [key.name for key in keys(of)]
    known += sorted({whole.rpartition(".")[0] for whole in known})
    last = name.rpartition(".")[2]
    elsewhere = [key for key in known if key.rpartition(".")[2] == last]
    return f'did you mean "{elsewhere[0]}"?' if elsewhere else did_you_mean(name, known)


def dotted(path: KeyPath) -> str:
    """A path as TOML names it; an index in brackets, from 0."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _settings(of: type) -> dict[str, tuple[dataclasses.Field[Any], Setting]]:
    """The fields of a dataclass that are keys, by name."""
    hints = get_type_hints(of, include_extras=True)
    return {
        each.name: (each, setting)
        for each in dataclasses.fields(of)
        for setting in getattr(hints[each.name], "__metadata__", ())
        if isinstance(setting, Setting)
    }


def _default(of: dataclasses.Field[Any]) -> str:
    default = of.default if of.default_factory is MISSING else of.default_factory()
    match default:
        case bool():
            return "true" if default else "false"
        case int() | float():
            return f"{default:g}"
        case str() | Path():
            return f'"{default}"'
        case tuple():
            return "[]" if not default else str(list(default))
        case dict():
            return "{}"
    return ""


def _table(value: object, path: KeyPath) -> dict[str, object]:
    if not isinstance(value, dict):
        _not_a_table(value, path, f"[{dotted(path)}]")
    return value


def _not_a_table(value: object, path: KeyPath, header: str) -> NoReturn:
    raise SchemaError(path, f"{dotted(path)} is {_described(value)}", f"write {header} for a table")


def _described(value: object) -> str:
    """The type of a value, not the value: it may be a secret."""
    match value:
        case "":
            return "an empty text"
        case str():
            return "a text"
        case bool():
            return "true" if value else "false"
        case int() if abs(value) >= 1e15:
            return "a huge number"
        case int() | float():
            return f"the number {value}"
        case dict():
            return "a table"
        case list():
            return "a list"
    return "a date or a time"

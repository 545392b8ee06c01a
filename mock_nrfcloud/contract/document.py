"""OpenAPI documents as files: reading them within bounds, and saying where they are wrong.

References may only lead within a document. Reads one file; never the network.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

import regex

from harness.core.json_places import position
from harness.core.nearest import did_you_mean
from harness.core.yaml_nodes import Bounds, Node, Problem, compose
from harness.errors import BddError, Place
from mock_nrfcloud.values import ROOT_HOST

Parts = tuple[str | int, ...]
"""The way to a value: names of members, and indices (from 0) of items."""

MAX_FILE: Final = 4 * 1024 * 1024
"""The largest file, in bytes."""
MAX_DEPTH: Final = 100
"""The most levels in a document."""

_YAML: Final = Bounds("document", MAX_FILE, 300_000, MAX_DEPTH)
_SUFFIXES: Final = (".yaml", ".yml")
_ELSEWHERE: Final = ("$id", "$dynamicRef", "$recursiveRef", "jsonSchemaDialect", "$schema")
"""Members that can lead out of a document, or make another language of it."""

_REPEAT: Final = r"([*+]|\{\d*,\d*\})"
_RISKY: Final = regex.compile(rf"\){_REPEAT}|{_REPEAT}.*{_REPEAT}", regex.DOTALL)
"""The library tries patterns of names without a limit of time."""


@dataclass(frozen=True, slots=True)
class Document:
    """An OpenAPI document. It speaks of these hosts, whose paths begin with one of `bases`."""

    name: str
    version: str
    content: dict[str, Any]
    hosts: frozenset[str]
    bases: tuple[str, ...]
    place: Callable[[Parts], Place]


def read_document(path: Path) -> Document:
    """Raises BddError with the place of what is wrong."""
    content, place = _read(path)
    if not isinstance(content, dict) or not isinstance(content.get("openapi"), str):
        raise BddError(
            "this is no OpenAPI document", place(()), 'it begins with "openapi": "3.1.0"'
        )
    version: str = content["openapi"]
    if not version.startswith(("3.0.", "3.1.")):
        what = f"OpenAPI {version[:20]} is not known here"
        raise BddError(what, place(("openapi",)), "take a document of version 3.0 or 3.1")
    for parts, name, value in _members(content):
        if wrong := _wrong(content, name, value):
            raise BddError(wrong[0], place((*parts, name)), wrong[1])
    for template in _templates(content):
        if any(segment.count("{") > 2 for segment in template.split("/")):
            what = "a segment of the path has more than two parameters"
            raise BddError(what, place(("paths", template)), "matching it could take for ever")
        if template.count("{") != template.count("}"):
            raise BddError("a brace of the path is left open", place(("paths", template)))
    servers = [_server(each) for each in _servers(content)]
    hosts = frozenset(host for host, _ in servers) or {ROOT_HOST}
    bases = tuple(dict.fromkeys(base for _, base in servers)) or ("",)
    return Document(path.name, version[:3], content, frozenset(hosts), bases, place)


def _read(path: Path) -> tuple[object, Callable[[Parts], Place]]:
    """The value in a file, and where the parts of it stand."""
    start = Place(str(path), 1)
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise BddError(f"cannot be read: {error.strerror}", start) from None
    if len(data) > MAX_FILE:
        raise BddError(f"it is larger than {MAX_FILE:,} bytes", start)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(str(path), data.count(b"\n", 0, error.start) + 1)
        raise BddError("it is not UTF-8", place, "save as UTF-8") from None
    return (_yaml if path.suffix.lower() in _SUFFIXES else _json)(text, str(path))


def _json(text: str, file: str) -> tuple[object, Callable[[Parts], Place]]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        place = Place(file, error.lineno, error.colno)
        raise BddError(f"this is not JSON: {error.msg}", place, "YAML is in *.yaml") from None
    except RecursionError:
        raise BddError("it is nested too deeply", Place(file, 1)) from None
    except ValueError as error:  # Python's bound of the digits of a number
        raise BddError(f"this is not JSON: {error}", Place(file, 1)) from None
    return content, lambda parts: Place(file, *position(text, parts))


def _yaml(text: str, file: str) -> tuple[object, Callable[[Parts], Place]]:
    try:
        root = compose(text, _YAML)
    except Problem as problem:
        place = Place(file, problem.mark.line + 1, problem.mark.column + 1)
        raise BddError(problem.what, place, problem.hint) from None
    if root is None:
        return None, lambda _: Place(file, 1)
    return root.value, lambda parts: _place(root, parts, file)


def _place(node: Node, parts: Parts, file: str) -> Place:
    """Where a value begins; if there is none: the nearest that holds it."""
    for part in parts:
        try:
            node = node.items[part]  # type: ignore[index]
        except (TypeError, LookupError):
            break
    return Place(file, node.mark.line + 1, node.mark.column + 1)


def _members(value: object, parts: Parts = ()) -> Iterator[tuple[Parts, str, object]]:
    """Every member of every object: where that is, the member's name and value."""
    waiting: list[tuple[Parts, object]] = [(parts, value)]
    seen: set[int] = set()  # aliases of YAML are one object
    while waiting:
        parts, value = waiting.pop()
        if not isinstance(value, dict | list) or id(value) in seen:
            continue
        seen.add(id(value))
        if len(parts) > MAX_DEPTH:
            yield parts, "", value
            return
        items = enumerate(value) if isinstance(value, list) else value.items()
        for name, each in items:
            if isinstance(name, str):
                yield parts, name, each
            waiting.append(((*parts, name), each))


def _wrong(content: dict[str, Any], name: str, value: object) -> tuple[str, str] | None:
    """What is wrong with a member, and what to do, if it is."""
    if name == "" and isinstance(value, dict | list):
        return f"it has more than {MAX_DEPTH} levels", ""
    if name == "patternProperties" and isinstance(value, dict):
        for each in value:
            if _RISKY.search(each):
                hint = "write it without a repeated group and with one repetition at most"
                return f"the pattern {each[:50]!r} could take for ever", hint
    if not isinstance(value, str):
        return None  # a property that has this name, say
    if name == "$ref":
        return _wrong_reference(content, value)
    if name in _ELSEWHERE:
        return f"{name} is not known here", "leave it out"
    if name == "pattern":
        try:
            regex.compile(value)
        except (regex.error, RecursionError, OverflowError) as error:
            return f"{value[:50]!r} is no regular expression: {error}", ""
    return None


def _wrong_reference(content: dict[str, Any], reference: str) -> tuple[str, str] | None:
    seen = set()
    while reference not in seen:
        seen.add(reference)
        if not reference.startswith("#/"):
            hint = "put what it leads to below `components`"
            return f"{reference[:100]!r} does not lead to a place in this document", hint
        value: Any = content
        for part in unquote(reference[2:]).split("/"):
            part = part.replace("~1", "/").replace("~0", "~")
            known = value if isinstance(value, dict) else {}
            if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
                value = value[int(part)]
            elif part in known:
                value = known[part]
            else:
                return f"{reference[:100]!r} leads nowhere", did_you_mean(part, known)
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return None
        reference = value["$ref"]
    return f"{reference[:100]!r} leads to itself", ""


def _templates(content: dict[str, Any]) -> list[str]:
    paths = content.get("paths")
    return [str(each) for each in paths] if isinstance(paths, dict) else []


def _servers(content: dict[str, Any]) -> list[str]:
    """The URLs of the servers, with the defaults of their variables."""
    found = []
    servers = content.get("servers")
    for server in servers if isinstance(servers, list) else ():
        url = server.get("url") if isinstance(server, dict) else None
        if not isinstance(url, str):
            continue  # the check of the document says so
        variables = server.get("variables")
        for name, each in variables.items() if isinstance(variables, dict) else ():
            url = url.replace(f"{{{name}}}", str(each.get("default", "")))
        found.append(url)
    return found


def _server(url: str) -> tuple[str, str]:
    """Host and base path of a server; a relative URL is one of nRF Cloud."""
    try:
        parts = urlsplit(url)
        return (parts.hostname or ROOT_HOST).lower(), parts.path.rstrip("/")
    except ValueError:
        return ROOT_HOST, ""

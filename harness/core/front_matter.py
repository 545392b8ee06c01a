"""Front matter: YAML 1.2 (core schema) -> FrontMatter, with true positions in every error.

Built on the parser events of PyYAML (its C loader where there is one), not on its constructors:
those follow YAML 1.1, build objects, and recurse without bound. Only JSON values come out of it:
keys are texts as written, tags other than `!!str` are errors, aliases are copied within bounds.

https://yaml.org/spec/1.2.2/#103-core-schema

Pure; may import PyYAML, the syntax tree and the errors.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, NoReturn, cast

import yaml

from harness.core.document import FrontMatter, Need, RetryBudget
from harness.core.nearest import did_you_mean
from harness.errors import Place, ScenarioFileError

MAX_LENGTH: Final = 100_000
MAX_VALUES: Final = 10_000
MAX_DEPTH: Final = 50
MAX_SECONDS: Final = 86_400.0

_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_INTEGER: Final = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT: Final = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_JSON: Final = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_CONSTANTS: Final[Mapping[str, bool | None]] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_STRING_TAGS: Final = ("tag:yaml.org,2002:str", "!")
# YAML 1.1, and so PyYAML, ends a line at these; YAML 1.2 does not.
_OLD_LINE_ENDS: Final = re.compile("[\x85\u2028\u2029]")

_RETRY_KEYS: Final = ("scale", "websocket", "calls", "rest")


class _Node(NamedTuple):
    """A value with its position; `items` are the nodes of a list or map.

    `size` counts the values in it, itself included, and `height` their levels, with aliases
    written out.
    """

    value: object
    place: Place
    items: Mapping[str, _Node] | list[_Node] | None = None
    size: int = 1
    height: int = 1


def parse(text: str, file: str, first_line: int) -> FrontMatter:
    """Read front matter: `text` is what stands between the `---` lines, lines ending in LF.

    `first_line` is the line of the file at which `text` begins. Raises ScenarioFileError for
    invalid YAML, a key of the wrong type, or an unknown value.
    """
    if len(text) > MAX_LENGTH:
        _fail(
            f"the front matter is longer than {MAX_LENGTH:,} characters",
            Place(file, first_line),
            "keep data in code blocks or settings",
        )
    if strange := _OLD_LINE_ENDS.search(text):
        before = text[: strange.start()]
        _fail(
            f"U+{ord(strange[0]):04X} in the front matter",
            Place(file, first_line + before.count("\n"), strange.start() - before.rfind("\n")),
            f'write it as "\\u{ord(strange[0]):04x}" in double quotes',
        )
    root = _Composer(text, file, first_line).root()
    if root is None:
        return FrontMatter()
    if not isinstance(root.items, dict):
        _fail(
            f"the front matter is {_name(root.value)}",
            root.place,
            "write `key: value` lines between the `---` lines",
        )
    keys: Mapping[str, _Node] = root.items
    return FrontMatter(
        needs=tuple(
            Need(title, node.place.line, node.place.column)
            for title, node in _strings(keys, "needs", "feature titles", "- Title of the feature")
        ),
        run=_choice(keys, "run", ("only", "never")),
        order=_choice(keys, "order", ("first", "last")),
        variants=_variants(keys),
        example_context=_map(keys, "exampleContext", "values by name"),
        tags=tuple(_tag(tag, node) for tag, node in _strings(keys, "tags", "tags", "- slow")),
        retry=_retry(keys),
        data=cast("Mapping[str, object]", root.value),
    )


def _fail(what: str, place: Place, hint: str = "") -> NoReturn:
    raise ScenarioFileError(what, place, hint)


def _name(value: object) -> str:
    """What a value is, as people call it."""
    match value:
        case None:
            return "empty"
        case bool():
            return f"the boolean {str(value).lower()}"
        case str():
            return "a text"
        case int() | float():
            return "a number"
        case list():
            return "a list"
    return "a map"


# --- What the keys mean ---------------------------------------------------------------------


def _strings(
    keys: Mapping[str, _Node], key: str, of_what: str, example: str
) -> Iterator[tuple[str, _Node]]:
    if key not in keys:
        return
    node = keys[key]
    if not isinstance(node.items, list):
        _fail(
            f"`{key}` is a list of {of_what}, but this is {_name(node.value)}",
            node.place,
            f"write each on a line of its own, `{example}`",
        )
    for item in node.items:
        if not isinstance(item.value, str):
            _fail(
                f"`{key}` is a list of {of_what}, but this entry is {_name(item.value)}",
                item.place,
                "write text, in quotes if it looks like something else",
            )
        yield item.value, item


def _choice(keys: Mapping[str, _Node], key: str, known: tuple[str, str]) -> Any:
    if key not in keys:
        return None
    node = keys[key]
    if node.value not in known:
        shown = f'"{node.value[:50]}"' if isinstance(node.value, str) else _name(node.value)
        _fail(
            f"`{key}` is `{known[0]}` or `{known[1]}`, but this is {shown}",
            node.place,
            did_you_mean(node.value, known) if isinstance(node.value, str) else "",
        )
    return node.value


def _map(keys: Mapping[str, _Node], key: str, of_what: str) -> Mapping[str, object]:
    if key not in keys:
        return {}
    return _entries(keys[key], f"`{key}` is a map of {of_what}")


def _entries(node: _Node, rule: str) -> Mapping[str, object]:
    if not isinstance(node.value, dict):
        _fail(f"{rule}, but this is {_name(node.value)}", node.place, "write `name: value` lines")
    return node.value


def _variants(keys: Mapping[str, _Node]) -> tuple[Mapping[str, object], ...]:
    if "variants" not in keys:
        return ()
    node = keys["variants"]
    if not isinstance(node.items, list) or not node.items:
        shown = "empty" if node.items == [] else _name(node.value)
        _fail(
            f"`variants` is a list of maps, but this is {shown}",
            node.place,
            "write one `- name: value` for each run of the feature",
        )
    return tuple(_entries(item, "each of the `variants` is a map") for item in node.items)


def _tag(tag: str, node: _Node) -> str:
    name = tag.removeprefix("@")
    if not re.fullmatch(r"[^\s@`]+", name):
        _fail(f'"{tag[:50]}" is no tag', node.place, "write one word for each tag")
    return name


def _retry(keys: Mapping[str, _Node]) -> RetryBudget | None:
    if "retry" not in keys:
        return None
    _map(keys, "retry", "budgets in seconds, and `scale`")
    items = cast("Mapping[str, _Node]", keys["retry"].items)
    for name, node in items.items():
        value = node.value
        if name not in _RETRY_KEYS:
            known = ", ".join(f"`{known}`" for known in _RETRY_KEYS)
            hint = did_you_mean(name, _RETRY_KEYS)
            _fail(f'`retry` has {known}, but no "{name[:50]}"', node.place, hint)
        if not isinstance(value, int | float) or isinstance(value, bool):
            _fail(f"`{name}` is a number, but this is {_name(value)}", node.place)
        if not 0 <= value <= MAX_SECONDS:
            _fail(f"`{name}` is a number from 0 to {MAX_SECONDS:,.0f}", node.place)
    budgets: dict[str, Any] = {name: float(cast("float", n.value)) for name, n in items.items()}
    return RetryBudget(**budgets)


# --- YAML events -> nodes -------------------------------------------------------------------


class _Composer:
    """Builds nodes from the parser's events; holds the event stream and the anchors seen."""

    def __init__(self, text: str, file: str, first_line: int) -> None:
        self._file = file
        self._first_line = first_line
        self._text = text
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._anchors: dict[str, _Node] = {}
        self._size = 0

    def root(self) -> _Node | None:
        """The only document, or None if there is none."""
        self._next()  # the start of the stream
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        node = self._node(self._next(), 1)
        self._next()  # the end of the document
        extra = self._next()
        if not isinstance(extra, yaml.StreamEndEvent):
            _fail("a second YAML document in the front matter", self._place(extra.start_mark))
        return node

    def _place(self, mark: Any) -> Place:
        return Place(self._file, self._first_line + mark.line, mark.column + 1)

    def _next(self) -> Any:
        try:
            return next(self._events)
        except yaml.MarkedYAMLError as error:
            what = f"invalid YAML: {error.problem}"
            if error.context:
                what += f" ({error.context})"
            place = Place(self._file, self._first_line)
            if error.problem_mark is not None:
                place = self._place(error.problem_mark)
        except yaml.reader.ReaderError as error:
            before = self._text[: error.position]
            what = f"invalid YAML: U+{error.character:04X}"  # libyaml gives the number
            place = Place(
                self._file,
                self._first_line + before.count("\n"),
                len(before) - before.rfind("\n"),
            )
        _fail(what, place)

    def _node(self, event: Any, depth: int) -> _Node:
        place = self._place(event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            node = self._alias(event, place)
        elif isinstance(event, yaml.ScalarEvent):
            node = _Node(_scalar(event, place), place)
        else:
            if event.tag is not None:
                _no_tags(event.tag, place)
            if depth > MAX_DEPTH:
                self._too_deep(place)
            build = self._list if isinstance(event, yaml.SequenceStartEvent) else self._map
            node = build(place, depth)
        if node.height + depth > MAX_DEPTH + 2:
            self._too_deep(place)
        self._size += node.size if isinstance(event, yaml.AliasEvent) else 1
        if self._size > MAX_VALUES:
            _fail(
                f"more than {MAX_VALUES:,} values in the front matter",
                place,
                "aliases count as what they stand for",
            )
        if event.anchor is not None and not isinstance(event, yaml.AliasEvent):
            self._anchors[event.anchor] = node
        return node

    def _too_deep(self, place: Place) -> NoReturn:
        _fail(f"more than {MAX_DEPTH} levels in the front matter", place)

    def _alias(self, event: Any, place: Place) -> _Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            _fail(
                f"`*{event.anchor}` stands for nothing yet",
                place,
                did_you_mean(event.anchor, self._anchors)
                or f"mark the value with `&{event.anchor}` before it is used",
            )
        return node._replace(place=place)

    def _list(self, place: Place, depth: int) -> _Node:
        items: list[_Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return _collection([node.value for node in items], place, items, items)

    def _map(self, place: Place, depth: int) -> _Node:
        items: dict[str, _Node] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            where = self._place(event.start_mark)
            if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None:
                _fail("a key that is not plain text", where, "write `key: value`")
            if event.value in items:
                _fail(f'the key "{event.value[:50]}" stands here twice', where, "remove one")
            items[event.value] = self._node(self._next(), depth + 1)
        values = {key: node.value for key, node in items.items()}
        return _collection(values, place, items, list(items.values()))


def _collection(
    value: object, place: Place, items: Mapping[str, _Node] | list[_Node], nodes: list[_Node]
) -> _Node:
    size = 1 + sum(node.size for node in nodes)
    height = 1 + max((node.height for node in nodes), default=0)
    return _Node(value, place, items, size, height)


def _no_tags(tag: str, place: Place) -> NoReturn:
    shown = tag.replace("tag:yaml.org,2002:", "!!")[:50]
    _fail(f"the YAML tag `{shown}`", place, "leave it out: values are texts, numbers, lists, maps")


def _scalar(event: Any, place: Place) -> str | int | float | bool | None:
    text: str = event.value
    if event.tag is not None:
        if event.tag not in _STRING_TAGS:
            _no_tags(event.tag, place)
        return text
    if not event.implicit[0]:  # quoted, or a block
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        if len(text) > 1_000:
            _fail("a number of more than 1,000 digits", place, "quote it")
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    number = float(text) if _FLOAT.fullmatch(text) else None
    if _NOT_JSON.fullmatch(text) or (number is not None and math.isinf(number)):
        _fail(f"JSON has no such number: {text[:50]}", place, "quote it")
    return text if number is None else number

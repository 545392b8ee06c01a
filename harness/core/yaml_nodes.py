"""YAML 1.2 (core schema) -> nodes: values with their positions, within bounds.

Built on the parser events of PyYAML (its C loader where there is one), not on its constructors:
those follow YAML 1.1, build objects, and recurse without bound. Only JSON values come out of it:
keys are texts as written, tags other than `!!str` are errors, aliases are copied within bounds.

https://yaml.org/spec/1.2.2/#103-core-schema

Pure; imports PyYAML.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final, NamedTuple, NoReturn

import yaml

from harness.core.nearest import did_you_mean

MAX_LENGTH: Final = 100_000
MAX_VALUES: Final = 10_000
MAX_DEPTH: Final = 50


class Bounds(NamedTuple):
    """What a text is called, and how much may be in it: characters, values, levels.

    `hint` says what to do with one that is too long.
    """

    name: str
    length: int
    values: int
    depth: int
    hint: str = ""


FRONT_MATTER: Final = Bounds(
    "front matter", MAX_LENGTH, MAX_VALUES, MAX_DEPTH, "keep data in code blocks or settings"
)

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
# What YAML does not let stand unescaped; and U+0085, U+2028 and U+2029, at which YAML 1.1, and so
# PyYAML, ends a line and YAML 1.2 does not.
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)


class Node(NamedTuple):
    """A value with its position, PyYAML's mark; `items` are the nodes of a list or map, and
    `key_mark` is where the key of an entry stands.

    `size` counts the values in it, itself included, and `height` their levels, with aliases
    written out.
    """

    value: object
    mark: Any
    items: Mapping[str, Node] | list[Node] | None = None
    size: int = 1
    height: int = 1
    key_mark: Any = None


class _Mark(NamedTuple):
    """A position like PyYAML's own marks, both from 0."""

    line: int
    column: int


class Problem(Exception):  # noqa: N818 - `front_matter` makes the error of it
    """What is wrong, at a mark of the text; the caller knows where the text stands in a file."""

    def __init__(self, what: str, mark: Any, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.mark = mark
        self.hint = hint


def fail(what: str, mark: Any, hint: str = "") -> NoReturn:
    """Raise the problem."""
    raise Problem(what, mark, hint)


def compose(text: str, bounds: Bounds = FRONT_MATTER) -> Node | None:
    """The root of the only document in the text, None if there is none; raises Problem."""
    if len(text) > bounds.length:
        fail(
            f"the {bounds.name} is longer than {bounds.length:,} characters",
            _Mark(0, 0),
            bounds.hint,
        )
    if strange := _UNPRINTABLE.search(text):
        before = text[: strange.start()]
        fail(
            f"U+{ord(strange[0]):04X} in the {bounds.name}",
            _Mark(before.count("\n"), len(before) - before.rfind("\n") - 1),
            f'write it as "\\u{ord(strange[0]):04x}" in double quotes',
        )
    return _Composer(text, bounds).root()


class _Composer:
    """Builds nodes from the parser's events; holds the event stream and the anchors seen."""

    def __init__(self, text: str, bounds: Bounds) -> None:
        self._text = text
        self._bounds = bounds
        self._events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)
        self._anchors: dict[str, Node] = {}
        self._size = 0

    def root(self) -> Node | None:
        """The only document, or None if there is none."""
        self._next()  # the start of the stream
        if isinstance(self._next(), yaml.StreamEndEvent):
            return None
        node = self._node(self._next(), 1)
        self._next()  # the end of the document
        extra = self._next()
        if not isinstance(extra, yaml.StreamEndEvent):
            fail(f"a second YAML document in the {self._bounds.name}", extra.start_mark)
        return node

    def _next(self) -> Any:
        try:
            return next(self._events)
        except yaml.MarkedYAMLError as error:
            context = f" ({error.context})" if error.context else ""
            fail(f"invalid YAML: {error.problem}{context}", error.problem_mark)

    def _node(self, event: Any, depth: int) -> Node:
        if isinstance(event, yaml.AliasEvent):
            node = self._alias(event)
            self._size += node.size
        else:
            self._size += 1
            if isinstance(event, yaml.ScalarEvent):
                node = Node(_scalar(event), event.start_mark)
            else:
                node = self._collection(event, depth)
            if event.anchor is not None:
                self._anchors[event.anchor] = node
        if self._size > self._bounds.values:
            fail(
                f"more than {self._bounds.values:,} values in the {self._bounds.name}",
                event.start_mark,
                "an alias counts as all that it stands for",
            )
        if depth + node.height - 1 > self._bounds.depth:
            self._too_deep(event.start_mark)
        return node

    def _alias(self, event: Any) -> Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            fail(
                f"`*{event.anchor[:50]}` stands for nothing here",
                event.start_mark,
                did_you_mean(event.anchor, self._anchors)
                or f"mark a value above it with `&{event.anchor[:50]}`",
            )
        return node._replace(mark=event.start_mark)

    def _collection(self, event: Any, depth: int) -> Node:
        mark = event.start_mark
        if event.tag is not None:
            _no_tags(event.tag, mark)
        if depth > self._bounds.depth:
            self._too_deep(mark)
        if isinstance(event, yaml.SequenceStartEvent):
            entries = self._list(depth + 1)
            value: object = [node.value for node in entries]
            return Node(value, mark, entries, *_measure(entries))
        named = self._map(depth + 1)
        value = {key: node.value for key, node in named.items()}
        return Node(value, mark, named, *_measure(named.values()))

    def _list(self, depth: int) -> list[Node]:
        items: list[Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth))
        return items

    def _map(self, depth: int) -> dict[str, Node]:
        items: dict[str, Node] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            mark = event.start_mark
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                fail("a key that is no plain text", mark, "write `key: value`")
            if event.value in items:
                fail(f'the key "{event.value[:50]}" stands here twice', mark, "remove one")
            items[event.value] = self._node(self._next(), depth)._replace(key_mark=mark)
        return items

    def _too_deep(self, mark: Any) -> NoReturn:
        fail(f"more than {self._bounds.depth} levels in the {self._bounds.name}", mark)


def _measure(nodes: Collection[Node]) -> tuple[int, int]:
    """The size and height of a collection of these."""
    size = 1 + sum([node.size for node in nodes])
    return size, 1 + max([node.height for node in nodes], default=0)


def _no_tags(tag: str, mark: Any) -> NoReturn:
    shown = tag.replace("tag:yaml.org,2002:", "!!")[:50]
    fail(f"the YAML tag `{shown}`", mark, "leave it out: values are texts, numbers, lists, maps")


def _scalar(event: Any) -> str | int | float | bool | None:
    text: str = event.value
    if event.tag is not None:
        if event.tag not in _STRING_TAGS:
            _no_tags(event.tag, event.start_mark)
        return text
    if not event.implicit[0]:  # quoted, or a block
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _INTEGER.fullmatch(text):
        if len(text) > 1_000:
            fail("a number of more than 1,000 digits", event.start_mark, "quote it")
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    number = float(text) if _FLOAT.fullmatch(text) else None
    if _NOT_JSON.fullmatch(text) or (number is not None and math.isinf(number)):
        fail(f"JSON has no such number: {text[:50]}", event.start_mark, "quote it")
    return text if number is None else number

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
from collections.abc import Collection, Iterator, Mapping
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
    """A value with its position, PyYAML's mark; `items` are the nodes of a list or map.

    `size` counts the values in it, itself included, and `height` their levels, with aliases
    written out.
    """

    value: object
    mark: Any
    items: Mapping[str, _Node] | list[_Node] | None = None
    size: int = 1
    height: int = 1


def parse(text: str, file: str, first_line: int) -> FrontMatter:
    """Read front matter: `text` is what stands between the `---` lines, lines ending in LF.

    `first_line` is the line of the file at which `text` begins. Raises ScenarioFileError for
    invalid YAML, a key of the wrong type, or an unknown value.
    """
    try:
        return _front_matter(text, first_line)
    except _Problem as problem:
        place = Place(file, first_line + problem.mark.line, problem.mark.column + 1)
        raise ScenarioFileError(problem.what, place, problem.hint) from None


def _front_matter(text: str, first_line: int) -> FrontMatter:
    if len(text) > MAX_LENGTH:
        _fail(
            f"the front matter is longer than {MAX_LENGTH:,} characters",
            _Mark(0, 0),
            "keep data in code blocks or settings",
        )
    if strange := _OLD_LINE_ENDS.search(text):
        _fail(
            f"U+{ord(strange[0]):04X} in the front matter",
            _mark_at(text, strange.start()),
            f'write it as "\\u{ord(strange[0]):04x}" in double quotes',
        )
    root = _Composer(text).root()
    if root is None:
        return FrontMatter()
    if not isinstance(root.items, dict):
        _fail(
            f"the front matter is {_name(root.value)}",
            root.mark,
            "write `key: value` lines between the `---` lines",
        )
    keys: Mapping[str, _Node] = root.items
    return FrontMatter(
        needs=tuple(
            Need(title, first_line + node.mark.line, node.mark.column + 1)
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


class _Mark(NamedTuple):
    """A position like PyYAML's own marks, both from 0."""

    line: int
    column: int


def _mark_at(text: str, offset: int) -> _Mark:
    before = text[:offset]
    return _Mark(before.count("\n"), offset - before.rfind("\n") - 1)


class _Problem(Exception):  # noqa: N818 - it never leaves this module
    """What is wrong, at a mark; `parse` knows the place of it."""

    def __init__(self, what: str, mark: Any, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.mark = mark
        self.hint = hint


def _fail(what: str, mark: Any, hint: str = "") -> NoReturn:
    raise _Problem(what, mark, hint)


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
            node.mark,
            f"write each on a line of its own, `{example}`",
        )
    for item in node.items:
        if not isinstance(item.value, str):
            _fail(
                f"`{key}` is a list of {of_what}, but this entry is {_name(item.value)}",
                item.mark,
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
            node.mark,
            did_you_mean(node.value, known) if isinstance(node.value, str) else "",
        )
    return node.value


def _map(keys: Mapping[str, _Node], key: str, of_what: str) -> Mapping[str, object]:
    if key not in keys:
        return {}
    return _entries(keys[key], f"`{key}` is a map of {of_what}")


def _entries(node: _Node, rule: str) -> Mapping[str, object]:
    if not isinstance(node.value, dict):
        _fail(f"{rule}, but this is {_name(node.value)}", node.mark, "write `name: value` lines")
    return node.value


def _variants(keys: Mapping[str, _Node]) -> tuple[Mapping[str, object], ...]:
    if "variants" not in keys:
        return ()
    node = keys["variants"]
    if not isinstance(node.items, list) or not node.items:
        shown = "empty" if node.items == [] else _name(node.value)
        _fail(
            f"`variants` is a list of maps, but this is {shown}",
            node.mark,
            "write one `- name: value` for each run of the feature",
        )
    return tuple(_entries(item, "each of the `variants` is a map") for item in node.items)


def _tag(tag: str, node: _Node) -> str:
    name = tag.removeprefix("@")
    if not re.fullmatch(r"[^\s@`]+", name):
        _fail(f'"{tag[:50]}" is no tag', node.mark, "write one word for each tag")
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
            _fail(f'`retry` has {known}, but no "{name[:50]}"', node.mark, hint)
        if not isinstance(value, int | float) or isinstance(value, bool):
            _fail(f"`{name}` is a number, but this is {_name(value)}", node.mark)
        if not 0 <= value <= MAX_SECONDS:
            _fail(f"`{name}` is a number from 0 to {MAX_SECONDS:,.0f}", node.mark)
    budgets: dict[str, Any] = {name: float(cast("float", n.value)) for name, n in items.items()}
    return RetryBudget(**budgets)


# --- YAML events -> nodes -------------------------------------------------------------------


class _Composer:
    """Builds nodes from the parser's events; holds the event stream and the anchors seen."""

    def __init__(self, text: str) -> None:
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
            _fail("a second YAML document in the front matter", extra.start_mark)
        return node

    def _next(self) -> Any:
        try:
            return next(self._events)
        except yaml.MarkedYAMLError as error:
            context = f" ({error.context})" if error.context else ""
            _fail(f"invalid YAML: {error.problem}{context}", error.problem_mark)
        except yaml.reader.ReaderError as error:
            mark = _mark_at(self._text, error.position)
            character = ord(self._text[error.position])
            _fail(f"invalid YAML: a control character (U+{character:04X})", mark, "remove it")

    def _node(self, event: Any, depth: int) -> _Node:
        if isinstance(event, yaml.AliasEvent):
            node = self._alias(event)
            self._size += node.size
        else:
            self._size += 1
            if isinstance(event, yaml.ScalarEvent):
                node = _Node(_scalar(event), event.start_mark)
            else:
                node = self._collection(event, depth)
            if event.anchor is not None:
                self._anchors[event.anchor] = node
        if self._size > MAX_VALUES:
            _fail(
                f"more than {MAX_VALUES:,} values in the front matter",
                event.start_mark,
                "an alias counts as all that it stands for",
            )
        if depth + node.height > MAX_DEPTH:
            _too_deep(event.start_mark)
        return node

    def _alias(self, event: Any) -> _Node:
        node = self._anchors.get(event.anchor)
        if node is None:
            _fail(
                f"`*{event.anchor[:50]}` stands for nothing here",
                event.start_mark,
                did_you_mean(event.anchor, self._anchors)
                or f"mark a value above it with `&{event.anchor[:50]}`",
            )
        return node._replace(mark=event.start_mark)

    def _collection(self, event: Any, depth: int) -> _Node:
        mark = event.start_mark
        if event.tag is not None:
            _no_tags(event.tag, mark)
        if depth > MAX_DEPTH:
            _too_deep(mark)
        if isinstance(event, yaml.SequenceStartEvent):
            entries = self._list(depth + 1)
            value: object = [node.value for node in entries]
            return _Node(value, mark, entries, *_measure(entries))
        named = self._map(depth + 1)
        value = {key: node.value for key, node in named.items()}
        return _Node(value, mark, named, *_measure(named.values()))

    def _list(self, depth: int) -> list[_Node]:
        items: list[_Node] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, depth))
        return items

    def _map(self, depth: int) -> dict[str, _Node]:
        items: dict[str, _Node] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            mark = event.start_mark
            if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
                _fail("a key that is no plain text", mark, "write `key: value`")
            if event.value in items:
                _fail(f'the key "{event.value[:50]}" stands here twice', mark, "remove one")
            items[event.value] = self._node(self._next(), depth)
        return items


def _measure(nodes: Collection[_Node]) -> tuple[int, int]:
    """The size and height of a collection of these."""
    size = 1 + sum([node.size for node in nodes])
    return size, 1 + max([node.height for node in nodes], default=0)


def _too_deep(mark: Any) -> NoReturn:
    _fail(f"more than {MAX_DEPTH} levels in the front matter", mark)


def _no_tags(tag: str, mark: Any) -> NoReturn:
    shown = tag.replace("tag:yaml.org,2002:", "!!")[:50]
    _fail(f"the YAML tag `{shown}`", mark, "leave it out: values are texts, numbers, lists, maps")


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
            _fail("a number of more than 1,000 digits", event.start_mark, "quote it")
        return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
    number = float(text) if _FLOAT.fullmatch(text) else None
    if _NOT_JSON.fullmatch(text) or (number is not None and math.isinf(number)):
        _fail(f"JSON has no such number: {text[:50]}", event.start_mark, "quote it")
    return text if number is None else number

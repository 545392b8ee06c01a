"""Front matter -> FrontMatter: what its keys mean, with true positions in every error.

Pure; imports the YAML reader, the syntax tree and the errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, TypeVar, cast, get_args

from harness.core.document import FrontMatter, Need, RetryBudget, UnusedStubs
from harness.core.nearest import did_you_mean
from harness.core.recovery import Problems
from harness.core.yaml_nodes import Node, Problem, compose, fail
from harness.errors import FrontMatterError, Place

T = TypeVar("T")

_NONE: Final[Mapping[str, Node]] = {}

MAX_SECONDS: Final = 86_400.0

_RETRY_KEYS: Final = ("scale", "websocket", "calls", "rest")


def parse(text: str, file: str, first_line: int, problems: Problems | None = None) -> FrontMatter:
    """Read front matter: `text` is what stands between the `---` lines, lines ending in LF.

    `first_line` is the line of the file at which `text` begins. Raises FrontMatterError for
    invalid YAML, a key of the wrong type, or an unknown value. With `problems` these are noted
    there, and the key is left out.
    """

    def read(reader: Callable[[], T], otherwise: T) -> T:
        try:
            return reader()
        except Problem as problem:
            place = Place(file, first_line + problem.mark.line, problem.mark.column + 1)
            error = FrontMatterError(problem.what, place, problem.hint)
        if problems is None:
            raise error
        problems.add(error)
        return otherwise

    keys: Mapping[str, Node] = read(lambda: _keys(text), _NONE)
    return FrontMatter(
        needs=read(lambda: _needs(keys, first_line), ()),
        run=read(lambda: _choice(keys, "run", ("only", "never")), None),
        run_at=_place(keys, "run", first_line),
        order=read(lambda: _choice(keys, "order", ("first", "last")), None),
        variants=read(lambda: _variants(keys), ()),
        example_context=read(lambda: _map(keys, "exampleContext", "values by name"), {}),
        samples_at=_samples_at(keys, first_line),
        tags=read(lambda: _tags(keys), ()),
        retry=read(lambda: _retry(keys), None),
        unused_stubs=read(lambda: _choice(keys, "unusedStubs", get_args(UnusedStubs)), None),
        unused_stubs_at=_place(keys, "unusedStubs", first_line),
        data={key: node.value for key, node in keys.items()},
    )


def _keys(text: str) -> Mapping[str, Node]:
    root = compose(text)
    if root is None:
        return {}
    if not isinstance(root.items, dict):
        fail(
            f"the front matter is {_name(root.value)}",
            root.mark,
            "write `key: value` lines between the `---` lines",
        )
    return root.items


def _needs(keys: Mapping[str, Node], first_line: int) -> tuple[Need, ...]:
    titles = _strings(keys, "needs", "feature titles", "- Title of the feature")
    return tuple(Need(title, *_position(node.mark, first_line)) for title, node in titles)


def _tags(keys: Mapping[str, Node]) -> tuple[str, ...]:
    return tuple(_tag(tag, node) for tag, node in _strings(keys, "tags", "tags", "- slow"))


def _samples_at(keys: Mapping[str, Node], first_line: int) -> Mapping[str, tuple[int, int]]:
    samples = keys["exampleContext"].items if "exampleContext" in keys else None
    if not isinstance(samples, dict):
        return {}
    return {name: _position(node.key_mark, first_line) for name, node in samples.items()}


def _position(mark: Any, first_line: int) -> tuple[int, int]:
    """Line and column in the file."""
    return first_line + mark.line, mark.column + 1


def _place(keys: Mapping[str, Node], key: str, first_line: int) -> tuple[int, int]:
    """Where the value of a key stands, if it is there."""
    return _position(keys[key].mark, first_line) if key in keys else (1, 1)


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


def _strings(
    keys: Mapping[str, Node], key: str, of_what: str, example: str
) -> Iterator[tuple[str, Node]]:
    if key not in keys:
        return
    node = keys[key]
    if not isinstance(node.items, list):
        fail(
            f"`{key}` is a list of {of_what}, but this is {_name(node.value)}",
            node.mark,
            f"write each on a line of its own, `{example}`",
        )
    for item in node.items:
        if not isinstance(item.value, str):
            fail(
                f"`{key}` is a list of {of_what}, but this entry is {_name(item.value)}",
                item.mark,
                "write text, in quotes if it looks like something else",
            )
        yield item.value, item


def _choice(keys: Mapping[str, Node], key: str, known: tuple[str, ...]) -> Any:
    if key not in keys:
        return None
    node = keys[key]
    if node.value not in known:
        *others, last = [f"`{each}`" for each in known]
        either = f"{', '.join(others)} or {last}"
        shown = f'"{node.value[:50]}"' if isinstance(node.value, str) else _name(node.value)
        fail(
            f"`{key}` is {either}, but this is {shown}",
            node.mark,
            did_you_mean(node.value, known) if isinstance(node.value, str) else "",
        )
    return node.value


def _map(keys: Mapping[str, Node], key: str, of_what: str) -> Mapping[str, object]:
    if key not in keys:
        return {}
    return _entries(keys[key], f"`{key}` is a map of {of_what}")


def _entries(node: Node, rule: str) -> Mapping[str, object]:
    if not isinstance(node.value, dict):
        fail(f"{rule}, but this is {_name(node.value)}", node.mark, "write `name: value` lines")
    return node.value


def _variants(keys: Mapping[str, Node]) -> tuple[Mapping[str, object], ...]:
    if "variants" not in keys:
        return ()
    node = keys["variants"]
    if not isinstance(node.items, list) or not node.items:
        shown = "empty" if node.items == [] else _name(node.value)
        fail(
            f"`variants` is a list of maps, but this is {shown}",
            node.mark,
            "write one `- name: value` for each run of the feature",
        )
    return tuple(_entries(item, "each of the `variants` is a map") for item in node.items)


def _tag(tag: str, node: Node) -> str:
    name = tag.removeprefix("@")
    if not re.fullmatch(r"[^\s@`]+", name):
        fail(f'"{tag[:50]}" is no tag', node.mark, "write one word for each tag")
    return name


def _retry(keys: Mapping[str, Node]) -> RetryBudget | None:
    if "retry" not in keys:
        return None
    _map(keys, "retry", "budgets in seconds, and `scale`")
    items = cast("Mapping[str, Node]", keys["retry"].items)
    for name, node in items.items():
        value = node.value
        if name not in _RETRY_KEYS:
            known = ", ".join(f"`{known}`" for known in _RETRY_KEYS)
            hint = did_you_mean(name, _RETRY_KEYS)
            fail(f'`retry` has {known}, but no "{name[:50]}"', node.mark, hint)
        if not isinstance(value, int | float) or isinstance(value, bool):
            fail(f"`{name}` is a number, but this is {_name(value)}", node.mark)
        if not 0 <= value <= MAX_SECONDS:
            fail(f"`{name}` is a number from 0 to {MAX_SECONDS:,.0f}", node.mark)
    budgets: dict[str, Any] = {name: float(cast("float", n.value)) for name, n in items.items()}
    return RetryBudget(**budgets)

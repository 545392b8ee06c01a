"""Settings as dataclasses: what is read, what is refused, what the docs are made of."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import pytest

from harness.core import schema
from harness.core.schema import Key, SchemaError, Setting, dotted, keys, read_table, suggest


@dataclass(frozen=True, slots=True)
class Item:
    name: Annotated[str, Setting(schema.TEXT, "Its name.", 'name = "x"')]
    size: Annotated[float, Setting(schema.FACTOR)] = 1.5


@dataclass(frozen=True, slots=True)
class All:
    text: Annotated[str, Setting(schema.TEXT)] = "a"
    flag: Annotated[bool, Setting(schema.FLAG)] = False
    path: Annotated[Path, Setting(schema.PATH)] = Path("p")
    seconds: Annotated[float, Setting(schema.SECONDS)] = 30.0
    texts: Annotated[tuple[str, ...], Setting(schema.TEXTS)] = ()
    texts_by_name: Annotated[Mapping[str, str], Setting(schema.TEXT_MAP)] = field(
        default_factory=dict
    )
    word: Annotated[str | None, Setting(schema.choice("one", "two"))] = None
    url: Annotated[str | None, Setting(schema.starting("a URL", "http://", "https://"))] = None
    free: Annotated[Mapping[str, object], Setting(schema.JSON_TABLE)] = field(default_factory=dict)
    item: Annotated[Item | None, Setting(schema.table(Item))] = None
    named: Annotated[Mapping[str, Item], Setting(schema.tables_by_name(Item))] = field(
        default_factory=dict
    )
    items: Annotated[tuple[Item, ...], Setting(schema.list_of_tables(Item))] = ()
    not_a_key: int = 7


def test_nothing_gives_the_defaults() -> None:
    assert read_table(All, {}) == All()


def test_everything_gets_its_type() -> None:
    data: dict[str, object] = {
        "text": "b",
        "flag": True,
        "path": "x/y",
        "seconds": 1,
        "texts": ["x", "y"],
        "texts_by_name": {"A": ""},
        "word": "two",
        "url": "https://h",
        "free": {"a": [1, {"b": 2.5}, True, "c"]},
        "item": {"name": "i", "size": 0},
        "named": {"any name": {"name": "j"}},
        "items": [{"name": "k"}, {"name": "l"}],
    }
    read = read_table(All, data)
    assert read == All(
        text="b",
        flag=True,
        path=Path("x/y"),
        seconds=1.0,
        texts=("x", "y"),
        texts_by_name={"A": ""},
        word="two",
        url="https://h",
        free={"a": [1, {"b": 2.5}, True, "c"]},
        item=Item("i", 0.0),
        named={"any name": Item("j")},
        items=(Item("k"), Item("l")),
    )
    assert isinstance(read.seconds, float)


@pytest.mark.parametrize(
    ("data", "path", "what", "hint"),
    [
        ({"text": 1}, ("text",), "text is the number 1", "it must be a text"),
        ({"text": ""}, ("text",), "text is an empty text", "it must be a text"),
        ({"text": "a\0b"}, ("text",), "text is a text", "it must be a text"),
        ({"text": 10**400}, ("text",), "text is a huge number", "it must be a text"),
        ({"flag": 1}, ("flag",), "flag is the number 1", "it must be true or false"),
        ({"path": ["a"]}, ("path",), "path is a list", "it must be a path"),
        ({"seconds": True}, ("seconds",), "seconds is true", "seconds, above 0"),
        ({"seconds": 0}, ("seconds",), "seconds is the number 0", "above 0"),
        ({"seconds": -1.5}, ("seconds",), "seconds is the number -1.5", "above 0"),
        ({"seconds": float("nan")}, ("seconds",), "seconds is the number nan", "above 0"),
        ({"seconds": float("inf")}, ("seconds",), "seconds is the number inf", "below 1e9"),
        ({"seconds": 10**400}, ("seconds",), "seconds is a huge number", "above 0"),
        ({"texts": "a"}, ("texts",), "texts is a text", "it must be a list of texts"),
        ({"texts": [1]}, ("texts",), "texts is a list", "it must be a list of texts"),
        ({"texts_by_name": {"a": 1}}, ("texts_by_name",), "is a table", "a table of texts"),
        ({"texts_by_name": {"a": "\0"}}, ("texts_by_name",), "is a table", "a table of texts"),
        ({"word": "three"}, ("word",), "word is a text", 'it must be "one" or "two"'),
        ({"word": []}, ("word",), "word is a list", 'it must be "one" or "two"'),
        ({"url": "h"}, ("url",), "url is a text", "a URL that begins with http:// or https://"),
        ({"url": 1}, ("url",), "url is the number 1", "a URL that begins with"),
        ({"free": 1}, ("free",), "free is the number 1", "write [free] for a table"),
        (
            {"free": {"a": [datetime.date(2024, 1, 1)]}},
            ("free", "a", 0),
            "free.a[0] is a date or a time, which JSON lacks",
            "write it in quotes",
        ),
        ({"free": {"a": float("inf")}}, ("free", "a"), "which JSON lacks", "in quotes"),
        ({"item": "x"}, ("item",), "item is a text", "write [item] for a table"),
        ({"item": {}}, ("item",), 'item lacks the key "name"', "add it"),
        ({"item": {"name": 1}}, ("item", "name"), "item.name is the number 1", "a text"),
        ({"named": []}, ("named",), "named is a list", "write [named] for a table"),
        ({"named": {"a": 1}}, ("named", "a"), "named.a is the number 1", "write [named.a]"),
        ({"items": {}}, ("items",), "items is a table", "write [[items]] for a table"),
        (
            {"items": [{"name": "a"}, {"nam": "b"}]},
            ("items", 1, "nam"),
            'there is no key "items[1].nam"',
            "",
        ),
        ({"not_a_key": 1}, ("not_a_key",), 'there is no key "not_a_key"', ""),
    ],
)
def test_what_is_wrong_and_where(data: Any, path: tuple[str], what: str, hint: str) -> None:
    with pytest.raises(SchemaError) as caught:
        read_table(All, data)
    assert caught.value.path == path
    assert what in caught.value.what
    assert hint in caught.value.hint


def test_the_keys_as_the_docs_show_them() -> None:
    shown = {key.name: key for key in keys(All)}
    assert list(shown) == [
        "text", "flag", "path", "seconds", "texts", "texts_by_name", "word", "url", "free.NAME",
        "item.name", "item.size", "named.NAME.name", "named.NAME.size", "items[].name",
        "items[].size",
    ]  # fmt: skip
    assert shown["item.name"] == Key("item.name", "a text", "", "Its name.", 'name = "x"')
    assert [shown[name].default for name in list(shown)[:11]] == [
        '"a"', "false", '"p"', "30", "[]", "{}", "", "", "{}", "", "1.5"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("txet", 'did you mean "text"?'),
        ("item.nam", 'did you mean "item.name"?'),
        ("items.x.size", 'did you mean "item.size"?'),  # the right key in the wrong table
        ("itm", 'did you mean "item"?'),
        ("quite.different", ""),
    ],
)
def test_the_key_that_was_meant(name: str, hint: str) -> None:
    assert suggest(All, name) == hint


def test_dotted() -> None:
    assert dotted(("a", "b", 0, "c")) == "a.b[0].c"
    assert dotted(()) == ""

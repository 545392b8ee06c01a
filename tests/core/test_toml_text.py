"""Where keys of a TOML document stand: by hand, and for documents of which it is known."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.toml_text import Path, key_lines, read_toml
from harness.errors import SettingsError

DOCUMENT = '''\
# a comment
top = 1
dotted.key = { inner = "x", other = [1, { deep = 2 }] }

[table]   # [not.this]
text = """
[no.header]
a = 1
"""
list = [
  "a",
  # comment
  "b",
]
"quoted key" = 1
'literal' = 1
[table.sub]
x = 1
[[array]]
a = 1
[[array]]
a = 2
[array.below]
b = 3
[[array.nested]]
c = 4
[[array.nested]]
c = 5
[array.below.deeper]
[implied.table]
[last]
'''


def test_every_kind_of_key_is_found_on_its_first_line() -> None:
    lines = DOCUMENT.splitlines()
    expected: dict[Path, str] = {
        ("top",): "top = 1",
        ("dotted", "key", "inner"): "dotted.key",
        ("dotted", "key", "other", 1, "deep"): "dotted.key",
        ("table",): "[table]   #",
        ("table", "text"): 'text = """',
        ("table", "list"): "list = [",
        ("table", "list", 1): "list = [",
        ("table", "quoted key"): '"quoted key"',
        ("table", "literal"): "'literal'",
        ("table", "sub"): "[table.sub]",
        ("table", "sub", "x"): "x = 1",
        ("array",): "[[array]]",
        ("array", 1, "a"): "a = 2",
        ("array", 1, "nested"): "[[array.nested]]",
        ("array", 1, "below"): "[array.below]",
        ("array", 1, "below", "b"): "b = 3",
        ("array", 1, "nested", 1, "c"): "c = 5",
        ("array", 1, "below", "deeper"): "[array.below.deeper]",
        ("implied",): "[implied.table]",
        ("last",): "[last]",
    }
    found = key_lines(DOCUMENT)
    assert {path: lines[found[path] - 1][: len(start)] for path, start in expected.items()} == (
        expected
    )
    assert ("no", "header") not in found


def test_a_long_list_takes_no_long_time() -> None:
    row = "  { id = 'a', tags = [1] },  # ]\n  'x',\n"
    assert key_lines(f"a = [\n{row * 50}{'  1,' * 2}\n] # end\nb = 1")[("b",)] == 104


def test_line_ends_of_windows() -> None:
    assert key_lines("a = 1\r\n[b]\r\nc = [\r\n1]\r\nd = 1\r\n") == {
        ("a",): 1,
        ("b",): 2,
        ("b", "c"): 3,
        ("b", "c", 0): 3,
        ("b", "d"): 5,
    }


def test_other_characters_do_not_end_a_line() -> None:
    assert key_lines('a = "\u2028\x85"\nb = 1')[("b",)] == 2


keys = st.text("abc", min_size=1, max_size=2)
values = st.sampled_from(['"x"', "1", "[\n1,\n2\n]", '"""\n[a]\nb = 1\n"""', "{ a = 1 }"])
blanks = st.sampled_from(["", "# c = 1", "   "])


@given(st.dictionaries(keys, st.dictionaries(keys, st.tuples(blanks, values)), max_size=4))
def test_the_line_of_a_key_is_where_it_was_written(tables: Any) -> None:
    written: list[str] = []
    expected: dict[Path, int] = {}

    def write(text: str) -> int:
        written.extend(text.split("\n"))
        return len(written) - text.count("\n")

    for name, entries in tables.items():
        expected[(name,)] = write(f"[{name}]")
        for key, (blank, value) in entries.items():
            write(blank)
            expected[(name, key)] = write(f"{key} = {value}")
    document = "\n".join(written)
    assert set(tomllib.loads(document)) == set(tables)
    found = key_lines(document)
    assert {path: found[path] for path in expected} == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a = 1\nb == 2\n", "s.toml:2:4: this is not TOML: invalid value"),
        ("a = 1\n\nb = [1,\n", "s.toml:3:1: this is not TOML: "),
        ("a = 1\na = 2\n", "s.toml:2:6: this is not TOML: cannot overwrite a value"),
        ("a = " + "9" * 10_000, "s.toml:1:1: this is not TOML: exceeds the limit"),
        ("a = 'x\ny'", "s.toml:1:7: this is not TOML: "),
    ],
)
def test_what_is_no_toml(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read_toml(text, "s.toml")
    assert str(caught.value).startswith(message)
    assert " (at " not in str(caught.value)


def test_what_is_toml() -> None:
    assert read_toml("a.b = 1", "s.toml") == {"a": {"b": 1}}

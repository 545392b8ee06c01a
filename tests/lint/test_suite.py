"""What depends on other files."""

from __future__ import annotations

import pytest

from harness.bdd.declarations import RegisteredLibrary
from harness.lint.examine import examine
from harness.lint.suite import conclude


def feature(title: str, needs: str, *steps: str) -> str:
    body = "\n\n".join(f"Given {step}" for step in steps or ("I wait for `1` seconds",))
    return f"---\nneeds: [{needs}]\n---\n# {title}\n\n## S\n\n{body}\n"


def said(library: RegisteredLibrary, chosen: str, **texts: str) -> list[str]:
    suite = [examine(text, file, library, {}) for file, text in texts.items()]
    return [f"{each.place.file} {each.code}" for each in conclude(suite, chosen.split(), {})]


def test_values_of_what_is_needed_indirectly_are_known(library: RegisteredLibrary) -> None:
    a = feature("A", "", "I store `1` into `x`")
    b = feature("B", "A", "I store `2` into `y`")
    c = feature("C", "B", "I connect to the websocket at `ws://${x}${y}`")
    assert said(library, "a b c", a=a, b=b, c=c) == ["c no-sample", "c no-sample"]
    # `y` comes from B, but nothing needs what stores `x`.
    b = feature("B", "", "I store `2` into `y`")
    assert said(library, "c", a=a, b=b, c=c) == ["c no-source", "c no-sample"]


def test_a_value_is_used_where_it_is_inherited(library: RegisteredLibrary) -> None:
    a = feature("A", "", "I store `1` into `x`")
    assert said(library, "a", a=a) == ["a unused-value"]
    assert said(library, "a", a=a, b=feature("B", "A", "I store `x` into `y`")) == []


@pytest.mark.parametrize("broken", ["Guven I store `1` into `x`", "Given I keep `1` as `x`"])
def test_what_a_needed_file_may_store_is_not_missing(
    library: RegisteredLibrary, broken: str
) -> None:
    a = feature("A", "", "I wait for `1` seconds") + f"\n{broken}\n"
    c = feature("C", "A", "I connect to the websocket at `ws://${x}`")
    assert "c no-source" not in said(library, "c", a=a, c=c)


def test_nothing_is_missing_while_a_need_is_unknown(library: RegisteredLibrary) -> None:
    c = feature("C", "A", "I connect to the websocket at `ws://${x}`")
    assert said(library, "c", c=c) == ["c unknown-need"]


def test_a_circle_is_told_of_where_it_is_looked_at(library: RegisteredLibrary) -> None:
    texts = {"a": feature("A", "B"), "b": feature("B", "C"), "c": feature("C", "A, D"),
             "d": feature("D", "D")}  # fmt: skip
    assert said(library, "b", **texts) == ["b cyclic-needs", "d cyclic-needs"]
    assert said(library, "a b c d", **texts) == ["a cyclic-needs", "d cyclic-needs"]


def test_a_title_of_two(library: RegisteredLibrary) -> None:
    texts = {"a": feature("A", ""), "b": feature("A", ""), "c": feature("C", "A")}
    assert said(library, "a c", **texts) == ["a same-title", "c ambiguous-need"]

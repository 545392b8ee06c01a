"""Who stores a value, told from the sentences of the suite."""

from __future__ import annotations

import pytest

from harness.core.document import Document
from harness.core.markdown import parse
from harness.core.stores import stored_by


def feature(title: str, *steps: str) -> Document:
    return parse("\n\n".join([f"# {title}", "## S", *steps]) + "\n", f"{title}.feature.md")


@pytest.mark.parametrize(
    ("step", "name", "stores"),
    [
        ("Given I store `1` into `x`", "x", True),
        ("Given I have a random UUIDv4 in `x`", "x", True),
        ("Given I store `1` into `x`", "xy", False),
        ("Given I store `1` into `xy`", "x", False),
        ("Given I have the fingerprint for a `P` device in `x`", "x_deviceId", True),
        ("Given I store `1` into `x_deviceId`", "x_deviceId", True),
        ("Given I store `1` into `x_deviceId`", "x", False),
        ("Given I look in `x` for it", "x", False),
        ("Given I store `x` begin `x`", "x", False),
        ("Given I `GET` `x`", "x", False),
    ],
)
def test_a_step_stores_what_its_sentence_ends_in(step: str, name: str, stores: bool) -> None:
    assert stored_by([feature("One", step)], name) == (["One"] if stores else [])


def test_every_feature_that_stores_it_is_named_once_in_the_order_of_the_suite() -> None:
    store = "Given I store `1` into `x`"
    in_background = parse(
        f"# In its Background\n\n## Background\n\n{store}\n\n## S\n\nGiven nothing\n", "b"
    )
    in_rule = parse(f"# In a rule\n\n## Rule: R\n\n### S\n\n{store}\n", "r")
    suite = [feature("Twice", store, store), in_background, feature("Not", "Given `x`"), in_rule]
    assert stored_by(suite, "x") == ["Twice", "In its Background", "In a rule"]


def test_an_empty_suite_stores_nothing() -> None:
    assert stored_by([], "x") == []

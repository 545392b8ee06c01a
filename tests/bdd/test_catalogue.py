"""The catalogue lists what is registered, in the order of the files."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from behave.step_registry import StepRegistry

from harness.bdd.catalogue import HOW, Entry, entries
from harness.bdd.phrases import Mode, PhraseMatcher, about_the_answer, repeatable, waits


def first(context: object) -> None:
    """Do one thing.

    - `x`: indented
    """


@repeatable
def second(context: object) -> None: ...


def line_of(function: Callable[..., Any]) -> int:
    return inspect.getsourcelines(function)[1]


def test_every_definition_is_listed_in_the_order_of_its_place() -> None:
    registry = StepRegistry()
    registry.steps["step"] = [PhraseMatcher(second, "second `{x}`")]
    registry.steps["given"] = [PhraseMatcher(first, "first")]
    one, two = entries(registry)
    assert (one.phrase, two.phrase) == ("first", "second `{x}`")
    assert one.doc == "Do one thing.\n\n- `x`: indented"
    assert (two.doc, two.how) == ("", "is repeated under `Soon`")
    assert one.group == "test_catalogue"
    assert one.file.endswith("test_catalogue.py")
    assert (one.line, two.line) == (line_of(first), line_of(second))


def test_an_empty_registry_has_no_entries() -> None:
    assert list(entries(StepRegistry())) == []


@pytest.mark.parametrize(
    ("declare", "how"),
    [
        (lambda function: function, "runs once"),
        (waits, "waits by itself"),
        (repeatable, "is repeated under `Soon`"),
        (about_the_answer, "is repeated under `Soon`; the request is sent again first"),
    ],
)
def test_an_entry_says_how_it_is_run(declare: Callable[[Any], Any], how: str) -> None:
    registry = StepRegistry()
    registry.steps["then"] = [PhraseMatcher(declare(lambda _: None), "it")]
    assert [entry.how for entry in entries(registry)] == [how]


def test_every_mode_has_its_words() -> None:
    assert set(HOW) == set(Mode)
    assert Entry("p", "", HOW[Mode.ONCE], "steps/rest.py", 1).group == "rest"

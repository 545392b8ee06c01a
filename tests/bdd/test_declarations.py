"""What step definitions say of themselves reaches the static checks."""

from __future__ import annotations

from typing import Any

import pytest
from behave.runner import Context
from behave.step_registry import StepRegistry

from harness.bdd import phrases
from harness.bdd.declarations import (
    DeviceName,
    Expression,
    RegisteredLibrary,
    StoredName,
    Takes,
    takes,
)
from harness.bdd.phrases import PhraseMatcher
from harness.core.definitions import Argument, Meaning, Stores
from tests.lint.conftest import project_library


def library(*definitions: tuple[str, Any]) -> RegisteredLibrary:
    phrases.register()
    registry = StepRegistry()
    for phrase, function in definitions:
        registry.steps["step"].append(PhraseMatcher(function, phrase))
    return RegisteredLibrary(registry)


@takes(Takes.JSON)
def declared(
    context: Context,
    expression: Expression,
    name: StoredName | None = None,
    device: DeviceName = "",
) -> None:
    raise NotImplementedError


def undeclared(context, text):  # type: ignore[no-untyped-def]
    raise NotImplementedError


def of_unknown_types(context: Context, name: Nonexistent) -> None:  # type: ignore[name-defined] # noqa: F821
    raise NotImplementedError


def test_a_definition_says_what_it_takes_and_what_its_parameters_mean() -> None:
    (definition,) = library(("I `{expression}` into `{name}`", declared)).definitions
    assert definition.takes is Takes.JSON
    assert definition.meanings == {
        "expression": Meaning.EXPRESSION,
        "name": Stores(),
        "device": Stores(("", "_deviceId")),
    }
    assert not definition.is_open
    assert definition.file.endswith("test_declarations.py")


@pytest.mark.parametrize("function", [undeclared, of_unknown_types])
def test_a_definition_may_say_nothing(function: Any) -> None:
    (definition,) = library(("I `{text}`", function)).definitions
    assert definition.is_open


def test_the_uses_of_a_title_have_the_text_and_the_place_of_each_argument() -> None:
    found = library(("I wait[ for] {seconds:d} s in `{name}`", undeclared), ("it", undeclared))
    (use,) = found.uses("Soon", "I wait for `02` s in ` a`")
    assert use.arguments == (
        Argument("seconds", "02", 12, 14),
        Argument("name", " a", 22, 24),
    )
    assert found.uses("Given", "them") == ()
    assert found.phrases == ["I wait[ for] {seconds:d} s in `{name}`", "it"]


def test_every_step_of_the_library_says_what_it_takes() -> None:
    assert len(project_library().definitions) > 40
    silent = [each.phrase for each in project_library().definitions if each.takes is None]
    assert silent == []


def test_every_step_of_the_library_that_stores_says_so() -> None:
    storing = (" into `{name}`", " in `{name}`")
    for definition in project_library().definitions:
        if definition.phrase.endswith(storing):
            assert isinstance((definition.meanings or {}).get("name"), Stores), definition.phrase

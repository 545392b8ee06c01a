"""The step library as it is registered, and the check that a table of sentences covers it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from behave import step_registry
from behave.matchers import Matcher
from behave.runner_util import load_step_modules

from harness.bdd import phrases
from harness.bdd.runner import library_folder

Sentences = Mapping[str, tuple[str, Mapping[str, object]]]
"""By sentence: the function that it runs, and its arguments."""


@cache
def definitions() -> tuple[Matcher, ...]:
    """All step definitions of the library."""
    phrases.register()
    folder = library_folder()
    load_step_modules([str(folder)])
    found = [item for kind in step_registry.registry.steps.values() for item in kind]
    return tuple(item for item in found if _file(item).resolve().parent == folder.resolve())


def check_sentence(module: str, sentence: str, function: str, arguments: object) -> None:
    """The sentence means this function of this module, and nothing else, with these arguments."""
    found = [(item, match) for item in definitions() if (match := item.match(sentence))]
    assert [name_of(item) for item, _ in found] == [f"{module}.{function}"]
    assert {item.name: item.value for item in found[0][1].arguments} == arguments


def check_coverage(module: str, sentences: Sentences) -> None:
    """The table has a sentence for every definition of the module."""
    defined = {name_of(item) for item in definitions()}
    mine = {name for name in defined if name.startswith(f"{module}.")}
    assert {f"{module}.{function}" for function, _ in sentences.values()} == mine


def name_of(definition: Matcher) -> str:
    """`rest.send` for the function `send` of rest.py."""
    return f"{_file(definition).stem}.{definition.func.__name__}"


def _file(definition: Matcher) -> Path:
    return Path(definition.location.filename)

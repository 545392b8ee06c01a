"""The step catalogue: every definition with its phrase and documentation, from the registry."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from behave.step_registry import StepRegistry

from harness.bdd.phrases import Mode, mode_of

HOW = {
    Mode.ONCE: "runs once",
    Mode.WAITS: "waits by itself",
    Mode.REPEATABLE: "is repeated under `Soon`",
    Mode.ANSWER: "is repeated under `Soon`; the request is sent again first",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A step definition. `doc` is its docstring, dedented; `file` is where it is defined."""

    phrase: str
    doc: str
    how: str
    file: str
    line: int

    @property
    def group(self) -> str:
        """What the file is about, from its name."""
        return Path(self.file).stem


def entries(registry: StepRegistry) -> Iterator[Entry]:
    """Every definition, in the order of its file and line."""
    found = [definition for kind in registry.steps.values() for definition in kind]
    for definition in sorted(found, key=lambda item: (item.location.filename, item.location.line)):
        yield Entry(
            definition.pattern,
            inspect.getdoc(definition.func) or "",
            HOW[mode_of(definition.func)],
            definition.location.filename,
            definition.location.line,
        )

"""The step catalogue: every definition with its phrase and documentation, from the registry."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from behave.step_registry import StepRegistry

from harness.bdd.phrases import Mode, mode_of

HOW = {
    Mode.ONCE: "runs once",
    Mode.WAITS: "waits by itself",
    Mode.REPEATABLE: "is repeated under `Soon`",
    Mode.ANSWER: "is repeated under `Soon`; the request is sent again first",
}


EXAMPLE_STEP = re.compile(r"^ *(?:Given|When|Then|Soon) ", re.MULTILINE)


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

    @property
    def title(self) -> str:
        """The phrase as Markdown: one code span, whose backticks differ from those within."""
        return f"`` {self.phrase} ``" if "`" in self.phrase else f"`{self.phrase}`"

    @property
    def about(self) -> str:
        """What the step does, as Markdown; its example, which comes last in the docstring, is
        shown as the source it is."""
        return f"{_prose(self.doc)}\n\n*It {self.how}.*"


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


def _prose(doc: str) -> str:
    begin = EXAMPLE_STEP.search(doc)
    if begin is None:
        return doc
    about, example = doc[: begin.start()].rstrip(), dedent(doc[begin.start() :]).rstrip()
    fence = "`" * (4 if "```" in example else 3)
    return f"{about}\n\n{fence}markdown\n{example}\n{fence}"

"""`nrfcloud-bdd parse`: what scenario files say, as JSON or as an outline.

Needs neither Behave nor asyncio, and imports little: editors run it at every keystroke.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from io import TextIOWrapper
from typing import TYPE_CHECKING

from harness.core.document import Document, Rule, Scenario, Step
from harness.errors import Place, ScenarioFileError
from harness.scenario_files import load

if TYPE_CHECKING:
    from argparse import ArgumentParser

_EXAMPLE = """example:
  nrfcloud-bdd parse features/fota.feature.md --json
"""


def main(argv: list[str]) -> int:
    """Print each file's document; returns 0, or 2 if a file has an error."""
    files, as_json = _arguments(argv)
    if isinstance(sys.stdout, TextIOWrapper):
        # File names and titles may hold what the terminal's encoding lacks.
        sys.stdout.reconfigure(errors="backslashreplace")
    status = 0
    for file in files:
        try:
            document = load(file)
        except ScenarioFileError as error:
            status = 2
            if as_json:
                print(json.dumps({"file": file, "error": _error(error)}))
            else:
                print(error, file=sys.stderr)
        else:
            if as_json:
                print(json.dumps({"file": file, "document": to_json(document)}))
            else:
                print("\n".join(_outline(file, document)))
    return status


def _arguments(argv: list[str]) -> tuple[list[str], bool]:
    """The files, and whether to print JSON."""
    files = [argument for argument in argv if argument != "--json"]
    if files and not any(file.startswith("-") for file in files):
        return files, "--json" in argv
    arguments = make_parser().parse_args(argv)
    return arguments.files, arguments.json


def make_parser() -> ArgumentParser:
    """The flags."""
    # For help and mistakes only: argparse takes a tenth of the time that `parse` may take.
    import argparse

    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd parse",
        description="Print what scenario files say.",
        epilog=_EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="a *.feature.md file")
    parser.add_argument("--json", action="store_true", help="print one JSON document a line")
    return parser


def to_json(document: Document) -> dict[str, object]:
    """The document as docs/dialect.md describes it for `parse --json`."""
    background = document.background
    return {
        "title": document.title or None,
        "line": document.line,
        "description": document.description,
        "comment": document.comment,
        "frontMatter": document.front_matter.data or None,
        "background": _scenario(background) if background else None,
        "scenarios": [_scenario(scenario) for scenario in document.scenarios],
        "rules": [_rule(rule) for rule in document.rules],
    }


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "title": rule.title or None,
        "line": rule.line,
        "description": rule.description,
        "comment": rule.comment,
        "tags": rule.tags,
        "scenarios": [_scenario(scenario) for scenario in rule.scenarios],
    }


def _scenario(scenario: Scenario) -> dict[str, object]:
    return {
        "keyword": scenario.keyword,
        "title": scenario.title or None,
        "line": scenario.line,
        "description": scenario.description,
        "comment": scenario.comment,
        "tags": scenario.tags,
        "steps": [_step(step) for step in scenario.steps],
        "examples": [row for examples in scenario.examples for row in examples.table.records()],
    }


def _step(step: Step) -> dict[str, object]:
    block = step.code_block
    return {
        "keyword": step.keyword,
        "title": step.title,
        "line": step.line,
        "comment": step.comment,
        "description": step.description,
        "codeBlock": {"language": block.language, "code": block.code} if block else None,
        "table": step.table.records() if step.table else None,
    }


def _error(error: ScenarioFileError) -> dict[str, object]:
    place = error.place or Place("", 1)
    message = f"{error.what}: {error.hint}" if error.hint else error.what
    return {"line": place.line, "column": place.column, "message": message}


def _outline(file: str, document: Document) -> Iterator[str]:
    yield f"{file}:{document.line}: {document.title}"
    parts = [document.background] if document.background else []
    for part in (*parts, *document.children):
        if isinstance(part, Rule):
            yield f"  {part.line}: Rule: {part.title}"
            for scenario in part.scenarios:
                yield from _outline_of(scenario, "    ")
        else:
            yield from _outline_of(part, "  ")


def _outline_of(scenario: Scenario, indent: str) -> Iterator[str]:
    yield f"{indent}{scenario.line}: " + ": ".join(filter(None, (scenario.keyword, scenario.title)))
    for step in scenario.steps:
        yield f"{indent}  {step.line}: {step.keyword} {step.title}"
    for examples in scenario.examples:
        yield f"{indent}  {examples.line}: Examples ({len(examples.table.rows)})"

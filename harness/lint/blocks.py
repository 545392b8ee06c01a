"""What stands below a step: whether the step takes it, and whether it is what it needs. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from harness.core.definitions import NEEDED, Definition, Takes
from harness.core.document import CodeBlock, Step
from harness.core.http_text import HttpTextError, parse_request, parse_response
from harness.core.json_text import JsonTextError, read_json
from harness.core.markers import MarkerError, meant_as, parse, written_in
from harness.core.placeholders import Where
from harness.core.sampling import Sampled, sample
from harness.core.template import Template
from harness.errors import Place
from harness.lint.problems import Problem
from harness.lint.texts import Text, block_of

_JSON = (Takes.JSON, Takes.EXPECTED)
_PARSERS = {Takes.REQUEST: parse_request, Takes.RESPONSE: parse_response}


def check_presence(
    step: Step, file: str, definition: Definition, broken: Collection[int]
) -> Iterator[Problem]:
    """A code block that is missing; a code block or a table that the step does not take.

    Nothing is missing below the steps in `broken`: what is there may be what cannot be read.
    """
    takes, block, table = definition.takes, step.code_block, step.table
    if takes is None:
        return
    is_missing = table is None if takes is Takes.TABLE else takes in NEEDED and block is None
    if is_missing and step.line not in broken:
        what = f"this step needs {takes.value} below it"
        hint = "write it directly below the step"
        if takes is not Takes.TABLE:
            hint = "put it between lines of ``` directly below the step"
        yield Problem(Place(file, step.line, step.column), "missing-block", what, hint)
    if block is not None and takes in (Takes.NOTHING, Takes.TABLE):
        yield _unexpected(Place(file, block.line, block.column), "a code block", takes)
    if table is not None and takes is not Takes.TABLE:
        yield _unexpected(Place(file, table.line, table.column), "a table", takes)


def _unexpected(place: Place, what: str, takes: Takes) -> Problem:
    message = f"{what} below a step that takes {takes.value}"
    return Problem(place, "unexpected-block", message, "remove it, or move it to its step")


def check_content(
    block: CodeBlock,
    file: str,
    template: Template,
    samples: Mapping[str, object],
    takes: Takes | None,
) -> Problem | None:
    """What is wrong with a code block, its placeholders filled with samples."""
    text = block_of(block, file)
    parser = _PARSERS.get(takes) if takes else None
    if text.where is not Where.JSON and takes not in _JSON and parser is None:
        return None
    filled = sample(template, samples)
    if parser is None:
        try:
            read_json(filled.text)
        except JsonTextError as error:
            at = error.position
            place = _place(text, filled, *at) if at else text.place(0)
            details = _filled(filled, at[0]) if at else ()
            return Problem(place, "invalid-json", error.what, details=details)
        return None
    try:
        parser(filled.text)
    except HttpTextError as error:
        if not any(span.guessed for span in filled.spans):  # or the guess may be what is wrong
            place = _place(text, filled, error.line, error.column)
            return Problem(place, "invalid-http", error.what, error.hint)
    return None


def check_markers(
    block: CodeBlock,
    file: str,
    template: Template,
    samples: Mapping[str, object],
    takes: Takes | None,
) -> Iterator[Problem]:
    """The markers in what a step expects that cannot be tried, and strings that are nearly one."""
    if '"#' not in block.code or takes not in (Takes.EXPECTED, Takes.REQUEST):
        return
    text, filled = block_of(block, file), sample(template, samples)
    body = filled.text.find("\n\n") + 1 if takes is Takes.REQUEST else 0
    for start, end, string in written_in(filled.text):
        if start < body or filled.is_guessed(start, end):
            continue
        try:
            code, what = "unknown-marker", "" if parse(string) else meant_as(string)
        except MarkerError as error:
            code, what = "invalid-marker", error.what
        if what:
            place, last = text.place(filled.origin(start)), text.end(filled.origin(end))
            yield Problem(place, code, what, end=last)


def _filled(filled: Sampled, line: int) -> tuple[str, ...]:
    """A line of a filled text, where samples were put into it: they may be what is wrong."""
    lines = filled.text.split("\n")
    begin = sum(len(each) + 1 for each in lines[: line - 1])
    end = begin + len(lines[line - 1])
    if not any(begin <= span.start <= end for span in filled.spans):
        return ()
    return (f"filled with samples: {lines[line - 1].strip()}",)


def _place(text: Text, filled: Sampled, line: int, column: int) -> Place:
    """Where in the file the character of a filled text at line and column comes from."""
    lines = filled.text.split("\n")
    offset = sum(len(each) + 1 for each in lines[: line - 1]) + column - 1
    return text.place(min(filled.origin(offset), len(text.source)))

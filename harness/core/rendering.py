"""A step as it is about to run: its placeholders replaced by the values stored so far.

Pure: the values and the time are given. What cannot be replaced is an error at its true place in
the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from harness.core.document import CodeBlock, Step, Table
from harness.core.template import MissingValue, Rendered, TemplateError, Where, parse_template
from harness.errors import Place, ScenarioFileError

_HTTP_START = re.compile(r"HTTP/\d|[A-Z]{3,10} +(?:/|https?://|\$\{)")
_Position = Callable[[int], tuple[int, int]]
"""From an offset in a text to its line and column in the file."""


class MissingValueError(ScenarioFileError):
    """A placeholder has no value; `names` are the stored values that it lacks."""

    def __init__(self, what: str, place: Place, hint: str, names: tuple[str, ...]) -> None:
        super().__init__(what, place, hint)
        self.names = names


@dataclass(frozen=True, slots=True)
class RenderedStep:
    """What a step says once its placeholders are replaced; `rows` are the cells of its table.

    `unresolved` names the expressions that were left as they are (not strict only).
    """

    title: str
    text: str | None = None
    rows: tuple[tuple[str | None, ...], ...] = ()
    unresolved: tuple[str, ...] = ()


def block_kind(block: CodeBlock) -> Where:
    """How placeholders in a code block are escaped: by its info string, else by its first line."""
    language = (block.language or "").split(" ")[0].lower()
    if language == "json":
        return Where.JSON
    if language == "http" or (not language and _HTTP_START.match(block.code)):
        return Where.HTTP
    return Where.TEXT


def render_step(
    step: Step,
    file: str,
    values: Mapping[str, object],
    *,
    now: int,
    variant: Mapping[str, object] | None = None,
    strict: bool = True,
) -> RenderedStep:
    """The step with its placeholders replaced. `now` is in milliseconds since the epoch.

    Raises ScenarioFileError at the placeholder that is invalid or, as MissingValueError, has no
    value. With `strict` off those in code blocks are left as they are.
    """

    def fill(text: str, where: Where, position: _Position, strictly: bool) -> Rendered:
        try:
            return parse_template(text, where).render(
                values, now=now, variant=variant, strict=strictly
            )
        except MissingValue as error:
            place = Place(file, *position(error.offset))
            raise MissingValueError(error.what, place, error.hint, error.names) from None
        except TemplateError as error:
            raise _placed(error, file, position) from None

    title = fill(step.title, Where.TITLE, step.position, True)
    text: str | None = None
    unresolved: tuple[str, ...] = ()
    if step.code_block is not None:
        block = step.code_block
        filled = fill(block.code, block_kind(block), block.position, strict)
        text = filled.text
        unresolved = tuple(placeholder.expression for placeholder in filled.unresolved)
    rows = _rows(step.table, lambda cell, at: fill(cell, Where.CELL, _fixed(*at), True).text)
    return RenderedStep(title.text, text, rows, unresolved)


def _rows(
    table: Table | None, fill: Callable[[str, tuple[int, int]], str]
) -> tuple[tuple[str | None, ...], ...]:
    if table is None:
        return ()
    return tuple(
        tuple(
            None if cell is None else fill(cell, (row.line, _column(row.columns, index)))
            for index, cell in enumerate(row.cells)
        )
        for row in table.rows
    )


def _column(columns: tuple[int, ...], index: int) -> int:
    return columns[index] if index < len(columns) else 1


def check_step(
    step: Step, file: str, variant: Mapping[str, object] | None
) -> list[ScenarioFileError]:
    """What is wrong with the placeholders of a step whatever their values: invalid JSONata, an
    unknown name of a variant."""
    texts: list[tuple[str, Where, _Position]] = [(step.title, Where.TITLE, step.position)]
    if (block := step.code_block) is not None:
        texts.append((block.code, block_kind(block), block.position))
    for row in step.table.rows if step.table is not None else ():
        for index, cell in enumerate(row.cells):
            at = _fixed(row.line, _column(row.columns, index))
            texts.append((cell or "", Where.CELL, at))
    errors = []
    for text, where, position in texts:
        try:
            parse_template(text, where).bind(variant)
        except TemplateError as error:
            errors.append(_placed(error, file, position))
    return errors


def static_title(
    step: Step,
    file: str,
    samples: Mapping[str, object],
    variant: Mapping[str, object] | None = None,
) -> str:
    """The title for static work: samples fill it; what has none is taken for a `0`."""
    try:
        template = parse_template(step.title, Where.TITLE).bind(variant)
    except TemplateError as error:
        raise _placed(error, file, step.position) from None
    try:
        return template.render(samples, now=0).text
    except TemplateError:
        title, end = "", 0
        for placeholder in template.placeholders:
            title += template.text[end : placeholder.start] + "0"
            end = placeholder.end
        return title + template.text[end:]


def _fixed(line: int, column: int) -> _Position:
    return lambda _: (line, column)


def _placed(error: TemplateError, file: str, position: _Position) -> ScenarioFileError:
    return ScenarioFileError(error.what, Place(file, *position(error.offset)), error.hint)

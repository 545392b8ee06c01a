"""A step as it is about to run: its placeholders replaced by the values stored so far.

Pure: the values and the time are given. What cannot be replaced is an error at its true place in
the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from harness.core.document import CodeBlock, Row, Step, Table
from harness.core.sampling import sample
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


class RenderedStep(NamedTuple):
    """What a step says once its placeholders are replaced; `rows` are the cells of its table.

    `unresolved` names the expressions that were left as they are (not strict only). The parts are
    those of `Rendered`.
    """

    title: str
    text: str | None = None
    rows: tuple[tuple[str | None, ...], ...] = ()
    unresolved: tuple[str, ...] = ()
    title_parts: tuple[str, ...] = ()
    text_parts: tuple[str, ...] = ()


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
    scope = _Scope(file, values, now, variant)
    title = scope.fill(step.title, Where.TITLE, step.position)
    rows = () if step.table is None else tuple(scope.cells(row) for row in step.table.rows)
    block = step.code_block
    if block is None:
        return RenderedStep(title.text, rows=rows, title_parts=title.parts)
    filled = scope.fill(block.code, block_kind(block), block.position, strict)
    unresolved = tuple(placeholder.expression for placeholder in filled.unresolved)
    return RenderedStep(title.text, filled.text, rows, unresolved, title.parts, filled.parts)


def render_row(
    headings: Sequence[str],
    row: Row,
    file: str,
    values: Mapping[str, object],
    *,
    now: int,
    variant: Mapping[str, object] | None = None,
) -> dict[str, str | None]:
    """The cells of a row of Examples by their headings, their placeholders replaced.

    Raises ScenarioFileError as `render_step` does.
    """
    return dict(zip(headings, _Scope(file, values, now, variant).cells(row), strict=True))


class _Scope(NamedTuple):
    """What the placeholders of a file stand for at one moment."""

    file: str
    values: Mapping[str, object]
    now: int
    variant: Mapping[str, object] | None

    def fill(self, text: str, where: Where, position: _Position, strict: bool = True) -> Rendered:
        try:
            return parse_template(text, where).render(
                self.values, now=self.now, variant=self.variant, strict=strict
            )
        except MissingValue as error:
            place = Place(self.file, *position(error.offset))
            raise MissingValueError(error.what, place, error.hint, error.names) from None
        except TemplateError as error:
            raise _placed(error, self.file, position) from None

    def cells(self, row: Row) -> tuple[str | None, ...]:
        return tuple(
            None if cell is None else self.fill(cell, Where.CELL, cell_position(row, index)).text
            for index, cell in enumerate(row.cells)
        )


def check_step(
    step: Step, file: str, variant: Mapping[str, object] | None
) -> list[ScenarioFileError]:
    """What is wrong with the placeholders of a step whatever their values: invalid JSONata, an
    unknown name of a variant."""
    texts: list[_Text] = [(step.title, Where.TITLE, step.position)]
    if (block := step.code_block) is not None:
        texts.append((block.code, block_kind(block), block.position))
    if step.table is not None:
        texts += _cell_texts(step.table)
    return _check(texts, file, variant)


def check_table(
    table: Table, file: str, variant: Mapping[str, object] | None
) -> list[ScenarioFileError]:
    """What is wrong with the placeholders of an Examples table whatever their values."""
    return _check(_cell_texts(table), file, variant)


_Text = tuple[str, Where, _Position]


def _cell_texts(table: Table) -> list[_Text]:
    return [
        (cell, Where.CELL, cell_position(row, index))
        for row in table.rows
        for index, cell in enumerate(row.cells)
        if cell is not None
    ]


def _check(
    texts: Iterable[_Text], file: str, variant: Mapping[str, object] | None
) -> list[ScenarioFileError]:
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
    return sample(template, samples if variant is None else {**samples, "variant": variant}).text


def cell_position(row: Row, index: int) -> _Position:
    """Placeholders in a cell stand where the cell begins: escaped pipes move what is within."""
    column = row.columns[index] if index < len(row.columns) else 1
    return lambda _: (row.line, column)


def _placed(error: TemplateError, file: str, position: _Position) -> ScenarioFileError:
    return ScenarioFileError(error.what, Place(file, *position(error.offset)), error.hint)

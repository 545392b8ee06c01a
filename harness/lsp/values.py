"""Where the values of a file are stored and read, each name at its true place. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from harness.core.definitions import Library, Meaning, Stores
from harness.core.document import Document, Scenario, Step
from harness.core.expressions import Expression, ExpressionError, compile_expression
from harness.core.sampling import Sampled, sample
from harness.core.template import Where
from harness.lint.texts import Text, Variant, block_of, cells_of, title_of

Place = tuple[int, int]
"""Line and column."""

_WORD: Final = re.compile(r"[A-Za-z_]\w*")
_BEGIN: Final = {"text": len("${"), "number": len('"$number{')}


class Occurrence(NamedTuple):
    """A name where it is written. Where a value is stored, `suffixes` are those of the names under
    which the step stores something; elsewhere there are none."""

    name: str
    place: Place
    suffixes: tuple[str, ...] = ()


@dataclass(slots=True)
class Values:
    """The names that are stored and read in one file, in the order of a run.

    `unsure` are names that may be meant at a place without standing there as such.
    """

    found: list[Occurrence] = field(default_factory=list)
    unsure: dict[str, Place] = field(default_factory=dict)

    def at(self, line: int, column: int) -> Occurrence | None:
        """The occurrence at a place, or directly before it."""
        for each in self.found:
            begin = each.place[1]
            if each.place[0] == line and begin <= column <= begin + len(each.name):
                return each
        return None

    def stored(self) -> Iterator[tuple[str, Occurrence]]:
        """Every name that is stored, and where."""
        for each in self.found:
            for suffix in each.suffixes:
                yield each.name + suffix, each


def values_of(document: Document, lines: Sequence[str], file: str, library: Library) -> Values:
    """The names in a file; `lines` are its lines."""
    variants = document.front_matter.variants
    walker = _Walker(document, lines, file, library, variants[0] if variants else None)
    walker.walk()
    return walker.values


class _Walker:
    """Goes through a document, for its first variant."""

    def __init__(
        self,
        document: Document,
        lines: Sequence[str],
        file: str,
        library: Library,
        variant: Variant,
    ) -> None:
        self.values = Values()
        self._document = document
        self._lines = lines
        self._file = file
        self._library = library
        self._variant = variant
        samples = document.front_matter.example_context
        self._samples = samples if variant is None else {**samples, "variant": variant}

    def walk(self) -> None:
        """Note every occurrence."""
        for name, place in self._document.front_matter.samples_at.items():
            self.values.found.append(Occurrence(name, place))
        if self._document.background is not None:
            self._scenario(self._document.background)
        for rule, scenario in self._document.walk():
            if rule is not None and scenario is rule.scenarios[0]:
                self._heading(rule.title, rule.line, {})
            self._scenario(scenario)

    def _scenario(self, scenario: Scenario) -> None:
        tables = [examples.table for examples in scenario.examples]
        columns = {
            name: all(name in each.headings for each in tables)
            for table in tables
            for name in table.headings
        }
        self._heading(scenario.title, scenario.line, columns)
        for step in scenario.steps:
            self._step(step, columns)
        for examples in scenario.examples:
            self._heading(examples.title, examples.line, columns)
            for cell in cells_of(examples.table, self._file):
                self._text(cell, {})

    def _heading(self, title: str, line: int, columns: dict[str, bool]) -> None:
        begin = self._lines[line - 1].rfind(title) + 1
        self._text(Text(title, Where.TITLE, self._file, lambda at: (line, begin + at)), columns)

    def _step(self, step: Step, columns: dict[str, bool]) -> None:
        title = title_of(step, self._file)
        filled = self._text(title, columns)
        if filled is not None:
            self._parameters(step, title, filled, columns)
        if step.code_block is not None:
            self._text(block_of(step.code_block, self._file), columns)
        for cell in cells_of(step.table, self._file) if step.table else ():
            self._text(cell, columns)

    def _text(self, text: Text, columns: dict[str, bool]) -> Sampled | None:
        """Note what the placeholders of a text read; the text filled with samples."""
        template = text.bind(self._variant, [])
        if template is None:
            return None
        for _, slot in template.fillings():
            begin = slot.placeholder.start + _BEGIN[slot.placeholder.kind]
            source = slot.expression.source
            origin = begin if text.source.startswith(source, begin) else None
            for name, at in _names(slot.expression):
                offset = None if at is None or origin is None else origin + at
                self._read(name, text, slot.placeholder.start, offset, columns)
        return sample(template, self._samples)

    def _parameters(
        self, step: Step, title: Text, filled: Sampled, columns: dict[str, bool]
    ) -> None:
        uses = self._library.uses(step.keyword, filled.text)
        for use in uses if len(uses) == 1 else ():
            for argument in use.arguments:
                meaning = (use.definition.meanings or {}).get(argument.name)
                is_plain = not any(
                    span.start < argument.end and argument.start < span.end for span in filled.spans
                )
                start = filled.origin(filled.text.index(argument.text, argument.start))
                if isinstance(meaning, Stores):
                    if is_plain:
                        place = title.position(start)
                        self.values.found.append(Occurrence(argument.text, place, meaning.suffixes))
                    else:
                        self.values.unsure[argument.text] = title.position(start)
                elif meaning is Meaning.EXPRESSION:
                    try:
                        expression = compile_expression(argument.text)
                    except ExpressionError:
                        continue
                    for name, at in _names(expression):
                        offset = None if at is None or not is_plain else start + at
                        self._read(name, title, start, offset, columns)

    def _read(
        self, name: str, text: Text, start: int, offset: int | None, columns: dict[str, bool]
    ) -> None:
        """A name is read by what begins at `start`; it stands at `offset`, if that is known."""
        if columns.get(name) or (name == "variant" and self._variant is not None):
            return
        if offset is None or name in columns:
            self.values.unsure[name] = text.position(start)
        else:
            self.values.found.append(Occurrence(name, text.position(offset)))


def _names(expression: Expression) -> Iterator[tuple[str, int | None]]:
    """The names that an expression reads, each with its offsets, and without one where it may be
    read by what is no plain name.

    A word is a name that is read if another in its place would be read instead of it.
    """
    if expression.path:
        (name,) = expression.names
        yield name, expression.source.index(name)
        return
    source = expression.source
    for name in sorted(expression.names):
        fresh = name + "_"
        while fresh in source:
            fresh += "_"
        rest, shift = source, 0
        for word in _WORD.finditer(source):
            if word[0] != name:
                continue
            changed = _names_of(source[: word.start()] + fresh + source[word.end() :])
            if fresh in changed:
                yield name, word.start()
                rest = rest[: word.start() + shift] + fresh + rest[word.end() + shift :]
                shift += len(fresh) - len(name)
        if name in _names_of(rest):
            yield name, None


def _names_of(source: str) -> frozenset[str]:
    try:
        return compile_expression(source).names
    except ExpressionError:
        return frozenset()

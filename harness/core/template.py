"""Texts with placeholders: titles, table cells, code blocks (docs/placeholders.md).

    <variant.NAME>      the variant's value, first of all; also within an expression
    "$number{EXPR}"     in a JSON block: the number, quotes included
    ${EXPR}             the value as text

What a placeholder puts in is never scanned again, and in JSON is never a marker. Where a value
lands decides what is done to it: within a JSON string it is escaped, in an HTTP head or a title it
must not break the line.

Pure; the clock is a parameter. May import harness.core.placeholders, .expressions, .javascript,
.markers.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from json.encoder import encode_basestring_ascii as _quoted
from typing import Any, NamedTuple

from harness.core.expressions import MISSING, Expression, ExpressionError
from harness.core.javascript import number_text, parse_number, to_text
from harness.core.markers import as_literals
from harness.core.nearest import nearest
from harness.core.placeholders import Landing, Placeholder, TemplateError, Where, scan, variants_in

__all__ = [
    "MissingValue",
    "Placeholder",
    "Rendered",
    "Slot",
    "Template",
    "TemplateError",
    "Where",
    "parse_template",
    "to_text",
]


class MissingValue(TemplateError):  # noqa: N818 - the name is agreed
    """A placeholder without a value. `names` are those that it reads and that are not stored."""

    def __init__(self, expression: str, names: tuple[str, ...], offset: int) -> None:
        because = f" (not stored: {', '.join(names)})" if names else ""
        super().__init__(f"${{{_shorten(expression)}}} has no value{because}", offset)
        self.expression = expression
        self.names = names


def _shorten(expression: str) -> str:
    return expression if len(expression) <= 100 else f"{expression[:99]}…"


class Rendered(NamedTuple):
    """A text with its placeholders replaced, except the `unresolved` ones.

    `parts` are what stands between the placeholders, and what each of these was replaced by, in
    turn.
    """

    text: str
    unresolved: tuple[Placeholder, ...] = ()
    parts: tuple[str, ...] = ()


class Slot(NamedTuple):
    """A placeholder to be filled: what to evaluate, and where the value lands."""

    placeholder: Placeholder
    expression: Expression
    landing: Landing

    def fill(self, values: Mapping[str, object], now: int) -> str:
        """The text to put in; raises TemplateError."""
        kind, source, start, _ = self.placeholder
        shown = f"{'$number' if kind == 'number' else '$'}{{{_shorten(source)}}}"
        try:
            value = self.expression.evaluate(values, now=now)
        except ExpressionError as error:
            raise TemplateError(f"{shown}: {error.what}", start, error.hint) from None
        if value is MISSING:
            names = tuple(sorted(self.expression.names - values.keys()))
            raise MissingValue(source, names, start)
        try:
            if kind == "number":
                return _number(value)
            return self.landing.fit(to_text(value))
        except ValueError as error:
            raise TemplateError(f"the value of {shown} {error}", start) from None
        except RecursionError:
            raise TemplateError(f"the value of {shown} is nested too deeply", start) from None


_Filling = tuple[int, Any, bool, Slot]
"""Index of the part to fill; the name if that is all it reads (None is nobody's name); whether
any text may stand there; and the slot, for all other cases."""


def _number(value: object) -> str:
    if isinstance(value, str):
        value = parse_number(value)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("is no number")
    return number_text(value)


@dataclass(frozen=True, slots=True)
class Template:
    """A text, scanned; made by `parse_template`.

    A text with `<variant.NAME>` lists only those placeholders until `bind` puts a variant in:
    its expressions may depend on it. `parts` are what stands between placeholders, and each of
    these, in turn; a part to be filled is empty.
    """

    text: str
    where: Where
    placeholders: tuple[Placeholder, ...]
    parts: tuple[str, ...] = ()
    _slots: tuple[_Filling, ...] = ()
    _is_bound: bool = True

    def bind(self, variant: Mapping[str, object] | None) -> Template:
        """The template for one variant; None is that of a feature without variants.

        Raises TemplateError for an unknown NAME, for a value that does not fit where it stands,
        and for what `parse_template` raises it.
        """
        if self._is_bound:
            return self
        if variant is None:
            first = self.placeholders[0]
            what = f"there is no <variant.{first.expression}>"
            raise TemplateError(what, first.start, "this feature has no `variants`")
        texts = {}
        for each in self.placeholders:
            if each.expression not in variant:
                near = nearest(each.expression, variant)
                hint = (
                    f"did you mean <variant.{near}>?" if near else f"it has: {', '.join(variant)}"
                )
                raise TemplateError(f"the variant has no {each.expression}", each.start, hint)
            texts[each.expression] = to_text(variant[each.expression])
        return _scanned(self.text, self.where, tuple(texts.items()))

    def render(
        self,
        values: Mapping[str, object],
        *,
        now: int,
        variant: Mapping[str, object] | None = None,
        strict: bool = True,
    ) -> Rendered:
        """Fill in the values; each placeholder is evaluated once.

        `now` is in milliseconds since the epoch; expressions see the variant as `variant`.
        Raises MissingValue for a placeholder without a value, unless `strict` is False: then it
        stays as it is. Raises TemplateError for one that cannot be evaluated, and for a value
        that does not fit where it stands.
        """
        bound = self.bind(variant)
        if variant is not None and bound._reads_variant():
            values = {**values, "variant": variant}
        get = values.get
        parts = list(bound.parts)
        unresolved: list[Placeholder] = []
        for index, name, free, slot in bound._slots:
            value: Any = get(name, MISSING)
            # The short way, for nine in ten: a stored text with nothing special in it.
            if value.__class__ is str and (
                free or (len(_quoted(value)) == len(value) + 2 and "`" not in value)
            ):
                parts[index] = value
                continue
            try:
                parts[index] = slot.fill(values, now)
            except MissingValue:
                if strict:
                    raise
                start, end = slot.placeholder.start, slot.placeholder.end
                parts[index] = self.text[start:end]
                unresolved.append(slot.placeholder)
        text = "".join(parts)
        if '"#' in text:
            text = as_literals(text, bound._data(parts))
        return Rendered(text, tuple(unresolved), tuple(parts))

    def _data(self, parts: Sequence[str]) -> list[tuple[int, int]]:
        """Where in the filled text the values are that landed in JSON."""
        ends = list(accumulate(map(len, parts)))
        return [
            (ends[index] - len(parts[index]), ends[index])
            for index, slot in self.fillings()
            if slot.landing in (Landing.JSON, Landing.STRING)
        ]

    def fillings(self) -> Iterator[tuple[int, Slot]]:
        """What is to be filled, each with its index in `parts`; the template is bound."""
        return ((index, slot) for index, _, _, slot in self._slots)

    def _reads_variant(self) -> bool:
        expressions = [slot.expression for *_, slot in self._slots]
        return any(each.reads_all or "variant" in each.names for each in expressions)


@lru_cache(maxsize=2048)
def parse_template(text: str, where: Where) -> Template:
    """Scan a text for placeholders.

    Raises TemplateError for a placeholder that is not closed or is not JSONata; in a text with
    `<variant.NAME>` only `Template.bind` can tell.
    """
    variants = variants_in(text)
    if variants:
        return Template(text, where, variants, _is_bound=False)
    if "${" not in text and "$number{" not in text:
        return Template(text, where, (), (text,))  # as most titles are
    return _scanned(text, where, None)


@lru_cache(maxsize=2048)
def _scanned(text: str, where: Where, variant: tuple[tuple[str, str], ...] | None) -> Template:
    texts = dict(variant) if variant is not None else None
    parts: list[str] = []
    slots: list[_Filling] = []
    placeholders: list[Placeholder] = []
    end = 0
    for literal, placeholder, expression, landing in scan(text, where, texts):
        placeholders.append(placeholder)
        parts += (literal, "")
        end = placeholder.end
        if expression is None:
            parts[-1] = _variant_text(texts or {}, placeholder, landing)
            continue
        free = landing in (Landing.PLAIN, Landing.JSON)
        is_name = len(expression.path) == 1 and placeholder.kind == "text"
        name = expression.path[0] if is_name else None
        slots.append((len(parts) - 1, name, free, Slot(placeholder, expression, landing)))
    return Template(text, where, tuple(placeholders), (*parts, text[end:]), tuple(slots))


def _variant_text(texts: Mapping[str, str], variant: Placeholder, landing: Landing) -> str:
    name = variant.expression
    try:
        return landing.fit(texts[name])
    except ValueError as error:
        what = f"the value of <variant.{name}> {error}"
        raise TemplateError(what, variant.start) from None

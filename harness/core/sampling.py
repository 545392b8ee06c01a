"""Texts filled with samples, for work without a run: lint, the dry run, editors.

What has no sample, or cannot be evaluated with those there are, is taken for a `0`: it fits
wherever a number or a word does. Pure.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from typing import NamedTuple

from harness.core.placeholders import Landing, Placeholder
from harness.core.template import Slot, Template, TemplateError

GUESS = "0"


class Span(NamedTuple):
    """Where the text of a placeholder stands in a filled text; `guessed`: it had no sample."""

    start: int
    end: int
    placeholder: Placeholder
    guessed: bool


class Sampled(NamedTuple):
    """A filled text, and where its placeholders were."""

    text: str
    spans: tuple[Span, ...] = ()

    def origin(self, offset: int) -> int:
        """Where a character stands in the template: in a placeholder, where that begins."""
        index = bisect_right([span.start for span in self.spans], offset) - 1
        if index < 0:
            return offset
        span = self.spans[index]
        if offset < span.end:
            return span.placeholder.start
        return offset - span.end + span.placeholder.end

    def is_guessed(self, start: int, end: int) -> bool:
        """Whether a placeholder without a sample stands in this part of the text."""
        return any(span.guessed and span.start <= end and start <= span.end for span in self.spans)


def sample(template: Template, values: Mapping[str, object]) -> Sampled:
    """Fill a template, bound to its variant, with samples."""
    if not template.placeholders:
        return Sampled(template.text)
    parts = list(template.parts)
    guessed = set()
    for index, slot in template.fillings():
        text = _fill(slot, values)
        if text is None:
            guessed.add(index)
        parts[index] = GUESS if text is None else text
    spans = []
    at = 0
    for number, placeholder in enumerate(template.placeholders):
        index = 2 * number + 1
        at += len(parts[index - 1])
        end = at + len(parts[index])
        spans.append(Span(at, end, placeholder, index in guessed))
        at = end
    return Sampled("".join(parts), tuple(spans))


def _fill(slot: Slot, values: Mapping[str, object]) -> str | None:
    if slot.landing is Landing.STRING:
        return GUESS  # any text may stand in a string: it need not be evaluated
    try:
        return slot.fill(values, 0)
    except TemplateError:
        return None

"""The step that stands at a place, and the definitions that match it. Pure."""

from __future__ import annotations

from harness.core.definitions import Library, Use
from harness.core.document import Document, Step
from harness.core.sampling import sample
from harness.lint.texts import title_of


def step_at(document: Document, line: int) -> Step | None:
    """The step whose title stands at a line."""
    for step in document.steps():
        last = step.origins[-1].line if step.origins else step.line
        if step.line <= line <= last:
            return step
    return None


def uses(step: Step, document: Document, file: str, library: Library) -> tuple[Use, ...]:
    """The definitions that match a step, filled with the file's samples and its first variant;
    none if its placeholders are wrong."""
    front = document.front_matter
    variant = front.variants[0] if front.variants else None
    template = title_of(step, file).bind(variant, [])
    if template is None:
        return ()
    samples = (
        front.example_context if variant is None else {**front.example_context, "variant": variant}
    )
    return library.uses(step.keyword, sample(template, samples).text)

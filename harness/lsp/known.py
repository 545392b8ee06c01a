"""What there is to offer at a line of a file. Pure."""

from __future__ import annotations

from harness.lsp.completion import Known
from harness.lsp.rename import Source
from harness.lsp.suite import Suite


def known_at(suite: Suite, file: str, source: Source | None, line: int) -> Known:
    """The steps, the values that are stored above a line or elsewhere before, the titles."""
    others = [each for name, each in suite.files.items() if name != file]
    titles = sorted({each.title for each in others if each.title})
    if source is None:
        values = dict.fromkeys(suite.values, "a value of the settings")
        return Known(suite.definitions(), values, {}, titles)
    document = source.document
    front = document.front_matter
    values = dict.fromkeys(front.example_context, "it has a sample")
    values |= dict.fromkeys(suite.values, "a value of the settings")
    for above in suite.above(file):
        values |= dict.fromkeys(sorted(above.stores), f"stored by “{above.title}”")
    for name, stored in source.values.stored():
        if stored.place[0] < line:
            values[name] = f"stored in line {stored.place[0]}"
    scenarios = [scenario for _, scenario in document.walk() if scenario.line <= line]
    for examples in scenarios[-1].examples if scenarios else ():
        values |= dict.fromkeys(examples.table.headings, "a cell of the row")
    variant = {name: "of the variant" for each in front.variants for name in each}
    if variant:
        values["variant"] = "the variant"
    return Known(suite.definitions(), values, variant, titles)

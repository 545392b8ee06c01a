"""What a `*.feature.md` file says: the syntax tree of the dialect (docs/dialect.md).

Plain frozen values. Text is raw source: placeholders are not replaced here. Lines and columns
are 1-based and true positions in the file; columns count code points.

Named tuples, where the rest of the house has frozen dataclasses: they are built in a third of the
time, and importing them in a seventh, which is what keeps `parse` within its measured targets
(benchmarks/bench_parse.py). Use their names, not their indices.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final, Literal, NamedTuple

_NOTHING: Final[Mapping[str, Any]] = MappingProxyType({})

Keyword = Literal["Given", "When", "Then", "Soon"]
UnusedStubs = Literal["warn", "strict", "off"]
"""What becomes of queued responses that nobody asked for."""

DRAFT: Final = "Draft:"
"""How the comment above a feature begins that was recorded and is not known to pass."""


class Origin(NamedTuple):
    """From `offset` on, the characters of a joined title stand in the file at line:column."""

    offset: int
    line: int
    column: int


class CodeBlock(NamedTuple):
    """A fenced code block. `language` is the whole info string, or None if there is none.

    `code` has no newline before the closing fence. Its first line is `line + 1` of the file
    (`line` is the opening fence); `indents` holds, for an indented fence, how many characters
    were stripped from each line, and is empty otherwise.
    """

    language: str | None
    code: str
    line: int
    column: int = 1
    indents: tuple[int, ...] = ()

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of a character of `code`."""
        row = self.code.count("\n", 0, offset)
        start = self.code.rfind("\n", 0, offset) + 1
        indent = self.indents[row] if row < len(self.indents) else 0
        return self.line + 1 + row, offset - start + 1 + indent


class Row(NamedTuple):
    """A body row of a table; an empty cell is None. `columns` are where its cells begin."""

    cells: tuple[str | None, ...]
    line: int
    columns: tuple[int, ...] = ()


class Table(NamedTuple):
    """A GitHub-style table."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int
    column: int = 1

    def records(self) -> list[dict[str, str | None]]:
        """The rows as objects keyed by heading."""
        return [dict(zip(self.headings, row.cells, strict=True)) for row in self.rows]


class Step(NamedTuple):
    """A step. `keyword` is resolved (And and But take the previous one), `written` is not."""

    keyword: Keyword
    written: str
    title: str
    line: int
    column: int = 1
    origins: tuple[Origin, ...] = ()
    comment: str | None = None
    description: tuple[str, ...] = ()
    code_block: CodeBlock | None = None
    table: Table | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column in the file of a character of `title`."""
        index = bisect_right([origin.offset for origin in self.origins], offset) - 1
        if index < 0:
            return self.line, self.column
        origin = self.origins[index]
        return origin.line, origin.column + offset - origin.offset


class Examples(NamedTuple):
    """An Examples table of an outline; `title` may be empty."""

    title: str
    line: int
    table: Table
    column: int = 1
    description: tuple[str, ...] = ()
    comment: str | None = None
    tags: tuple[str, ...] = ()


class Scenario(NamedTuple):
    """A scenario, an outline (it has `examples`), or the Background (no title)."""

    keyword: str
    title: str
    line: int
    column: int = 1
    description: tuple[str, ...] = ()
    comment: str | None = None
    tags: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    examples: tuple[Examples, ...] = ()


class Rule(NamedTuple):
    """A rule: a group of scenarios."""

    title: str
    line: int
    column: int = 1
    description: tuple[str, ...] = ()
    comment: str | None = None
    tags: tuple[str, ...] = ()
    scenarios: tuple[Scenario, ...] = ()


class RetryBudget(NamedTuple):
    """Front matter `retry`: seconds, and a factor; None where the file says nothing."""

    scale: float | None = None
    websocket: float | None = None
    calls: float | None = None
    rest: float | None = None


class Need(NamedTuple):
    """An entry of `needs`: the title of another feature, and where it is written."""

    title: str
    line: int
    column: int = 1


class FrontMatter(NamedTuple):
    """The YAML at the top of the file. `data` is all of it as read, unknown keys included.

    `run_at`, `unused_stubs_at` and `samples_at` are the line and column of what these keys say, and
    of the names in `example_context`.
    """

    needs: tuple[Need, ...] = ()
    run: Literal["only", "never"] | None = None
    run_at: tuple[int, int] = (1, 1)
    order: Literal["first", "last"] | None = None
    variants: tuple[Mapping[str, object], ...] = ()
    example_context: Mapping[str, object] = _NOTHING
    samples_at: Mapping[str, tuple[int, int]] = _NOTHING
    tags: tuple[str, ...] = ()
    retry: RetryBudget | None = None
    unused_stubs: UnusedStubs | None = None
    unused_stubs_at: tuple[int, int] = (1, 1)
    data: Mapping[str, object] = _NOTHING


class Document(NamedTuple):
    """One feature: a whole file. `children` keeps scenarios and rules in the file's order."""

    title: str
    line: int
    column: int = 1
    description: tuple[str, ...] = ()
    comment: str | None = None
    tags: tuple[str, ...] = ()
    front_matter: FrontMatter = FrontMatter()
    background: Scenario | None = None
    children: tuple[Scenario | Rule, ...] = ()

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """The scenarios that stand directly in the feature."""
        return tuple(child for child in self.children if isinstance(child, Scenario))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules."""
        return tuple(child for child in self.children if isinstance(child, Rule))

    def steps(self) -> Iterator[Step]:
        """Every step as it is written: those of Background, then those of each scenario."""
        if self.background is not None:
            yield from self.background.steps
        for _, scenario in self.walk():
            yield from scenario.steps

    def walk(self) -> Iterator[tuple[Rule | None, Scenario]]:
        """Every scenario and outline, in the file's order, with the rule it stands in."""
        for child in self.children:
            if isinstance(child, Rule):
                for scenario in child.scenarios:
                    yield child, scenario
            else:
                yield None, child

"""From the dialect's documents to Behave's model, every element at its true file and line.

Nothing is chosen or skipped here, and nothing runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from behave import model
from behave.configuration import Configuration
from behave.parser import Parser

from harness.bdd.model import (
    MarkdownFeature,
    MarkdownOutline,
    MarkdownScenario,
    MarkdownStep,
    OutlineRow,
    Story,
    make_background,
)
from harness.core.document import Document, Rule, Scenario
from harness.core.template import TemplateError, Where, parse_template
from harness.errors import Place, ScenarioFileError


def build_feature(file: str, document: Document, config: Configuration) -> MarkdownFeature:
    """Behave's feature for a document. Nothing is chosen or skipped yet."""
    feature = MarkdownFeature(
        file,
        document.line,
        "Feature",
        document.title,
        tags=_tags(document.tags),
        description=list(document.description),
        language="en",
    )
    feature.parser = Parser(language="en")
    variants = document.front_matter.variants or (None,)
    feature.file, feature.document, feature.needed = file, document, []
    feature.stories = [Story(file, document, variant) for variant in variants]
    if document.background is not None:
        # For formatters only: the steps that run are those of `begin_with_background`.
        feature.background = make_background(feature.stories[0], document.background)
    for story in feature.stories:
        _add_story(feature, story, config)
    return feature


def _add_story(feature: MarkdownFeature, story: Story, config: Configuration) -> None:
    document = story.document
    current: tuple[int, model.ScenarioContainer] = (0, feature)

    def container(rule: Rule | None) -> model.ScenarioContainer:
        """Where a scenario goes; a new rule whenever it changes, so that the order stays."""
        nonlocal current
        line = rule.line if rule else document.line if story.variant else 0
        if line != current[0]:
            current = line, _behave_rule(feature, story, rule, line) if line else feature
        return current[1]

    for rule, source in document.walk():
        above = (rule.line,) if rule else ()
        items = list(_scenarios(story, source, above, config))
        parent = container(rule)
        if source.examples:
            outline = MarkdownOutline(
                story.file, source.line, source.keyword, source.title, tags=_tags(source.tags)
            )
            outline.rows = items
            parent.add_scenario(outline)
            for item in items:
                item.parent, item.feature = outline, feature
        else:
            parent.add_scenario(items[0])
        for item in items:
            # Feature.add_scenario hands Background to every scenario; ours runs once.
            item.background = None
        story.scenarios.extend(items)
    if not story.scenarios and document.background is not None:
        alone = MarkdownScenario(
            story.file, document.background.line, "Background", "Background", steps=[]
        )
        alone.story, alone.lines = story, (document.background.line,)
        container(None).add_scenario(alone)
        alone.background = None
        story.scenarios.append(alone)


def _behave_rule(
    feature: MarkdownFeature, story: Story, rule: Rule | None, line: int
) -> model.Rule:
    title = _title(story, rule.title, rule.line) if rule else ""
    built = model.Rule(
        story.file,
        line,
        "Rule",
        " — ".join(part for part in (story.name, title) if part),
        tags=_tags(rule.tags) if rule else [],
        description=list(rule.description) if rule else [],
        parent=feature,
    )
    # Not Feature.add_rule: it would hand Background to every scenario of the rule.
    feature.rules.append(built)
    feature.run_items.append(built)
    return built


def _scenarios(
    story: Story, source: Scenario, above: tuple[int, ...], config: Configuration
) -> Iterator[MarkdownScenario]:
    if not source.examples:
        title = _title(story, source.title, source.line)
        yield _scenario(story, source, title, source.line, (*above, source.line))
        return
    for number, examples in enumerate(source.examples, 1):
        for index, row in enumerate(examples.table.rows, 1):
            outline_row = OutlineRow(examples.table.headings, row)
            title = _title(story, source.title, source.line, outline_row.cells)
            of = _title(story, examples.title, examples.line, outline_row.cells)
            name = config.scenario_outline_annotation_schema.format(
                name=title,
                examples=_Label(of, number, of),
                row=_Label("", index, f"{number}.{index}"),
            ).strip()
            lines = (*above, source.line, examples.line, row.line)
            yield _scenario(story, source, name, row.line, lines, outline_row, examples.tags)


@dataclass(frozen=True, slots=True)
class _Label:
    """What Behave's annotation schema may name of an Examples table or of its row."""

    name: str
    index: int
    id: str


def _scenario(
    story: Story,
    source: Scenario,
    title: str,
    line: int,
    lines: tuple[int, ...],
    row: OutlineRow | None = None,
    tags: tuple[str, ...] = (),
) -> MarkdownScenario:
    scenario = MarkdownScenario(
        story.file,
        line,
        source.keyword,
        f"{title} -- {story.name}" if story.variant else title,
        tags=_tags(source.tags + tags),
        steps=[MarkdownStep(story, step, row) for step in source.steps],
        description=list(source.description),
    )
    scenario.story, scenario.lines = story, lines
    return scenario


def _title(story: Story, title: str, line: int, row: Mapping[str, str | None] | None = None) -> str:
    """A heading with the variant's and the row's values; others are not known yet.

    Raises ScenarioFileError for placeholders that are wrong whatever the values.
    """
    if "${" not in title and "<variant." not in title:
        return title
    try:
        template = parse_template(title, Where.TITLE).bind(story.variant)
    except TemplateError as error:
        raise ScenarioFileError(error.what, Place(story.file, line), error.hint) from None
    if not story.variant and not row:
        return title
    try:
        return template.render(row or {}, now=0, variant=story.variant, strict=False).text
    except TemplateError:
        return title


def _tags(tags: tuple[str, ...]) -> list[model.Tag]:
    return [model.Tag(tag.removeprefix("@"), 0) for tag in tags]

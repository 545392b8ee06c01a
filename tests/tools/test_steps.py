"""The step catalogue: whoever looks a step up finds an example that can be copied as it stands."""

from __future__ import annotations

import json

from harness.bdd.catalogue import EXAMPLE_STEP, Entry
from harness.bdd.phrases import PhraseMatcher
from harness.core.markdown import parse
from harness.tools.steps import as_markdown
from tests.in_process import ROOT
from tests.project import Project


def entry(doc: str) -> Entry:
    return Entry("I wait", doc, "runs once", "steps/waiting.py", 1)


def test_an_example_is_shown_as_source() -> None:
    shown = as_markdown([entry("Do nothing.\n\n- `a`: b\n\n    When I wait")])
    assert shown.endswith(
        "## waiting\n\n### `I wait`\n\nDo nothing.\n\n- `a`: b\n\n"
        "```markdown\nWhen I wait\n```\n\n*It runs once.*\n"
    )


def test_an_example_may_have_a_code_block_and_no_indentation() -> None:
    shown = as_markdown([entry("Do nothing.\n\nWhen I wait\n\n```json\n{}\n```")])
    assert "Do nothing.\n\n````markdown\nWhen I wait\n\n```json\n{}\n```\n````\n" in shown


def test_a_step_without_an_example_is_prose() -> None:
    assert "\n\nDo nothing.\n\n*It runs once.*\n" in as_markdown([entry("Do nothing.")])


def test_every_step_of_the_library_has_an_example_that_is_one_of_it() -> None:
    done = Project(ROOT).run("harness.tools.cli", "steps", "--format", "json")
    found = [Entry(**each) for each in json.loads(done.out)]
    assert len(found) > 30
    for each in found:
        begin = EXAMPLE_STEP.search(each.doc)
        assert begin is not None, f"{each.phrase} has no example"
        lines = [line.removeprefix("    ") for line in each.doc[begin.start() :].split("\n")]
        source = "# Example\n\n## It is read\n\n" + "\n".join(lines)
        (step,) = parse(source, each.phrase).scenarios[0].steps
        assert PhraseMatcher(entry, each.phrase).match(step.title), step.title
        wants_block = "- code block: " in each.doc
        assert (step.code_block is not None) == wants_block, each.phrase

"""What each step does: the features in works/ pass, and use every definition."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.markdown import parse
from tests.steps.library import definitions, name_of
from tests.steps.stage import Stage

WORKS = sorted((Path(__file__).parent / "works").glob("*.feature.md"))


@pytest.mark.parametrize("file", WORKS, ids=lambda file: file.name.split(".")[0])
def test_the_steps_do_their_work(file: Path, stage: Stage) -> None:
    assert stage.failure(file.read_text(encoding="utf-8"), scale=1) == ""


def test_every_definition_is_used() -> None:
    used = set()
    for file in WORKS:
        document = parse(file.read_text(encoding="utf-8"), str(file))
        scenarios = [document.background, *document.scenarios]
        titles = [step.title for scenario in scenarios if scenario for step in scenario.steps]
        used |= {name_of(item) for item in definitions() for title in titles if item.match(title)}
    assert {name_of(item) for item in definitions()} == used

"""What the model takes from Behave is what Behave would make, and what users' hooks do to it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from behave import model

from harness.bdd.model import MarkdownStep, Story
from harness.core.markdown import parse
from tests.project import Project, make_project

FEATURE = """\
# Title

## Scenario

Given a step

```json
{}
```
"""


def test_a_step_has_what_behave_would_give_it() -> None:
    document = parse(FEATURE, "a.feature.md")
    source = document.scenarios[0].steps[0]
    text = model.Text("{}", "json", 7)
    expected = model.Step("a.feature.md", 5, "Given", "given", "a step", text, None)
    step = MarkdownStep(Story("a.feature.md", document), source)
    own = {"story", "source", "row", "trace"}
    objects = {"_captured", "_capture_sink"}
    assert vars(step).keys() - own == vars(expected).keys()
    for name in vars(expected).keys() - objects:
        assert getattr(step, name) == getattr(expected, name), name
    for name in objects:
        assert type(getattr(step, name)) is type(getattr(expected, name))
    assert step.capture_sink.collector is step.captured
    assert step.capture_sink.store_on_success == expected.capture_sink.store_on_success


HOOKED = """
    from harness import session
    from harness.session import *

    def before_scenario(context, scenario):
        session.before_scenario(context, scenario)
        if scenario.name == "Skipped":
            scenario.skip("not here")

    def before_step(context, step):
        if step.name == "I note `unfit`":
            context.scenario.skip("nor here")

    def after_feature(context, feature):
        session.after_feature(context, feature)
        assert feature.name != "Fails at its end", "the hook failed"
    """


def hooked(folder: Path, features: Mapping[str, str]) -> Project:
    project = make_project(folder, features)
    project.write("environment.py", HOOKED)
    return project


def test_background_runs_before_the_first_scenario_that_no_hook_skips(tmp_path: Path) -> None:
    text = (
        "# F\n\n## Background\n\nGiven I note `background`\n\n## Skipped\n\nGiven I note `1`\n\n"
        "## Runs\n\nGiven I note `2`\n\n## Runs too\n\nGiven I note `3`\n"
    )
    done = hooked(tmp_path, {"f.feature.md": text}).behave()
    assert done.noted == ["background", "2", "3"]
    assert "2 scenarios passed, 0 failed, 1 skipped" in done.out
    assert "3 steps passed, 0 failed, 1 skipped" in done.out


def test_a_background_that_is_skipped_within_ends_the_story(tmp_path: Path) -> None:
    text = (
        "# F\n\n## Background\n\nGiven I note `background`\n\nAnd I note `unfit`\n\n"
        "And I note `not reached`\n\n## One\n\nGiven I note `1`\n\n## Two\n\nGiven I note `2`\n"
    )
    done = hooked(tmp_path, {"f.feature.md": text}).behave()
    assert (done.status, done.noted) == (0, ["background", "unfit"])
    assert "0 scenarios passed, 0 failed, 2 skipped" in done.out


def test_a_feature_whose_own_hook_failed_has_not_passed(tmp_path: Path) -> None:
    features = {
        "a.feature.md": "# Fails at its end\n\n## S\n\nGiven I note `1`\n",
        "b.feature.md": (
            "---\nneeds: [Fails at its end]\n---\n\n# B\n\n## S\n\nGiven I note `2`\n"
        ),
    }
    done = hooked(tmp_path, features).behave()
    assert (done.status, done.noted) == (1, ["1"])
    assert "1 scenario passed, 0 failed, 1 skipped" in done.out

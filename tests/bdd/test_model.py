"""What the model takes from Behave is what Behave would make."""

from __future__ import annotations

from behave import model

from harness.bdd.model import MarkdownStep, Story
from harness.core.markdown import parse

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
    step = MarkdownStep(Story("a.feature.md", document), source, {})
    own = {"story", "source", "row"}
    objects = {"_captured", "_capture_sink"}
    assert vars(step).keys() - own == vars(expected).keys()
    for name in vars(expected).keys() - objects:
        assert getattr(step, name) == getattr(expected, name), name
    for name in objects:
        assert type(getattr(step, name)) is type(getattr(expected, name))
    assert step.capture_sink.collector is step.captured
    assert step.capture_sink.store_on_success == expected.capture_sink.store_on_success

"""The page on steps of one's own: its definitions are loaded, linted, run, and fail as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.in_process import ROOT
from tests.pages import blocks
from tests.project import Project, make_project

PAGE = ROOT / "docs" / "own-steps.md"
FEATURE = """\
# Orders

## They are stored

Given I have an order of `3` devices for `Bob` in `order`

And I have an order of 1 device in `small`

And I have this order in `large`

```json
{ "count": 300, "customer": "Ada" }
```

And I have these prices in `prices`

| model   | price |
| ------- | ----- |
| PCA20065 | 99.5 |

Then `[order, small, large, prices]` should equal

```json
[
  { "count": 3, "customer": "Bob" },
  { "count": 1, "customer": "Ada" },
  { "count": 300, "customer": "Ada" },
  { "PCA20065": 99.5 }
]
```

Soon `shipped` is in the file `orders.log`
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path, {"orders.feature.md": FEATURE})
    for number, block in enumerate(blocks(PAGE)):
        project.write(block.file or f"steps/own_{number}.py", block.text)
    return project


def test_its_steps_work(project: Project) -> None:
    project.write("orders.log", "shipped\n")
    done = project.run("harness.tools.cli", "lint")
    assert done.out == "1 file: clean\n"
    done = project.behave("-f", "plain")
    assert done.status == 0, done.text


def test_its_test_of_a_step_passes(project: Project) -> None:
    done = project.run("pytest", "tests", "-p", "no:cacheprovider")
    assert done.status == 0, done.text
    assert "1 passed" in done.out

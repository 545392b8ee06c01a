"""What the tests of the plugin share: a project, and pytest run in it as a user does."""

from __future__ import annotations

import re

from tests.project import Done, Project

STORY = """
    `@slow`

    # First

    ## Background

    Given I note `bg`

    ## One

    Given I note `one`

    ## Two

    Given I note `two`

    ## Three

    Given I note `three`
"""

BROKEN = STORY.replace("Given I note `two`", "Given it fails")

NEEDS_FIRST = """
    ---
    needs:
      - First
    ---

    # Second

    ## Alpha

    Given I note `alpha`
"""


def run_pytest(project: Project, *arguments: str) -> Done:
    """Run pytest as a user does, with this plugin alone: others take most of the time."""
    env = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return project.run("pytest", "-p", "nrfcloud_bdd", *arguments, env=env)


def counts(done: Done) -> dict[str, int]:
    """The numbers in the last line that pytest prints: how many passed, failed and so on."""
    last = done.out.rstrip().splitlines()[-1]
    return {word: int(number) for number, word in re.findall(r"(\d+) ([a-z]+)", last)}

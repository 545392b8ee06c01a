"""The documentation is true: commands exist, links lead somewhere, examples run as shown."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness.lint.output import table
from tests.in_process import ROOT
from tests.project import Done, Project, make_project

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path, language: str) -> list[str]:
    """The code blocks of a page with this info string."""
    pattern = rf"^(`{{3,}}){language}\n(.*?)^\1$"
    return [found[2] for found in re.finditer(pattern, page.read_text(), re.S | re.M)]


def run_readme(folder: Path, scenario: str) -> Done:
    project = Project(folder)
    for name in ("behave.ini", "environment.py", "nrfcloud-bdd.toml"):
        shutil.copy(ROOT / name, folder / name)
    project.write("features/choose-firmware.feature.md", scenario)
    return project.behave("-f", "plain", "--no-timings")


def alike(text: str) -> str:
    """A text without what differs between two runs."""
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}", "TIME", text)
    return re.sub(r"oob-\d{15}", "DEVICE", text)


def test_the_scenario_of_the_readme_passes(tmp_path: Path) -> None:
    (scenario,) = blocks(ROOT / "README.md", "markdown")
    done = run_readme(tmp_path, scenario)
    assert done.status == 0, done.text


def test_the_failure_of_the_readme_is_what_a_person_sees(tmp_path: Path) -> None:
    (scenario,) = blocks(ROOT / "README.md", "markdown")
    (failure,) = blocks(ROOT / "README.md", "text")
    expected = '{ "type": "APP", "version": "v2.0.1" }'
    assert expected in scenario
    done = run_readme(tmp_path, scenario.replace(expected, expected.replace("v2.0.1", "v2.0.2")))
    assert done.status == 1
    assert alike(failure.rstrip()) in alike(done.out)


def test_the_commands_of_the_readme_exist() -> None:
    (commands,) = blocks(ROOT / "README.md", "console")
    assert commands.split("\n")[:-1] == ["make run", "make test"]
    for command in commands.splitlines():
        subprocess.run([*command.split(), "--dry-run"], cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?://|#)([^)#\s]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_step_catalogue_is_that_of_the_definitions() -> None:
    done = Project(ROOT).run("harness.tools.cli", "steps")
    assert done.out == (ROOT / "docs" / "steps.md").read_text(), "run: make catalogue"


@pytest.mark.parametrize(
    "command",
    [
        "init",
        "run",
        "approve",
        "lint",
        "record",
        "lsp",
        "report",
        "parse",
        "steps",
        "mock",
        "mock requests",
        "completion",
    ],
)
def test_help_texts_are_those_of_the_program(command: str) -> None:
    done = Project(ROOT).run("harness.tools.cli", *command.split(), "--help", env={"COLUMNS": "80"})
    assert done.out in blocks(ROOT / "docs" / "commands.md", "text"), done.out


def test_the_table_of_checks_is_that_of_the_program() -> None:
    assert table() in (ROOT / "docs" / "lint.md").read_text()


def test_the_own_step_of_the_lint_page_is_checked_as_it_says(tmp_path: Path) -> None:
    (own_step,) = blocks(ROOT / "docs" / "lint.md", "python")
    project = make_project(tmp_path, {})
    project.write("steps/computing.py", own_step)
    steps = "Given I compute `1 +` into `two words`\n\n```json\n{}\n```\n"
    project.write("features/one.feature.md", f"# One\n\n## Two\n\n{steps}")
    done = project.run("harness.tools.cli", "lint")
    codes = re.findall(r"\[([a-z-]+)\]$", done.out, re.M)
    assert codes == ["invalid-expression", "invalid-name", "unexpected-block"]


def test_the_project_of_the_readme_runs(tmp_path: Path) -> None:
    (ini,) = blocks(ROOT / "README.md", "ini")
    environment, own_step = blocks(ROOT / "README.md", "python")
    project = Project(tmp_path)
    project.write("behave.ini", ini)
    project.write("environment.py", environment)
    project.write(own_step.split("\n")[0].removeprefix("# "), own_step)
    steps = "Given I have an order of `3` devices in `order`\n\nThen `order.count` should equal"
    text = f"# Orders\n\n## One is made\n\n{steps}\n\n```json\n3\n```\n"
    project.write("features/orders.feature.md", text)
    done = project.behave()
    assert done.status == 0, done.text

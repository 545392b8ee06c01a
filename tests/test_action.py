"""The GitHub action, as far as it can be tried elsewhere: its scripts are run as a runner would.

They run the project of the example, copied to another place, with the package installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.in_process import ROOT
from tests.installed import environment

EXAMPLE = ROOT / "examples" / "own-service"
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPTS = {step["name"]: step for step in STEPS if "run" in step}
EXPRESSION = re.compile(r"\$\{\{ *(.*?) *\}\}")
# How a runner calls bash: docs.github.com, "Workflow syntax", on `shell`.
BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")


def test_it_is_a_composite_action() -> None:
    assert ACTION["name"]
    assert ACTION["description"]
    assert ACTION["runs"]["using"] == "composite"
    for step in STEPS:
        assert ("run" in step) != ("uses" in step)
        assert set(step) <= {"name", "id", "if", "uses", "with", "shell", "env", "run"} | {
            "working-directory"
        }
    assert {step["shell"] for step in SCRIPTS.values()} == {"bash"}


def test_its_inputs_are_used_and_what_is_used_is_an_input() -> None:
    text = (ROOT / "action.yml").read_text(encoding="utf-8")
    assert set(re.findall(r"inputs\.([\w-]+)", text)) == set(ACTION["inputs"])
    for given in ACTION["inputs"].values():
        assert set(given) == {"description", "default"}
        assert isinstance(given["default"], str)


def test_no_input_becomes_part_of_a_script() -> None:
    assert not [name for name, step in SCRIPTS.items() if EXPRESSION.search(step["run"])]


def test_its_page_has_its_inputs() -> None:
    page = (ROOT / "docs" / "github-actions.md").read_text(encoding="utf-8")
    table = page.split("<!-- inputs -->")[1].split("<!-- end of inputs -->")[0]
    rows = [
        f"| `{name}` | {code(given['default'])} | {given['description']} |"
        for name, given in ACTION["inputs"].items()
    ]
    assert table.strip().splitlines()[2:] == rows


def code(text: str) -> str:
    return f"`{text}`" if text else ""


def test_what_uses_it_gives_what_it_takes() -> None:
    page = (ROOT / "docs" / "github-actions.md").read_text(encoding="utf-8")
    workflow = (EXAMPLE / ".github" / "workflows" / "acceptance.yml").read_text(encoding="utf-8")
    (job,) = yaml.safe_load(workflow)["jobs"].values()
    (shown,) = re.findall(r"```yaml\n(.*?)```", page, re.S)
    for steps in (job["steps"], yaml.safe_load(shown)):
        (use,) = (each for each in steps if "nrfcloud-bdd" in each.get("uses", ""))
        assert set(use["with"]) <= set(ACTION["inputs"])
    assert set(re.findall(r"outputs\.([\w-]+)", workflow)) == set(ACTION["outputs"])


@pytest.mark.parametrize("name", SCRIPTS)
def test_shellcheck_finds_nothing_in_its_scripts(name: str) -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("shellcheck is not installed")
    done = subprocess.run(
        ["shellcheck", "--shell=bash", "-"],
        input=SCRIPTS[name]["run"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


@dataclass(frozen=True)
class Ended:
    """How the job ended: with the first script that fails, like a runner."""

    status: int
    printed: str
    summary: str
    output: Mapping[str, str]


@dataclass(frozen=True)
class Runner:
    """A checkout in `workspace`, and what a runner has for each job."""

    workspace: Path
    env: Mapping[str, str]

    def run(self, **given: str) -> Ended:
        inputs = {name: each["default"] for name, each in ACTION["inputs"].items()}
        inputs |= {name.replace("_", "-"): text for name, text in given.items()}
        files = {
            name: self.workspace / name.lower() for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")
        }
        for path in files.values():
            path.write_text("", encoding="utf-8")
        env = {**self.env, "GITHUB_WORKSPACE": str(self.workspace)}
        env |= {name: str(path) for name, path in files.items()}
        status, printed = 0, ""
        for name, step in SCRIPTS.items():
            if name.startswith("Install"):
                continue
            done = subprocess.run(
                [*BASH, "-c", step["run"]],
                cwd=self.workspace / filled(step["working-directory"], inputs),
                env=env
                | {name: filled(text, inputs) for name, text in step.get("env", {}).items()},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=120,
            )
            status, printed = done.returncode, printed + done.stdout
            if status:
                break
        output = files["GITHUB_OUTPUT"].read_text(encoding="utf-8").splitlines()
        return Ended(
            status,
            printed,
            files["GITHUB_STEP_SUMMARY"].read_text(encoding="utf-8"),
            dict(line.split("=", 1) for line in output),
        )


def filled(text: str, inputs: Mapping[str, str]) -> str:
    return EXPRESSION.sub(lambda found: inputs[found[1].removeprefix("inputs.")], text)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment in which the action's own script has installed the package."""
    folder = tmp_path_factory.mktemp("installed")
    env = environment(folder / "dependencies")
    subprocess.run([sys.executable, "-m", "venv", "venv"], cwd=folder, env=env, check=True)
    env = {**env, "PATH": f"{folder / 'venv' / 'bin'}:{env['PATH']}", "EXTRAS": "proxy,fast"}
    subprocess.run(
        [*BASH, "-c", SCRIPTS["Install nrfcloud-bdd"]["run"]],
        env={**env, "GITHUB_ACTION_PATH": str(ROOT)},
        check=True,
        capture_output=True,
    )
    return {**env, "GITHUB_ACTIONS": "true", "CI": "true"}


@pytest.fixture
def runner(tmp_path: Path, installed: Mapping[str, str]) -> Runner:
    shutil.copytree(EXAMPLE, tmp_path, dirs_exist_ok=True)
    return Runner(tmp_path, installed)


def test_the_example_passes(runner: Runner) -> None:
    ended = runner.run(directory="acceptance")
    assert ended.status == 0, ended.printed
    assert ended.summary.count("Acceptance tests: passed") == 1
    reports = runner.workspace / "acceptance" / "reports"
    assert ended.output == {"report-directory": str(reports)}
    assert (reports / "results.json").is_file()


def test_paths_and_options_may_have_spaces(runner: Runner) -> None:
    folder = runner.workspace / "acceptance"
    (folder / "features").rename(folder / "all features")
    ini = folder / "behave.ini"
    ini.write_text(ini.read_text().replace("paths = features", "paths = all features"))
    ended = runner.run(
        directory="acceptance",
        paths="all features/battery.feature.md\n",
        args="--format=plain\n\n--name\nThe battery is told\n",
        report_directory="my reports",
    )
    assert ended.status == 0, ended.printed
    assert "1 scenario passed, 0 failed" in ended.printed
    assert (folder / "my reports" / "results.json").is_file()


def test_a_failure_is_in_the_summary_of_the_job(runner: Runner) -> None:
    service = runner.workspace / "trackers.py"
    service.write_text(service.read_text().replace(" / 1000", ""))
    ended = runner.run(directory="acceptance")
    assert ended.status == 1
    assert "::error file=acceptance/features/battery.feature.md,line=23," in ended.printed
    assert "The battery is told in volts" in ended.summary
    assert ended.summary.count("Acceptance tests: failed") == 1
    assert "report-directory" in ended.output


def test_what_lint_finds_ends_the_job_with_annotations(runner: Runner) -> None:
    feature = runner.workspace / "acceptance" / "features" / "battery.feature.md"
    feature.write_text(feature.read_text().replace("When I `GET`", "When I `GET` from"))
    ended = runner.run(directory="acceptance")
    assert ended.status == 1
    assert "::error file=acceptance/features/battery.feature.md,line=" in ended.printed
    assert ended.summary == ""

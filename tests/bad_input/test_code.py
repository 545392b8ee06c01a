"""Python code of a project that is broken: step files, environment.py, hooks and steps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.live import COMMANDS, live, steps, troubled_project
from tests.project import make_project

FEATURES = {
    "f.feature.md": steps("F", "Given I note `f`"),
    "g.feature.md": steps("G", "Given I note `g`"),
}
OUR_HOOKS = "from harness import session\nfrom harness.session import *\n\n\n"


@pytest.mark.parametrize(
    ("file", "code", "said"),
    [
        ("steps/broken.py", "def f(:\n", ('File "steps/broken.py", line 1', "SyntaxError: ")),
        ("steps/broken.py", "import nothing_of_this_name\n", ("steps/broken.py", "ModuleNotFound")),
        ("steps/broken.py", "\n1 / 0\n", ('File "steps/broken.py", line 1', "ZeroDivisionError")),
        ("steps/broken.py", "raise SystemExit(0)\n", ("steps/broken.py", "SystemExit: 0")),
        ("environment.py", "1 / 0\n", ('File "environment.py", line 1', "ZeroDivisionError")),
    ],
    ids=["syntax", "import", "raises", "exits", "environment"],
)
def test_files_that_cannot_be_loaded(
    tmp_path: Path, file: str, code: str, said: tuple[str, ...]
) -> None:
    project = make_project(tmp_path, FEATURES)
    project.write(file, code)
    plain = project.behave()
    ours = project.run(*COMMANDS["run"])
    assert (plain.status, plain.err, plain.noted) == (1, "", [])
    assert (ours.status, ours.out, ours.noted) == (2, "", [])
    for text in (plain.out, ours.err):
        assert "a Python file of the project cannot be loaded:" in text
        assert all(part in text for part in said)
        assert "runner.py" not in text, "only what is the project's own"


@pytest.mark.parametrize(
    ("hook", "arguments", "noted"),
    [
        ("before_all", "context", []),
        ("before_feature", "context, feature", []),
        ("before_scenario", "context, scenario", []),
        ("before_step", "context, step", []),
        ("after_step", "context, step", ["f", "g"]),
        ("after_scenario", "context, scenario", ["f", "g"]),
        ("after_feature", "context, feature", ["f", "g"]),
        ("after_all", "context", ["f", "g"]),
    ],
)
def test_a_hook_that_raises(tmp_path: Path, hook: str, arguments: str, noted: list[str]) -> None:
    """The run says which, fails, and still stops what it started."""
    project = troubled_project(tmp_path, FEATURES)
    own = f'{OUR_HOOKS}def {hook}({arguments}):\n    raise ValueError("broken here")\n'
    if hook == "before_all":
        own = own.replace("    raise", "    session.before_all(context)\n    raise")
    project.write("environment.py", own)
    with live(project, *COMMANDS["run"]) as run:
        done = run.done()
        assert run.family() == []
    assert done.status == 1
    assert f"HOOK-ERROR in {hook}: ValueError: broken here" in done.out
    assert "AttributeError" not in done.text
    file = tmp_path / "noted.txt"
    assert (file.read_text().split() if file.exists() else []) == noted


def test_steps_that_raise_what_they_should_not(tmp_path: Path) -> None:
    """An error in a step is that step's: with its traceback, and the run goes on."""
    features = {
        f"{name}.feature.md": steps(name, f"Given it {name}") for name in ("divides", "exits")
    }
    project = make_project(tmp_path, FEATURES | features)
    project.write(
        "steps/more.py",
        """
        from behave import step

        @step("it divides")
        def divides(context):
            1 / 0

        @step("it exits")
        def exits(context):
            raise SystemExit(0)
        """,
    )
    done = project.run(*COMMANDS["run"])
    assert (done.status, done.noted) == (1, ["f", "g"])
    assert 'File "steps/more.py", line 5, in divides' in done.out
    assert "features/exits.feature.md:5:1: the step called sys.exit(0)" in done.out
    assert "2 scenarios passed, 2 failed" in done.out


RUNAWAYS = {
    "endless": "Given I store `($f := function($x) { $f($x) }; $f(1))` into `x`",
    "deep": "Given I note `${($f := function($x) { 1 + $f($x) }; $f(1))}`",
    "range": 'Given I store `1` into `x`\n\n```json\n"${[1..9000000]}"\n```',
    "pattern": "Given I note `${$match('" + "a" * 40 + "!', /(a+)+$/)}`",
    "pad": "Given I note `${$pad('x', 900000000)}`",
    "title": "Given I note `${$join([1..100000].$string())}` and `${$pad('x', 900000)}`",
}


def test_expressions_that_run_away(tmp_path: Path) -> None:
    """Bounded in time and memory: each fails its own step, whether in a title or in a block."""
    features = {f"{name}.feature.md": steps(name, text) for name, text in RUNAWAYS.items()}
    with live(make_project(tmp_path, FEATURES | features), *COMMANDS["run"]) as run:
        done, peak = run.done_and_peak()
    assert done.status == 1
    assert "2 scenarios passed, 6 failed" in done.out
    assert "Traceback" not in done.text
    for name in RUNAWAYS:
        assert f"features/{name}.feature.md:{8 if name == 'range' else 5}:" in done.out
    assert max(map(len, done.out.splitlines())) < 1000
    assert peak < 250 * 1024 * 1024

"""Behave's run under pytest: hooks, the world, Ctrl-C, workers, and the same results."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.in_process import ROOT
from tests.project import Project, make_project
from tests.pytest_plugin.scenarios import BROKEN, NEEDS_FIRST, STORY, counts, run_pytest

SEEDS = ROOT.parent / "shared" / "seeds"

HOOKS = """
    from harness import session

    def note(text):
        with open("noted.txt", "a") as file:
            file.write(text + "\\n")

    def before_all(context):
        session.before_all(context)
        note("all")

    def before_feature(context, feature):
        note(feature.name)

    def before_scenario(context, scenario):
        session.before_scenario(context, scenario)

    def after_scenario(context, scenario):
        note(f"/{scenario.name}")

    def after_feature(context, feature):
        session.after_feature(context, feature)
        note(f"/{feature.name}")

    def after_all(context):
        session.after_all(context)
        note("/all")
"""


def with_hooks(folder: Path, broken: str = "") -> Project:
    """A project whose hooks note that they ran; one of them raises."""
    project = make_project(folder, {"a.feature.md": STORY, "b.feature.md": NEEDS_FIRST})
    text = project.write("environment.py", HOOKS).read_text()
    if broken:
        head = next(line for line in text.splitlines() if line.startswith(f"def {broken}("))
        end = text.index("\n\n", text.index(head)) if broken != "after_all" else len(text)
        text = f"{text[:end].rstrip()}\n    raise OSError('no more')\n{text[end:]}"
        (folder / "environment.py").write_text(text)
    return project


def test_hooks_run_around_what_they_belong_to(tmp_path: Path) -> None:
    done = run_pytest(with_hooks(tmp_path), "-k", "One or Two or Alpha")
    assert done.noted == [
        *("all", "First", "bg", "one", "/One", "two", "/Two", "three", "/Three", "/First"),
        *("Second", "alpha", "/Alpha", "/Second", "/all"),
    ], done.text


def test_the_rest_of_a_feature_is_left_out_in_order(tmp_path: Path) -> None:
    project = with_hooks(tmp_path)
    done = run_pytest(project, "features/a.feature.md::One")
    assert done.noted == ["all", "First", "bg", "one", "/One", "/First", "/all"]


@pytest.mark.parametrize(
    ("hook", "ending", "message"),
    [
        ("before_all", {"error": 4}, "the hook before_all failed: see what it printed"),
        ("before_feature", {"failed": 1, "skipped": 3}, "HOOK-ERROR in before_feature"),
        ("before_scenario", {"failed": 1, "skipped": 3}, "HOOK-ERROR in before_scenario"),
        ("after_scenario", {"failed": 1, "skipped": 3}, "HOOK-ERROR in after_scenario"),
        ("after_feature", {"passed": 3, "error": 1, "skipped": 1}, "HOOK-ERROR in after_feature"),
        ("after_all", {"passed": 4, "error": 1}, "the hook after_all, or a clean-up, failed"),
    ],
)
def test_a_hook_that_fails_is_told_once(
    tmp_path: Path, hook: str, ending: dict[str, int], message: str
) -> None:
    done = run_pytest(with_hooks(tmp_path, broken=hook))
    assert done.status == 1
    assert {name.removesuffix("s"): n for name, n in counts(done).items()} == {
        name.removesuffix("s"): n for name, n in ending.items()
    }, done.text
    assert message in done.out
    assert "OSError: no more" in done.out
    assert "Traceback" not in done.text


def test_what_keeps_the_world_from_starting_is_told_plainly(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY})
    project.write("nrfcloud-bdd.toml", "[retri]\nscale = 1\n")
    done = run_pytest(project)
    assert counts(done) == {"errors": 3}
    assert "nrfcloud-bdd.toml:1:1: " in done.out
    assert ".py:" not in done.out


def test_the_world_starts_only_if_a_scenario_runs(tmp_path: Path) -> None:
    project = with_hooks(tmp_path)
    never = "---\nrun: never\n---\n\n# N\n\n## S\n\nGiven I note `n`\n"
    project.write("features/n.feature.md", never)
    assert run_pytest(project, "features/n.feature.md").noted == []
    assert run_pytest(project, "--collect-only").noted == []


VALUES = "# F\n\n## S\n\nGiven I note `${name}`\n\nAnd I note `${list[1].x}`\n"


def test_a_fixture_provides_values_and_the_command_line_wins(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": VALUES})
    project.write(
        "conftest.py",
        """
        import pytest

        @pytest.fixture(scope="session")
        def backend():
            yield "fixed"
            with open("noted.txt", "a") as file:
                file.write("backend stopped\\n")

        @pytest.fixture(scope="session")
        def nrfcloud_bdd_values(backend):
            return {"name": backend, "list": [None, {"x": 2.5}]}
        """,
    )
    done = run_pytest(project)
    assert done.noted == ["fixed", "2.5", "backend stopped"], done.text
    done = run_pytest(project, "--nrfcloud-bdd-value", "name=given = so")
    assert done.noted == ["given = so", "2.5", "backend stopped"], done.text


def test_a_value_that_is_no_json_is_refused(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": VALUES})
    project.write(
        "conftest.py",
        """
        import pytest

        @pytest.fixture(scope="session")
        def nrfcloud_bdd_values():
            return {"name": object()}
        """,
    )
    done = run_pytest(project)
    assert counts(done) == {"error": 1}
    assert "values.name is" in done.out
    assert ".py:" not in done.out


def test_a_definition_that_is_none_is_wrong_use(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY})
    done = run_pytest(project, "--nrfcloud-bdd-value", "name")
    assert done.status == 4
    assert "'name' is not NAME=TEXT" in done.err


@pytest.mark.parametrize("number", ["SIGINT", "SIGTERM"])
def test_ctrl_c_ends_the_run_and_stops_the_world(tmp_path: Path, number: str) -> None:
    project = with_hooks(tmp_path)
    project.write("features/0.feature.md", "# 0\n\n## S\n\nGiven I stop\n\n## T\n\nGiven x\n")
    project.write(
        "steps/stop.py",
        f"""
        import os, signal
        from behave import step

        @step("I stop")
        def stop(_):
            os.kill(os.getpid(), signal.{number})
        """,
    )
    done = run_pytest(project)
    assert done.status == pytest.ExitCode.INTERRUPTED, done.text
    assert "KeyboardInterrupt" in done.out
    assert "INTERNALERROR" not in done.text
    assert "Traceback" not in done.text
    assert done.noted == ["all", "0", "/S", "/0", "/all"]


def test_workers_of_xdist_run_what_their_scenarios_stand_on(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY, "b.feature.md": NEEDS_FIRST})
    for distribution in ("load", "loadfile"):
        done = run_pytest(project, "-p", "xdist", "-n", "2", "--dist", distribution)
        assert counts(done) == {"passed": 4}, done.text
        assert set(done.noted) == {"bg", "one", "two", "three", "alpha"}
    project.write("features/a.feature.md", BROKEN)
    done = run_pytest(project, "-p", "xdist", "-n", "2", "--dist", "loadfile")
    assert done.status == 1
    assert "\nfeatures/a.feature.md:15:1: it was told to\n" in done.out


@pytest.mark.parametrize(
    "paths",
    [
        ["features"],
        pytest.param(
            [str(SEEDS)],
            marks=pytest.mark.skipif(
                not SEEDS.is_dir(), reason="the seed files are not beside this repository"
            ),
        ),
    ],
    ids=["features", "seeds"],
)
def test_results_are_those_of_behave(paths: list[str]) -> None:
    under_behave = Project(ROOT).behave("--no-skipped", "-f", "null", *paths)
    under_pytest = Project(ROOT).run("pytest", "-p", "no:cacheprovider", *paths)
    assert under_behave.status == under_pytest.status == 0, under_pytest.text
    summary = re.search(r"(\d+) scenarios passed, 0 failed, 0 skipped", under_behave.out)
    assert summary is not None, under_behave.text
    assert counts(under_pytest) == {"passed": int(summary[1])}

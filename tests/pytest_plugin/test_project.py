"""Which scenario files pytest takes, in which order they run, and what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pytest_plugin.project import find_project
from tests.project import Project, make_project
from tests.pytest_plugin.scenarios import NEEDS_FIRST, STORY, counts, run_pytest


def feature(title: str, front_matter: str = "") -> str:
    return f"---\n{front_matter}\n---\n\n# {title}\n\n## S\n\nGiven I note `{title}`\n"


@pytest.mark.parametrize(
    ("name", "text", "is_project"),
    [
        ("behave.ini", "[behave]\nrunner = harness.bdd.runner:MarkdownRunner\n", True),
        ("behave.ini", "[behave]\nrunner = other:Runner\n", False),
        ("behave.ini", "[behave]\npaths = x\n", False),
        ("behave.ini", "not an ini file", False),
        ("behave.ini", "[behave]\nrunner = \udcff\n", False),
        ("nrfcloud-bdd.toml", "", True),
        ("pytest.ini", "", False),
    ],
)
def test_a_project_has_settings_or_names_the_runner(
    tmp_path: Path, name: str, text: str, is_project: bool
) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / name).write_text(text, errors="surrogateescape")
    found = find_project(tmp_path / "deep" / "a.feature.md", Path("/"))
    assert found == (tmp_path if is_project else None)


def test_files_in_no_project_are_left_alone(tmp_path: Path) -> None:
    project = Project(tmp_path)
    project.write("a.feature.md", "not even a scenario file")
    project.write("test_a.py", "def test_a():\n    pass\n")
    assert counts(run_pytest(project)) == {"passed": 1}


def test_only_the_paths_of_behave_ini_are_collected_unless_a_file_is_named(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY})
    project.write("elsewhere/b.feature.md", feature("Other"))
    assert counts(run_pytest(project)) == {"passed": 3}
    assert counts(run_pytest(project, "elsewhere/b.feature.md")) == {"passed": 1}


def test_files_outside_run_with_the_project_of_the_working_directory(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project", {"a.feature.md": STORY})
    Project(tmp_path).write("elsewhere/b.feature.md", feature("Other"))
    done = run_pytest(project, "../elsewhere")
    assert counts(done) == {"passed": 1}, done.text


def test_pytest_can_be_started_above_the_project(tmp_path: Path) -> None:
    make_project(tmp_path / "acceptance", {"a.feature.md": STORY})
    done = run_pytest(Project(tmp_path))
    assert counts(done) == {"passed": 3}, done.text


def test_a_session_has_one_project(tmp_path: Path) -> None:
    for name in ("one", "two"):
        make_project(tmp_path / name, {"a.feature.md": STORY})
    done = run_pytest(Project(tmp_path))
    assert done.status == 2
    assert "two/features/a.feature.md: it belongs to another project than what was" in done.out
    assert "run pytest once for each project" in done.out


def test_features_run_in_the_order_of_the_plan_in_one_piece(tmp_path: Path) -> None:
    project = make_project(
        tmp_path,
        {
            "a.feature.md": feature("A", "needs: [Z]"),
            "b.feature.md": feature("B", "order: last"),
            "m.feature.md": feature("M", "order: first"),
            "z.feature.md": feature("Z"),
        },
    )
    project.write("features/test_c.py", "def test_c():\n    pass\n")
    done = run_pytest(project)
    assert counts(done) == {"passed": 5}
    assert done.noted == ["M", "Z", "A", "B"]


@pytest.mark.parametrize(
    ("front_matter", "noted", "reason"),
    [
        ("run: never", "Z", "features/a.feature.md: it is marked `run: never`"),
        ("run: only", "A", "features/z.feature.md: another feature is marked `run: only`"),
    ],
)
def test_what_does_not_run_is_skipped_with_its_reason(
    tmp_path: Path, front_matter: str, noted: str, reason: str
) -> None:
    files = {"a.feature.md": feature("A", front_matter), "z.feature.md": feature("Z")}
    done = run_pytest(make_project(tmp_path, files), "-rs")
    assert counts(done) == {"passed": 1, "skipped": 1}
    assert done.noted == [noted]
    assert reason in done.out


def test_tags_in_behave_ini_hold(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY, "b.feature.md": feature("B")})
    ini = (tmp_path / "behave.ini").read_text()
    project.write("behave.ini", f"{ini}default_tags = not @slow\n")
    done = run_pytest(project, "-rs")
    assert counts(done) == {"passed": 1, "skipped": 3}
    assert "the tags or names in behave.ini leave it out" in done.out


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"b.feature.md": NEEDS_FIRST}, 'features/b.feature.md:3:5: no feature is called "First"'),
        (
            {
                "a.feature.md": feature("A", "needs: [B]"),
                "b.feature.md": feature("B", "needs: [A]"),
            },
            "`needs` go in a circle",
        ),
        (
            {"a.feature.md": "# A\n\n## S\n\nGiven I note `${$nothing(}`\n"},
            "features/a.feature.md:5:",
        ),
    ],
)
def test_what_is_wrong_with_the_suite_is_an_error_of_the_collection(
    tmp_path: Path, files: dict[str, str], message: str
) -> None:
    project = make_project(tmp_path, files)
    for options in ([], ["--collect-only"]):
        done = run_pytest(project, *options)
        assert done.status == 2, done.text
        assert message in done.out
        assert "Traceback" not in done.out
        assert done.noted == []


def test_settings_for_behave_that_are_wrong_are_told(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY})
    ini = (tmp_path / "behave.ini").read_text()
    project.write("behave.ini", f"{ini}default_tags = @a and and\n")
    done = run_pytest(project)
    assert done.status == 2
    assert "behave.ini: " in done.out
    assert "Traceback" not in done.text

"""`nrfcloud-bdd lint` as a person, a program and GitHub see it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.project import Done, Project, make_project

GOOD = "# A\n\n## B\n\nGiven I note `1`\n"


def lint(project: Project, *arguments: str, **environment: str) -> Done:
    return project.run("harness.tools.cli", "lint", *arguments, env=environment)


def test_a_clean_project(tmp_path: Path) -> None:
    done = lint(make_project(tmp_path, {"a.feature.md": GOOD}))
    assert (done.status, done.out, done.err) == (0, "1 file: clean\n", "")
    assert done.noted == []  # nothing has run


def test_only_what_is_named_is_told_of_and_the_suite_is_known(tmp_path: Path) -> None:
    needing = "---\nneeds: [A]\n---\n# C\n\n## D\n\nGiven I note `${x}`\n"
    stores = "# A\n\n## B\n\nGiven I store `1` into `x`\n\nThen it fails badly\n"
    project = make_project(tmp_path, {"a.feature.md": stores, "c.feature.md": needing})
    done = lint(project, "features/c.feature.md")
    assert done.status == 0
    assert done.out.endswith("1 file: 0 errors and 1 warning\n")
    assert "[no-sample]" in done.out
    assert lint(project).status == 1


def test_what_keeps_a_named_file_from_running_is_told_of(tmp_path: Path) -> None:
    needing = "---\nneeds: [A]\n---\n# C\n\n## D\n\nGiven I note `1`\n"
    broken = "---\nneeds: [C, E]\n---\n# A\n\n## B\n\nGuven it\n"
    project = make_project(tmp_path, {"a.feature.md": broken, "c.feature.md": needing})
    done = lint(project, "features/c.feature.md", "--format", "json")
    found = [(each["file"], each["code"]) for each in json.loads(done.out)["problems"]]
    assert found == [
        ("features/a.feature.md", "unknown-need"),
        ("features/a.feature.md", "syntax"),
        ("features/c.feature.md", "cyclic-needs"),
    ]


@pytest.mark.parametrize(
    ("code", "place", "what"),
    [
        ("import behave\nnonsense()\n", "steps/broken.py:2:1", "NameError: name 'nonsense'"),
        ("def (:\n", "steps/broken.py:1:5", "SyntaxError: invalid syntax"),
        ("import sys\nsys.exit(3)\n", "steps/broken.py:2:1", "SystemExit: 3"),
    ],
)
def test_a_step_file_that_cannot_be_loaded_is_one_problem(
    tmp_path: Path, code: str, place: str, what: str
) -> None:
    steps = (
        "# A\n\n## B\n\nGiven I do what the broken file defines\n\nThen I store `1 +` into `x`\n"
    )
    project = make_project(tmp_path, {"a.feature.md": steps})
    project.write("steps/broken.py", code)
    done = lint(project)
    assert done.status == 1
    assert f"{place}: error: {what}" in done.out
    assert "[undefined-step]" not in done.out
    assert "[invalid-expression]" in done.out


def test_one_phrase_defined_twice(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": GOOD})
    project.write("steps/twice.py", (tmp_path / "steps" / "own.py").read_text())
    done = lint(project)
    assert done.status == 1
    assert done.out.startswith("steps/twice.py:10:2: error: ")
    assert "has already been defined in" in done.out


def test_fix_mends_the_files_and_says_so(tmp_path: Path) -> None:
    project = make_project(tmp_path, {})
    file = tmp_path / "features" / "a.feature.md"
    file.parent.mkdir()
    file.write_bytes(b"\xef\xbb\xbf# A\r\n\r\n## B\r\n\r\nGiven I note `1`\r\nAnd I note `2`")
    assert lint(project).status == 1
    done = lint(project, "--fix")
    assert (done.status, done.out, done.err) == (0, "1 file: clean\n", "1 fixed\n")
    assert file.read_bytes() == (
        b"\xef\xbb\xbf# A\r\n\r\n## B\r\n\r\nGiven I note `1`\r\n\r\nAnd I note `2`"
    )


def test_values_of_the_settings_and_of_the_command_line_are_known(tmp_path: Path) -> None:
    text = "# A\n\n## B\n\nGiven I note `${one} ${two}`\n"
    project = make_project(tmp_path, {"a.feature.md": text})
    project.write("nrfcloud-bdd.toml", '[values]\none = "1"\n')
    done = lint(project)
    assert "reads `two`, which nothing stores before" in done.out
    assert "reads `one`" not in done.out
    assert lint(project, "-D", "two=2").status == 0


@pytest.mark.parametrize(
    ("arguments", "settings", "said"),
    [
        (["nowhere"], "", "nowhere: no such file or directory"),
        (["steps"], "", "steps: no scenario files (*.feature.md) in there"),
        (["--format", "xml"], "", "invalid choice: 'xml'"),
        ([], "[valuse]\n", "nrfcloud-bdd.toml:1"),
    ],
)
def test_wrong_use_and_wrong_settings(
    tmp_path: Path, arguments: list[str], settings: str, said: str
) -> None:
    project = make_project(tmp_path, {"a.feature.md": GOOD})
    project.write("nrfcloud-bdd.toml", settings)
    done = lint(project, *arguments)
    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_file_that_cannot_be_read_is_a_problem_like_others(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": GOOD})
    (tmp_path / "features" / "b.feature.md").symlink_to("nowhere")
    done = lint(project, "--fix")
    assert done.status == 1
    assert "features/b.feature.md:1:1: error: cannot be read: No such file" in done.out

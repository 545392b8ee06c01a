"""Scenarios as pytest's items: names, markers, selection, and how failures look."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.project import Done, Project, make_project
from tests.pytest_plugin.scenarios import BROKEN, NEEDS_FIRST, STORY, counts, run_pytest

NAMES = """
    ---
    variants:
      - nw: ltem
      - nw: nbiot
    ---

    # Names

    ## Rule: R

    ### It is `<variant.nw>`: a::b

    Given I note `<variant.nw>`

    ### Scenario Outline: Row

    Given I note `${x}`

    #### Examples

    | x |
    | - |
    | 1 |
    | 2 |

    ### Same

    Given I note `same`

    ### Same

    Given I note `same again`
"""


def listed(done: Done) -> list[str]:
    return [line.partition("::")[2] for line in done.out.splitlines() if "::" in line]


def test_rows_and_variants_are_items_with_readable_names(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"names.feature.md": NAMES})
    names = listed(run_pytest(project, "--collect-only", "-q"))
    assert [name for name in names if "ltem" in name] == [
        "It is `ltem`: a:b -- nw=ltem",
        "Row -- @1.1 -- nw=ltem",
        "Row -- @1.2 -- nw=ltem",
        "Same -- nw=ltem (line 26)",
        "Same -- nw=ltem (line 30)",
    ]
    nodes = [f"features/names.feature.md::{name}" for name in names]
    assert counts(run_pytest(project, *nodes)) == {"passed": 10}
    assert counts(run_pytest(project, nodes[8])) == {"passed": 1}


@pytest.mark.parametrize(
    ("arguments", "noted", "note"),
    [
        (["-k", "Two"], "bg one two", "1 scenario(s) that come before"),
        (["-k", "Second"], "bg one two three alpha", "what the chosen features need: “First”"),
        (["-m", "slow"], "bg one two three", ""),
        (["-m", "not slow"], "bg one two three alpha", "need: “First”"),
        (["features/a.feature.md::One"], "bg one", ""),
        (["features/b.feature.md"], "bg one two three alpha", "need: “First”"),
    ],
)
def test_what_is_chosen_runs_with_what_it_stands_on(
    tmp_path: Path, arguments: list[str], noted: str, note: str
) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY, "b.feature.md": NEEDS_FIRST})
    done = run_pytest(project, "--strict-markers", "-W", "error", *arguments)
    assert done.status == 0, done.text
    assert done.noted == noted.split()
    assert note in done.out
    assert ("Also running" in done.out) == bool(note)


def test_tags_do_not_mean_what_pytest_means_by_its_markers(tmp_path: Path) -> None:
    text = "`@skip` `@xfail` `@usefixtures` `@issue:12` `@_x`\n\n# F\n\n## S\n\nGiven I note `x`\n"
    project = make_project(tmp_path, {"a.feature.md": text})
    assert counts(run_pytest(project, "--strict-markers", "-W", "error")) == {"passed": 1}
    assert counts(run_pytest(project, "-k", "issue:12")) == {"passed": 1}


def test_a_failure_says_where_and_why_without_a_traceback(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": BROKEN, "b.feature.md": NEEDS_FIRST})
    done = run_pytest(project, "-rs", "--junitxml=junit.xml")
    assert done.status == 1
    assert counts(done) == {"failed": 1, "passed": 1, "skipped": 2}
    assert "Two (features/a.feature.md:13)" in done.out
    assert "\nfeatures/a.feature.md:15:1: it was told to\nThe step: Given it fails\n" in done.out
    assert "features/a.feature.md:17: the scenario “Two” failed before it" in done.out
    assert "features/b.feature.md:8: it needs “First”, which did not pass" in done.out
    assert ".py" not in done.out
    tree = ElementTree.parse(tmp_path / "junit.xml")
    (failure,) = tree.iter("failure")
    assert "features/a.feature.md:15:1: it was told to" in failure.attrib["message"]


def test_what_stands_before_and_fails_is_an_error_of_the_first_that_stands_on_it(
    tmp_path: Path,
) -> None:
    project = make_project(tmp_path, {"a.feature.md": BROKEN, "b.feature.md": NEEDS_FIRST})
    done = run_pytest(project, "-k", "Alpha or Three")
    assert done.status == 1
    assert counts(done) == {"error": 1, "skipped": 1, "deselected": 2}
    assert "ERROR at setup of Three" in done.out
    assert "features/a.feature.md:15:1: it was told to" in done.out
    assert ".py" not in done.out


def test_an_error_in_a_step_is_shown_with_its_traceback(tmp_path: Path) -> None:
    text = "# F\n\n## S\n\nGiven I divide\n"
    project = make_project(tmp_path, {"a.feature.md": text})
    project.write(
        "steps/more.py", "from behave import step\n\n@step('I divide')\ndef divide(_):\n    1 / 0\n"
    )
    done = run_pytest(project)
    assert done.status == 1
    assert "Given I divide\nTraceback (most recent call last):" in done.out
    assert "ZeroDivisionError: division by zero" in done.out
    assert "pytest_plugin" not in done.out


def test_what_steps_print_and_log_stands_in_pytests_sections(tmp_path: Path) -> None:
    text = "# F\n\n## S\n\nGiven I speak\n\nAnd it fails\n"
    project = make_project(tmp_path, {"a.feature.md": text})
    project.write(
        "steps/more.py",
        """
        import logging
        from behave import step

        @step("I speak")
        def speak(_):
            print("aloud")
            logging.getLogger("mine").warning("in writing")
        """,
    )
    done = run_pytest(project)
    assert "Captured stdout call" in done.out
    assert "\naloud\n" in done.out
    assert "Captured log call" in done.out
    assert "in writing" in done.out


def test_maxfail_ends_the_run(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": BROKEN, "b.feature.md": STORY})
    done = run_pytest(project, "-x")
    assert counts(done) == {"failed": 1, "passed": 1}
    assert done.noted == ["bg", "one"]


def test_last_failed_runs_only_what_failed_and_what_stands_before_it(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": BROKEN, "c.feature.md": NEEDS_FIRST})
    run_pytest(project)
    project.write("features/a.feature.md", STORY)
    done = run_pytest(project, "--lf")
    assert counts(done)["passed"] == 1, done.text
    assert done.noted == ["bg", "one", "two"]


def test_a_background_without_scenarios_is_an_item(tmp_path: Path) -> None:
    project = make_project(
        tmp_path, {"a.feature.md": "# F\n\n## Background\n\nGiven I note `bg`\n"}
    )
    done = run_pytest(project, "-v")
    assert "a.feature.md::Background PASSED" in done.out
    assert done.noted == ["bg"]


def test_fixtures_that_every_test_uses_are_set_up_for_scenarios(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY})
    project.write(
        "conftest.py",
        """
        import pytest

        @pytest.fixture(autouse=True)
        def around(request):
            with open("noted.txt", "a") as file:
                file.write(f"<{request.node.name}>\\n")
        """,
    )
    done = run_pytest(project)
    assert done.noted == ["<One>", "bg", "one", "<Two>", "two", "<Three>", "three"]


def test_a_file_that_is_wrong_is_an_error_of_the_collection(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": STORY, "b.feature.md": "# F\n\ntext\n"})
    done = run_pytest(project)
    assert done.status == 2
    assert "ERROR collecting features/b.feature.md" in done.out
    assert "\nfeatures/b.feature.md:3:1: " in done.out
    assert ".py" not in done.out
    assert done.noted == []
    assert counts(run_pytest(Project(tmp_path), "--continue-on-collection-errors")) == {
        "passed": 3,
        "error": 1,
    }

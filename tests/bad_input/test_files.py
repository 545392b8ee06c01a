"""Files and folders that are no scenarios, and suites that do not hold together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bad_input.live import COMMANDS, live, refused_by_both, steps
from tests.project import make_project

GOOD = steps("Good", "Given I note `it ran`")


def needing(title: str, *needed: str) -> str:
    return f"---\nneeds: [{', '.join(needed)}]\n---\n\n" + steps(title, "Given I note `x`")


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ({}, "features: no scenario files (*.feature.md) in there"),
        ({"a.feature.md": "# A\n"}, "features/a.feature.md:1:1: "),
        ({"a.feature.md": ""}, "features/a.feature.md:1:1: "),
        ({"a.feature.md": steps("A", "Given I wait for ${1 +} seconds")}, "a.feature.md:5:"),
        (
            {"a.feature.md": needing("A", "B"), "b.feature.md": needing("B", "A")},
            "features/a.feature.md:2:9: ",
        ),
        ({"a.feature.md": needing("A", "Goood"), "b.feature.md": GOOD}, "Good"),
        (
            {"a.feature.md": needing("A", "Good"), "b.feature.md": GOOD, "c.feature.md": GOOD},
            "features/a.feature.md:2:9: ",
        ),
        ({"a.feature.md": "---\nrun: sometimes\n---\n\n" + GOOD}, "features/a.feature.md:2:6: "),
    ],
    ids=["none", "empty", "blank", "jsonata", "cycle", "unknown", "ambiguous", "value"],
)
def test_suites_that_cannot_run(tmp_path: Path, features: dict[str, str], said: str) -> None:
    project = make_project(tmp_path, {})
    (tmp_path / "features").mkdir(exist_ok=True)
    for name, text in features.items():
        (tmp_path / "features" / name).write_text(text)
    assert said in refused_by_both(project)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    project = make_project(tmp_path, {})
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "binary.feature.md").write_bytes(bytes(range(256)) * 1000)
    (folder / "dangling.feature.md").symlink_to("nowhere")
    (folder / "secret.feature.md").write_text(GOOD)
    (folder / "secret.feature.md").chmod(0)
    said = refused_by_both(project).splitlines()
    assert [line.split(":")[0] for line in said] == [
        f"features/{name}.feature.md"
        for name in ("binary", "dangling", "secret")
        if name != "secret" or os.geteuid() != 0  # root reads everything
    ]


def test_what_a_search_for_files_meets(tmp_path: Path) -> None:
    """A folder with the name of a file, links in a circle, a pipe that nobody writes to."""
    project = make_project(tmp_path, {"folder.feature.md/good.feature.md": GOOD})
    (tmp_path / "features/again").symlink_to(tmp_path / "features")
    (tmp_path / "features/up").symlink_to(tmp_path)
    (tmp_path / "features/loop").symlink_to("loop")
    pipe = tmp_path / "features/pipe.feature.md"
    os.mkfifo(pipe)
    said = refused_by_both(project)
    assert said == "features/pipe.feature.md:1:1: cannot be read: it is no regular file\n"
    pipe.unlink()
    done = project.behave()
    assert (done.status, done.noted) == (0, ["it ran"]), done.text


def test_two_features_of_one_title(tmp_path: Path) -> None:
    done = make_project(tmp_path, {"a.feature.md": GOOD, "b.feature.md": GOOD}).behave()
    assert (done.status, done.noted) == (0, ["it ran", "it ran"])


def test_a_scenario_without_steps_passes(tmp_path: Path) -> None:
    text = "# F\n\n## Nothing\n\n## Something\n\nGiven I note `it ran`\n"
    done = make_project(tmp_path, {"f.feature.md": text}).behave()
    assert (done.status, done.noted) == (0, ["it ran"])
    assert "2 scenarios passed" in done.out


def test_a_file_of_5_megabytes(tmp_path: Path) -> None:
    """It runs: bounded memory, and time that grows with its size only."""
    block = "Given I store `1` into `x`\n\n```json\n" + '{"a": "' + "x" * 1000 + '"}\n```\n\n'
    project = make_project(tmp_path, {})
    (tmp_path / "features").mkdir()
    many = "# Large\n\n## S\n\n" + block * 5000
    (tmp_path / "features/large.feature.md").write_text(many)
    with live(project, *COMMANDS["run"], "-f", "progress") as run:
        done, peak = run.done_and_peak()
    assert done.status == 0, done.text[-2000:]
    assert "5000 steps passed" in done.out
    assert peak < 200 * 1024 * 1024

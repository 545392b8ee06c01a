"""From paths to features: in their order, marked, and refused with every reason at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.model import Feature

from harness.bdd.model import MarkdownFeature
from harness.bdd.selection import choose
from harness.bdd.suite import assemble, read_suite


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "features").mkdir()
    return tmp_path


def write(title: str, front_matter: str = "", body: str = "## S\n\nGiven it\n") -> str:
    """A feature in a file of its name; returns the file's path."""
    head = f"---\n{front_matter}\n---\n\n" if front_matter else ""
    path = Path(f"features/{title}.feature.md")
    path.write_text(f"{head}# {title}\n\n{body}", encoding="utf-8")
    return str(path)


def assembled(
    *arguments: str, shards: tuple[tuple[int, int], ...] = (), forbid_only: bool = False
) -> list[Feature]:
    paths = [] if any(item.startswith("features") for item in arguments) else ["features"]
    return assemble(Configuration([*arguments, *paths], load_config=False), shards, forbid_only)


def refusal(*arguments: str, forbid_only: bool = False) -> list[str]:
    with pytest.raises(ConfigError) as raised:
        assembled(*arguments, forbid_only=forbid_only)
    return str(raised.value).splitlines()


def runs(features: list[Feature]) -> list[str]:
    """The titles of the features of which anything runs."""
    return [
        feature.name
        for feature in features
        if any(not scenario.should_skip for scenario in feature.walk_scenarios())
    ]


def test_needs_and_order_come_before_paths() -> None:
    write("A", "needs: [C]")
    write("B", "order: first")
    write("C")
    write("D", "order: last")
    write("E")
    features = assembled()
    assert runs(features) == ["B", "C", "A", "E", "D"]
    needing = features[2]
    assert isinstance(needing, MarkdownFeature)
    assert needing.needed == [features[1]]
    assert needing.stories[0].inherits == features[1].stories
    assert {document.title for document in needing.stories[0].suite} == set("ABCDE")


def test_what_is_needed_runs_whole_and_is_told_of(capsys: pytest.CaptureFixture[str]) -> None:
    two = "## One\n\nGiven it\n\n## Two\n\nGiven it\n"
    one = write("One", "needs: [Needed]", two)
    write("Needed", "", two)
    features = assembled(f"{one}:11")
    assert runs(features) == ["Needed", "One"]
    assert all(not scenario.should_skip for scenario in features[0].walk_scenarios())
    assert capsys.readouterr().err == (
        "Also running 1 scenario(s) that come before a chosen one in its feature\n"
        "Also running what the chosen features need: “Needed”\n"
    )


def test_what_was_not_chosen_comes_behind_and_is_skipped() -> None:
    write("A", "tags: [slow]")
    write("B")
    features = assembled("--tags", "not slow")
    assert [feature.name for feature in features] == ["B", "A"]
    assert runs(features) == ["B"]


def test_if_nothing_is_chosen_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    write("A")
    assert runs(assembled("--tags", "gone")) == []
    assert capsys.readouterr().err.startswith("Nothing is chosen: ")


def test_run_never_skips_the_feature_and_who_needs_it() -> None:
    write("A", "needs: [B]")
    write("B", "run: never")
    write("C")
    features = assembled()
    assert runs(features) == ["C"]
    reasons = {feature.name: feature.skip_reason for feature in features if feature.skip_reason}
    assert set(reasons) == {"A", "B"}


def test_plain_features_run_behind_and_the_selection_is_taken_from_behave() -> None:
    write("A")
    Path("features/plain.feature").write_text("Feature: P\n  Scenario: S\n    Given it\n")
    config = Configuration(["--name", "S", "features"], load_config=False)
    assert runs(assemble(config, (), False)) == ["A", "P"]
    assert config.name is None


@pytest.mark.parametrize("count", [1, 2, 3, 7])
def test_shards_are_the_suite_cut_into_parts(count: int) -> None:
    for title in "ABCDE":
        write(title, "needs: [A]" if title == "B" else "")
    for name in "pqr":
        text = f"Feature: {name}\n  Scenario: S\n    Given it\n"
        Path(f"features/{name}.feature").write_text(text)
    parts = [
        [feature.name for feature in assembled(shards=((index, count),))]
        for index in range(1, count + 1)
    ]
    assert sorted(name for part in parts for name in part) == sorted("ABCDEpqr")
    assert [("A" in part) for part in parts] == [("B" in part) for part in parts]


def test_a_shard_may_be_cut_once_more() -> None:
    for title in "ABCDE":
        write(title)
    cut = [
        feature.name
        for outer in (1, 2)
        for inner in (1, 2)
        for feature in assembled(shards=((outer, 2), (inner, 2)))
    ]
    assert sorted(cut) == list("ABCDE")


def test_a_folder_without_scenario_files_is_refused() -> None:
    assert refusal() == ["features: no scenario files (*.feature.md) in there"]


def test_every_chosen_file_that_is_wrong_is_named() -> None:
    bad, worse = write("Bad", "", "## S\n\nPlease it\n"), write("Worse", "needs: 1")
    write("Fine")
    problems = refusal()
    assert [problem.split(":")[:2] for problem in problems] == [[bad, "5"], [worse, "2"]]


def test_a_file_that_is_wrong_does_not_keep_others_from_running() -> None:
    fine = write("Fine")
    bad = write("Bad", "", "## S\n\nPlease it\n")
    assert runs(assembled(fine)) == ["Fine"]
    suite, broken = read_suite(choose(Configuration([], load_config=False), [fine]))
    assert [item.document.title for item in suite] == ["Fine"]
    assert [error.split(":")[0] for error in broken] == [bad]
    needing = write("Needing", "needs: [Bad]")
    unknown, because = refusal(needing)
    assert unknown.startswith(f"{needing}:2:")
    assert because.startswith(f"{bad}:5:")


def test_placeholders_that_are_wrong_are_all_told_before_the_run() -> None:
    body = (
        "## Background\n\nGiven `${1 +}`\n\n## Scenario Outline: O\n\nGiven `<variant.v>`\n\n"
        "### Examples\n\n| a |\n| - |\n| ${(} |\n"
    )
    wrong = write("Wrong", "", body)
    assert [problem.split(":")[:2] for problem in refusal()] == [
        [wrong, "5"],
        [wrong, "9"],
        [wrong, "15"],
    ]
    write("Wrong", "run: never", body)
    assert runs(assembled()) == []


def test_variants_do_not_tell_the_same_problem_twice() -> None:
    write("Wrong", "variants: [{v: a}, {v: b}]", "## S\n\nGiven `${1 +}`\n")
    assert len(refusal()) == 1


def test_run_only_can_be_forbidden() -> None:
    only = write("Only", "run: only")
    write("Other")
    assert runs(assembled()) == ["Only"]
    (problem,) = refusal(forbid_only=True)
    assert problem.startswith(f"{only}:2:")
    assert "remove it" in problem

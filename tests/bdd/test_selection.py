"""What the paths, lines, tags and names of a command line choose."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.parser import parse_feature
from hypothesis import given
from hypothesis import strategies as st

from harness.bdd.building import build_feature
from harness.bdd.model import MarkdownFeature
from harness.bdd.selection import choose, pick, pick_gherkin, release, start_stories
from harness.core.markdown import parse


def configuration(*arguments: str) -> Configuration:
    return Configuration(list(arguments), load_config=False)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A suite of five files; the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in (
        "features/b.feature.md",
        "features/a.feature.md",
        "features/deep/c.feature.md",
        "features/deep/plain.feature",
        "features/.hidden/d.feature.md",
        "features/notes.md",
        "other/e.feature.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


ALL = [f"features/{name}.feature.md" for name in ("a", "b", "deep/c")]


def test_a_folder_is_searched_in_the_order_of_paths() -> None:
    chosen = choose(configuration(), ["features"])
    assert list(chosen.files) == [*ALL, "features/deep/plain.feature"]
    assert chosen.markdown == chosen.suite == ALL
    assert [(item.filename, item.line) for item in chosen.gherkin] == [
        ("features/deep/plain.feature", None)
    ]


def test_the_suite_is_the_folder_around_a_file() -> None:
    assert choose(configuration(), ["features/deep/c.feature.md"]).suite == [ALL[2]]
    assert choose(configuration(), ["features/a.feature.md"]).suite == ALL


def test_the_suite_is_the_configured_path_that_a_file_lies_in() -> None:
    config = configuration()
    config.defaults = {**config.defaults, "paths": ["features", "other"]}
    chosen = choose(config, ["features/deep/c.feature.md"])
    assert (chosen.markdown, chosen.suite) == ([ALL[2]], ALL)
    assert choose(config, ["other"]).suite == ["other/e.feature.md"]


@pytest.mark.parametrize(
    ("paths", "lines"),
    [
        (["{a}:3"], {3}),
        (["{a}:3", "{a}:9", "{a}:3"], {3, 9}),
        (["{a}:3", "{a}"], set()),
        (["{a}", "{a}:3"], set()),
        (["{a}:3", "features", "{a}:9"], set()),
    ],
)
def test_lines_of_a_file_are_put_together_unless_all_of_it_is_chosen(
    paths: list[str], lines: set[int]
) -> None:
    chosen = choose(configuration(), [path.format(a=ALL[0]) for path in paths])
    assert chosen.files[ALL[0]] == lines


def test_lines_of_a_plain_file_are_handed_to_behave() -> None:
    plain = "features/deep/plain.feature"
    chosen = choose(configuration(), [f"{plain}:9", f"{plain}:3"])
    assert [item.line for item in chosen.gherkin] == [3, 9]


def test_a_list_of_files_is_read_from_where_it_stands(folder: Path) -> None:
    (folder / "features/rerun.txt").write_text("# failed\na.feature.md:7\n\ndeep/c.feature.md\n")
    chosen = choose(configuration(), ["@features/rerun.txt"])
    assert chosen.files == {ALL[0]: {7}, ALL[2]: set()}


def test_excluded_files_are_not_chosen_but_can_be_needed() -> None:
    chosen = choose(configuration("--exclude", "deep"), ["features"])
    assert chosen.markdown == ALL[:2]
    assert chosen.suite == ALL


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("gone.feature.md", "gone.feature.md: no such file or directory"),
        ("gone", "gone: no such file or directory"),
        ("@gone.txt", "gone.txt: no such file (a list of scenario files)"),
        ("features/notes.md", "features/notes.md: not a scenario file: its name must end in"),
    ],
)
def test_a_path_that_is_no_scenario_file_is_refused(path: str, message: str) -> None:
    with pytest.raises(ConfigError) as raised:
        choose(configuration(), [path])
    assert str(raised.value).startswith(message)


def test_what_is_missing_outside_of_a_project_is_perhaps_in_another_folder() -> None:
    with pytest.raises(ConfigError) as raised:
        choose(configuration(), ["gone"])
    assert "is this the folder of the project?" in str(raised.value)


def test_a_loop_of_symbolic_links_ends_and_nothing_is_found_twice(folder: Path) -> None:
    (folder / "features/deep/again").symlink_to(folder / "features")
    (folder / "features/deep/self").symlink_to("self")
    (folder / "features/elsewhere").symlink_to(folder / "other")
    assert choose(configuration(), ["features"]).markdown == [
        *ALL,
        "features/elsewhere/e.feature.md",
    ]


def test_paths_are_shown_as_seen_from_the_working_directory(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "other")
    chosen = choose(configuration(), [str(folder / "features")])
    assert chosen.markdown[0] == os.path.join("..", ALL[0])


STORY = """\
# Story

## Background

Given background

## One

Given one

`@slow`

## Two

Given two

## Scenario Outline: Three

Given ${n}

### Examples

| n |
| - |
| 1 |
| 2 |

## Rule: R

### Four

Given four
"""
NAMES = ["One", "Two", "Three -- @1.1", "Three -- @1.2", "Four"]
SCENARIOS = {7: 1, 13: 2, 17: 4, 21: 4, 25: 3, 26: 4, 28: 5, 30: 5}
"""The lines that mark scenarios, and how many of them then run."""


def story(front_matter: str = "") -> MarkdownFeature:
    return build_feature(
        "s.feature.md", parse(front_matter + STORY, "s.feature.md"), configuration()
    )


def running(feature: MarkdownFeature) -> list[str]:
    return [scenario.name.strip() for scenario in feature.stories[0].running]


def test_the_scenarios_of_the_story() -> None:
    assert running(story()) == NAMES


@given(st.integers(1, 200))
def test_a_line_chooses_the_nearest_element_at_or_above_it(line: int) -> None:
    feature = story()
    picked = pick(feature, configuration(), {line})
    marked = [mark for mark in SCENARIOS if mark <= line]
    count = SCENARIOS[max(marked)] if marked else len(NAMES)
    assert running(feature) == NAMES[:count]
    assert picked.runs


@given(st.sets(st.integers(1, 40), min_size=1, max_size=3))
def test_of_several_lines_the_last_scenario_decides(lines: set[int]) -> None:
    together, single = story(), 0
    pick(together, configuration(), lines)
    for line in lines:
        alone = story()
        pick(alone, configuration(), {line})
        single = max(single, len(running(alone)))
    assert len(running(together)) == single


@pytest.mark.parametrize(
    ("arguments", "lines", "count", "pulled_in", "whole"),
    [
        ([], (), 5, 0, True),
        (["--tags", "slow"], (), 2, 1, False),
        (["--tags", "not slow"], (), 5, 1, False),
        (["--tags", "gone"], (), 0, 0, False),
        (["--name", "^Three"], (), 4, 2, False),
        (["--name", "One", "--name", "Two"], (), 2, 0, False),
        (["--name", "One"], (13,), 0, 0, False),
        (["--tags", "slow", "--name", "Two"], (13,), 2, 1, False),
        ([], (26,), 4, 3, False),
        ([], (1,), 5, 0, True),
    ],
)
def test_lines_tags_and_names_all_hold_and_what_stands_before_runs_too(
    arguments: list[str], lines: tuple[int, ...], count: int, pulled_in: int, whole: bool
) -> None:
    feature = story()
    picked = pick(feature, configuration(*arguments), lines)
    assert running(feature) == NAMES[:count]
    assert (picked.runs, picked.pulled_in, picked.whole) == (count > 0, pulled_in, whole)


def test_each_variant_is_a_story_of_its_own() -> None:
    feature = story("---\nvariants: [{v: a}, {v: b}]\n---\n\n")
    picked = pick(feature, configuration("--name", "Two -- v=b"), ())
    assert [len(each.running) for each in feature.stories] == [0, 2]
    assert picked.pulled_in == 1


def test_background_goes_to_the_first_scenario_that_runs() -> None:
    feature = story()
    feature.stories[0].scenarios[0].mark_skipped()
    start_stories([feature])
    have = [scenario.background is not None for scenario in feature.stories[0].scenarios]
    assert have == [False, True, False, False, False]


PLAIN = "Feature: F\n  @slow\n  Scenario: One\n    Given x\n  Scenario: Two\n    Given x\n"


@pytest.mark.parametrize(
    ("tags", "skipped"), [("slow", [False, True]), ("gone", [True, True]), ("", [False, False])]
)
def test_of_a_plain_feature_only_what_was_asked_for_runs(tags: str, skipped: list[bool]) -> None:
    feature = parse_feature(PLAIN, filename="f.feature")
    config = configuration(*(["--tags", tags] if tags else []))
    assert pick_gherkin(feature, config) is (False in skipped)
    assert [scenario.should_skip for scenario in feature.scenarios] == skipped


def test_behave_does_not_select_once_more() -> None:
    config = configuration("--tags", "gone", "--name", "gone")
    scenario = story().stories[0].scenarios[0]
    assert not scenario.should_run(config)
    release(config)
    assert scenario.should_run(config)

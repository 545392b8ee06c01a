"""Which features and scenarios a run is about: paths, lines, tags and names, in one place.

Behave's own selection would drop what a chosen scenario stands on. So it is applied here, closed
over the scenarios before a chosen one and over `needs`, and then taken from Behave's
configuration (`release`).
"""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.model import Feature
from behave.model_type import FileLocation
from behave.runner_util import FeatureListParser, FileLocationParser
from behave.tag_expression import make_tag_expression

from harness.bdd.model import MarkdownFeature, MarkdownScenario, Story, begin_with_background
from harness.scenario_files import MARKDOWN

GHERKIN = ".feature"
NO_PROJECT = ": no behave.ini here names `paths`: is this the folder of the project?"


@dataclass(slots=True)
class Chosen:
    """What the paths of a run name: files in order, and lines of a file where any are given.

    `suite` are all scenario files in which titles and `needs` are looked up.
    """

    files: dict[str, set[int]] = field(default_factory=dict)
    suite: list[str] = field(default_factory=list)

    @property
    def markdown(self) -> list[str]:
        """The chosen scenario files in Markdown."""
        return [file for file in self.files if file.endswith(MARKDOWN)]

    @property
    def gherkin(self) -> list[FileLocation]:
        """The chosen plain Gherkin files, a location a line."""
        return [
            FileLocation(file, line)
            for file, lines in self.files.items()
            if not file.endswith(MARKDOWN)
            for line in (*sorted(lines), *([] if lines else [None]))
        ]


def choose(config: Configuration, paths: Iterable[str]) -> Chosen:
    """The files that `paths` name (as Behave's command line does), and the suite around them.

    Raises ConfigError for a path that does not exist or is no scenario file.
    """
    chosen = Chosen()
    suite: dict[str, None] = {}
    configured = [os.path.abspath(path) for path in config.defaults.get("paths") or ()]
    for path in paths:
        located = _locations(path, "" if configured else NO_PROJECT)
        for _, location in located:
            if config.exclude(location.filename):
                continue
            lines = chosen.files.get(location.filename)
            if location.line is None or lines == set():
                # The whole file is chosen, whatever lines of it are named besides.
                chosen.files[location.filename] = set()
            else:
                chosen.files[location.filename] = (lines or set()) | {location.line}
        for root in dict.fromkeys(root for root, _ in located):
            within = next((top for top in configured if Path(root).is_relative_to(top)), root)
            suite |= dict.fromkeys(_scenario_files(within, (MARKDOWN,)))
    suite |= dict.fromkeys(chosen.markdown)
    chosen.suite = list(suite)
    return chosen


def _locations(path: str, hint: str) -> list[tuple[str, FileLocation]]:
    """Each file that a path names, with the folder that is its root unless one is configured.

    `hint` is what to say of a path that does not exist.
    """
    if os.path.isdir(path):
        root = os.path.abspath(path)
        return [(root, FileLocation(file)) for file in _scenario_files(root, (MARKDOWN, GHERKIN))]
    if path.startswith("@"):
        if not os.path.isfile(path[1:]):
            raise ConfigError(f"{path[1:]}: no such file (a list of scenario files)")
        named = FeatureListParser.parse_file(path)
    else:
        named = [FileLocationParser.parse(path)]
    locations = []
    for location in named:
        if not os.path.isfile(location.filename):
            raise ConfigError(f"{location.filename}: no such file or directory{hint}")
        if not location.filename.endswith((MARKDOWN, GHERKIN)):
            raise ConfigError(
                f"{location.filename}: not a scenario file: its name must end in {MARKDOWN}"
                f" or {GHERKIN}"
            )
        root = os.path.dirname(os.path.abspath(location.filename))
        locations.append((root, FileLocation(os.path.relpath(location.filename), location.line)))
    return locations


def _scenario_files(root: str, endings: tuple[str, ...]) -> list[str]:
    """The scenario files below a folder, in the order of their paths; hidden folders left out."""
    found, seen = [], set()
    for folder, folders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            os.path.relpath(os.path.join(folder, name))
            for name in sorted(files)
            if name.endswith(endings)
        ]
    return found


class Picked(NamedTuple):
    """What `keep` left of a feature: whether anything runs, how many scenarios run only because
    one behind them was asked for, and whether all were asked for."""

    runs: bool
    pulled_in: int
    whole: bool


def pick(feature: MarkdownFeature, config: Configuration, lines: Collection[int]) -> Picked:
    """`keep` the scenarios asked for by line, tag and name: all that are given."""
    return keep(
        feature,
        {
            scenario
            for story in feature.stories
            for scenario in _on_lines(story, lines)
            if scenario.should_run(config)
        },
    )


def keep(feature: MarkdownFeature, scenarios: Collection[MarkdownScenario]) -> Picked:
    """Keep these scenarios and those that stand before them in their story; skip the rest."""
    runs, pulled_in, whole = False, 0, True
    for story in feature.stories:
        asked = [scenario in scenarios for scenario in story.scenarios]
        last = max((index for index, wanted in enumerate(asked) if wanted), default=-1)
        for scenario in story.scenarios[last + 1 :]:
            scenario.mark_skipped()
        runs = runs or last >= 0
        pulled_in += asked[: last + 1].count(False)
        whole = whole and all(asked)
    return Picked(runs, pulled_in, whole)


def _on_lines(story: Story, lines: Collection[int]) -> Collection[MarkdownScenario]:
    """The scenarios that lines of the file choose: each by the nearest element at or above it."""
    marks = sorted({mark for scenario in story.scenarios for mark in scenario.lines})
    chosen: set[MarkdownScenario] = set()
    for line in lines:
        index = bisect_right(marks, line) - 1
        if index < 0:
            # Above the first scenario (the title, Background) a line chooses the whole feature.
            return story.scenarios
        chosen |= {item for item in story.scenarios if marks[index] in item.lines}
    return chosen if lines else story.scenarios


def start_stories(features: Iterable[MarkdownFeature]) -> None:
    """Give each story its Background, now that it is known which scenario runs first."""
    for feature in features:
        for story in feature.stories:
            begin_with_background(story)


def pick_gherkin(feature: Feature, config: Configuration) -> bool:
    """Skip the scenarios of a plain Gherkin feature that were not asked for.

    Returns whether any of them runs.
    """
    runs = False
    for scenario in feature.walk_scenarios():
        if scenario.should_run(config):
            runs = True
        else:
            scenario.mark_skipped()
    return runs


def release(config: Configuration) -> None:
    """Take the selection from Behave's configuration: it has been applied."""
    config.tag_expression = make_tag_expression("")
    config.name = config.name_re = None

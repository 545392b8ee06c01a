"""From the paths of a run to the features that run: read, choose, plan, check, in this order.

Behave's features come out, marked and ready; nothing runs here.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.model import Feature
from behave.runner_util import parse_features

from harness.bdd import selection
from harness.bdd.building import build_feature
from harness.bdd.model import MarkdownFeature, MarkdownScenario
from harness.core.document import Document
from harness.core.plan import Plan, SuiteFile, inherited, make_plan, shard
from harness.core.rendering import check_step, check_table
from harness.errors import Place, ScenarioFileError
from harness.scenario_files import MARKDOWN, load


def assemble(
    config: Configuration, shards: Sequence[tuple[int, int]], forbid_only: bool
) -> list[Feature]:
    """The features of a run, in their order; see `MarkdownRunner` for shards and forbid_only.

    Takes the selection from Behave's configuration: it has been applied. Raises ConfigError with
    every problem of the chosen files, or of the plan.
    """
    chosen = selection.choose(config, config.paths)
    if not chosen.files:
        where = ", ".join(str(path) for path in config.paths)
        raise ConfigError(f"{where}: no scenario files (*{MARKDOWN}) in there")
    suite, broken = read_suite(chosen)
    documents = {item.file: item.document for item in suite}
    built = {file: build_feature(file, documents[file], config) for file in chosen.markdown}
    picked = {
        file: selection.pick(feature, config, chosen.files[file]) for file, feature in built.items()
    }
    wanted = [file for file, result in picked.items() if result.runs]
    if forbid_only:
        _forbid_only(suite)
    plan = _plan(suite, wanted, broken)
    plain = parse_features(chosen.gherkin, language=config.lang)
    for index, count in shards:
        kept = shard(plan, index, count)
        plan = Plan(tuple(item for item in plan.features if item.file in kept))
        plain = plain[index - 1 :: count]
    features = _planned(plan, built, list(documents.values()), config)
    runs = [selection.pick_gherkin(feature, config) for feature in plain]
    if not shards and not wanted and not any(runs):
        print("Nothing is chosen: no scenario fits --tags, --name and the lines.", file=sys.stderr)
    for note in what_else_runs(plan, picked):
        print(note, file=sys.stderr)
    selection.release(config)
    left_out = [feature for file, feature in built.items() if file not in wanted and not shards]
    return [*features, *left_out, *plain]


class Assembled(NamedTuple):
    """The features of a run in their order, and what a person should know."""

    features: list[MarkdownFeature]
    notes: list[str]


def assemble_asked(
    config: Configuration,
    features: Sequence[MarkdownFeature],
    asked: Collection[MarkdownScenario],
) -> Assembled:
    """The features of a run for which every scenario was `asked`, as pytest does; those that
    behave.ini's tags and names leave out do not run. Raises ConfigError as `assemble` does."""
    suite, broken = read_suite(selection.choose(config, [feature.file for feature in features]))
    wanted = {scenario for scenario in asked if scenario.should_run(config)}
    built = {feature.file: feature for feature in features}
    picked = {file: selection.keep(feature, wanted) for file, feature in built.items()}
    plan = _plan(suite, [file for file, kept in picked.items() if kept.runs], broken)
    planned = _planned(plan, built, [item.document for item in suite], config)
    selection.release(config)
    return Assembled(planned, what_else_runs(plan, picked))


def _planned(
    plan: Plan,
    built: Mapping[str, MarkdownFeature],
    suite: Sequence[Document],
    config: Configuration,
) -> list[MarkdownFeature]:
    """The planned features in their order, whole where another one needs them."""
    needed = {need for planned in plan.features for need in planned.needs}
    features: dict[str, MarkdownFeature] = {}
    for planned in plan.features:
        file = planned.file
        whole = file in needed or file not in built
        feature = build_feature(file, planned.document, config) if whole else built[file]
        feature.needed = [features[need] for need in planned.needs]
        for story in feature.stories:
            story.suite = suite
            story.inherits = [features[other].story_like(story) for other in inherited(plan, file)]
        if planned.skip is not None:
            feature.skip_because(planned.skip)
        features[file] = feature
    selection.start_stories(features.values())
    _check_placeholders(features.values())
    return list(features.values())


def read_suite(chosen: selection.Chosen) -> tuple[list[SuiteFile], list[str]]:
    """Parse the suite. Every chosen file that is wrong is reported, in one ConfigError.

    A file that was not chosen and is wrong must not keep others from running: what is wrong
    with those is returned beside the suite.
    """
    suite: list[SuiteFile] = []
    errors: dict[str, str] = {}
    for file in chosen.suite:
        try:
            suite.append(SuiteFile(file, load(file)))
        except ScenarioFileError as error:
            errors[file] = str(error)
    fatal = [error for file, error in errors.items() if file in chosen.files]
    if fatal:
        raise ConfigError("\n".join(fatal))
    return suite, list(errors.values())


def _plan(suite: list[SuiteFile], wanted: list[str], broken: list[str]) -> Plan:
    if not wanted:
        return Plan(())
    try:
        return make_plan(suite, wanted)
    except ScenarioFileError as error:
        # The feature that is missing may stand in one of the files that could not be read.
        raise ConfigError("\n".join([str(error), *broken])) from error


def _check_placeholders(features: Iterable[MarkdownFeature]) -> None:
    """What is wrong with placeholders whatever their values is wrong before anything runs."""
    errors: dict[str, None] = {}
    for feature in features:
        for story in feature.stories if not feature.should_skip else ():
            found = [
                error
                for step in story.document.steps()
                for error in check_step(step, story.file, story.variant)
            ]
            for _, scenario in story.document.walk():
                for examples in scenario.examples:
                    found += check_table(examples.table, story.file, story.variant)
            errors |= dict.fromkeys(map(str, found))
    if errors:
        raise ConfigError("\n".join(errors))


def _forbid_only(suite: Sequence[SuiteFile]) -> None:
    errors = [
        str(
            ScenarioFileError(
                "the feature is marked `run: only`, which is forbidden here",
                Place(item.file, *item.document.front_matter.run_at),
                "remove it before you share the file",
            )
        )
        for item in suite
        if item.document.front_matter.run == "only"
    ]
    if errors:
        raise ConfigError("\n".join(errors))


def what_else_runs(plan: Plan, picked: Mapping[str, selection.Picked]) -> list[str]:
    """Choosing a part of a suite also runs what it stands on; a person should know."""
    running = [item for item in plan.features if item.skip is None]
    needs = {need for item in running for need in item.needs}
    pulled_in, needed = 0, []
    for item in running:
        if not item.requested or (item.file in needs and not picked[item.file].whole):
            needed.append(f"“{item.document.title}”")
        else:
            pulled_in += picked[item.file].pulled_in
    notes = []
    if pulled_in:
        notes.append(f"{pulled_in} scenario(s) that come before a chosen one in its feature")
    if needed:
        notes.append(f"what the chosen features need: {', '.join(needed)}")
    return [f"Also running {note}" for note in notes]

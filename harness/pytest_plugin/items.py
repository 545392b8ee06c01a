"""Scenario files and scenarios as pytest's collectors and items. How they run is Behave's
business (`run`); pytest's fixtures are set up for them as for test functions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from behave.model_type import Status

from harness.bdd.building import build_feature
from harness.bdd.model import MarkdownFeature, MarkdownScenario
from harness.errors import BddError
from harness.scenario_files import load

if TYPE_CHECKING:
    from harness.pytest_plugin.project import Project
    from harness.pytest_plugin.run import Run

# Markers with which pytest does something; a tag of such a name is only a keyword.
NO_TAGS = {"filterwarnings", "parametrize", "skip", "skipif", "usefixtures", "xfail"}


class ScenarioFile(pytest.File):
    """A `*.feature.md` file. `feature` is the one that runs, once the run is planned, and
    `is_needed` says whether another needs it; `run` is there when the first of its scenarios is
    set up."""

    project: Project
    folder: Path
    feature: MarkdownFeature
    is_needed = False
    run: Run | None = None

    def collect(self) -> Iterable[ScenarioItem]:
        """One item a scenario, in the file's order; rows and variants are scenarios too."""
        if self.folder != self.project.folder:
            raise self.CollectError(
                f"{relpath(self.path)}: it belongs to another project than what was collected"
                f" before ({self.project.folder}): run pytest once for each project"
            )
        try:
            self.feature = build_feature(
                relpath(self.path), load(relpath(self.path)), self.project.config
            )
        except BddError as error:
            raise self.CollectError(str(error)) from None
        scenarios = self.scenarios()
        names = Counter(scenario.name for scenario in scenarios)
        for index, scenario in enumerate(scenarios):
            # pytest would read `::` as the end of a name.
            name = scenario.name.replace("::", ":") or scenario.keyword
            if names[scenario.name] > 1:
                name += f" (line {scenario.line})"
            yield ScenarioItem.of(self, name, index)

    def scenarios(self) -> list[MarkdownScenario]:
        """All scenarios, one variant after another."""
        return [scenario for story in self.feature.stories for scenario in story.scenarios]

    def teardown(self) -> None:
        """End the feature; fails if a hook does, or a scenario that only others need."""
        if self.run is not None:
            session = self.session
            is_interrupted = session.exitstatus == pytest.ExitCode.INTERRUPTED
            is_ending = session.shouldstop or session.shouldfail or is_interrupted
            self.run.leave(self.feature, whole=self.is_needed and not is_ending)
            if not is_ending:  # or there is no test any more that could fail
                self.run.tell_failures()


def _scenario(nrfcloud_bdd_run: Run) -> None:
    """What pytest takes for the test function: it says which fixtures every scenario uses."""


class ScenarioItem(pytest.Function):
    """A scenario. `index` is its place among the scenarios of its file."""

    index: int

    @classmethod
    def of(cls, file: ScenarioFile, name: str, index: int) -> ScenarioItem:
        """The item of a scenario of this file, with its tags as markers."""
        item: ScenarioItem = cls.from_parent(file, name=name, callobj=_scenario)
        item.index = index
        item.extra_keyword_matches.add(file.feature.name)
        for tag in item.scenario.effective_tags:
            item.extra_keyword_matches.add(str(tag))
            # pytest cannot register others, so that they would be warned of.
            if str(tag).replace("-", "_").isidentifier() and tag[0] != "_" and tag not in NO_TAGS:
                item.config.addinivalue_line("markers", f"{tag}: a tag of scenarios")
                item.add_marker(str(tag))
        return item

    @property
    def file(self) -> ScenarioFile:
        """The file it stands in."""
        return cast(ScenarioFile, self.parent)

    @property
    def scenario(self) -> MarkdownScenario:
        """The scenario as it runs."""
        return self.file.scenarios()[self.index]

    def mark_skipped(self) -> None:
        """Let pytest skip it, if it is known already that it does not run."""
        if self.scenario.should_skip:
            reason = self.scenario.skip_reason or "the tags or names in behave.ini leave it out"
            self.add_marker(pytest.mark.skip(reason=reason))

    def setup(self) -> None:
        """Run what the scenario stands on and was not asked for. Fails if that fails."""
        super().setup()
        run = self.file.run = cast("Run", self.funcargs["nrfcloud_bdd_run"])
        run.run_needs(self.file.feature)
        for scenario in self.file.scenarios()[: self.index]:
            run.run_to(self.file.feature, scenario)
        run.tell_failures()

    def runtest(self) -> None:
        """Run it."""
        run, scenario = cast("Run", self.file.run), self.scenario
        run.run_to(self.file.feature, scenario)
        run.tell_failures()
        if scenario.status != Status.passed:
            pytest.skip(scenario.skip_reason or "its feature has ended before it")

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where it stands, lines from 0, and the heading of its failure."""
        place = f"{self.file.feature.file}:{self.scenario.line}"
        return self.path, self.scenario.line - 1, f"{self.name} ({place})"

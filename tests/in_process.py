"""Runs suites in this process, on one world: for tests that need hundreds of runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.runner import Context

from harness import session
from harness.bdd.reporter import ResultsReporter
from harness.bdd.runner import MarkdownRunner
from harness.reports.results import Results
from harness.settings import RetrySettings, load
from harness.stories import Run
from harness.world import World

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Outcome:
    """How a run ended; `refused` is why it did not even begin."""

    results: Results
    refused: str = ""

    @property
    def failures(self) -> list[str]:
        """The texts of all failures."""
        if self.refused:
            return [self.refused]
        return [scenario.why for scenario in self.results.scenarios("failed")]


class _Runner(MarkdownRunner):
    """The project's runner, with its steps, on a world that is there already."""

    world: World
    loaded = False

    def setup_paths(self) -> None:
        super().setup_paths()
        self.base_dir = self.config.base_dir = str(ROOT)

    def load_hooks(self, filename: str | None = None) -> None:  # noqa: ARG002 - Behave's signature
        self.hooks = {
            "before_all": self._begin,
            "before_feature": session.before_feature,
            "before_scenario": session.before_scenario,
            "after_feature": session.after_feature,
        }

    def load_step_definitions(self, extra_step_paths: object = None) -> None:  # noqa: ARG002
        if not _Runner.loaded:
            super().load_step_definitions()
            _Runner.loaded = True

    def _begin(self, context: Context) -> None:
        context.run_state = Run(self.world)


class Suites:
    """Runs suites one after another."""

    def __init__(self, world: World) -> None:
        self._world = world

    def run(self, path: Path, *, scale: float = 1.0) -> Outcome:
        """Run the scenarios of a folder or file, with retry budgets multiplied by `scale`."""
        world = self._world
        world.settings = replace(world.settings, retry=RetrySettings(scale))
        config = Configuration(["--no-summary", "-f", "null", str(path)], load_config=False)
        reporter = ResultsReporter(config)
        config.reporters.append(reporter)
        runner = _Runner(config)
        runner.world = world
        try:
            runner.run()
        except ConfigError as error:
            return Outcome(reporter.results, str(error))
        return Outcome(reporter.results)


@contextmanager
def suites(poll_interval: float = 0.02) -> Iterator[Suites]:
    """A world with the project's own settings, and the reference service polling quickly."""
    settings = load(ROOT / "nrfcloud-bdd.toml", os.environ, {})
    assert settings.service is not None
    assert settings.service.command is not None
    command = f"{settings.service.command} --poll-interval {poll_interval}"
    service = replace(settings.service, command=command)
    world = World(replace(settings, service=service), os.environ).start()
    try:
        yield Suites(world)
    finally:
        world.close()

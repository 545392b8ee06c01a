"""Behave's run as pytest needs it: it stops after each scenario, and goes on when it is told to.

Behave runs features in loops of its own, and pytest asks for one item after another. So Behave
runs in a greenlet: on the same thread with a stack of its own, which is left at the end of a
scenario and entered again for the next. What runs, and how, is the same as under Behave.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import NoReturn

import pytest
from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.runner import Context
from greenlet import getcurrent, greenlet

from harness.bdd.model import MarkdownFeature, MarkdownScenario
from harness.bdd.runner import MarkdownRunner
from harness.errors import BddError


class Run:
    """A run of the features that are asked for, each when it is asked for."""

    def __init__(self, config: Configuration, values: Mapping[str, object]) -> None:
        # What the command line says wins.
        config.userdata.update({**values, **config.userdata})
        self._runner = _Runner(config, self._scenario_ended)
        self._pytest = getcurrent()
        self._behave = greenlet(self._run, self._pytest)
        self._waiting: deque[MarkdownFeature] = deque()
        self._asked: set[MarkdownFeature] = set()
        self._ended: set[MarkdownFeature | MarkdownScenario] = set()
        self._failures: list[str] = []
        self._is_closing = False
        self._has_failed = False

    def start(self) -> None:
        """Load the project's code and start its world."""
        try:
            self._go_on()
        except (BddError, ConfigError) as error:
            _fail(str(error))
        if self._behave.dead:
            _fail("the hook before_all failed: see what it printed")

    def run_needs(self, feature: MarkdownFeature) -> None:
        """Run what a feature needs, unless it has run already."""
        self._ask_for(feature)
        while not self._ended.issuperset(feature.needed):
            self._go_on()

    def run_to(self, feature: MarkdownFeature, scenario: MarkdownScenario) -> None:
        """Go on until the scenario has ended, or its feature without it."""
        self._ask_for(feature)
        while scenario not in self._ended and feature not in self._ended:
            self._go_on()

    def leave(self, feature: MarkdownFeature, *, whole: bool) -> None:
        """End a feature; those of its scenarios that have not run by now do not run, unless it is
        to be run as a `whole`."""
        if feature not in self._asked or self._behave.dead:
            return
        for scenario in feature.walk_scenarios() if not whole else ():
            if scenario not in self._ended:
                scenario.mark_skipped()
        while feature not in self._ended:
            self._go_on()

    def close(self) -> None:
        """End the run: stop its world."""
        self._is_closing = True
        had_failed = self._has_failed
        while not self._behave.dead:
            self._go_on()
        if self._has_failed and not had_failed:
            _fail("the hook after_all, or a clean-up, failed: see what it printed")

    def tell_failures(self) -> None:
        """Let the test fail that pytest is about if anything has failed since the last time."""
        failures, self._failures = self._failures, []
        if failures:
            _fail("\n\n".join(failures))

    def _ask_for(self, feature: MarkdownFeature) -> None:
        if feature not in self._asked:
            for need in feature.needed:
                self._ask_for(need)
            self._asked.add(feature)
            self._waiting.append(feature)

    def _go_on(self) -> None:
        """Let Behave run until it stops for the next time. Raises KeyboardInterrupt if it was
        interrupted: Behave takes note of it and ends the run."""
        self._behave.switch()
        if self._runner.aborted and not self._runner.is_broken:
            raise KeyboardInterrupt

    # What follows runs in the greenlet.

    def _run(self) -> None:
        runner = self._runner
        with runner.path_manager:
            runner.setup_paths()
            runner.context = Context(runner)
            runner.load_code()
            failed = runner.run_model(self._features())
        self._has_failed = self._has_failed or bool(failed)

    def _features(self) -> Iterator[MarkdownFeature]:
        """The features that Behave runs, as they are asked for."""
        while not (self._is_closing or self._runner.aborted):
            if not self._waiting:
                self._stop()
                continue
            feature = self._waiting.popleft()
            yield feature
            self._ended.add(feature)
            for part in (feature, *feature.rules):
                if part.hook_failed:
                    self._note_failure(part.error_message)

    def _scenario_ended(self, scenario: MarkdownScenario) -> None:
        self._ended.add(scenario)
        if scenario.status.has_failed():
            self._note_failure(failure_text(scenario))
        self._stop()

    def _note_failure(self, text: str) -> None:
        self._has_failed = True
        self._failures.append(text)

    def _stop(self) -> None:
        if not self._runner.aborted:
            self._pytest.switch()


class _Runner(MarkdownRunner):
    """The project's runner, which says when a scenario has ended. `is_broken`: it has aborted
    itself, since before_all failed; otherwise a person has."""

    def __init__(self, config: Configuration, ended: Callable[[MarkdownScenario], None]) -> None:
        super().__init__(config)
        self._on_end = ended
        self.is_broken = False

    def scenario_ended(self, scenario: MarkdownScenario) -> None:
        """Tell."""
        self._on_end(scenario)

    def abort(self, reason: str | None = None) -> None:
        """Behave's; it gives the reason as a text."""
        self.is_broken = reason == "HOOK-ERROR in hook=before_all"
        super().abort(reason)


def failure_text(scenario: MarkdownScenario) -> str:
    """Why a scenario failed. The first line is what pytest shows in its summary: the place and
    the reason, or the step if there is but a traceback."""
    step = next((item for item in scenario.all_steps if item.status.has_failed()), None)
    if step is None or not step.error_message:
        return str(scenario.error_message or "a clean-up failed: see what it printed")
    reason = step.error_message.removeprefix("ASSERT FAILED: ")
    if reason.startswith("Traceback"):
        return f"{step.keyword} {step.name}\n{reason}"
    return f"{reason}\nThe step: {step.keyword} {step.name}"


def _fail(text: str) -> NoReturn:
    """Let the test fail, without a traceback: the text says it all."""
    pytest.fail(text, pytrace=False)

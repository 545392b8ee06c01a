"""Behave's hooks: they open the session of each story and close it. environment.py takes them
from here.

What sessions are made of (network, mock, expressions) is imported when a run begins: a dry run, a
wrong option or a list of steps needs none of it, and starting up is most of their time.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from behave.model import Feature, Scenario
from behave.runner import Context

from harness.bdd.model import MarkdownFeature, MarkdownScenario
from harness.errors import BddError

if TYPE_CHECKING:
    from harness.stories import Run

__all__ = ["after_all", "after_feature", "before_all", "before_feature", "before_scenario"]

SETTINGS_FILE = "nrfcloud-bdd.toml"


def before_all(context: Context) -> None:
    """Start the world. What keeps it from starting ends the run with a plain message."""
    from harness.recorder.completing import completing_world
    from harness.settings import load
    from harness.stories import Run

    context.config.setup_logging()
    base = Path(context.config.base_dir)
    try:
        settings = load(base / SETTINGS_FILE, os.environ, dict(context.config.userdata))
        upstreams = getattr(context.config, "upstreams", None)
        world = completing_world(settings, os.environ, upstreams or {}).start()
        traced = getattr(context.config, "traced", False)
        context.run_state = Run(world, traced=traced, completing=upstreams is not None)
    except BddError as error:
        context.start_error = error


def before_feature(context: Context, feature: Feature) -> None:
    """A plain Gherkin feature has one session, with a mock that is new."""
    if not isinstance(feature, MarkdownFeature):
        context.session = _run(context).open(None)


def before_scenario(context: Context, scenario: Scenario) -> None:
    """Open the session of the scenario's story with its first scenario."""
    if isinstance(scenario, MarkdownScenario):
        session = _run(context).open(scenario.story)
        session.check_at_the_end(scenario)
        context.session = session


def after_feature(context: Context, feature: Feature) -> None:  # noqa: ARG001 - Behave's signature
    """Close the feature's session."""
    _run(context).close_session()


def after_all(context: Context) -> None:
    """Stop the world, if it has started: Behave also comes here from an interrupted start."""
    if "run_state" not in context:
        return
    run = _run(context)
    try:
        run.close_session()
        for note in (run.unserved_note(), run.contract_note()):
            if note:
                print(note, file=sys.__stderr__)  # Behave hides what a hook prints
    finally:
        run.world.close()


def _run(context: Context) -> Run:
    return cast("Run", context.run_state)

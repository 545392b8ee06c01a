"""The step library, as `lint` sees it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from behave.configuration import Configuration
from behave.step_registry import StepRegistry

from harness.bdd.declarations import RegisteredLibrary
from harness.bdd.runner import MarkdownRunner
from tests.in_process import ROOT

STEPS = ROOT / "steps"


@lru_cache(maxsize=1)
def project_library() -> RegisteredLibrary:
    """That of the project itself. Behave's registry is one for all of this process."""
    runner = MarkdownRunner(Configuration([str(ROOT / "features")], load_config=False))
    runner.setup_paths()
    if not any(_library_only(runner.step_registry).steps.values()):
        runner.load_step_definitions()
    return RegisteredLibrary(_library_only(runner.step_registry))


def _library_only(registry: StepRegistry) -> StepRegistry:
    """Without what other tests have defined in this process."""
    found = StepRegistry()
    for kind, definitions in registry.steps.items():
        found.steps[kind] = [
            each for each in definitions if Path(each.location.filename).resolve().parent == STEPS
        ]
    return found


@pytest.fixture(scope="session")
def library() -> RegisteredLibrary:
    return project_library()

"""The step library, as `lint` sees it."""

from __future__ import annotations

import pytest
from behave.configuration import Configuration

from harness.bdd.declarations import RegisteredLibrary
from harness.bdd.runner import MarkdownRunner
from tests.in_process import ROOT


@pytest.fixture(scope="session")
def library() -> RegisteredLibrary:
    """That of the project itself; Behave's registry is one for all of this process."""
    runner = MarkdownRunner(Configuration([str(ROOT / "features")], load_config=False))
    runner.setup_paths()
    runner.load_step_definitions()
    return RegisteredLibrary(runner.step_registry)

"""The project whose scenarios pytest runs: which files are its own, its settings for Behave, its
plan. Reads its behave.ini; runs nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from configparser import ConfigParser
from configparser import Error as IniError
from contextlib import chdir
from pathlib import Path

import pytest
from behave.configuration import Configuration
from behave.exception import ConfigError, TagExpressionError

from harness.bdd.suite import assemble_asked
from harness.errors import BddError
from harness.pytest_plugin.items import ScenarioFile, ScenarioItem

SETTINGS_FILE = "nrfcloud-bdd.toml"
RUNNER = "harness.bdd.runner:"

# What the terminal shows, and what is captured, is pytest's.
QUIET = ("--no-summary", "--no-junit", "--format=null", "--show-skipped")
UNCAPTURED = tuple(f"--no-capture{what}" for what in ("", "-stdout", "-stderr", "-log", "-hooks"))


def find_project(file: Path, working_directory: Path) -> Path | None:
    """The folder of the project that a scenario file belongs to: the nearest at or above it, else
    the one in which pytest was started, if it is a project."""
    folders = (*file.parents, working_directory)
    return next((folder for folder in folders if _is_project(folder)), None)


def _is_project(folder: Path) -> bool:
    if (folder / SETTINGS_FILE).is_file():
        return True
    ini = ConfigParser(interpolation=None)
    try:
        ini.read(folder / "behave.ini", encoding="utf-8")
    except (IniError, UnicodeDecodeError):
        return False
    return ini.get("behave", "runner", fallback="").startswith(RUNNER)


class Project:
    """A project. `notes` are what a person should know of its plan."""

    def __init__(self, folder: Path, definitions: Sequence[str]) -> None:
        self.folder = folder
        self.notes: list[str] = []
        define = [f"--define={text}" for text in definitions]
        try:
            with chdir(folder):
                self.config = Configuration([*QUIET, *UNCAPTURED, *define])
                self._covered = [Path(path).absolute() for path in self.config.paths]
        except (ConfigError, TagExpressionError, re.error) as error:
            raise pytest.Collector.CollectError(f"{folder / 'behave.ini'}: {error}") from None
        self.config.defaults["paths"] = [str(path) for path in self._covered]
        self.config.paths = [str(folder)]
        self.config.dry_run = False

    def covers(self, file: Path, folder: Path) -> bool:
        """Whether a file is run with the project: it lies in one of the `paths` of behave.ini, or
        there are none, or it lies outside of the project's folder."""
        inside = not self._covered or any(file.is_relative_to(path) for path in self._covered)
        return inside or folder != self.folder or not file.is_relative_to(self.folder)

    def plan(self, session: pytest.Session, items: list[pytest.Item]) -> None:
        """Put the scenarios into the order in which they run, in one piece, since those of a
        feature share state; mark those that do not run."""
        own = _own(items)
        if not own:
            return
        others = [item for item in items if not isinstance(item, ScenarioItem)]
        files = _files(own)
        try:
            planned, self.notes = assemble_asked(
                self.config,
                [file.feature for file in files.values()],
                {item.scenario for item in own},
            )
        except (BddError, ConfigError) as error:
            _report(session, error)
            items[:] = others
            return
        for feature in planned:
            if feature.file in files:
                files[feature.file].feature = feature
            for need in feature.needed:
                if need.file in files:
                    files[need.file].is_needed = True
        for item in own:
            item.mark_skipped()
        ranks = {feature.file: rank for rank, feature in enumerate(planned)}
        own.sort(key=lambda item: (ranks.get(item.file.feature.file, len(ranks)), item.index))
        before = next(at for at, item in enumerate(items) if isinstance(item, ScenarioItem))
        items[:] = [*others[:before], *own, *others[before:]]


def _own(items: Iterable[pytest.Item]) -> list[ScenarioItem]:
    return [item for item in items if isinstance(item, ScenarioItem)]


def _files(items: Iterable[ScenarioItem]) -> dict[str, ScenarioFile]:
    return {item.file.feature.file: item.file for item in items}


def _report(session: pytest.Session, error: Exception) -> None:
    """What is wrong with the suite is an error of the collection, as what is wrong with a file."""
    place = os.path.relpath(session.path)
    report = pytest.CollectReport(place, "failed", str(error), [])
    session.config.hook.pytest_collectreport(report=report)

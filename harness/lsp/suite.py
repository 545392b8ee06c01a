"""The project that an editor works on: its steps, its settings and every scenario file, those that
are open as they are being written.

Reads files and loads the project's code; knows nothing of the protocol.
"""

from __future__ import annotations

import configparser
import os
from collections.abc import Mapping
from pathlib import Path

from behave.configuration import Configuration
from behave.exception import ConfigError

from harness.bdd import selection
from harness.bdd.catalogue import Entry, entries
from harness.bdd.runner import MarkdownRunner, forget_code
from harness.core.definitions import Definition
from harness.core.plan import reachable
from harness.errors import BddError
from harness.lint.examine import Examined, examine
from harness.lint.problems import Problem
from harness.lint.suite import Edges, conclude, needs_of, titles_of
from harness.project import examine_file, load_library
from harness.settings import FILE_NAME, load


class Suite:
    """The project in the working directory. `written` are the texts of the open files, `files`
    what is known of each file of the suite; both by names from the working directory."""

    def __init__(self, written: dict[str, str]) -> None:
        """Load the project's settings and code, and read every file.

        `wrong` is what is wrong with behave.ini or the settings, if anything is.
        """
        self.written = written
        self.files: dict[str, Examined] = {}
        self.values: Mapping[str, object] = {}
        self.wrong = ""
        forget_code()
        try:
            config = Configuration([], load_config=True)
        except (ConfigError, configparser.Error) as error:
            self.wrong = " ".join(str(error).split())
            config = Configuration([], load_config=False)
        runner = MarkdownRunner(config)
        self._config = runner.config
        with runner.path_manager:
            try:
                runner.setup_paths()
                self.values = load(Path(runner.base_dir) / FILE_NAME, os.environ, {}).values
            except (BddError, ConfigError) as error:
                self.wrong = str(error)
            self._code_problems, self.library = load_library(runner)
        self._entries = {(each.file, each.line): each for each in entries(runner.step_registry)}
        self.look_around()

    def look_around(self) -> None:
        """Look for files that have come or gone."""
        names = dict.fromkeys((*self._on_disk(), *self.written))
        self.files = {name: self.files.get(name) or self._examined(name) for name in names}

    def look_at(self, file: str) -> None:
        """Look again at a file that has changed."""
        if file in self.files:
            self.files[file] = self._examined(file)
        else:
            self.look_around()

    def problems(self) -> dict[str, list[Problem]]:
        """What `nrfcloud-bdd lint` would say if it were given the open files, by file."""
        found: dict[str, list[Problem]] = {file: [] for file in self.written}
        concluded = conclude(self.files.values(), list(self.written), self.values)
        for problem in (*self._code_problems, *concluded):
            found.setdefault(problem.place.file, []).append(problem)
        return found

    def needs(self) -> Edges:
        """The files that each file needs directly."""
        return needs_of(self.files, titles_of(self.files))[0]

    def above(self, file: str) -> list[Examined]:
        """All that a file needs."""
        return [self.files[name] for name in sorted(reachable([file], self.needs()) - {file})]

    def definitions(self) -> list[tuple[Entry, Definition]]:
        """Every step definition, with its documentation."""
        return [(self.entry(each), each) for each in self.library.definitions]

    def entry(self, definition: Definition) -> Entry:
        """The documentation of a step definition."""
        return self._entries[definition.file, definition.line]

    def _on_disk(self) -> list[str]:
        """The files of the suite, and those around the open ones."""
        paths = [*self._config.paths, *(file for file in self.written if Path(file).is_file())]
        existing = [path for path in paths if Path(path).exists()]
        try:
            return selection.choose(self._config, existing).suite
        except ConfigError:
            return []

    def _examined(self, file: str) -> Examined:
        if (text := self.written.get(file)) is not None:
            return examine(text, file, self.library, self.values)
        return examine_file(file, self.library, self.values)

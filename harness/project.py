"""A project's code and files as static checks see them: shared by `lint` and the language server.

It loads Python files of the project and reads scenario files; it runs nothing of them.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from harness.bdd.declarations import RegisteredLibrary
from harness.bdd.runner import CodeError, MarkdownRunner
from harness.core.definitions import Library
from harness.errors import ScenarioFileError
from harness.lint.examine import Examined, examine_bytes
from harness.lint.problems import Problem, of_error
from harness.scenario_files import read_bytes


def load_library(runner: MarkdownRunner) -> tuple[list[Problem], RegisteredLibrary]:
    """The step definitions; of a file that cannot be loaded, the problem."""
    problems = []
    try:
        runner.load_code()
    except CodeError as error:
        place = error.place._replace(file=_relative(error.place.file))
        problems.append(Problem(place, "step-file", error.what))
    return problems, RegisteredLibrary(runner.step_registry, is_complete=not problems)


def _relative(file: str) -> str:
    """As scenario files are named: from here, unless it lies elsewhere."""
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative


def examine_file(file: str, library: Library, configured: Mapping[str, object]) -> Examined:
    """Look at a file by itself; `configured` are the values of the settings."""
    try:
        data = read_bytes(file)
    except ScenarioFileError as error:
        return Examined(file, (of_error(error, "unreadable"),))
    return examine_bytes(data, file, library, configured)

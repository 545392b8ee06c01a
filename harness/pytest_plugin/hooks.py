"""What pytest loads, in every project in which the package is installed: options, fixtures, hooks.

So it imports nothing but pytest until a scenario file is collected (docs/pytest.md).
"""

from __future__ import annotations

import re
from argparse import ArgumentTypeError
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from harness.pytest_plugin.items import ScenarioFile
    from harness.pytest_plugin.project import Project
    from harness.pytest_plugin.run import Run

MARKDOWN = ".feature.md"

_PROJECT: pytest.StashKey[Project] = pytest.StashKey()
"""The project of the session; not there until a scenario file of one is collected."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The values that `-D` gives to behave."""
    parser.getgroup("nrfcloud-bdd").addoption(
        "--nrfcloud-bdd-value",
        action="append",
        default=[],
        type=_definition,
        metavar="NAME=TEXT",
        help="a value for every scenario, as -D of behave (repeatable)",
    )


def _definition(text: str) -> str:
    if not re.match(r"[^\W\d]\w*=", text):
        raise ArgumentTypeError(f"{text!r} is not NAME=TEXT")
    return text


@pytest.fixture(scope="session")
def nrfcloud_bdd_values() -> Mapping[str, object]:
    """Values for every scenario, by name; override it to provide your own."""
    return {}


@pytest.fixture(scope="session")
def nrfcloud_bdd_run(
    request: pytest.FixtureRequest, nrfcloud_bdd_values: Mapping[str, object]
) -> Iterator[Run]:
    """The run that all scenarios share: it begins with the first, and ends with the session."""
    try:
        from harness.pytest_plugin.run import Run
    except ModuleNotFoundError as error:
        hint = 'install it with: pip install "nrfcloud-bdd[pytest]"'
        pytest.fail(f"scenarios under pytest need {error.name}: {hint}", pytrace=False)
    run = Run(request.config.stash[_PROJECT].config, nrfcloud_bdd_values)
    run.start()
    yield run
    run.close()


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """The scenario files of a project."""
    if not file_path.name.endswith(MARKDOWN):
        return None
    from harness.pytest_plugin.items import ScenarioFile
    from harness.pytest_plugin.project import Project, find_project

    folder = find_project(file_path, parent.config.invocation_params.dir)
    if folder is None:
        return None
    stash = parent.config.stash
    if _PROJECT not in stash:
        stash[_PROJECT] = Project(folder, parent.config.getoption("nrfcloud_bdd_value"))
    project = stash[_PROJECT]
    if not parent.session.isinitpath(file_path) and not project.covers(file_path, folder):
        return None
    file: ScenarioFile = ScenarioFile.from_parent(parent, path=file_path)
    file.project, file.folder = project, folder
    return file


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> Generator[None]:
    """Plan the run of what is left when -k, -m and their like have chosen."""
    project = config.stash.get(_PROJECT, None)
    yield
    if project is not None:
        project.plan(session, items)


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """What runs besides what was asked for."""
    project = config.stash.get(_PROJECT, None)
    return project.notes if project is not None else []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A scenario that is skipped is so at its own place, not where that was found out."""
    report = yield
    if report.skipped and isinstance(report.longrepr, tuple) and item.path.name.endswith(MARKDOWN):
        file, line, _ = item.reportinfo()
        report.longrepr = (str(file), (line or 0) + 1, report.longrepr[2])
    return report

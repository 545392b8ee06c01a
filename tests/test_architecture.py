"""The rules of the house that a test can hold: who may import whom, and that the core is pure."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("harness", "mock_nrfcloud", "reference_service", "steps")

# Layer -> what of the project it may import, besides itself.
ALLOWED = {
    "harness.errors": set(),
    "harness.interrupts": set(),
    "harness.scenario_files": {"harness.errors", "harness.core"},
    "harness.core": {"harness.errors"},
    "harness.lint": {"harness.errors", "harness.core"},
    "harness.project": {
        "harness.errors",
        "harness.core",
        "harness.bdd",
        "harness.lint",
        "harness.scenario_files",
    },
    "harness.lsp": {
        "harness.errors",
        "harness.core",
        "harness.bdd",
        "harness.lint",
        "harness.project",
        "harness.scenario_files",
        "harness.settings",
    },
    "harness.settings": {"harness.errors", "harness.core"},
    "harness.approving": {"harness.errors", "harness.core", "harness.recording"},
    "harness.reports": {"harness.errors", "harness.core"},
    "harness.drivers": {"harness.errors", "harness.core", "harness.settings"},
    "harness.bdd": {
        "harness",
        "harness.errors",
        "harness.core",
        "harness.reports",
        "harness.scenario_files",
    },
    "mock_nrfcloud": {"harness.errors", "harness.core"},
    "mock_nrfcloud.fota": {"harness.errors", "harness.core", "mock_nrfcloud"},
    "mock_nrfcloud.sisters": {"harness.errors", "harness.core", "mock_nrfcloud"},
    "harness.capabilities": {
        "harness.errors",
        "harness.core",
        "harness.drivers",
        "harness.recording",
        "harness.simulator",
        "mock_nrfcloud",
        "mock_nrfcloud.sisters",
    },
    "harness.simulator": {"harness.errors", "mock_nrfcloud", "mock_nrfcloud.fota"},
    "harness.recording": {"harness.errors", "harness.core", "mock_nrfcloud"},
    "harness.world": {
        "harness.errors",
        "harness.core",
        "harness.drivers",
        "harness.interrupts",
        "harness.settings",
        "mock_nrfcloud",
    },
    "harness.background": {"harness.capabilities", "harness.drivers", "harness.world"},
    "harness.story": {
        "harness.approving",
        "harness.background",
        "harness.errors",
        "harness.core",
        "harness.bdd",
        "harness.capabilities",
        "harness.drivers",
        "harness.recording",
        "harness.world",
        "mock_nrfcloud",
    },
    "harness.stories": {
        "harness.background",
        "harness.bdd",
        "harness.core",
        "harness.story",
        "harness.world",
    },
    "harness.session": {
        "harness.errors",
        "harness.bdd",
        "harness.recorder",
        "harness.settings",
        "harness.stories",
        "harness.world",
    },
    "harness.pytest_plugin": {"harness.errors", "harness.bdd", "harness.scenario_files"},
    "harness.recorder": {
        "harness.errors",
        "harness.core",
        "harness.interrupts",
        "harness.recording",
        "harness.settings",
        "harness.world",
        "mock_nrfcloud",
    },
    "harness.template": {"harness.session"},
    "harness.tools": {
        "harness",
        "harness.approving",
        "harness.errors",
        "harness.core",
        "harness.bdd",
        "harness.interrupts",
        "harness.lint",
        "harness.lsp",
        "harness.project",
        "harness.recording",
        "harness.recorder",
        "harness.reports",
        "harness.scenario_files",
        "harness.session",
        "harness.settings",
        "mock_nrfcloud",
    },
    "reference_service": set(),
    "steps": {"harness.bdd", "harness.capabilities"},
}

PURE_LAYERS = (
    *("harness.approving", "harness.core", "harness.lint", "harness.recording"),
    *("mock_nrfcloud.fota", "mock_nrfcloud.sisters"),
)
IMPURE = {"asyncio", "behave", "aiohttp", "websockets", "socket", "subprocess", "threading", "time"}

# The time that the regular expressions of one evaluation take cannot be bounded without a clock.
EXEMPT = {"harness.core.sandbox.patterns": {"time"}}


def modules() -> Iterator[tuple[str, Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def layer(name: str) -> str:
    """The layer of a module (or of a name in it): the longest prefix that is one."""
    fits = [known for known in ALLOWED if name == known or name.startswith(f"{known}.")]
    return max(fits, key=len) if fits else name.split(".")[0]


@pytest.mark.parametrize(
    ("name", "path"), list(modules()), ids=lambda value: str(value).split("/")[-1]
)
def test_a_module_imports_only_what_its_layer_may(name: str, path: Path) -> None:
    own = layer(name)
    used = {layer(imported) for imported in imports(path) if imported.split(".")[0] in PACKAGES}
    assert used - {own} <= ALLOWED.get(own, set()), f"{name} reaches above its layer"


@pytest.mark.parametrize(
    ("name", "path"),
    [(name, path) for name, path in modules() if layer(name) in PURE_LAYERS],
    ids=lambda value: str(value).split("/")[-1],
)
def test_the_pure_layers_do_no_io(name: str, path: Path) -> None:
    impure = {imported.split(".")[0] for imported in imports(path)} & IMPURE
    assert impure <= EXEMPT.get(name, set()), name

"""What docs/fota-twin.md says is what the twin does."""

from __future__ import annotations

import ast
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_nrfcloud.commands import decoded
from mock_nrfcloud.fota import assumptions, commands, errors
from mock_nrfcloud.fota.lifecycle import EXECUTION, JOB, PENDING, ExecutionStatus, JobStatus
from mock_nrfcloud.fota.rest.table import OPERATIONS

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "fota-twin.md").read_text()


def job_diagram() -> str:
    """The diagram of the table JOB."""
    lines = ["stateDiagram-v2", f"    [*] --> {JobStatus.CREATED}"]
    lines += [f"    {before} --> {after}: {event}" for (before, event), after in JOB.items()]
    return "\n".join([*lines, f"    {JobStatus.DELETION_IN_PROGRESS} --> [*]"])


def execution_diagram() -> str:
    """The diagram of the table EXECUTION, in which `ended` stands for all terminal states."""
    lines = ["stateDiagram-v2", f"    [*] --> {ExecutionStatus.QUEUED}"]
    ended = dict.fromkeys(after for after in EXECUTION.values() if after not in PENDING)
    for before in dict.fromkeys(before for before, _ in EXECUTION):
        reached = [after for (start, _), after in EXECUTION.items() if start is before]
        assert set(ended) <= set(reached), f"from {before} not all ends can be reached"
        lines += [f"    {before} --> {after}" for after in reached if after in PENDING]
        lines.append(f"    {before} --> ended")
    lines.append("    state ended {")
    lines += [f"        {each}" for each in ended]
    return "\n".join([*lines, "    }", "    ended --> [*]"])


def assumption_rows() -> Iterator[str]:
    """The table of assumptions, from the constants and their docstrings."""
    body = ast.parse(Path(assumptions.__file__).read_text()).body
    for constant, text in itertools.pairwise(body):
        if isinstance(constant, ast.AnnAssign) and isinstance(text, ast.Expr):
            assert isinstance(constant.target, ast.Name)
            assert isinstance(text.value, ast.Constant)
            assert isinstance(text.value.value, str)
            name = constant.target.id
            value = getattr(assumptions, name)
            if isinstance(value, frozenset):
                value = ", ".join(sorted(value))
            if isinstance(value, dict):
                value = ", ".join(f"{key} {each}" for key, each in value.items())
            is_code = "error code" in text.value.value
            shown = f"{value:,}" if isinstance(value, int) and not is_code else value
            says = " ".join(text.value.value.split())
            yield f"| `{name}` | {shown} | {says} |"


@pytest.mark.parametrize("diagram", [job_diagram, execution_diagram])
def test_the_diagrams_are_drawn_from_the_tables(diagram: object) -> None:
    assert callable(diagram)
    drawn = f"```mermaid\n{diagram()}\n```\n"
    assert drawn in PAGE, drawn


def test_the_assumptions_are_all_there() -> None:
    rows = "\n".join(["| constant | value | meaning |", "|---|---|---|", *assumption_rows()])
    assert rows + "\n" in PAGE, rows


def test_every_error_code_is_told() -> None:
    known = {
        str(each)
        for module in (assumptions, errors)
        for each in vars(module).values()
        if isinstance(each, int) and 40000 <= each < 50000
    }
    assert set(re.findall(r"^\| (4\d{4}) \|", PAGE, re.MULTILINE)) == known


def test_every_operation_is_named() -> None:
    known = {(each.method, re.sub(r"\{\w+\}", "{}", each.path)) for each in OPERATIONS}
    told = re.findall(r"^\| `([A-Z]+) (/v1/[^`]*)`", PAGE, re.MULTILINE)
    assert {(method, re.sub(r"\{\w+\}", "{}", path)) for method, path in told} == known


def test_the_commands_that_are_shown_can_be_given_and_are_all() -> None:
    shown = [json.loads(text) for text in re.findall(r'^\| `(\{"do".*\})` \|', PAGE, re.MULTILINE)]
    assert [type(decoded(each, commands.KINDS)) for each in shown] == list(commands.KINDS)

"""What `nrfcloud-bdd run` says of wrong options."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import make_project


@pytest.mark.parametrize("option", ["--name", "--exclude", "--include"])
def test_what_is_no_regular_expression_is_refused(tmp_path: Path, option: str) -> None:
    project = make_project(tmp_path, {"f.feature.md": "# F\n\n## S\n\nGiven I note `x`\n"})
    done = project.run("harness.tools.cli", "run", option, "[")
    assert (done.status, done.noted) == (2, [])
    assert done.err.startswith("'[' is no regular expression")
    assert done.err.count("\n") == 1

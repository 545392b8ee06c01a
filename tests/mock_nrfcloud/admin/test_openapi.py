"""The OpenAPI document is true: schemathesis asks a running mock for all that it says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from mock_nrfcloud.admin.dispatch import OPERATIONS
from mock_nrfcloud.admin.openapi import document
from tests.mock_nrfcloud.standalone import running

SECONDS = 12


def test_it_names_every_operation_once() -> None:
    paths = document(OPERATIONS)["paths"]
    found = [each["operationId"] for path in paths.values() for each in path.values()]
    assert len(found) == len(set(found)) == len(OPERATIONS)
    assert all(each["summary"] for path in paths.values() for each in path.values())


def test_the_running_api_is_what_it_says(tmp_path: Path) -> None:
    with running() as mock:
        done = subprocess.run(
            [
                str(Path(sys.executable).parent / "schemathesis"),
                "run",
                f"{mock.admin}/openapi.json",
                "--phases=coverage,fuzzing",
                "--max-examples=10",
                f"--max-time={SECONDS}",
                # That some members exclude each other cannot be said by the schema; and on a
                # loopback interface nobody needs the token that it tells of.
                "--exclude-checks=positive_data_acceptance,ignored_auth",
                # These would wait as long as they are told to.
                "--exclude-operation-id=waitForRequest",
                "--exclude-operation-id=waitForChange",
                "--continue-on-failure",
                "--warnings=off",
                "--seed=1",
            ],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout
        status, health = mock.ask("/__admin/health")
        assert (status, health["status"]) == (200, "healthy")

"""The mock as a process of its own, for tests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.asking import ask

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Running:
    """A mock that runs; `url` is its root, `first` all that its first line says."""

    process: subprocess.Popen[str]
    url: str
    admin: str
    first: Mapping[str, str]

    def ask(
        self, path: str, body: object = None, method: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        """Status and JSON (None for an empty answer) of a request to the mock."""
        return ask(self.url + path, body, method, **headers)


def start(*arguments: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, **(env or {})}
    if env is None:
        environment.pop("MOCK_ADMIN_TOKEN", None)
    return subprocess.Popen(
        [sys.executable, "-m", "mock_nrfcloud", *arguments],
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@contextmanager
def running(*arguments: str, env: Mapping[str, str] | None = None) -> Iterator[Running]:
    """A mock on a free port, which is stopped at the end."""
    with start("--port", "0", *arguments, env=env) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            assert line, process.stderr and process.stderr.read()
            where = json.loads(line)
            yield Running(process, where["url"], where["admin"], where)
        finally:
            process.terminate()
            process.communicate(timeout=30)

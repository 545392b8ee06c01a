"""The real command, driven as a person would: it is started, sent requests, and ended."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from urllib.parse import quote

from tests.asking import ask
from tests.project import BEHAVE_INI, ENVIRONMENT, USUAL, Project

SERVICE = "{python} -m reference_service --port {port} --nrfcloud-url {mock_url}"
SETTINGS = f"""\
[values]
APIURL = "{{service_url}}"

[service]
command = "{SERVICE} --poll-interval 0.05"
"""


@dataclass
class Recorder:
    """A recording that goes on. `where` is what its first line says."""

    process: subprocess.Popen[str]
    where: dict[str, Any] = field(default_factory=dict)
    out: str = ""
    err: str = ""

    @property
    def device(self) -> str:
        return str(self.where["devices"][0]["id"])

    @property
    def fingerprint(self) -> str:
        return str(self.where["devices"][0]["fingerprint"])

    def begin(self) -> None:
        """Wait until it can be driven."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, self.process.communicate(timeout=60)[1]
        self.where = json.loads(line)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, Any]:
        """Status and JSON of what the service answers."""
        return ask(self.where["driver"] + path, body, method, **headers)

    def mark(self, title: str) -> None:
        assert self.ask("POST", f"/__record/mark?title={quote(title)}") == (204, None)

    def stop(self) -> None:
        assert self.ask("POST", "/__record/stop") == (204, None)

    def wait_for(self, told: str) -> None:
        """Wait until a line on stderr begins like this."""
        assert self.process.stderr
        while not re.match(told, line := self.process.stderr.readline()):
            assert line, f"{told} is not told:\n{self.err}"
            self.err += line
        self.err += line

    def end(self) -> int:
        """Its exit status; `out` and `err` are known now."""
        self.out, rest = self.process.communicate(timeout=120)
        self.err += rest
        return self.process.returncode


def project(folder: Path, settings: str = SETTINGS) -> Project:
    made = Project(folder)
    made.write("behave.ini", BEHAVE_INI)
    made.write("environment.py", ENVIRONMENT)
    made.write("nrfcloud-bdd.toml", settings)
    return made


@contextmanager
def recording(
    folder: Path,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
    stdout: int | IO[str] = subprocess.PIPE,
) -> Iterator[Recorder]:
    """`nrfcloud-bdd record` in a folder. If its stdout is no pipe, it cannot be driven."""
    process = subprocess.Popen(
        [sys.executable, "-m", "harness.tools.cli", "record", *arguments],
        cwd=folder,
        env={**os.environ, **USUAL, **(env or {})},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    recorder = Recorder(process)
    with process:
        try:
            if process.stdout:
                recorder.begin()
            yield recorder
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.communicate(timeout=60)

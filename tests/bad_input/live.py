"""Commands that are watched and interrupted while they run, and what they leave behind."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from tests.project import Done, Project, make_project

SERVICE = Path(__file__).with_name("troubled_service.py")
PATIENCE = 60.0
"""Seconds after which something that should have happened counts as missing."""

COMMANDS = {"behave": ["behave"], "run": ["harness.tools.cli", "run"]}

SETTINGS = """\
[values]
APIURL = "{{service_url}}"
webSocketURI = "{{service_ws}}"

[service]
command = "{{python}} service.py {{port}} {behaviour}"
{service}

[retry]
scale = 0.05

{more}
"""

TELL = """
import os
import socket

@step("I tell the test `{text}`")
def tell(context, text):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(text.encode(), ("127.0.0.1", int(os.environ["NEWS"])))
"""


def troubled_project(
    folder: Path,
    features: Mapping[str, str],
    behaviour: str = "",
    *,
    service: str = "",
    more: str = "",
) -> Project:
    """A project with the troubled service; `service` and `more` are added to its settings."""
    project = make_project(folder, features)
    shutil.copy(SERVICE, folder / "service.py")
    settings = SETTINGS.format(behaviour=behaviour, service=service, more=more)
    project.write("nrfcloud-bdd.toml", settings)
    with (folder / "steps/own.py").open("a") as file:
        file.write(TELL)
    return project


def steps(title: str, *lines: str) -> str:
    """A feature of one scenario."""
    return "\n\n".join((f"# {title}", "## S", *lines)) + "\n"


class Live:
    """A command that runs. `marker` is in the environment of all processes that it starts."""

    def __init__(self, process: subprocess.Popen[str], news: socket.socket, marker: str) -> None:
        self.process = process
        self._news = news
        self._marker = marker

    def wait_for(self, expected: str) -> None:
        """Wait until a process of the run says this."""
        while self._news.recv(1000).decode() != expected:
            pass

    def interrupt(self, number: signal.Signals = signal.SIGINT) -> None:
        """Send a signal to the command alone."""
        self.process.send_signal(number)

    def done(self, timeout: float = PATIENCE) -> Done:
        """Wait for its end."""
        out, err = self.process.communicate(timeout=timeout)
        return Done(self.process.returncode, out, err, [])

    def done_and_peak(self) -> tuple[Done, int]:
        """Wait for its end; also the most memory (resident, in bytes) that it was seen to use."""
        peak = 0
        process = psutil.Process(self.process.pid)
        while True:
            with suppress(psutil.Error):
                peak = max(peak, process.memory_info().rss)
            with suppress(subprocess.TimeoutExpired):
                out, err = self.process.communicate(timeout=0.02)
                return Done(self.process.returncode, out, err, []), peak

    def family(self) -> list[psutil.Process]:
        """All processes of the run that are there now, the command itself left out."""
        return [
            process
            for process in psutil.process_iter()
            if process.pid != self.process.pid and _marked(process, self._marker)
        ]


def _marked(process: psutil.Process, marker: str) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and process.environ().get("RUN") == marker
    except psutil.Error:
        return False


@contextmanager
def live(project: Project, module: str, *arguments: str) -> Iterator[Live]:
    """Start a command in a process group of its own; whatever is left at the end is killed."""
    marker = uuid.uuid4().hex
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as news:
        news.bind(("127.0.0.1", 0))
        news.settimeout(PATIENCE)
        environment = {"NO_COLOR": "1", "RUN": marker, "NEWS": str(news.getsockname()[1])}
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=project.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            process_group=0,
        )
        run = Live(process, news, marker)
        try:
            yield run
        finally:
            process.kill()
            process.communicate()
            for left in run.family():
                left.kill()


def refused_by_both(project: Project) -> str:
    """What is said of a project in which nothing can run, without the name of the error.

    Plain `behave` says it on stdout and ends with 1, ours on stderr with 2.
    """
    with live(project, *COMMANDS["behave"]) as run:
        plain = run.done()
        assert run.family() == []
    with live(project, *COMMANDS["run"]) as run:
        ours = run.done()
        assert run.family() == []
    assert (plain.status, plain.err) == (1, ""), plain.text
    assert (ours.status, ours.out) == (2, ""), ours.text
    assert "Traceback" not in plain.text + ours.text
    assert not (project.folder / "noted.txt").exists()
    assert "ConfigError: " in plain.out
    return ours.err

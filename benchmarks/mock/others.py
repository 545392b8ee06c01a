"""The mock servers of others (and this one), each started as its documentation recommends for load.

All that can log a request is off. None is kept from recording requests that ours records, except
where its documentation recommends to switch that off; then it has less to do than ours.
"""

from __future__ import annotations

import json
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen
from uuid import uuid4

import psutil
from servers import BODY, PATH, Server, paths

START_SECONDS = 120.0
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Other:
    """A mock server: how it is set up, in words, what runs it, its npm package ("" for ours), and
    the command that starts it with so many stubs on a port, for which it may use a folder."""

    name: str
    settings: str
    runtime: str
    package: str
    command: Callable[[Path, Path, int, int], list[str]]

    def missing(self, modules: Path) -> str:
        """Why it cannot be started; "" if it can."""
        if not shutil.which(self.runtime):
            return f"{self.runtime} is not installed"
        if self.package and not (modules / self.package).is_dir():
            return f"npm package {self.package} is not in {modules}"
        return ""

    def version(self, modules: Path) -> str:
        """Its own version."""
        if not self.package:
            return version("nrfcloud-bdd")
        return str(json.loads((modules / self.package / "package.json").read_text())["version"])


def ours(_: Path, folder: Path, port: int, stubs: int) -> list[str]:
    mappings = [
        {
            "kind": "kept",
            "request": {"method": "GET", "url": path},
            "response": {"status": 200, "headers": JSON, "body": BODY},
        }
        for path in paths(stubs)
    ]
    seed = _written(folder / "seed.json", {"mappings": mappings})
    return [sys.executable, "-m", "mock_nrfcloud", "--port", str(port), "--seed", seed]


def wiremock(modules: Path, folder: Path, port: int, stubs: int) -> list[str]:
    mappings = [
        {
            "request": {"method": "GET", "url": path},
            "response": {"status": 200, "headers": JSON, "body": BODY},
        }
        for path in paths(stubs)
    ]
    (folder / "mappings").mkdir()
    _written(folder / "mappings" / "stubs.json", {"mappings": mappings})
    (jar,) = (modules / "wiremock" / "build").glob("wiremock-standalone-*.jar")
    flags = ["--disable-banner", "--disable-request-logging", "--disable-gzip"]
    flags += ["--disable-response-templating", "--container-threads", "50"]
    where = ["--root-dir", str(folder), "--port", str(port)]
    return ["java", "-jar", str(jar), *where, *flags]


def wiremock_forgetting(modules: Path, folder: Path, port: int, stubs: int) -> list[str]:
    return [*wiremock(modules, folder, port, stubs), "--no-request-journal"]


def mountebank(modules: Path, folder: Path, port: int, stubs: int) -> list[str]:
    response = {"is": {"statusCode": 200, "headers": JSON, "body": BODY}}
    made = [
        {
            "predicates": [{"equals": {"method": "GET", "path": path}}],
            "responses": [response],
        }
        for path in paths(stubs)
    ]
    imposter = {"protocol": "http", "port": port, "stubs": made}
    config = _written(folder / "imposters.json", {"imposters": [imposter]})
    flags = ["--nologfile", "--loglevel", "error", "--noParse", "--port", str(free_port())]
    flags += ["--pidfile", str(folder / "mb.pid")]
    return ["node", str(modules / "mountebank" / "bin" / "mb"), "--configfile", config, *flags]


def mockoon(modules: Path, folder: Path, port: int, stubs: int) -> list[str]:
    headers = [{"key": name, "value": value} for name, value in JSON.items()]
    routes: list[dict[str, Any]] = [
        {
            "uuid": str(uuid4()),
            "type": "http",
            "method": "get",
            "endpoint": path.removeprefix("/"),
            "responses": [
                {
                    "uuid": str(uuid4()),
                    "body": BODY,
                    "statusCode": 200,
                    "headers": headers,
                    "bodyType": "INLINE",
                    "disableTemplating": True,
                    "default": True,
                }
            ],
        }
        for path in paths(stubs)
    ]
    environment = {
        "uuid": str(uuid4()),
        "lastMigration": 33,
        "name": "benchmark",
        "port": port,
        "hostname": "127.0.0.1",
        "routes": routes,
        "rootChildren": [{"type": "route", "uuid": route["uuid"]} for route in routes],
        "cors": False,
    }
    data = _written(folder / "environment.json", environment)
    flags = ["--repair", "--disable-log-to-file", "--disable-admin-api"]
    program = modules / "@mockoon" / "cli" / "bin" / "run.js"
    return ["node", str(program), "start", "--data", data, *flags]


OURS = Other(
    "nrfcloud-bdd",
    "as `python -m mock_nrfcloud` starts; it keeps the newest 100,000 requests",
    sys.executable,
    "",
    ours,
)
OTHERS = [
    OURS,
    Other(
        "WireMock",
        "50 threads; no request journal, request log, templates, gzip",
        "java",
        "wiremock",
        wiremock_forgetting,
    ),
    Other(
        "WireMock, recording",
        "the same, but it keeps all requests (its default)",
        "java",
        "wiremock",
        wiremock,
    ),
    Other(
        "mountebank",
        "requests are not recorded (its default); errors are logged, to no file",
        "node",
        "mountebank",
        mountebank,
    ),
    Other(
        "Mockoon",
        "no templates, log file, admin API; it keeps the newest 100 requests (its default)",
        "node",
        "@mockoon/cli",
        mockoon,
    ),
]


@contextmanager
def running(other: Other, modules: Path, folder: Path, stubs: int) -> Iterator[Server]:
    """A server that has given the right answer. Raises RuntimeError if it does not."""
    port = free_port()
    command = other.command(modules, folder, port, stubs)
    with (folder / "output.txt").open("w+") as output:
        process = psutil.Popen(command, cwd=folder, stdout=output, stderr=output)
        try:
            url = f"http://127.0.0.1:{port}"
            if not until_it_answers(url, process):
                output.seek(0)
                raise RuntimeError(f"{other.name} does not start: {output.read()[-2000:]}")
            yield Server(url, process)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait()


def until_it_answers(url: str, process: psutil.Popen) -> bool:
    """Ask until there is an answer: these servers tell in no common way that they are ready.

    Whether there is one in time. Raises RuntimeError if it is not the same as ours.
    """
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urlopen(url + PATH, timeout=10) as answer:
                kind, body = answer.headers.get_content_type(), answer.read().decode()
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
            continue
        if (kind, body) != ("application/json", BODY):
            raise RuntimeError(f"{url} gives another answer: {kind}, {body[:200]!r}")
        return True
    return False


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def _written(path: Path, content: object) -> str:
    path.write_text(json.dumps(content))
    return str(path)

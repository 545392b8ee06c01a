"""The command: a real process, real signals."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from reference_service import __main__ as command
from tests.reference_service.world import (
    DEVICE,
    FINGERPRINT,
    KEY,
    PATIENCE,
    PROTO,
    TOKEN,
    FakeNrfCloud,
    Socket,
    fake_nrfcloud,
    run,
    shadow,
)

BODY = {"fingerprint": FINGERPRINT, "model": "PCA20065", "account": "default"}
BUNDLE = "APP*1e29dfa3*v2.0.1"


@dataclass
class Process:
    """The service as a process, and what it has written to stderr once it has ended."""

    process: asyncio.subprocess.Process
    urls: dict[str, str]
    log: str = ""

    async def stop(self, number: int = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        async with asyncio.timeout(PATIENCE):
            _, log = await self.process.communicate()
        self.log = log.decode()
        assert self.process.returncode is not None
        return self.process.returncode


@asynccontextmanager
async def service(cloud_url: str, *flags: str) -> AsyncIterator[Process]:
    variables = {"NRFCLOUD_API_KEY": KEY, "REFERENCE_SERVICE_ADMIN_TOKEN": TOKEN}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-W", "error", "-X", "dev", "-m", "reference_service", "--port", "0",
        "--nrfcloud-url", cloud_url, "--poll-interval", "0.02", *flags,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=os.environ | variables,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await process.stdout.readline()
        yield Process(process, json.loads(line))
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def register(http: aiohttp.ClientSession, url: str) -> None:
    header = {"Authorization": f"Bearer {TOKEN}"}
    async with http.put(f"{url}/admin/devices/{DEVICE}", json=BODY, headers=header) as response:
        assert response.status == 201


@asynccontextmanager
async def connected(
    *flags: str,
) -> AsyncIterator[tuple[FakeNrfCloud, Process, aiohttp.ClientSession, Socket]]:
    """A service with a registered device and a websocket open for it."""
    async with (
        fake_nrfcloud() as (cloud, cloud_url),
        service(cloud_url, *flags) as process,
        aiohttp.ClientSession() as http,
    ):
        cloud.has_shadow(shadow(1))
        await register(http, process.urls["url"])
        websocket = f"{process.urls['websocket']}/?fingerprint={FINGERPRINT}"
        async with http.ws_connect(websocket) as connection:
            yield cloud, process, http, Socket(connection)


async def schedule(http: aiohttp.ClientSession, process: Process) -> Any:
    url = f"{process.urls['url']}/device/{DEVICE}/fota/app?fingerprint={FINGERPRINT}"
    async with http.post(url, json={"upgradePath": {">=1.0.0": BUNDLE}}) as response:
        assert response.status == 201
        return await response.json()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_in_the_middle_of_work_leaves_nothing_behind(number: int) -> None:
    async def test() -> None:
        async with connected("--version", "4.5.6") as (cloud, process, http, connection):
            cloud.answer("POST", "/v1/fota-jobs", {"jobId": "first"})
            await schedule(http, process)
            await connection.until(status="IN_PROGRESS")
            async with http.get(process.urls["url"] + "/health") as response:
                assert (await response.json())["version"] == "4.5.6"
            assert await process.stop(number) == 0
            assert (await connection.socket.receive()).data == aiohttp.WSCloseCode.GOING_AWAY
        for line in (
            f"PUT /admin/devices/{DEVICE} -> 201",
            "nRF Cloud (default): POST /v1/fota-jobs -> ok",
            f"of {DEVICE}: IN_PROGRESS Started job for version 2.0.0 with bundle {BUNDLE}.",
        ):
            assert line in process.log
        for secret in (FINGERPRINT, KEY, TOKEN, "Traceback", "Warning"):
            assert secret not in process.log

    run(test)


def test_what_is_not_http_is_not_logged() -> None:
    async def test() -> None:
        async with fake_nrfcloud() as (_, url), service(url) as process:
            port = int(process.urls["url"].rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(f"GET /?fingerprint={FINGERPRINT}\x01 HTTP/1.1\r\n\r\n".encode())
            async with asyncio.timeout(PATIENCE):
                assert (await reader.readline()).startswith(b"HTTP/1.0 400")
            writer.close()
            await writer.wait_closed()
            assert await process.stop() == 0
        assert FINGERPRINT not in process.log

    run(test)


def test_state_survives_a_kill(tmp_path: Path) -> None:
    async def test() -> None:
        state = str(tmp_path / "state.sqlite")
        async with connected("--state", state) as (cloud, process, http, connection):
            cloud.answer("POST", "/v1/fota-jobs", {"jobId": "first"})
            job = await schedule(http, process)
            await connection.until(status="IN_PROGRESS")
            assert await process.stop(signal.SIGKILL) == -signal.SIGKILL
        async with connected("--state", state) as (cloud, process, http, connection):
            assert (await connection.message())["@context"] == PROTO + "deviceIdentity"
            assert (await connection.message())["@context"] == PROTO + "shadow"
            cloud.answer("GET", "/v1/fota-jobs/first", {"status": "FAILED"})
            assert (await connection.until(status="FAILED"))["id"] == job["id"]
            assert await process.stop() == 0

    run(test)


def start(monkeypatch: pytest.MonkeyPatch, *flags: str, key: str | None = KEY) -> int:
    """Run the command in this process, for what ends at once."""
    monkeypatch.delenv("NRFCLOUD_API_KEY", raising=False)
    if key is not None:
        monkeypatch.setenv("NRFCLOUD_API_KEY", key)
    return command.main(["--port", "0", *flags])


def test_a_port_that_is_taken(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert start(monkeypatch, "--port", port) == 2
    assert f"cannot listen on 127.0.0.1, port {port}" in capsys.readouterr().err


def test_a_state_file_that_is_none(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with sqlite3.connect(tmp_path / "other") as database:
        database.execute("CREATE TABLE t (x)")
    database.close()
    assert start(monkeypatch, "--state", str(tmp_path / "other")) == 2
    assert "name another state file" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "key", "words"),
    [
        ((), None, "NRFCLOUD_API_KEY (API key of default) is not set"),
        ((), "", "is not set"),
        ((), "two words", "does not hold an API key"),
        ((), "line\nbreak", "does not hold an API key"),
        (("--account", "other"), KEY, "write NAME=VARIABLE"),
        (("--account", "=X"), KEY, "write NAME=VARIABLE"),
        (("--account", "other=NOT_SET_ANYWHERE"), KEY, "NOT_SET_ANYWHERE"),
    ],
)
def test_accounts_without_a_key(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    flags: tuple[str, ...],
    key: str | None,
    words: str,
) -> None:
    assert start(monkeypatch, *flags, key=key) == 2
    shown = capsys.readouterr().err
    assert words in shown
    assert "two words" not in shown


def test_accounts() -> None:
    keys = command.account_keys(["a=A", "b=B"], {"A": "key-a", "B": "key-b"})
    assert keys == {"a": "key-a", "b": "key-b"}


@pytest.mark.parametrize(
    "flags",
    [
        ("--port", "65536"),
        ("--port", "http"),
        ("--poll-interval", "0"),
        ("--poll-interval", "nan"),
        ("--poll-interval", "soon"),
        ("--nrfcloud-url", "api.nrfcloud.com"),
        ("--nrfcloud-url", "ftp://x"),
        ("--nrfcloud-url", "http://[x"),
        ("--webhook", "http://:80"),
        ("--webhook", "http://x:99999"),
        ("--unknown",),
    ],
)
def test_wrong_flags(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...]
) -> None:
    with pytest.raises(SystemExit) as caught:
        start(monkeypatch, *flags)
    assert caught.value.code == 2
    assert "error: " in capsys.readouterr().err


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main(["--help"])
    assert "example:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("address", "shown"),
    [(("127.0.0.1", 80), "127.0.0.1:80"), (("::1", 80, 0, 0), "[::1]:80")],
)
def test_where_it_listens(address: tuple[object, ...], shown: str) -> None:
    assert command._where(address) == shown

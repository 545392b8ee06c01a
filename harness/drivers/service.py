"""The service under test: started, awaited, listened to, and stopped with all that it started.

It runs in a session of its own, so that Ctrl-C reaches the harness and not the service, and its
whole process group ends with it. The harness tells it its port ({port} in the settings) or is
told where it is (`url`). Knows nothing of steps.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shlex
import signal
import socket
import sys
from collections.abc import Mapping
from contextlib import suppress
from time import monotonic
from typing import cast

from harness.core.braces import fill
from harness.core.http_text import HttpResponse
from harness.core.retry import delays
from harness.drivers.network import Redact, redact_by_form
from harness.drivers.process_log import ProcessLog
from harness.drivers.rest import RestClient
from harness.errors import SettingsError, StepFailure
from harness.settings import ServiceSettings

STOP_GRACE = 5.0
"""Seconds from SIGTERM to SIGKILL."""

PIPE_GRACE = 1.0
"""Seconds that are waited for the last lines of a service that has ended."""

PROBE_TIMEOUT = 5.0
"""Seconds that one question whether the service is ready may take."""

SHOWN_LINES = 20
"""Lines of its log that an error shows."""


class Service:
    """The service of one run. Start and stop it on one event loop; the rest may be read anywhere.

    `environment` is all of its environment but for the `env` of the settings, secrets included.
    `redact` makes texts fit to be shown. Once it has started: `url` and `ws_url` have no trailing
    slash; `version` is None if nobody says it.
    """

    def __init__(
        self,
        settings: ServiceSettings,
        environment: Mapping[str, str],
        redact: Redact = redact_by_form,
    ) -> None:
        self.url = ""
        self.ws_url = ""
        self.version = settings.version
        self._settings = settings
        self._environment = environment
        self._redact = redact
        self._log = ProcessLog()
        self._process: _Process | None = None
        self._not_ready = "it has not answered"

    @property
    def exit_status(self) -> int | None:
        """Its exit status once it has ended; minus the number of the signal that ended it."""
        return self._process.exit_status if self._process else None

    @property
    def alive(self) -> bool:
        """Whether it runs, as far as can be told: one that was not started here is thought to."""
        return self._process is None or self._process.exit_status is None

    async def died(self, within: float = 0.25) -> bool:
        """Whether it has ended, or does so in a moment, its last lines being in the log.

        To be asked after a failure: its connections break before its end is known here.
        """
        if self._process is None:
            return False
        await asyncio.wait((self._process.ended,), timeout=within)
        if self._process.ended.done():
            await self._process.drained()
        return self._process.ended.done()

    @property
    def ending(self) -> str:
        """How it has ended, as in "the service …"; empty if it has not."""
        match self.exit_status:
            case None:
                return ""
            case int(status) if status < 0:
                return f"was ended by {signal.Signals(-status).name}"
            case status:
                return f"ended with exit status {status}"

    def log_since(self, at: float) -> list[str]:
        """The lines that it has written to stdout and stderr since the time `at` (monotonic)."""
        return [self._redact(line) for line in self._log.since(at)]

    async def start(self, known: Mapping[str, str]) -> None:
        """Start it and wait until it is ready, or only wait if there is no command.

        `known` are the placeholders of command, url, env and websocket, besides {python}, {port},
        {service_url} and {service_ws}. Raises SettingsError if it cannot be started, ends or is
        not ready in time; then nothing of it is left.
        """
        known = {"python": sys.executable, "port": str(_free_port()), **known}
        self.url = fill(self._settings.url, known, "service.url").rstrip("/")
        known["service_url"] = self.url
        websocket = self._settings.websocket or "ws" + self.url.removeprefix("http")
        self.ws_url = fill(websocket, known, "service.websocket").rstrip("/")
        known["service_ws"] = self.ws_url
        try:
            if self._settings.command is not None:
                self._process = await self._spawn(self._settings.command, known)
            answer = await self._until_ready()
        except BaseException:
            await self.stop()
            raise
        self.version = self.version or _version(answer)

    async def stop(self) -> None:
        """End it and all processes of its group, the hard way if it takes too long."""
        if self._process is not None:
            await self._process.stop()

    async def _spawn(self, command: str, known: Mapping[str, str]) -> _Process:
        settings = self._settings
        arguments = [fill(word, known, "service.command") for word in shlex.split(command)]
        added = {key: fill(text, known, f"service.env.{key}") for key, text in settings.env.items()}
        if not settings.cwd.is_dir():
            raise SettingsError(f"service.cwd: there is no folder {str(settings.cwd)!r}")
        try:
            _, process = await asyncio.get_running_loop().subprocess_exec(
                lambda: _Process(self._log),
                *arguments,
                stdin=asyncio.subprocess.DEVNULL,
                cwd=settings.cwd,
                env={**self._environment, **added},
                start_new_session=True,
            )
        except FileNotFoundError:
            hint = "is it installed, and on the PATH?"
            what = f"service.command: there is no program {arguments[0]!r}"
            raise SettingsError(what, hint=hint) from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            what = f"service.command: {arguments[0]!r} cannot be started: {reason}"
            raise SettingsError(what) from None
        return process

    async def _until_ready(self) -> HttpResponse:
        """Its first answer of 2xx. Nobody tells when it is ready: it has to be asked."""
        client = RestClient(PROBE_TIMEOUT, redact=self._redact)
        probe = asyncio.ensure_future(self._probe(client))
        ended = self._process.ended if self._process else asyncio.Future[None]()
        try:
            await asyncio.wait(
                (probe, ended),
                timeout=self._settings.ready_timeout,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if self._process and ended.done():
                await self._process.drained()
                raise self._start_error(f"it {self.ending} before it was ready")
            if probe.done():
                return probe.result()
            seconds = f"{self._settings.ready_timeout:g} s"
            raise self._start_error(f"it was not ready within {seconds}: {self._not_ready}")
        finally:
            probe.cancel()
            await asyncio.wait((probe,))
            await client.close()

    async def _probe(self, client: RestClient) -> HttpResponse:
        url = self.url + self._settings.ready
        pauses = delays(first=0.02, cap=0.25)
        while True:
            try:
                answer = await client.request("GET", url)
            except StepFailure as failure:
                if failure.final:
                    raise SettingsError(f"service.url: {failure}") from None
                self._not_ready = str(failure)
            else:
                if 200 <= answer.status < 300:
                    return answer
                self._not_ready = f"GET {self._redact(url)} is answered with {answer.status}"
            await asyncio.sleep(next(pauses))

    def _start_error(self, what: str) -> SettingsError:
        lines = [self._redact(line) for line in self._log.last(SHOWN_LINES)]
        log = "".join(f"\n  {line}" for line in lines) or " it has written nothing"
        return SettingsError(f"The service did not start: {what}", hint=f"its last lines:{log}")


class _Process(asyncio.SubprocessProtocol):
    """A child process with its group. `ended` is done once it has exited."""

    def __init__(self, log: ProcessLog) -> None:
        self.exit_status: int | None = None
        self.ended = asyncio.get_running_loop().create_future()
        self._closed = asyncio.get_running_loop().create_future()
        self._log = log

    async def drained(self) -> None:
        """Waits until all that it has written is in the log, but not for long."""
        await asyncio.wait((self._closed,), timeout=PIPE_GRACE)

    async def stop(self) -> None:
        try:
            if not self.ended.done():
                self._signal_group(signal.SIGTERM)
                await asyncio.wait((self.ended,), timeout=STOP_GRACE)
        finally:
            if not self.ended.done():
                self._signal_group(signal.SIGKILL)
                await asyncio.wait((self.ended,))
            await self.drained()
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)
        self._group = self._transport.get_pid()
        # For an end of the harness without a stop: then this is all that is left to do.
        atexit.register(self._signal_group, signal.SIGKILL)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        self._log.feed(fd, data, monotonic())

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:  # noqa: ARG002 - given
        self._log.end(fd, monotonic())

    def process_exited(self) -> None:
        self.exit_status = self._transport.get_returncode()
        # What it has left behind; later its number may be that of another's group.
        self._signal_group(signal.SIGKILL)
        atexit.unregister(self._signal_group)
        self.ended.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - given
        self._closed.set_result(None)

    def _signal_group(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # the latter: macOS, all have ended
            os.killpg(self._group, number)


def _free_port() -> int:
    """A port that was free a moment ago: the kernel does not give it out again soon."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
        return port


def _version(answer: HttpResponse) -> str | None:
    """The `version` in a JSON object."""
    try:
        data = answer.json()
    except ValueError:
        return None
    version = data.get("version") if isinstance(data, dict) else None
    return version if isinstance(version, str) else None

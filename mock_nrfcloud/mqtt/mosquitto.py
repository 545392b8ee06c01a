"""The MQTT broker as a process: Debian's mosquitto, on a loopback port, in a folder of its own.

It keeps sessions and what waits in them in that folder, so that it can end and start again.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from harness.errors import BddError
from mock_nrfcloud.mqtt.address import Address
from mock_nrfcloud.mqtt.topics import MAX_MESSAGE

HOST: Final = "127.0.0.1"
START_SECONDS: Final = 10.0
STOP_SECONDS: Final = 5.0

_SETTINGS: Final = """\
listener {port} {host}
allow_anonymous true
max_packet_size {size}
max_queued_messages 20000
persistence true
persistence_location {folder}/
autosave_on_changes true
autosave_interval 1
log_dest stderr
log_type information
log_type error
user root
"""
"""It saves after each change. `user` counts only where it is started by root: then the folder is
root's."""


class Mosquitto:
    """A broker that takes anyone; `address` is known once it has started."""

    def __init__(self, port: int = 0) -> None:
        self.address = Address(HOST, port)
        self._folder: Path | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen; port 0 takes a free one. Raises BddError if it cannot."""
        # Debian has it in /usr/sbin, where not everybody looks.
        program = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            raise BddError(
                "there is no program mosquitto",
                hint='install it (Debian: apt install mosquitto), or take the broker "embedded"',
            )
        if not self.address.port:
            self.address = Address(HOST, _free_port())
        self._folder = self._folder or Path(mkdtemp(prefix="nrfcloud-bdd-mosquitto-"))
        settings = self._folder / "mosquitto.conf"
        settings.write_text(
            _SETTINGS.format(
                host=HOST, port=self.address.port, folder=self._folder, size=MAX_MESSAGE + 1024
            )
        )
        self._process = await asyncio.create_subprocess_exec(
            program,
            "-c",
            str(settings),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the harness, which ends it
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                said = await self._until_running()
        except TimeoutError:
            said = f"it was not ready within {START_SECONDS:g} s"
        if said:
            await self.stop()
            raise BddError(f"mosquitto cannot be started: {said}")

    async def stop(self) -> None:
        """End it, and remove its folder."""
        await self.end(kill=False)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    async def end(self, *, kill: bool) -> None:
        """End it, or let it die without a word; it can start again with all that it has saved."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill() if kill else process.terminate()
        try:
            await asyncio.wait_for(process.wait(), STOP_SECONDS)
        except TimeoutError:
            process.kill()
            await process.wait()
        if self._reading is not None:
            await self._reading
            self._reading = None

    async def _until_running(self) -> str:
        """Wait until it says that it runs; what it said last if it ends instead."""
        assert self._process is not None
        assert self._process.stderr is not None
        last = ""
        async for line in self._process.stderr:
            if b" running" in line:
                # Its pipe must not fill up: it would stop at that.
                self._reading = asyncio.create_task(_drain(self._process.stderr))
                return ""
            last = line.decode(errors="replace").strip()
        return last or "it has said nothing"


async def _drain(stream: asyncio.StreamReader) -> None:
    while await stream.read(65536):
        pass


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port

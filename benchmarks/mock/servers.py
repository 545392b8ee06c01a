"""The servers that the mock's benchmarks ask, each in a process of its own.

    python benchmarks/mock/servers.py KIND STUBS LOOP

KIND is `bare` (an aiohttp application of one route, without a journal), `memory` or `file` (the
mock with its journal there), LOOP `asyncio` or `uvloop`. It prints its port, and ends with its
standard input. All give the same answer to a GET of PATH.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

BODY = json.dumps({"jobId": "bc631093-7f7c-4c1b-aa63-a68c759bcd5c", "status": "IN_PROGRESS"})
PATH = "/v1/fota-jobs/bc631093-7f7c-4c1b-aa63-a68c759bcd5c"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, without a trailing slash, and its process."""

    url: str
    process: psutil.Process


def paths(stubs: int) -> list[str]:
    """The paths of so many stubs. The one that is asked for is in the middle: some servers look
    at the newest first, some at the oldest."""
    others = [f"/v1/fota-jobs/{number}" for number in range(stubs - 1)]
    return [*others[: stubs // 2], PATH, *others[stubs // 2 :]]


def server_command(kind: str, stubs: int = 1, loop: str = "asyncio") -> list[str]:
    """What starts a server of this module."""
    return [sys.executable, __file__, kind, str(stubs), loop]


@contextmanager
def server(kind: str, stubs: int = 1, loop: str = "asyncio") -> Iterator[Server]:
    """A server of this module, as long as the context lasts."""
    pipe = subprocess.PIPE
    command = server_command(kind, stubs, loop)
    with subprocess.Popen(command, text=True, stdin=pipe, stdout=pipe) as process:
        assert process.stdin
        assert process.stdout
        port = int(process.stdout.readline())
        yield Server(f"http://127.0.0.1:{port}", psutil.Process(process.pid))
        process.stdin.close()


async def serve_bare() -> None:
    from aiohttp import web

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=BODY, content_type="application/json")

    application = web.Application()
    application.router.add_get(PATH, answer)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await until_stdin_closes(runner.addresses[0][1])
    await runner.cleanup()


async def serve_mock(kind: str, stubs: int) -> None:
    """As `python -m mock_nrfcloud` does, but stubs need not go through a file."""
    from harness.core.http_text import HttpResponse
    from mock_nrfcloud.admin.dispatch import Dispatcher
    from mock_nrfcloud.journal import MemoryJournal
    from mock_nrfcloud.journal_file import JournalFile
    from mock_nrfcloud.server import MockServer
    from mock_nrfcloud.space import Space
    from mock_nrfcloud.spaces import Spaces
    from mock_nrfcloud.values import Stub

    with ExitStack() as stack:
        file = None
        if kind == "file":
            folder = Path(stack.enter_context(TemporaryDirectory()))
            file = JournalFile(folder / "requests.sqlite")
            stack.callback(file.close)
        spaces = Spaces(
            lambda name: Space(journal=file.journal(name) if file else MemoryJournal()),
            asyncio.get_running_loop().time,
        )
        response = HttpResponse(200, "", (("Content-Type", "application/json"),), BODY.encode())
        for path in paths(stubs):
            spaces.root.store.add(Stub("GET", path, response, kind="kept"))
        mock = MockServer(spaces, admin=Dispatcher(spaces, None))
        await mock.start()
        await until_stdin_closes(int(mock.url.rpartition(":")[2]))
        await mock.stop()


async def until_stdin_closes(port: int) -> None:
    print(port, flush=True)
    await asyncio.to_thread(sys.stdin.read)


def main(kind: str, stubs: int, loop: str) -> None:
    factory = None
    if loop == "uvloop":
        import uvloop

        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(serve_bare() if kind == "bare" else serve_mock(kind, stubs))


if __name__ == "__main__":
    match sys.argv[1:]:
        case [kind, stubs, loop]:
            main(kind, int(stubs), loop)
        case _:
            sys.exit(__doc__)

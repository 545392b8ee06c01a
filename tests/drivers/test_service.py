"""Real processes as the service under test: started, awaited, dying, stopped with children."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

import psutil
import pytest

from harness.drivers.service import Service
from harness.errors import SettingsError
from harness.settings import ServiceSettings

T = TypeVar("T")

SERVER = """
    import http.server, json, os, sys

    class Handler(http.server.BaseHTTPRequestHandler):
        tries = 0

        def do_GET(self):
            Handler.tries += 1
            ready = self.path != "/slow/health" or Handler.tries > 2
            body = ANSWER
            self.send_response(200 if ready else 503)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            print("asked for", self.path, flush=True)

    print("token is", os.environ.get("SECRET"), file=sys.stderr, flush=True)
    server = http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Handler)
    server.serve_forever()
"""


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Like asyncio.run; what is left behind warns, and a warning is an error."""
    result = asyncio.run(coroutine)
    gc.collect()
    assert not psutil.Process().children(recursive=True)
    return result


@pytest.fixture
def program(tmp_path: Path) -> Path:
    return tmp_path / "program.py"


def settings(program: Path, code: str = SERVER, **more: Any) -> ServiceSettings:
    program.write_text(textwrap.dedent(code).replace("ANSWER", 'b\'{"version": "1.2.3"}\''))
    return ServiceSettings(
        **{"command": f"{{python}} {program} {{port}}", "ready_timeout": 30.0, **more}
    )


@asynccontextmanager
async def started(
    service_settings: ServiceSettings,
    environment: Mapping[str, str] = os.environ,
    known: Mapping[str, str] | None = None,
) -> AsyncIterator[Service]:
    service = Service(service_settings, environment, lambda text: text.replace("hush", "***"))
    try:
        await service.start(known or {})
        yield service
    finally:
        await service.stop()


async def until(condition: Callable[[], bool]) -> None:
    """Looks again and again: the test stands outside the processes that it watches."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - nothing wakes it
            await asyncio.sleep(0.005)


def gone(pid: int) -> bool:
    """An orphan that has ended counts as gone, though nobody may have asked for its status."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def start_error(service_settings: ServiceSettings) -> str:
    async def main() -> None:
        async with started(service_settings):
            pass

    with pytest.raises(SettingsError) as caught:
        run(main())
    return str(caught.value)


def test_it_is_started_awaited_and_stopped(program: Path) -> None:
    async def main() -> None:
        before = monotonic()
        async with started(settings(program)) as service:
            port = service.url.removeprefix("http://127.0.0.1:")
            assert port.isdigit()
            assert service.ws_url == f"ws://127.0.0.1:{port}"
            assert service.version == "1.2.3"
            assert service.alive
            assert not await service.died(within=0)
            assert (service.exit_status, service.ending) == (None, "")
            assert "asked for /health" in service.log_since(before)
        assert not service.alive
        assert service.exit_status == -signal.SIGTERM
        assert service.ending == "was ended by SIGTERM"
        await service.stop()

    run(main())


def test_not_ready_yet_is_asked_again(program: Path) -> None:
    async def main() -> None:
        async with started(settings(program, ready="/slow/health")) as service:
            asked = [line for line in service.log_since(0) if line.startswith("asked")]
            assert len(asked) == 3

    run(main())


def test_environment_folder_and_placeholders(program: Path, tmp_path: Path) -> None:
    code = """
        import os, sys
        print(os.getcwd(), os.environ["MOCK"], os.environ["SECRET"], sys.argv[2:], flush=True)
    """
    made = settings(
        program,
        code + textwrap.indent(textwrap.dedent(SERVER), "        "),
        command=f"{{python}} {program} {{port}} '{{mock_url}}/a b' {{{{}}}}",
        cwd=tmp_path,
        env={"MOCK": "{mock_url} for {service_url}", "SECRET": "hush {service_ws}"},
        websocket="ws://localhost:{port}/live/",
        version="9",
    )

    async def main() -> None:
        known = {"mock_url": "http://mock"}
        async with started(made, {"PATH": os.environ["PATH"]}, known) as service:
            assert service.ws_url.endswith("/live")
            assert service.version == "9"
            assert service.log_since(0)[0] == (
                f"{tmp_path} http://mock for {service.url} *** {service.ws_url}"
                " ['http://mock/a b', '{}']"
            )

    run(main())


def test_a_service_that_runs_elsewhere_is_only_waited_for(program: Path) -> None:
    async def main() -> None:
        async with started(settings(program)) as own:
            elsewhere = ServiceSettings(url=f"{own.url}/", ready="/health")
            async with started(elsewhere) as service:
                assert (service.url, service.version) == (own.url, "1.2.3")
                assert service.alive
                assert not await service.died()
                assert service.exit_status is None
                assert service.log_since(0) == []
            assert own.alive

    run(main())


def test_its_death_is_noticed(program: Path) -> None:
    code = SERVER.replace(
        'print("asked for", self.path, flush=True)',
        """
            if self.path == "/die":
                print("dying", flush=True)
                os._exit(7)""",
    )

    async def main() -> None:
        async with started(settings(program, code)) as service:
            host, port = service.url.removeprefix("http://").split(":")
            _, writer = await asyncio.open_connection(host, int(port))
            writer.write(b"GET /die HTTP/1.0\r\n\r\n")
            assert await service.died(within=30)
            writer.close()
            assert (service.exit_status, service.ending) == (7, "ended with exit status 7")
            assert service.log_since(0)[-1] == "dying"
            await service.stop()

    run(main())


def test_what_it_leaves_behind_when_it_dies_is_ended(program: Path) -> None:
    code = """
        import subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        print(child.pid, flush=True)
        sys.exit(3)
    """
    message = start_error(settings(program, code))
    assert "it ended with exit status 3 before it was ready" in message
    run(until(lambda: gone(int(message.splitlines()[-1]))))


def test_one_that_ignores_sigterm_is_killed_with_its_children(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("harness.drivers.service.STOP_GRACE", 0.05)
    stubborn = """
        import signal, subprocess, sys
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        code = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pause()"
        subprocess.Popen([sys.executable, "-c", code])
    """

    async def main() -> None:
        code = textwrap.dedent(stubborn) + textwrap.dedent(SERVER)
        async with started(settings(program, code)) as service:
            children = psutil.Process().children(recursive=True)
            assert len(children) == 2
        assert service.exit_status == -signal.SIGKILL
        await until(lambda: all(gone(child.pid) for child in children))

    run(main())


def test_one_that_ends_before_it_is_ready(program: Path) -> None:
    code = "print('no key: hush')\nraise SystemExit('what\\n now')"
    assert start_error(settings(program, code)) in (
        "The service did not start: it ended with exit status 1 before it was ready:"
        f" its last lines:\n  {first}\n  {second}\n  {third}"
        for first, second, third in (
            ("no key: ***", "what", " now"),  # two pipes: their order is not certain
            ("what", " now", "no key: ***"),
        )
    )


def test_one_that_is_killed_before_it_is_ready(program: Path) -> None:
    code = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"
    assert start_error(settings(program, code)) == (
        "The service did not start: it was ended by SIGKILL before it was ready:"
        " its last lines: it has written nothing"
    )


def test_one_that_never_listens(program: Path) -> None:
    code = "import time\ntime.sleep(600)"
    message = start_error(settings(program, code, ready_timeout=0.2))
    assert "it was not ready within 0.2 s: GET http://127.0.0.1:" in message
    assert "refused the connection" in message


def test_one_that_never_gets_ready(program: Path) -> None:
    async def main() -> None:
        never = SERVER.replace("Handler.tries > 2", "False")
        async with started(settings(program, never, ready="/")) as own:
            elsewhere = ServiceSettings(url=own.url, ready="/slow/health", ready_timeout=0.5)
            with pytest.raises(SettingsError) as caught:
                await Service(elsewhere, {}).start({})
            assert str(caught.value) == (
                "The service did not start: it was not ready within 0.5 s:"
                f" GET {own.url}/slow/health is answered with 503:"
                " its last lines: it has written nothing"
            )

    run(main())


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"command": "no-such-program-at-all {port}"},
            "service.command: there is no program 'no-such-program-at-all': is it installed,"
            " and on the PATH?",
        ),
        ({"command": "/etc/passwd {port}"}, "'/etc/passwd' cannot be started: Permission denied"),
        ({"cwd": Path("/no/such")}, "service.cwd: there is no folder '/no/such'"),
        ({"command": "{pyhton} {port}"}, "service.command: there is no {pyhton}: did you mean {py"),
        ({"env": {"A": "{b"}}, "service.env.A: a single {: write {{ for a brace"),
        ({"env": {"A=B": ""}}, "cannot be started: illegal environment variable name"),
        ({"url": "http://127.0.0.1:{prot}"}, "service.url: there is no {prot}: did you mean {port"),
        ({"url": "http://127.0.0.1:99999"}, "service.url: 'http://127.0.0.1:99999/health' is no"),
    ],
)
def test_settings_that_cannot_be_started(program: Path, more: Any, message: str) -> None:
    assert message in start_error(settings(program, **more))


def test_a_start_that_is_interrupted_leaves_nothing(program: Path) -> None:
    code = "import time\nprint('up', flush=True)\ntime.sleep(600)"

    async def main() -> None:
        service = Service(settings(program, code), os.environ)
        start = asyncio.create_task(service.start({}))
        await until(lambda: service.log_since(0) != [])
        start.cancel()
        await asyncio.wait([start])
        assert start.cancelled()
        assert not service.alive

    run(main())


def test_a_harness_that_ends_without_a_stop_leaves_nothing(program: Path) -> None:
    settings(program, "import time\ntime.sleep(600)")
    crash = f"""
import asyncio, os
from harness.drivers.service import Service
from harness.settings import ServiceSettings

async def main():
    service = Service(ServiceSettings(command="{{python}} {program} {{port}}"), os.environ)
    start = asyncio.create_task(service.start({{}}))
    while service._process is None:
        await asyncio.sleep(0)
    print(service._process._group, flush=True)
    raise SystemExit(3)  # past all that would stop it

loop = asyncio.new_event_loop()
loop.run_until_complete(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", crash], capture_output=True, timeout=60, text=True, check=False
    )
    assert done.returncode == 3, done.stderr
    run(until(lambda: gone(int(done.stdout))))

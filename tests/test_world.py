"""What a run starts, and that nothing of it is left, also if it could not start."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest

from harness.errors import BddError, SettingsError
from harness.settings import Settings, load
from harness.world import World

SERVICE = """
import http.server, sys

class Health(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Health).serve_forever()
"""


def settings(folder: Path, text: str = "", **environ: str) -> Settings:
    path = folder / "nrfcloud-bdd.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ, {})


def service(folder: Path, more: str = "") -> Settings:
    (folder / "service.py").write_text(SERVICE)
    command = f"{{python}} {folder / 'service.py'} {{port}}"
    return settings(folder, f'[service]\ncommand = "{command}"\nready = "/health"\n{more}')


def is_served(url: str) -> bool:
    """Whether anybody answers there, whatever the answer."""
    with closing(HTTPConnection(str(urlsplit(url).netloc), timeout=20)) as client:
        try:
            client.request("GET", "/", headers={"Connection": "close"})
        except ConnectionRefusedError:
            return False
        client.getresponse().read()
        return True


@pytest.fixture(autouse=True)
def _nothing_is_left() -> Iterator[None]:
    threads, children = set(threading.enumerate()), set(psutil.Process().children())
    yield
    for each in set(threading.enumerate()) - threads:
        each.join(10)  # asyncio's thread that waits for a child ends in its own time
    assert set(threading.enumerate()) <= threads
    assert set(psutil.Process().children()) <= children


def test_the_mock_is_served_until_the_end(tmp_path: Path) -> None:
    world = World(settings(tmp_path, '[values]\nA = "{mock_url}/a"\nB = 1\n'), {}).start()
    try:
        assert is_served(world.mock.url)
        assert world.values == {"A": f"{world.mock.url}/a", "B": 1}
        assert world.service is None
    finally:
        world.close()
    assert not is_served(world.mock.url)
    world.close()  # once more does no harm


def test_the_service_is_started_known_and_stopped(tmp_path: Path) -> None:
    text = '[values]\nA = "{service_url}/a"\nW = "{service_ws}"\n'
    world = World(service(tmp_path, text), {}).start()
    try:
        assert world.service is not None
        url = world.service.url
        assert is_served(url)
        assert world.values == {"A": f"{url}/a", "W": url.replace("http", "ws")}
    finally:
        world.close()
    assert not is_served(url)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[service]\ncommand = "{python} -c raise(SystemExit(37)) {port}"\n', "37"),
        ('[service]\ncommand = "no-such-program-anywhere {port}"\n', "no-such-program-anywhere"),
        ('[service]\ncommand = "{python} {port} {unknown}"\n', "{unknown}"),
        ('[values]\nA = "{service_url}"\n', "service_url"),
    ],
)
def test_after_a_start_that_failed_nothing_is_left(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BddError, match=message):
        World(settings(tmp_path, text), {}).start()


def test_a_service_that_runs_is_stopped_if_the_rest_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise SettingsError("no such value")

    monkeypatch.setattr("harness.world.fill_values", fail)
    world = World(service(tmp_path), {})
    with pytest.raises(SettingsError, match="no such value"):
        world.start()
    assert world.service is not None
    assert not world.service.alive
    assert not is_served(world.service.url)
    assert not is_served(world.mock.url)


def test_keys_of_accounts_are_those_that_the_environment_has(tmp_path: Path) -> None:
    text = '[accounts.default]\napi_key_env = "KEY"\n[accounts.other]\napi_key_env = "OTHER"\n'
    world = World(settings(tmp_path, text, KEY="k1", OTHER="k2", UNUSED="k3"), {})
    assert world.api_keys == {"default": "k1", "other": "k2"}
    assert world.secrets >= {"k1", "k2"}
    assert "k3" not in world.secrets


def test_the_registry_is_made_once_and_on_first_use(tmp_path: Path) -> None:
    listed = '[[devices.listed]]\nid = "oob-350006660000014"\nfingerprint = "f"\nmodel = "m"\n'
    world = World(settings(tmp_path, f'[devices]\nregistry = "list"\n{listed}'), {})
    assert world.registry() is world.registry()


def test_now_is_in_milliseconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time_ns", lambda: 1_694_476_800_123_456_789)
    assert World(settings(tmp_path), {}).now() == 1_694_476_800_123

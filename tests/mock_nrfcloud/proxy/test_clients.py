"""The proxy as a program, and clients that know nothing of it but their environment."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import trustme

from mock_nrfcloud.proxy.variables import variables
from tests.mock_nrfcloud.standalone import Running, running

BODY = {"items": [], "total": 0}
STUBS = {
    "mappings": [
        {
            "kind": "kept",
            "request": {"method": "GET", "url": "/v1/devices?pageLimit=10"},
            "response": {"jsonBody": BODY},
        }
    ]
}
URL = "https://api.nrfcloud.com/v1/devices?pageLimit=10"

PYTHON = """
import sys, urllib.request
for url in sys.argv[1:]:
    print(urllib.request.urlopen(url).read().decode())
"""
NODE = """
const { connect } = require('node:http'), https = require('node:https'), http = require('node:http')
const proxy = new URL(process.env.HTTPS_PROXY), url = new URL(process.argv[1])
http.request({ host: proxy.hostname, port: proxy.port, method: 'CONNECT',
  path: `${url.hostname}:443`, headers: { Host: `${url.hostname}:443` } })
  .on('connect', (_, socket) => https.get(url, { createConnection: () =>
    require('node:tls').connect({ socket, servername: url.hostname }) }, (answer) => {
      answer.pipe(process.stdout)
      answer.on('end', () => socket.destroy())
    }))
  .end()
"""


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("proxy")
    seed = folder / "stubs.json"
    seed.write_text(json.dumps(STUBS))
    bundle = folder / "ca.pem"
    with running("--proxy", "--ca-cert", str(bundle), "--seed", str(seed)) as mock:
        assert mock.first["proxy"] == mock.url
        assert mock.first["ca_cert"] == str(bundle)
        yield mock
    assert not bundle.exists()


def told(proxy: Running, *command: str) -> str:
    """What a program says that was given the variables of the proxy."""
    environment = {**os.environ, **variables(proxy.first["proxy"], Path(proxy.first["ca_cert"]))}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_python(proxy: Running) -> None:
    plain = URL.replace("https", "http")
    said = told(proxy, sys.executable, "-c", PYTHON, URL, plain, f"{proxy.admin}/requests")
    first, second, requests = map(json.loads, said.splitlines())
    assert first == second == BODY
    seen = [each["request"]["urlPath"] for each in requests["requests"][:2]]
    assert seen == ["/v1/devices", "/v1/devices"]


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_curl(proxy: Running) -> None:
    plain = URL.replace("https", "http")
    for url in (URL, plain):
        assert json.loads(told(proxy, "curl", "-sS", "--max-time", "30", url)) == BODY
    head = told(proxy, "curl", "-sS", "--max-time", "30", "-I", plain)
    assert head.startswith("HTTP/1.1 404 ")  # HEAD has no stub


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node")
def test_node(proxy: Running) -> None:
    assert json.loads(told(proxy, "node", "-e", NODE, URL)) == BODY


@contextmanager
def origin(folder: Path) -> Iterator[tuple[int, Path]]:
    """A server of somebody else, with TLS: its port, and the certificate to trust."""

    class Hello(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"hello")

        def log_message(self, *_: object) -> None:
            """Nothing."""

    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "origin.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    with ThreadingHTTPServer(("127.0.0.1", 0), Hello) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1], folder / "origin.pem"
        finally:
            server.shutdown()
            thread.join()


def test_what_is_forwarded_is_trusted_as_the_machine_does(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    arguments = ["--proxy", "--ca-cert", str(bundle), "--forward", "localhost"]
    with origin(tmp_path) as (port, trusted):
        env = {"SSL_CERT_FILE": str(trusted)}
        with running(*arguments, env=env) as mock:
            script = "import os; os.environ.update(NO_PROXY='', no_proxy='')" + PYTHON
            url = f"https://localhost:{port}/"
            assert told(mock, sys.executable, "-c", script, url) == "hello\n"
            assert mock.ask("/__admin/requests")[1]["meta"]["total"] == 0

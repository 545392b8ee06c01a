"""Whatever an upstream answers: the service gets it, and what is written is clean and passes."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.project import Project
from tests.recorder.driving import project, recording

SERVICE = """\
import http.server, json, sys, urllib.error, urllib.request, zlib

class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        said = {}
        if self.path != "/health":
            headers = {"Accept-Encoding": "gzip, br, zstd"}
            request = urllib.request.Request(sys.argv[2] + self.path, headers=headers)
            try:
                answer = urllib.request.urlopen(request)
            except urllib.error.HTTPError as error:
                answer = error
            body = answer.read()
            if answer.headers["Content-Encoding"] == "gzip":
                body = zlib.decompress(body, 31)
            try:
                said = {"status": answer.status, "json": json.loads(body)}
            except ValueError:
                said = {"status": answer.status, "sum": zlib.crc32(body), "size": len(body)}
        text = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
"""
LARGE = 100_000_000
ANSWERS: dict[str, tuple[int, dict[str, str], bytes]] = {
    "gzip": (200, {"Content-Type": "application/json"}, gzip.compress(b'{"a": 1}')),
    "binary": (200, {"Content-Type": "application/octet-stream"}, bytes(range(256))),
    "empty": (200, {"Content-Type": "application/json"}, b""),
    "nothing": (204, {}, b""),
    "no-json": (200, {"Content-Type": "application/json"}, b'{"half": '),
    "placeholder": (200, {"Content-Type": "application/json"}, b'{"a": "${b}", "#uuid": "#x"}'),
    "fences": (200, {"Content-Type": "text/plain"}, b"```\n# No heading\n````\n"),
    "latin": (200, {"Content-Type": "text/plain"}, "å".encode("latin-1")),
    "refused": (403, {"Content-Type": "application/problem+json"}, b'{"title": "No"}'),
}
"""What is answered to a path: status, headers, body."""


@contextmanager
def upstream() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            name = self.path[1:]
            if name == "chunked":
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                self.wfile.write(b"4\r\n[1, \r\n2\r\n2]\r\n0\r\n\r\n")
                return
            if name == "large":
                self.send_response(200)
                self.send_header("Content-Length", str(LARGE))
                self.end_headers()
                for _ in range(LARGE // 100_000):
                    self.wfile.write(b"x" * 100_000)
                return
            status, headers, body = ANSWERS[name]
            self.send_response(status)
            for each, value in headers.items():
                self.send_header(each, value)
            if name == "gzip":
                self.send_header("Content-Encoding", "gzip")
            if status != 204:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def made(folder: Path) -> Project:
    command = 'command = "{python} service.py {port} {mock_url}"'
    it = project(folder, f'[values]\nAPIURL = "{{service_url}}"\n[service]\n{command}\n')
    it.write("service.py", SERVICE)
    return it


def test_answers_of_any_kind_come_back(tmp_path: Path) -> None:
    it = made(tmp_path)
    with upstream() as url, recording(tmp_path, "--upstream", url, "--out", "a.feature.md") as r:
        for name in ("chunked", *ANSWERS):
            r.mark(name)
            status, said = r.ask("GET", f"/{name}")
            assert status == 200
            if "size" in said:
                assert said["size"] == len(ANSWERS[name][2])
        r.stop()
        status = r.end()
    text = (tmp_path / "a.feature.md").read_text(encoding="utf-8")
    assert status == 0, r.err + text
    assert it.run("harness.tools.cli", "lint", "a.feature.md").out == "1 file: clean\n"


def test_a_body_that_is_too_large_is_cut_and_said(tmp_path: Path) -> None:
    it = made(tmp_path)
    with upstream() as url, recording(tmp_path, "--upstream", url, "--out", "a.feature.md") as r:
        assert r.ask("GET", "/large")[1]["size"] == LARGE
        r.stop()
        status = r.end()
    cut = "a body of 100,000,000 bytes is cut after 4,194,304"
    assert cut in r.err
    file = tmp_path / "a.feature.md"
    assert cut in file.read_text()
    assert file.stat().st_size < 1_000_000
    assert status == 1
    assert "[draft]" in it.run("harness.tools.cli", "lint", "a.feature.md").out

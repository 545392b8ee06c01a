"""What was recorded is written, however the recording ends, and whoever has gone meanwhile."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import pytest

from harness.errors import UsageError
from harness.recorder import proof
from harness.tools import record
from tests.recorder.cloud import cloud
from tests.recorder.driving import SETTINGS, project, recording

OUT = "kept.feature.md"
SERVICE = """\
import http.server, os, signal, sys

class Service(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

def impatient(*_):
    os.kill(os.getppid(), signal.SIGINT)
    os._exit(0)

signal.signal(signal.SIGTERM, impatient)
http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
"""


def archive(folder: Path, body: str, status: int = 200) -> Path:
    entry = {
        "startedDateTime": "2026-11-20T12:00:00Z",
        "request": {"method": "GET", "url": "https://api.nrfcloud.com/v1/firmwares"},
        "response": {"status": status, "content": {"text": body}},
    }
    file = folder / "session.har"
    file.write_text(json.dumps({"log": {"entries": [entry]}}))
    return file


def test_ctrl_c_once_more_while_the_service_ends(tmp_path: Path) -> None:
    made = project(tmp_path, SETTINGS.replace("-m reference_service --port", "service.py"))
    made.write("service.py", SERVICE)
    arguments = ("--upstream", "http://127.0.0.1:1", "--no-proof", "--out", OUT)
    with recording(tmp_path, *arguments) as recorder:
        assert recorder.ask("GET", "/any") == (200, None)
        recorder.process.send_signal(signal.SIGINT)
        assert recorder.end() == 0, recorder.err
    assert "When I `GET` `${APIURL}/any`" in (tmp_path / OUT).read_text()


def test_whoever_read_stderr_has_gone(tmp_path: Path) -> None:
    project(tmp_path)
    arguments = ("--upstream", "http://127.0.0.1:1", "--no-proof", "--out", OUT)
    with recording(tmp_path, *arguments) as recorder:
        assert recorder.process.stderr
        recorder.process.stderr.close()  # as when Ctrl-C ends `tee`, too
        assert recorder.ask("GET", "/health")[0] == 200
        recorder.process.send_signal(signal.SIGINT)
        assert recorder.process.wait(60) == 0
    assert "When I `GET` `${APIURL}/health`" in (tmp_path / OUT).read_text()


def test_a_second_recording_that_cannot_begin(tmp_path: Path) -> None:
    made = project(tmp_path)
    arguments = ("--twice", "--device", "PCA20065", "--no-proof", "--out", OUT)
    with (
        cloud() as upstream,
        recording(tmp_path, "--upstream", upstream.url, *arguments) as recorder,
    ):
        assert recorder.ask("GET", "/health")[0] == 200
        made.write("reference_service.py", "raise SystemExit(3)\n")
        recorder.stop()
        assert recorder.end() == 0, recorder.err
    assert "There is no second recording: " in recorder.err
    assert "When I `GET` `${APIURL}/health`" in (tmp_path / OUT).read_text()


def test_half_a_character(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project(tmp_path)
    monkeypatch.chdir(tmp_path)
    file = archive(tmp_path, r'{"name": "\ud800"}')
    assert record.main(["--from", str(file), "--no-proof", "--out", OUT]) == 0
    assert r'{ "name": "\ud800" }' in (tmp_path / OUT).read_text()


def test_no_room_for_the_proof(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_: object) -> str:
        raise UsageError("nothing can be run there: No space left on device")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(proof, "prove", full)
    assert record.main(["--from", str(archive(tmp_path, "{}")), "--out", OUT]) == 1
    assert "draft:\nnothing can be run there: No space left" in capsys.readouterr().err
    assert "Draft: " in (tmp_path / OUT).read_text()


def test_of_calls_that_nobody_answered_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert record.main(["--from", str(archive(tmp_path, "", 0)), "--out", OUT]) == 1
    assert capsys.readouterr().err == (
        "no call was answered: GET api.nrfcloud.com/v1/firmwares was not answered (1 times):"
        " the archive has no answer\n"
    )
    assert not (tmp_path / OUT).exists()


def test_an_interrupted_proof_makes_a_draft(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(proof, "prove", interrupted)
    assert record.main(["--from", str(archive(tmp_path, "{}")), "--out", OUT]) == 1
    assert "Draft: " in (tmp_path / OUT).read_text()


def test_a_stdout_that_is_not_utf_8(tmp_path: Path) -> None:
    made = project(tmp_path)
    file = archive(tmp_path, '{"name": "é"}')
    arguments = ("record", "--from", str(file), "--no-proof")
    done = made.run("harness.tools.cli", *arguments, env={"PYTHONIOENCODING": "ascii"})
    assert done.status == 0, done.err
    assert '{ "name": "é" }' in done.out

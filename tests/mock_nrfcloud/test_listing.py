"""`requests`: what is in a journal file, for a person and for programs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from harness.core.http_text import HttpResponse
from mock_nrfcloud.command import main
from mock_nrfcloud.journal_file import JournalFile
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.server import problem_answer
from tests.mock_nrfcloud.seen import seen


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "requests.sqlite"

    async def write() -> None:
        file = JournalFile(path)
        secret = ((b"Authorization", b"Bearer k1"),)
        ok, none = Answer("s", HttpResponse(200)), problem_answer(404, "No stub")
        for name, at, target, answer in (("", 1.5, "/x", ok), ("run-1", 2.0, "/y", none)):
            request = seen(target, host="h.example", query="fingerprint=f1", headers=secret, at=at)
            file.journal(name).record(request, answer)
        file.close()

    asyncio.run(write())
    return path


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert main(["requests", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_a_line_a_request(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = "1970-01-01T00:00:01.500+00:00 1 GET /h.example/x?fingerprint=[redacted] -> 200"
    second = (
        "1970-01-01T00:00:02.000+00:00 [run-1] 1 GET /h.example/y?fingerprint=[redacted] -> 404"
        " (no stub)"
    )
    assert listed(capsys, "--journal", str(path)) == [first, second]
    assert listed(capsys, "--journal", str(path), "--namespace", "") == [first]
    assert listed(capsys, "--journal", str(path), "--namespace", "run-1") == [second]
    assert listed(capsys, "--journal", str(path), "--unmatched") == [second]


def test_json(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = listed(capsys, "--journal", str(path), "--format", "json")
    found = [json.loads(line) for line in lines]
    assert [each["wasMatched"] for each in found] == [True, False]
    assert "k1" not in str(found)
    assert "f1" not in str(found)


def test_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["requests", "--journal", str(tmp_path / "no")], prog="mock") == 2
    assert capsys.readouterr().err.startswith("mock requests: ")
    with pytest.raises(SystemExit) as ended:
        main(["requests"], prog="mock")
    assert ended.value.code == 2
    assert capsys.readouterr().err == (
        "mock requests: the following arguments are required: --journal (see --help)\n"
    )

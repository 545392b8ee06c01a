"""Which subcommand runs, and what is said of one that does not exist."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.tools import parse
from harness.tools.cli import COMMANDS, main


@pytest.mark.parametrize("command", COMMANDS)
def test_every_subcommand_has_a_module_with_help(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(importlib.import_module(f"harness.tools.{command}").main)
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "example" in capsys.readouterr().out.lower()


@pytest.mark.parametrize("option", ["--help", "-h"])
def test_help_lists_the_subcommands(option: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([option, "run"])
    assert ended.value.code == 0
    out = capsys.readouterr().out
    assert "example:" in out
    for command, summary in COMMANDS.items():
        assert command in out
        assert summary in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["rum"], "invalid choice: 'rum'"),
        (["--jobs", "2"], "nrfcloud-bdd: error: "),
    ],
)
def test_what_is_no_subcommand_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert message in captured.err


@settings(max_examples=50)
@given(st.text().filter(lambda word: word not in COMMANDS))
def test_any_other_word_ends_with_a_message(word: str) -> None:
    with (
        redirect_stdout(StringIO()),
        redirect_stderr(StringIO()),
        pytest.raises(SystemExit) as ended,
    ):
        main([word])
    assert ended.value.code == (0 if word in ("-h", "--h", "--he", "--hel", "--help") else 2)


def test_the_rest_is_handed_over_and_the_status_handed_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    got: list[list[str]] = []

    def command(arguments: list[str]) -> int:
        got.append(arguments)
        return 7

    monkeypatch.setattr(parse, "main", command)
    assert main(["parse", "--help", "x"]) == 7
    monkeypatch.setattr(sys, "argv", ["nrfcloud-bdd", "parse", "y"])
    assert main() == 7
    assert got == [["--help", "x"], ["y"]]


def test_being_interrupted_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_arguments: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(parse, "main", interrupted)
    assert main(["parse"]) == 1
    assert capsys.readouterr().err == "Interrupted.\n"


def test_a_dry_run_loads_nothing_that_talks_to_a_network(tmp_path: Path) -> None:
    (tmp_path / "f.feature.md").write_text("# F\n\n## S\n\nGiven I store `1` into `a`\n")
    code = (
        "import sys; from harness.tools.cli import main; main(['run', '--dry-run', '.']);"
        "print(sorted({'aiohttp', 'websockets', 'amqtt', 'mock_nrfcloud.values'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stdout.endswith("[]\n"), done.stdout + done.stderr


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "f.feature.md").write_text("# F\n\n## S\n\nGiven it\n")
    command = [sys.executable, "-m", "harness.tools.cli", "parse", "f.feature.md"]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(command, cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (1, b"")


def test_a_subcommand_loads_only_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / "f.feature.md").write_text("# F\n\n## S\n\nGiven it\n")
    code = (
        "import sys; from harness.tools.cli import main; print(main(['parse', 'f.feature.md']),"
        "sorted({'behave', 'aiohttp', 'jsonata', 'harness.tools.run'} & {*sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-1] == "0 []"

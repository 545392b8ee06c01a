"""`nrfcloud-bdd parse`: golden files, errors, and what it may import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.scenario_files import MAX_BYTES
from harness.tools.parse import main

SYNTAX = Path(__file__).resolve().parents[1] / "syntax"
GOOD = sorted((SYNTAX / "good").glob("*.feature.md"))
BAD = sorted((SYNTAX / "bad").glob("*.feature.md"))


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]]]:
    status = main([*arguments, "--json"])
    captured = capsys.readouterr()
    assert captured.err == ""
    return status, [json.loads(line) for line in captured.out.splitlines()]


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_good_files(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    golden = path.with_name(path.name.replace(".feature.md", ".json"))
    expected = json.loads(golden.read_text(encoding="utf-8"))
    assert run(capsys, str(path)) == (0, [{"file": str(path), "document": expected}])


def test_there_is_a_golden_document_for_each_good_file_only() -> None:
    assert {path.stem for path in (SYNTAX / "good").glob("*.json")} == {
        path.name.removesuffix(".feature.md") for path in GOOD
    }


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.name)
def test_bad_files(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    golden = path.with_name(path.name.replace(".feature.md", ".error"))
    status, (found,) = run(capsys, str(path))
    error = found["error"]
    assert isinstance(error, dict)
    assert set(error) == {"line", "column", "message"}
    text = "{line}:{column}: {message}".format_map(error)
    assert (status, f"{path.name}:{text}\n") == (2, golden.read_text(encoding="utf-8"))


def test_each_file_has_its_line_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    names = [str(GOOD[0]), "missing.feature.md", str(BAD[0]), str(GOOD[1])]
    status, found = run(capsys, *names)
    assert status == 2
    assert [entry["file"] for entry in found] == names
    assert [set(entry) - {"file"} for entry in found] == [
        {"document"}, {"error"}, {"error"}, {"document"},
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["missing.feature.md", ".", "a\0b"])
def test_files_that_cannot_be_read(
    name: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    status, (found,) = run(capsys, str(tmp_path / name))
    error = found["error"]
    assert isinstance(error, dict)
    assert (status, error["line"], error["column"]) == (2, 1, 1)
    assert error["message"].startswith("cannot be read: ")


def test_files_that_are_too_large(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "large.feature.md"
    with path.open("wb") as stream:
        stream.truncate(MAX_BYTES + 1)
    status, (found,) = run(capsys, str(path))
    assert (status, found["error"]) == (
        2,
        {"line": 1, "column": 1, "message": f"more than {MAX_BYTES:,} bytes"},
    )


def test_the_outline(capsys: pytest.CaptureFixture[str]) -> None:
    path = SYNTAX / "good" / "rules.feature.md"
    assert main([str(path)]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[:9] == [
        f"{path}:1: Jobs",
        "  5: Background",
        "    7: Given a device",
        "  9: Scenario: Outside",
        "    11: When nothing happens",
        "  17: Rule: One job a device",
        "    21: Scenario: The first",
        "      23: When I make a job",
        "      25: When not two",
    ]
    assert "      35: Examples (1)" in captured.out


def test_errors_without_json_go_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    path = SYNTAX / "bad" / "and-first.feature.md"
    assert main([str(path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f'{path}:5:1: "And" as the first step')


def test_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--help"])
    assert raised.value.code == 0
    assert "example:\n  nrfcloud-bdd parse " in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [[], ["--json"], ["--xml", "a"], ["--files=a"]])
def test_wrong_use(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(arguments)
    assert raised.value.code == 2
    assert "usage: nrfcloud-bdd parse" in capsys.readouterr().err


def test_a_file_whose_name_begins_with_a_dash(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-a.feature.md").write_text("# A\n\n## B\n")
    assert main(["--json", "--", "-a.feature.md"]) == 0
    assert json.loads(capsys.readouterr().out)["document"]["title"] == "A"


@pytest.mark.parametrize("flags", [[], ["--json"]])
def test_names_and_titles_that_the_terminal_cannot_show(flags: list[str], tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.feature.md")
    path.write_text("# \U0001f600\n\n## B\n", encoding="utf-8")
    code = "import sys; from harness.tools.parse import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", code, str(path), *flags]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert "\\udcff.feature.md" in done.stdout
    assert done.stderr == ""


def test_it_imports_little() -> None:
    code = (
        "import sys; from harness.tools.parse import main; main([sys.argv[1], '--json']);"
        "print(*sorted(sys.modules), file=sys.stderr)"
    )
    path = SYNTAX / "good" / "front-matter.feature.md"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    imported = set(done.stderr.split())
    assert "yaml" in imported
    assert not imported & {"behave", "asyncio", "aiohttp", "jsonata", "argparse", "difflib"}

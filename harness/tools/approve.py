"""`nrfcloud-bdd approve`: puts what a run really saw into the scenario files, after asking."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Final

from harness.approving.files import approved, difference
from harness.core.showing import visible
from harness.errors import BddError, Place, ScenarioFileError, UsageError
from harness.reports.proposals import FileProposals, proposals
from harness.scenario_files import MARKDOWN, read_bytes, replace_bytes
from harness.settings import FILE_NAME, load
from harness.tools.report import read_results

DONE, NOT_DONE, WRONG = 0, 1, 2

EXAMPLE = """examples:
  nrfcloud-bdd approve                               show each difference, and ask
  nrfcloud-bdd approve --check features              only show those of a folder
  nrfcloud-bdd approve --yes features/fota.feature.md

Exit status: 0 done, or nothing to do; 1 a file has changed since the run, or with --check: there
is something to approve; 2 wrong use.
"""
_COLORS: Final = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m"}


def main(argv: list[str]) -> int:
    """Show what is proposed, ask, and change the files; returns the exit status."""
    options = make_parser().parse_args(argv)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        found = _chosen(options)
        if found and not (options.yes or options.check or sys.stdin.isatty()):
            raise UsageError("there is nobody to ask", hint="give --yes, or --check to only look")
    except BddError as error:
        print(error, file=sys.stderr)
        return WRONG
    return _go_through(found, options)


def make_parser() -> argparse.ArgumentParser:
    """The flags."""
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd approve",
        description="Change what scenario files expect to what the last run really saw.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "paths", nargs="*", type=Path, metavar="PATH", help="a folder or a *.feature.md file"
    )
    parser.add_argument("--yes", action="store_true", help="change the files without asking")
    parser.add_argument("--check", action="store_true", help="only show what would be changed")
    parser.add_argument(
        "--from",
        dest="file",
        type=Path,
        metavar="FILE",
        help="the results.json of a run (default: that of the last one)",
    )
    return parser


def _chosen(options: argparse.Namespace) -> list[FileProposals]:
    """What is proposed for the paths; raises UsageError for what no run can have written."""
    file = options.file or load(Path(FILE_NAME), os.environ, {}).report.directory / "results.json"
    for path in options.paths:
        if not path.exists():
            raise UsageError(f"{path}: there is no such file or folder")
    wanted = [path.resolve() for path in options.paths] or [Path.cwd()]
    found = proposals(read_results(file))
    for each in found:
        path = Path(each.file).resolve()
        if not (each.file.endswith(MARKDOWN) and path.is_relative_to(Path.cwd())):
            hint = "run this in the folder in which the scenarios ran"
            raise UsageError(f"{file}: {each.file} is no scenario file below here", hint=hint)
    return [each for each in found if any(map(Path(each.file).resolve().is_relative_to, wanted))]


def _go_through(found: Sequence[FileProposals], options: argparse.Namespace) -> int:
    """Show and change one file after another."""
    status = DONE
    changed = shown = 0
    for each in found:
        for note in _notes(each):
            print(note)
        fixes = [fix for step in each.steps for fix in step.proposal.fixes]
        if not fixes:
            continue
        shown += 1
        try:
            before = _unchanged(each)
            after = approved(before, each.file, fixes)
            _show(difference(before, after, each.file))
            answer = "n" if options.check else "y" if options.yes else _ask(each.file)
            if answer == "y":
                _unchanged(each)
                replace_bytes(each.file, after)
                changed += 1
            elif answer == "q":
                break
        except ScenarioFileError as error:
            print(error, file=sys.stderr)
            status = NOT_DONE
    if not shown:
        print("There is nothing to approve.")
    elif not options.check:
        print(f"{changed} {'file' if changed == 1 else 'files'} changed.")
    return NOT_DONE if shown and options.check else status


def _notes(proposed: FileProposals) -> Iterator[str]:
    for step in proposed.steps:
        for note in step.proposal.notes:
            yield f"{step.place}: {visible(note)}"


def _unchanged(proposed: FileProposals) -> bytes:
    """The file as the run read it; raises ScenarioFileError if it is another by now."""
    data = read_bytes(proposed.file)
    if sha256(data).hexdigest() != proposed.digest:
        hint = "it is left alone: run it again"
        raise ScenarioFileError("it has changed since the run", Place(proposed.file, 1), hint)
    return data


def _show(lines: Iterator[str]) -> None:
    colored = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    for line in lines:
        color = _COLORS.get(line[:1]) if colored else None
        print(f"{color}{line}\x1b[0m" if color else line)


def _ask(file: str) -> str:
    """`y`, `n` or `q`, which the end of input is too."""
    while True:
        try:
            answer = input(f"Change {file}? [y]es, [n]o, [q]uit: ").strip().lower()[:1]
        except EOFError:
            print()
            return "q"
        if answer and answer in "ynq":
            return answer

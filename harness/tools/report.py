"""`nrfcloud-bdd report`: the reports of a run once more, from its results."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from harness.errors import UsageError
from harness.reports.results import Results, from_json
from harness.tools.output import render

EXAMPLE = """example:
  nrfcloud-bdd report reports/results.json --report again
"""


def main(argv: list[str]) -> int:
    """Write the reports; returns 0, or 2 if the file has no results in it."""
    options = make_parser().parse_args(argv)
    folder: Path = options.report or options.file.parent
    try:
        results = read_results(options.file)
        _write(results, folder)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The flags."""
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd report",
        description="Write the reports of a run once more, from its results.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="the results.json of a run")
    parser.add_argument(
        "--report", type=Path, metavar="DIR", help="where to (default: beside the file)"
    )
    return parser


def read_results(file: Path) -> Results:
    """The results that a run has written; raises UsageError."""
    try:
        return from_json(file.read_bytes())
    except OSError as error:
        hint = "run the scenarios first" if isinstance(error, FileNotFoundError) else ""
        raise UsageError(f"{file}: it cannot be read: {error.strerror}", hint=hint) from None
    except (ValueError, RecursionError) as error:
        hint = "give the results.json that `nrfcloud-bdd run` has written"
        raise UsageError(f"{file}: these are no results of a run: {error}", hint=hint) from None


def _write(results: Results, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        render(results, folder)
    except OSError as error:
        raise UsageError(
            f"{folder}: the reports cannot be written there: {error.strerror}"
        ) from None

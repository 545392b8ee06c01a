"""`nrfcloud-bdd lint`: every problem of every scenario file, without running anything."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from behave.configuration import Configuration
from behave.exception import ConfigError

from harness.bdd import selection
from harness.bdd.runner import MarkdownRunner
from harness.core.markdown import decode
from harness.errors import BddError, ScenarioFileError
from harness.lint import output
from harness.lint.fixing import fixed
from harness.lint.problems import Problem, Severity
from harness.lint.suite import conclude
from harness.project import examine_file, load_library
from harness.scenario_files import MARKDOWN, read_bytes, replace_bytes
from harness.settings import FILE_NAME, load
from harness.tools.github import working_folder

CLEAN, PROBLEMS, WRONG = 0, 1, 2

EXAMPLE = """examples:
  nrfcloud-bdd lint                             every scenario file of the project
  nrfcloud-bdd lint --format github features    annotations in a GitHub workflow
  nrfcloud-bdd lint --fix features/fota.feature.md

Exit status: 0 clean (there may be warnings), 1 errors, 2 wrong use or settings.
"""


def main(argv: list[str]) -> int:
    """Check the files and print what is wrong; returns the exit status."""
    options = make_parser().parse_args(argv)
    runner = MarkdownRunner(Configuration(options.paths, load_config=True))
    with runner.path_manager:
        try:
            runner.setup_paths()
            chosen = selection.choose(runner.config, runner.config.paths)
            if not chosen.markdown:
                where = ", ".join(str(path) for path in runner.config.paths)
                raise ConfigError(f"{where}: no scenario files (*{MARKDOWN}) in there")
            values = dict(options.values)
            settings = load(Path(runner.base_dir) / FILE_NAME, os.environ, values)
        except (BddError, ConfigError) as error:
            print(error, file=sys.stderr)
            return WRONG
        mended = _fix(chosen.markdown) if options.fix else 0
        found, library = load_library(runner)
        look = partial(examine_file, library=library, configured=settings.values)
        suite = map(look, chosen.suite)
        found += conclude(suite, chosen.markdown, settings.values, forbid_only=options.forbid_only)
    _show(found, len(chosen.markdown), options.format, mended)
    return PROBLEMS if any(each.severity is Severity.ERROR for each in found) else CLEAN


def make_parser() -> argparse.ArgumentParser:
    """The flags."""
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd lint",
        description="Check scenario files without running them.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="*", metavar="PATH", help="a folder or a *.feature.md file")
    parser.add_argument("--format", choices=("human", "json", "github"), default="human")
    parser.add_argument(
        "--forbid-only", action="store_true", help="`run: only` is an error, not a warning"
    )
    parser.add_argument("--fix", action="store_true", help="mend what can be meant in one way only")
    parser.add_argument(
        "-D",
        dest="values",
        type=_value,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a value that the run is given",
    )
    return parser


def _value(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    return name, value if equals else "true"  # as Behave reads them


def _fix(files: Sequence[str]) -> int:
    """Mend the files; returns how many fixes that took."""
    total = 0
    for file in files:
        try:
            data = read_bytes(file)
        except ScenarioFileError:
            continue  # it is reported like any other problem
        better, count = fixed(data, file)
        if not count:
            continue
        try:
            replace_bytes(file, better)
            total += count
        except ScenarioFileError as error:
            print(error, file=sys.stderr)
    return total


def _show(problems: Sequence[Problem], files: int, form: str, mended: int) -> None:
    if hasattr(sys.stdout, "reconfigure"):
        # File names and titles may hold what the terminal's encoding lacks.
        sys.stdout.reconfigure(errors="backslashreplace")
    if form == "json":
        print(output.as_json(problems, files), end="")
    elif form == "github":
        print(output.github(problems, working_folder(os.environ)), end="")
    else:
        color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        print(output.human(problems, _lines, color=color), end="")
        print(output.summary(problems, files))
    if mended:
        print(f"{mended} fixed", file=sys.stderr)


def _lines(file: str) -> Sequence[str]:
    try:
        return decode(read_bytes(file), file).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    except ScenarioFileError:
        return ()

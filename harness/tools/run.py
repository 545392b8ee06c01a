"""`nrfcloud-bdd run`: Behave with parallel jobs, shards and reports.

One process runs here; `--jobs` starts this command once for each part of the suite.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, cast

from behave.__main__ import run_behave
from behave.configuration import Configuration, setup_parser
from behave.exception import ConfigError, TagExpressionError
from behave.runner_plugin import RunnerPlugin
from behave.runner_util import print_undefined_step_snippets, reset_runtime

from harness.bdd.runner import MarkdownRunner
from harness.errors import BddError
from harness.settings import FILE_NAME, load
from harness.tools.upstreams import upstream

if TYPE_CHECKING:
    from harness.bdd.reporter import ResultsReporter
    from harness.reports.results import Results

PASSED, FAILED, WRONG = 0, 1, 2

EXAMPLE = """examples:
  nrfcloud-bdd run                                  every scenario
  nrfcloud-bdd run features/fota.feature.md:42      one, and what it stands on
  nrfcloud-bdd run --tags "not @slow" --jobs 4      in four processes
  nrfcloud-bdd run --shard 1/3 --report reports     the first third of the suite
  nrfcloud-bdd run --record features/new.feature.md what a new scenario still lacks

Every option of Behave can be given too: behave --help lists them.
"""


def main(argv: list[str]) -> int:
    """Run the scenarios; returns the exit status."""
    parser = _own_parser()
    options, behave_args = parser.parse_known_args(argv)
    if options.upstream and not options.record:
        parser.error("--upstream goes with --record")
    if options.retry_scale is not None:
        behave_args += ["-D", f"retry_scale={options.retry_scale}"]
    try:
        options.report = _report_folder(options)
    except BddError as error:
        return _wrong(error)[0]
    if options.report is not None:
        junit = options.report / "junit"
        try:
            junit.mkdir(parents=True, exist_ok=True)  # before jobs would all do it at once
            for former in junit.glob("TESTS-*.xml"):
                former.unlink()  # or it would be taken for a part of this run
        except OSError as error:
            return _wrong(f"{junit}: the reports cannot be written there: {error.strerror}")[0]
        behave_args += ["--junit", "--junit-directory", str(junit)]
    results: Results | None
    if options.jobs > 1:
        status, results = _run_jobs(parser, options, behave_args)
    else:
        status, results = _run_here(options, behave_args)
    if results is not None:
        _write(results, options)
    return status


def _write(results: Results, options: argparse.Namespace) -> None:
    from harness.tools.output import tell_github, write_reports, write_results  # late, for speed

    if options.results is not None:
        write_results(results, options.results)
    elif options.report is not None:
        write_reports(results, options.report)
        tell_github(results, options.annotations, os.environ)
    if options.record and options.results is None:
        from harness.tools.ready import show_ready  # late, as above

        show_ready(results)


def make_parser() -> argparse.ArgumentParser:
    """The flags, with those of Behave, for completion."""
    return argparse.ArgumentParser(
        parents=[setup_parser(), _own_parser()], add_help=False, conflict_handler="resolve"
    )


def _own_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd run",
        usage="%(prog)s [PATHS] [options] [options of behave]",
        description="Run the scenarios.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--jobs", "-j", type=_count, default=1, metavar="N", help="run in N processes"
    )
    parser.add_argument(
        "--shard",
        type=_shard,
        action="append",
        default=[],
        metavar="I/N",
        help="run only the Ith of N parts of the suite",
    )
    parser.add_argument(
        "--forbid-only", action="store_true", help="fail if a feature is marked `run: only`"
    )
    parser.add_argument(
        "--retry-scale", type=_factor, metavar="X", help="multiply every retry budget by X"
    )
    parser.add_argument("--report", type=Path, metavar="DIR", help="write the reports into DIR")
    parser.add_argument(
        "--annotations",
        choices=("auto", "github", "off"),
        default="auto",
        help="tell GitHub of failures at their lines (auto: in its workflows)",
    )
    parser.add_argument(
        "--record",
        action="store_true",
        help="show steps for requests that no stub answered, and for what failed",
    )
    parser.add_argument(
        "--upstream",
        type=upstream,
        action="append",
        default=[],
        metavar="[HOST=]URL",
        help="with --record: what answers, as nRF Cloud or another host, where no stub does",
    )
    parser.add_argument("--results", type=Path, help=argparse.SUPPRESS)
    return parser


def _report_folder(options: argparse.Namespace) -> Path | None:
    """Where the reports go: the option, else the settings; a job writes none."""
    if options.results is not None:
        return None
    if options.report is not None:
        return cast(Path, options.report)
    return load(Path(FILE_NAME), os.environ, {}).report.directory


def _run_jobs(
    parser: argparse.ArgumentParser, options: argparse.Namespace, behave_args: list[str]
) -> tuple[int, Results]:
    if any(argument.startswith(("-o", "--outfile")) for argument in behave_args):
        parser.error("--outfile would be written by every job: use --report with --jobs")
    from harness.tools import jobs  # late, as above

    own = ["--forbid-only"] if options.forbid_only else []
    own += [f"--shard={index}/{count}" for index, count in options.shard]
    own += ["--record"] if options.record else []
    own += [f"--upstream={host}={url}" for host, url in options.upstream]
    return jobs.run(options.jobs, [*own, *behave_args])


def _run_here(options: argparse.Namespace, behave_args: list[str]) -> tuple[int, Results | None]:
    try:
        config = Configuration(behave_args)
    except (ConfigError, TagExpressionError) as error:
        return _wrong(error)
    except re.error as error:
        return _wrong(
            f"{error.pattern!r} is no regular expression, as --name, --include and --exclude take"
            f" them: {error.msg}"
        )
    if _asks_for_help(config):
        return int(run_behave(config)), None
    if not config.format:
        config.format = [config.default_format]
    if len(config.outputs) > len(config.format):
        return _wrong("there are more --outfile options than --format options")
    config.upstreams = dict(options.upstream) if options.record else None
    reporter = _reporter(config) if options.report or options.results else None
    reset_runtime()
    try:
        runner = RunnerPlugin(_runner_class(config)).make_runner(config)
        runner.shards, runner.forbid_only = options.shard, options.forbid_only
        failed = runner.run()
    except ConfigError as error:
        return _wrong(error)
    if config.show_snippets and runner.undefined_steps:
        print_undefined_step_snippets(runner.undefined_steps, colored=config.has_colored_mode())
    return FAILED if failed else PASSED, reporter.results if reporter else None


def _reporter(config: Configuration) -> ResultsReporter | None:
    """What collects the results, if there will be any."""
    if config.dry_run:
        return None
    from harness.bdd.reporter import ResultsReporter  # late: a run without reports needs none

    reporter = ResultsReporter(config)
    config.reporters.append(reporter)
    return reporter


def _runner_class(config: Configuration) -> type[MarkdownRunner] | None:
    """The Markdown runner, unless behave.ini names another."""
    return MarkdownRunner if config.runner == Configuration.defaults["runner"] else None


def _asks_for_help(config: Configuration) -> bool:
    return bool(
        config.version
        or config.tags_help
        or config.lang_list
        or config.lang_help
        or config.lang == "help"
        or config.runner == "help"
        or "help" in (config.format or [])
    )


def _wrong(error: object) -> tuple[int, None]:
    print(error, file=sys.stderr)
    return WRONG, None


def _count(text: str) -> int:
    if not (text.isdecimal() and 1 <= int(text) <= 64):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 64")
    return int(text)


def _factor(text: str) -> float:
    with suppress(ValueError):
        number = float(text)
        if 0 <= number <= 1000:
            return number
    raise argparse.ArgumentTypeError(f"{text!r} is no number from 0 to 1000")


def _shard(text: str) -> tuple[int, int]:
    index, slash, count = text.partition("/")
    if not (slash and index.isdigit() and count.isdigit() and 1 <= int(index) <= int(count)):
        raise argparse.ArgumentTypeError(f"{text!r} is not I/N with 1 <= I <= N")
    return int(index), int(count)

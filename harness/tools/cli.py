"""`nrfcloud-bdd`: finds the subcommand and imports only what it needs."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NoReturn

COMMANDS = {
    "init": "write a project that passes at once",
    "run": "run the scenarios",
    "lint": "check scenario files without running them",
    "parse": "print what scenario files say, as JSON",
    "steps": "print the step catalogue",
    "approve": "let scenario files expect what a run has seen",
    "record": "write a scenario file from what the service really did",
    "report": "write the reports of a run once more",
    "lsp": "serve editors that speak the Language Server Protocol",
    "mock": "serve the mock of nRF Cloud by itself",
    "completion": "print what a shell needs to complete this command",
}
"""Every subcommand and what it does; it lives in the module of its name."""

EXAMPLE = """example:
  nrfcloud-bdd run features/fota-abort.feature.md
  nrfcloud-bdd run --help
"""


def main(argv: list[str] | None = None) -> int:
    """Run a subcommand; returns the exit status (0 passed, 1 failed, 2 wrong use or files)."""
    argv = sys.argv[1:] if argv is None else argv
    if "_ARGCOMPLETE" in os.environ:
        from harness.tools.completion import complete  # late: a shell asks, once per TAB

        complete(COMMANDS)
    if not argv or argv[0] not in COMMANDS:
        _explain(argv)
    module = importlib.import_module(f"harness.tools.{argv[0]}")
    try:
        status: int = module.main(argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        # Who read this has enough, as `head` has. What is still to be written goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 1
    return status


def _explain(argv: list[str]) -> NoReturn:
    """Help, or what is wrong with the command; both end the program."""
    # Late: a command that is known does without it here, and `parse` should start quickly.
    import argparse
    from importlib.metadata import version

    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd",
        description="Acceptance tests in Markdown for services that talk to nRF Cloud.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        commands.add_parser(name, help=summary, add_help=False)
    parser.add_argument("--version", action="version", version=version("nrfcloud-bdd"))
    parser.parse_args(argv[:1])
    raise AssertionError("argparse ends the program for what is no command")


if __name__ == "__main__":
    sys.exit(main())

"""`nrfcloud-bdd`: finds the subcommand and imports only what it needs."""

from __future__ import annotations

import argparse
import importlib
import sys

COMMANDS = {
    "run": "run the scenarios",
    "parse": "print what scenario files say, as JSON",
}
"""Every subcommand and what it does; it lives in the module of its name."""

EXAMPLE = """example:
  nrfcloud-bdd run features/fota-abort.feature.md
  nrfcloud-bdd run --help
"""


def main(argv: list[str] | None = None) -> int:
    """Run a subcommand; returns the exit status (0 passed, 1 failed, 2 wrong use or files)."""
    argv = sys.argv[1:] if argv is None else argv
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd",
        description="Acceptance tests in Markdown for services that talk to nRF Cloud.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        commands.add_parser(name, help=summary, add_help=False)
    command = parser.parse_args(argv[:1]).command
    module = importlib.import_module(f"harness.tools.{command}")
    try:
        status: int = module.main(argv[1:])
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())

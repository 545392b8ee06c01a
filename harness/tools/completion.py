"""`nrfcloud-bdd completion`: what a shell needs to complete the command line.

argcomplete does the work: the shell asks this program at each TAB, with `_ARGCOMPLETE` in the
environment, and the parsers of the subcommands answer.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Mapping

from argcomplete import autocomplete
from argcomplete.shell_integration import shellcode

SHELLS = ("bash", "zsh", "fish")

EXAMPLE = """examples:
  eval "$(nrfcloud-bdd completion bash)"   in ~/.bashrc
  eval "$(nrfcloud-bdd completion zsh)"    in ~/.zshrc
  nrfcloud-bdd completion fish | source        in config.fish
"""


def main(argv: list[str]) -> int:
    """Print the script of a shell; returns 0."""
    options = make_parser().parse_args(argv)
    print(shellcode(["nrfcloud-bdd"], shell=options.shell))
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The flags."""
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd completion",
        description="Print what a shell needs to complete this command.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("shell", choices=SHELLS)
    return parser


def complete(commands: Mapping[str, str]) -> None:
    """Answer the shell, and end the program; `commands` are the subcommands and what they do."""
    parser = argparse.ArgumentParser(prog="nrfcloud-bdd")
    subparsers = parser.add_subparsers()
    for name, summary in commands.items():
        make = importlib.import_module(f"harness.tools.{name}").make_parser
        subparsers.add_parser(
            name, help=summary, parents=[make()], add_help=False, conflict_handler="resolve"
        )
    autocomplete(parser)

"""`nrfcloud-bdd mock`: the mock by itself, as `python -m mock_nrfcloud`."""

from __future__ import annotations

from argparse import ArgumentParser

from mock_nrfcloud import command, flags

PROG = "nrfcloud-bdd mock"


def main(argv: list[str]) -> int:
    """Serve until SIGTERM or SIGINT."""
    return command.main(argv, prog=PROG)


def make_parser() -> ArgumentParser:
    """The flags."""
    return flags.make_parser(PROG)

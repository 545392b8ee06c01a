"""`nrfcloud-bdd mock`: the mock by itself, as `python -m mock_nrfcloud`."""

from __future__ import annotations

from mock_nrfcloud import command


def main(argv: list[str]) -> int:
    """Serve until SIGTERM or SIGINT."""
    return command.main(argv, prog="nrfcloud-bdd mock")

"""`nrfcloud-bdd lsp`: the language server, for editors."""

from __future__ import annotations

import argparse
import os
import sys

EXAMPLE = """example:
  nrfcloud-bdd lsp      as an editor starts it; docs/editor.md says how to set that up

Speaks the Language Server Protocol on stdin and stdout.
"""


def main(argv: list[str]) -> int:
    """Serve until the editor ends it; returns the exit status."""
    make_parser().parse_args(argv)
    try:
        from harness.lsp.features import server  # late: an extra
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] not in ("pygls", "lsprotocol"):
            raise
        print("the language server needs pygls: pip install 'nrfcloud-bdd[lsp]'", file=sys.stderr)
        return 2
    # What the project's code prints when it is loaded would garble the protocol.
    with os.fdopen(os.dup(sys.stdout.fileno()), "wb") as stdout:
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        server.start_io(sys.stdin.buffer, stdout)
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The flags."""
    return argparse.ArgumentParser(
        prog="nrfcloud-bdd lsp",
        description="Tell an editor what is wrong, and what can be written.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

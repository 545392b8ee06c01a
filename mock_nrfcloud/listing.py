"""`python -m mock_nrfcloud requests`: what stands in the journal that a mock has written."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from harness.core.redaction import Redactor
from harness.errors import BddError
from mock_nrfcloud import redacted
from mock_nrfcloud.arguments import Parser
from mock_nrfcloud.journal_file import read
from mock_nrfcloud.values import Call
from mock_nrfcloud.wire import writing

_EPILOG = """\
example:
  python -m mock_nrfcloud requests --journal requests.sqlite --unmatched
"""


def main(arguments: Sequence[str], prog: str) -> int:
    """Print the requests, without their secrets. Returns the exit status: 0, or 2 for wrong use."""
    parser = Parser(
        prog=prog,
        description="Print the requests in a journal file, the oldest first.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--journal", type=Path, required=True, metavar="FILE")
    parser.add_argument("--namespace", metavar="NAME", help='only of this one ("" is the root)')
    parser.add_argument("--unmatched", action="store_true", help="only those without a stub")
    parser.add_argument(
        "--format",
        choices=("text", "json"),
        default="text",
        help="a line each, or a JSON document a line as in the admin API (default: text)",
    )
    options = parser.parse_args(arguments)
    redactor = Redactor()
    try:
        for name, call in read(options.journal):
            if options.namespace not in (None, name) or (options.unmatched and call.stub):
                continue
            shown = redacted.call(redactor, call)
            print(_json(shown) if options.format == "json" else _text(name, shown))
    except BddError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # who reads has seen enough
        sys.stderr.close()
    return 0


def _text(name: str, call: Call) -> str:
    at = datetime.fromtimestamp(call.at, UTC).isoformat(timespec="milliseconds")
    where = f" [{name}]" if name else ""
    return f"{at}{where} {call.number} {call}{'' if call.stub else ' (no stub)'}"


def _json(call: Call) -> str:
    return msgspec.json.encode(writing.call(call)).decode()

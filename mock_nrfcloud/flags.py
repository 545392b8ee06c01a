"""The flags of the command that serves the mock. Pure: it reads nothing."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Final, get_args

from mock_nrfcloud.arguments import Parser, port
from mock_nrfcloud.contract.keeping import Check
from mock_nrfcloud.stubs import Exhausted

TOKEN_VARIABLE: Final = "MOCK_ADMIN_TOKEN"
USERNAME_VARIABLE: Final = "MQTT_USERNAME"
PASSWORD_VARIABLE: Final = "MQTT_PASSWORD"

_EPILOG: Final = f"""\
environment:
  {TOKEN_VARIABLE}  the admin token: needed unless --host is a loopback address
  {USERNAME_VARIABLE}, {PASSWORD_VARIABLE}  who the mock is at the broker of --mqtt-url

example:
  python -m mock_nrfcloud --port 0 --seed stubs.json
  python -m mock_nrfcloud requests --journal requests.sqlite
"""


def make_parser(prog: str) -> argparse.ArgumentParser:
    """The flags."""
    parser = Parser(
        prog=prog,
        description="A mock of nRF Cloud and of other HTTP services, for a service under test.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="where it listens (default: 127.0.0.1)")
    add("--port", type=port, default=8080, help="0 takes a free one (default: 8080)")
    add(
        "--admin-token",
        metavar="TOKEN",
        help=f"for trying things out: {TOKEN_VARIABLE} shows in no process list",
    )
    add("--tls-cert", type=Path, metavar="FILE", help="serve TLS with this certificate (PEM)")
    add("--tls-key", type=Path, metavar="FILE", help="its key (PEM), if it is in another file")
    add("--proxy", action="store_true", help="be an HTTP proxy too, for the hosts of the mock")
    add("--ca-cert", type=Path, metavar="FILE", help="where the proxy writes what to trust (PEM)")
    add(
        "--forward",
        action="append",
        default=[],
        metavar="HOST",
        help="let requests for this other host through; * is all of them; may be repeated",
    )
    add("--journal", type=Path, metavar="FILE", help="keep the requests in an SQLite file")
    add(
        "--journal-max",
        type=_count,
        metavar="N",
        help="keep so many requests of each namespace (default: 100,000 in memory, all in a file)",
    )
    add(
        "--exhausted",
        choices=get_args(Exhausted),
        default="repeat",
        help="what follows the last queued response: that again, or 404 (default: repeat)",
    )
    add(
        "--openapi",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="check stubs and calls against this OpenAPI document (one for each host)",
    )
    add(
        "--check",
        choices=get_args(Check),
        help="note what is not as a document says, or refuse it (default: warn)",
    )
    add(
        "--mqtt-port",
        type=port,
        metavar="PORT",
        help="where its MQTT broker listens, on 127.0.0.1; 0, and without it, takes a free one",
    )
    add("--mqtt-url", metavar="URL", help="the MQTT broker to use instead: mqtt://HOST:PORT")
    add("--seed", type=Path, metavar="FILE", help="a JSON file of stubs to begin with")
    add(
        "--twin",
        action="append",
        default=[],
        metavar="NAME",
        help="let a twin answer from the start, nrfcloud for example; may be repeated",
    )
    add(
        "--account",
        action="append",
        default=[],
        metavar="NAME=VARIABLE",
        help="an account of the twin nrfcloud, whose API key is in that variable; may be repeated",
    )
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number of requests: at least 1")
    return number

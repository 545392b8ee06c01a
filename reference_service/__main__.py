"""The command line: `python -m reference_service`. Reads flags and environment, serves, stops."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import math
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from reference_service.app import DEFAULT_VERSION, Settings, create_app
from reference_service.store import Store, StoreError

DEFAULT_ACCOUNTS: Final = ("default=NRFCLOUD_API_KEY",)
ADMIN_TOKEN: Final = "REFERENCE_SERVICE_ADMIN_TOKEN"

_EPILOG: Final = f"""\
environment:
  NRFCLOUD_API_KEY               the API key, if no --account is given
  {ADMIN_TOKEN}  lets devices be registered (PUT /admin/devices/ID)

example:
  NRFCLOUD_API_KEY=… python -m reference_service --port 0 --nrfcloud-url http://127.0.0.1:8080
"""


class WrongUse(Exception):  # noqa: N818 - what it is
    """The service cannot be started like this; the text says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status: 0, or 2 for wrong use."""
    options = _parser().parse_args(arguments)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    # It shows requests that are not HTTP as they came: with the fingerprint, if there is one.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL + 1)
    try:
        settings = Settings(
            nrfcloud_url=options.nrfcloud_url,
            keys=account_keys(options.account or DEFAULT_ACCOUNTS, os.environ),
            admin_token=os.environ.get(ADMIN_TOKEN),
            webhook=options.webhook,
            poll_interval=options.poll_interval,
            version=options.version,
        )
        with closing(Store(options.state)) as store:
            asyncio.run(serve(settings, store, options.host, options.port))
    except (WrongUse, StoreError) as error:
        print(f"reference_service: {error}", file=sys.stderr)
        return 2
    return 0


def account_keys(accounts: Sequence[str], environment: Mapping[str, str]) -> dict[str, str]:
    """The API keys for `NAME=VARIABLE` each. Raises WrongUse."""
    keys = {}
    for account in accounts:
        name, _, variable = account.partition("=")
        if not name or not variable:
            raise WrongUse(
                f"--account {account}: write NAME=VARIABLE, the variable holding the key"
            )
        key = environment.get(variable, "")
        if not key:
            raise WrongUse(f"the environment variable {variable} (API key of {name}) is not set")
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise WrongUse(f"the environment variable {variable} does not hold an API key")
        keys[name] = key
    return keys


async def serve(settings: Settings, store: Store, host: str, port: int) -> None:
    """Serve until told to stop; says where on stdout. Raises WrongUse."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    runner = web.AppRunner(
        await create_app(settings, store),
        access_log=None,
        shutdown_timeout=0.5,
        handle_signals=False,
    )
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except (OSError, OverflowError) as error:
            raise WrongUse(f"cannot listen on {host}, port {port}: {error}") from None
        where = _where(runner.addresses[0])
        print(json.dumps({"url": f"http://{where}", "websocket": f"ws://{where}"}), flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


def _where(address: Sequence[object]) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reference_service",
        description="A small device-cloud backend that talks to nRF Cloud.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1")
    add("--port", type=_port, default=8081, help="0 takes a free one (default: 8081)")
    add("--nrfcloud-url", type=_url, default="https://api.nrfcloud.com", metavar="URL")
    add(
        "--account",
        action="append",
        metavar="NAME=VARIABLE",
        help="an nRF Cloud account, and the environment variable that holds its API key"
        " (repeatable; default: default=NRFCLOUD_API_KEY)",
    )
    add("--webhook", type=_url, metavar="URL", help="where feedback is sent to")
    add("--poll-interval", type=_seconds, default=5, metavar="SECONDS", help="(default: 5)")
    add("--state", default=":memory:", metavar="FILE", help="an SQLite file (default: none)")
    add("--version", default=DEFAULT_VERSION, metavar="V", help="what /health tells")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port: 0 to 65535")
    return port


def _seconds(text: str) -> float:
    seconds = float(text)
    if not math.isfinite(seconds) or not 0.01 <= seconds <= 86400:
        raise argparse.ArgumentTypeError(f"{text} is no interval: 0.01 to 86400 seconds")
    return seconds


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        raise argparse.ArgumentTypeError(f"{text!r} is no http or https URL")
    return text


if __name__ == "__main__":
    sys.exit(main())

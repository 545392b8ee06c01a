"""The command line of the mock: reads flags and environment, serves until it is told to stop."""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from harness.errors import BddError, UsageError
from mock_nrfcloud.admin.dispatch import Dispatcher
from mock_nrfcloud.admin.guard import is_loopback
from mock_nrfcloud.contract.keeping import Check, Keeper, load_contract
from mock_nrfcloud.flags import (
    PASSWORD_VARIABLE,
    TOKEN_VARIABLE,
    USERNAME_VARIABLE,
    make_parser,
)
from mock_nrfcloud.journal import MAX_BYTES, MAX_ENTRIES, Journal, MemoryJournal
from mock_nrfcloud.journal_file import JournalFile
from mock_nrfcloud.mqtt.serving import EMBEDDED, Mqtt
from mock_nrfcloud.proxy.authority import Authority
from mock_nrfcloud.proxy.gate import Proxy
from mock_nrfcloud.seeds import plant, read_seed
from mock_nrfcloud.server import ADMIN, MockServer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.stubs import Exhausted

if TYPE_CHECKING:
    from mock_nrfcloud.contract.checking import Contract

NAMESPACE_BYTES: Final = 16 * 1024 * 1024
"""The bytes that the journal of a namespace takes at most; there may be a hundred of them."""


def main(arguments: Sequence[str] | None = None, prog: str = "python -m mock_nrfcloud") -> int:
    """Serve until SIGTERM or SIGINT. Returns the exit status: 0, or 2 for wrong use."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given[:1] == ["requests"]:
        from mock_nrfcloud import listing  # late: serving does without

        return listing.main(given[1:], f"{prog} requests")
    options = make_parser(prog).parse_args(given)
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s"
    )
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(serve(options, os.environ))
    except BddError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 2
    return 0


async def serve(options: argparse.Namespace, environ: Mapping[str, str]) -> None:
    """Serve until told to stop; says where on stdout. Raises BddError."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    token = (options.admin_token or environ.get(TOKEN_VARIABLE, "")).strip() or None
    if token is None and not await _only_loopback(options.host):
        raise UsageError(
            f"--host {options.host} can be reached from elsewhere, and there is no admin token",
            hint=f"set {TOKEN_VARIABLE}",
        )
    tls = _tls(options.tls_cert, options.tls_key)
    contract = _contract(options.openapi, options.check)
    with _spaces(options, contract) as spaces, _proxy(options, spaces, token) as proxy:
        _switch_on(spaces.root, options.twin, _accounts(options.account, environ))
        if options.seed is not None:
            plant(read_seed(options.seed), spaces.root, str(options.seed))
        mqtt = _mqtt(options, environ)
        server = MockServer(spaces, admin=Dispatcher(spaces, token, mqtt=mqtt), proxy=proxy)
        try:
            await server.start(options.host, options.port, tls)
        except OSError as error:
            raise UsageError(
                f"cannot listen on {options.host}, port {options.port}: {error.strerror or error}"
            ) from None
        try:
            where = {"url": server.url, "admin": server.url + ADMIN}
            if proxy is not None:
                where |= {"proxy": server.url, "ca_cert": str(options.ca_cert.absolute())}
            if options.mqtt_url or options.mqtt_port is not None:
                where["mqtt"] = str(await mqtt.start(spaces))
            print(json.dumps(where), flush=True)
            await stop.wait()
        finally:
            await mqtt.stop()
            await server.stop()


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes uvloop's event loop, if the extra `fast` is installed; else asyncio's own."""
    try:
        import uvloop  # late: an extra
    except ImportError:
        return None
    return uvloop.new_event_loop


@contextmanager
def _spaces(options: argparse.Namespace, contract: Contract | None) -> Iterator[Spaces]:
    """The root, and how namespaces are made. Raises BddError."""
    exhausted: Exhausted = options.exhausted
    most: int | None = options.journal_max
    with ExitStack() as stack:
        file = JournalFile(options.journal, most) if options.journal else None
        if file is not None:
            stack.callback(file.close)

        def make(name: str) -> Space:
            keeper = Keeper(contract, options.check or "warn") if contract else None
            return Space(exhausted=exhausted, journal=_journal(file, name, most), keeper=keeper)

        yield Spaces(make, time.monotonic)


@contextmanager
def _proxy(
    options: argparse.Namespace, spaces: Spaces, token: str | None
) -> Iterator[Proxy | None]:
    """The proxy, if there is to be one, and its CA bundle. Raises UsageError."""
    if not options.proxy:
        if options.ca_cert or options.forward:
            flag = "--ca-cert" if options.ca_cert else "--forward"
            raise UsageError(f"{flag} is given without --proxy", hint="give both")
        yield None
        return
    if options.ca_cert is None:
        raise UsageError(
            "--proxy is given without --ca-cert",
            hint="name the file in which clients find the authority of its certificates",
        )
    authority = Authority()
    proxy = Proxy(spaces, authority, forward=options.forward, token=token)
    with authority.bundle(options.ca_cert, forwards=bool(options.forward)):
        yield proxy


def _mqtt(options: argparse.Namespace, environ: Mapping[str, str]) -> Mqtt:
    """MQTT as the flags say; without them its broker starts when it is asked for."""
    if options.mqtt_url and options.mqtt_port is not None:
        raise UsageError("--mqtt-port is given with --mqtt-url", hint="give one of them")
    return Mqtt(
        options.mqtt_url or EMBEDDED,
        port=options.mqtt_port or 0,
        username=environ.get(USERNAME_VARIABLE),
        password=environ.get(PASSWORD_VARIABLE),
    )


def _contract(paths: Sequence[Path], check: Check | None) -> Contract | None:
    """What the OpenAPI documents say, if there are any. Raises BddError."""
    if check and not paths:
        raise UsageError("--check is given without --openapi", hint="give both")
    return load_contract(paths)


def _journal(file: JournalFile | None, name: str, most: int | None) -> Journal:
    if file is not None:
        return file.journal(name)
    max_bytes = NAMESPACE_BYTES if name else MAX_BYTES
    return MemoryJournal(max_entries=most or MAX_ENTRIES, max_bytes=max_bytes)


def _switch_on(space: Space, twins: Sequence[str], accounts: Mapping[str, str]) -> None:
    """Let these twins answer from the start; that of nRF Cloud with these accounts and their keys.
    Raises BddError."""
    for name in twins:
        space.start_twin(name)
    for name, key in accounts.items():
        space.tell_twin("nrfcloud", {"do": "account", "name": name, "key": key})


def _accounts(given: Sequence[str], environ: Mapping[str, str]) -> dict[str, str]:
    """The API key of each account, for NAME=VARIABLE each. Raises UsageError."""
    keys = {}
    for each in given:
        name, _, variable = each.partition("=")
        if not name or not variable:
            raise UsageError(f"--account {each} is not NAME=VARIABLE")
        if not environ.get(variable):
            raise UsageError(f"--account {each}: the environment has no {variable}")
        keys[name] = environ[variable]
    return keys


async def _only_loopback(host: str) -> bool:
    """Whether what listens there can only be reached from this machine. Raises UsageError."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise UsageError(f"--host {host} is no address: {error}") from None
    return all(is_loopback(str(address[0])) for *_, address in found)


def _tls(cert: Path | None, key: Path | None) -> ssl.SSLContext | None:
    """What TLS is served with, if it is. Raises UsageError."""
    if cert is None:
        if key is not None:
            raise UsageError("--tls-key is given without --tls-cert", hint="give both")
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(cert, key, password=_no_password)
    except (OSError, ValueError) as error:  # an ssl.SSLError is an OSError
        reason = error.strerror if isinstance(error, OSError) else None
        raise UsageError(f"--tls-cert {cert} cannot be used: {reason or error}") from None
    return context


def _no_password() -> str:
    raise ValueError("its key has a password")

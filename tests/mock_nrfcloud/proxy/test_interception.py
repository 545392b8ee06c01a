"""Tunnels that end in the mock: TLS or not, and clients that do what they should not."""

from __future__ import annotations

import asyncio
import logging
import ssl
from contextlib import closing

import aiohttp
import pytest

from harness.core.http_text import HttpResponse
from mock_nrfcloud.faults import Damage, Fault
from mock_nrfcloud.proxy import interception
from mock_nrfcloud.values import Stub
from tests.mock_nrfcloud.proxy.bench import Bench, play

CONNECT = b"CONNECT api.nrfcloud.com:443 HTTP/1.1\r\nHost: x\r\n\r\n"


async def opened(bench: Bench) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A tunnel."""
    reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
    writer.write(CONNECT)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head == b"HTTP/1.1 200 Connection established\r\n\r\n"
    return reader, writer


def test_what_is_not_tls_is_served_without() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("/x", b"plain")
        reader, writer = await opened(bench)
        with closing(writer):
            writer.write(b"GET /x HTTP/1.1\r\nHost: other\r\nConnection: close\r\n\r\n")
            assert (await reader.read()).endswith(b"\r\n\r\nplain")

    play(scenario)


def test_a_client_may_begin_before_it_is_told_that_it_can() -> None:
    async def scenario(bench: Bench) -> None:
        bench.answer("/x", b"early")
        reader, writer = await asyncio.open_connection("127.0.0.1", bench.port)
        with closing(writer):
            writer.write(CONNECT + b"GET /x HTTP/1.0\r\n\r\n")
            assert (await reader.read()).endswith(b"\r\n\r\nearly")

    play(scenario)


def test_the_certificate_is_that_of_the_host(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(bench: Bench) -> None:
        _, writer = await opened(bench)
        with closing(writer), pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
            await writer.start_tls(bench.trust, server_hostname="other.example")

    play(scenario)
    assert "api.nrfcloud.com: no TLS with a client" in caplog.text


def test_a_client_that_does_not_trust_the_authority(caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(bench: Bench) -> None:
        _, writer = await opened(bench)
        with closing(writer), pytest.raises(ssl.SSLCertVerificationError):
            await writer.start_tls(ssl.create_default_context(), server_hostname="api.nrfcloud.com")

    play(scenario)
    assert "does it trust the bundle?" in caplog.text


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01", b"\x16" + bytes(70_000), b"GET /x"])
def test_a_client_that_vanishes(sent: bytes, caplog: pytest.LogCaptureFixture) -> None:
    async def scenario(bench: Bench) -> None:
        _, writer = await opened(bench)
        writer.write(sent)
        writer.close()
        await writer.wait_closed()
        bench.answer("/y", b"still there")
        assert await bench.ask("https://api.nrfcloud.com/y") == (200, b"still there")

    play(scenario)
    assert [each for each in caplog.records if each.levelno > logging.WARNING] == []


@pytest.mark.parametrize("sent", [b"", b"\x16\x03\x01"])
def test_a_client_that_says_nothing(sent: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interception, "HANDSHAKE_SECONDS", 0.05)

    async def scenario(bench: Bench) -> None:
        reader, writer = await opened(bench)
        with closing(writer):
            writer.write(sent)
            assert await reader.read() == b""

    play(scenario)


@pytest.mark.parametrize("damage", [Damage.RESET, Damage.EMPTY, Damage.TRUNCATED])
def test_a_fault_reaches_the_client(damage: Damage) -> None:
    async def scenario(bench: Bench) -> None:
        stub = Stub("GET", "/x", HttpResponse(200, body=b"long"), fault=Fault(damage=damage))
        bench.spaces.root.store.add(stub)
        with pytest.raises(aiohttp.ClientError):
            await bench.ask("https://api.nrfcloud.com/x")

    play(scenario)

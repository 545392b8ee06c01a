"""How the service is put together: which routes there are, and what ends with it."""

from __future__ import annotations

from aiohttp import ClientSession, WSMsgType

from reference_service.app import DEFAULT_VERSION, Settings, create_app
from reference_service.store import Store
from tests.reference_service.world import DEVICE, run, serving, world


def test_secrets_are_not_shown_with_the_settings() -> None:
    shown = repr(Settings("http://x", {"default": "s3cret-key"}, "s3cret-token"))
    assert "s3cret" not in shown
    assert "http://x" in shown


def test_without_a_token_there_is_no_way_to_add_devices() -> None:
    async def test() -> None:
        async with world(token=None) as w:
            status, _ = await w.ask("PUT", f"/admin/devices/{DEVICE}", {})
            assert status == 404
        async with world() as w:
            status, _ = await w.ask("PUT", f"/admin/devices/{DEVICE}", {})
            assert status == 401

    run(test)


def test_it_needs_no_more_than_the_address_of_nrf_cloud() -> None:
    async def test() -> None:
        store = Store(":memory:")
        app = await create_app(Settings("http://127.0.0.1:9", {}), store)
        async with serving(app) as url, ClientSession() as http:
            answer = await http.get(f"{url}/health")
            assert answer.status == 200
            assert (await answer.json())["version"] == DEFAULT_VERSION
        store.close()

    run(test)


def test_websockets_are_closed_when_it_stops() -> None:
    async def test() -> None:
        async with ClientSession() as http:
            async with world() as w:
                await w.device()
                url = f"{w.url}/?fingerprint=92b.y7i24q"
                socket = await http.ws_connect(url)
            message = await socket.receive(timeout=20)
            while not socket.closed:
                message = await socket.receive(timeout=20)
            assert (message.type, message.data) == (WSMsgType.CLOSE, 1001)

    run(test)

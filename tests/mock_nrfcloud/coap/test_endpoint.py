"""A device's endpoint, asked by a real client, in front of a real mock."""

from __future__ import annotations

import asyncio
import logging

import aiohttp
import pytest
from aiocoap import Code, Context, Message

from harness.core.http_text import HttpResponse
from mock_nrfcloud.client import InProcessMock, Stub
from mock_nrfcloud.coap.endpoint import MAX_PAYLOAD, SENML_CBOR, Endpoint, code


async def answered(*asked: Message) -> list[Message]:
    """What the endpoint answers, one after the other."""
    mock = InProcessMock()
    await mock.start()
    for method in ("GET", "POST", "PUT", "PATCH"):
        response = HttpResponse(200, body=b"said")
        await mock.add(Stub(method, "/path", response, host="coap.nrfcloud.com"))
    async with aiohttp.ClientSession() as http:
        endpoint = Endpoint(http, mock.url, "d1")
        await endpoint.start()
        client = await Context.create_client_context(transports=["simple6"])
        try:
            answers = []
            for each in asked:
                each.set_request_uri(f"{endpoint.address}/path?a=1&b=%20")
                answers.append(await asyncio.wait_for(client.request(each).response, 30))
            calls = await mock.calls()
            assert all(call.request.header("X-Device-Id") == "d1" for call in calls)
            return answers
        finally:
            await client.shutdown()
            await endpoint.stop()
            await mock.stop()


@pytest.mark.parametrize("method", [Code.GET, Code.PUT, Code.iPATCH])
def test_an_answer_comes_back(method: Code) -> None:
    (answer,) = asyncio.run(answered(Message(code=method)))
    assert (answer.code, answer.payload) == (Code.CONTENT, b"said")


def test_bad_payloads_are_refused() -> None:
    logging.getLogger("coap").setLevel(logging.CRITICAL)
    garbage = Message(code=Code.POST, payload=b"\xff\x00", content_format=SENML_CBOR)
    deep = Message(code=Code.POST, payload=b"\x81" * 60_000, content_format=SENML_CBOR)
    large = Message(code=Code.POST, payload=b"x" * (MAX_PAYLOAD + 1))
    fetch = Message(code=Code.FETCH)
    fine = Message(code=Code.POST, payload=b"x")
    answers = asyncio.run(answered(garbage, deep, large, fetch, fine))
    assert [each.code for each in answers] == [
        Code.BAD_REQUEST,
        Code.BAD_REQUEST,
        Code.REQUEST_ENTITY_TOO_LARGE,
        Code.METHOD_NOT_ALLOWED,
        Code.CONTENT,
    ]


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        (200, Code.CONTENT),
        (201, Code.CREATED),
        (204, Code.CHANGED),
        (206, Code.CHANGED),
        (404, Code.NOT_FOUND),
        (432, Code.BAD_REQUEST),
        (418, Code.BAD_REQUEST),
        (503, Code.SERVICE_UNAVAILABLE),
        (599, Code.INTERNAL_SERVER_ERROR),
    ],
)
def test_a_status_becomes_a_code(status: int, wanted: Code) -> None:
    assert code(status) is wanted

"""A CoAP request, as a device makes it: SenML in CBOR."""

from __future__ import annotations

import asyncio
from typing import Any

import cbor2
from aiocoap import Code, Context, Message
from aiocoap.error import Error

from harness.errors import BddError
from mock_nrfcloud.coap.endpoint import SENML_CBOR


async def request(
    url: str, method: str, labelled: list[dict[int | str, Any]], seconds: float
) -> tuple[str, str]:
    """The code (as `2.04 Changed`) and the text of the answer. Raises BddError if none comes."""
    try:
        asked = Message(
            code=Code[method],
            uri=url,
            payload=cbor2.dumps(labelled),
            content_format=SENML_CBOR,
        )
    except ValueError as error:
        raise BddError(f"{url[:200]!r} cannot be asked over CoAP: {error}") from None
    context = await Context.create_client_context(transports=["simple6"])
    try:
        async with asyncio.timeout(seconds):
            answer = await context.request(asked).response
    except (Error, OSError, TimeoutError) as error:
        reason = str(error) or type(error).__name__
        raise BddError(f"CoAP gets no answer: {reason}") from None
    finally:
        await context.shutdown()
    return str(answer.code), answer.payload.decode("utf-8", "replace")

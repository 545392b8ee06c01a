"""User feedback, passed on to a webhook: a third party that is not nRF Cloud."""

from __future__ import annotations

import json
import logging
from typing import Final

import aiohttp
from aiohttp import web

from reference_service import bodies
from reference_service.problems import Problem
from reference_service.rest import body_of

_log = logging.getLogger(__name__)

_TIMEOUT: Final = aiohttp.ClientTimeout(total=10)


class FeedbackApi:
    """`POST /feedback`. Nothing is kept: what the webhook does not take, the user is told of."""

    def __init__(self, session: aiohttp.ClientSession, webhook: str | None) -> None:
        self._session = session
        self._webhook = webhook

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/feedback", self.take)]

    async def take(self, request: web.Request) -> web.Response:
        feedback = bodies.feedback(await body_of(request))
        if self._webhook is None:
            raise Problem(503, "no webhook is configured: start with --webhook")
        outcome = await self._pass_on(self._webhook, feedback)
        _log.info("webhook: POST -> %s", outcome)
        if outcome != "ok":
            raise Problem(502, "the feedback could not be passed on: try again later")
        return web.Response(status=201)

    async def _pass_on(self, webhook: str, feedback: bodies.Feedback) -> str:
        """`ok`, or why not. A webhook's URL is a secret, so it does not stand in there."""
        try:
            async with self._session.post(
                webhook,
                data=json.dumps(feedback.card()).encode(),
                headers={"Content-Type": "application/json; charset=utf-8"},
                timeout=_TIMEOUT,
                allow_redirects=False,
            ) as response:
                return "ok" if 200 <= response.status < 300 else str(response.status)
        except TimeoutError:
            return "no answer in time"
        except aiohttp.ClientError as error:
            return type(error).__name__

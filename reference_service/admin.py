"""The endpoints for whoever runs the service: registering devices, and its health."""

from __future__ import annotations

import hmac
import logging

from aiohttp import web

from reference_service import bodies, contexts
from reference_service.nrfcloud import NrfCloud
from reference_service.problems import Problem
from reference_service.rest import body_of
from reference_service.store import FingerprintTaken, Store

_log = logging.getLogger(__name__)


class AdminApi:
    """`PUT /admin/devices/{id}`: only served with a token, and only to those who have it."""

    def __init__(self, store: Store, cloud: NrfCloud, token: str) -> None:
        self._store = store
        self._cloud = cloud
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        return [web.put("/admin/devices/{id}", self.register)]

    async def register(self, request: web.Request) -> web.Response:
        given = request.headers.get("Authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise Problem(401, "the Authorization header must be Bearer and the admin token")
        device = bodies.registration(request.match_info["id"], await body_of(request))
        if not self._cloud.has_account(device.account):
            raise Problem(400, f"there is no account {device.account!r}: start with --account")
        try:
            self._store.register(device)
        except FingerprintTaken:
            raise Problem(409, "another device has this fingerprint") from None
        _log.info("%s (%s) is registered in account %s", device.id, device.model, device.account)
        return web.Response(status=201)


class HealthApi:
    """`GET /health`"""

    def __init__(self, version: str) -> None:
        self._version = version

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/health", self.health)]

    async def health(self, _request: web.Request) -> web.Response:
        return web.json_response({"@context": contexts.HEALTH, "version": self._version})

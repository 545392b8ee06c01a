"""Puts the service together: its parts, its routes, and the order in which they start and stop."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import aiohttp
from aiohttp import web

from reference_service.admin import AdminApi, HealthApi
from reference_service.feedback import FeedbackApi
from reference_service.fota_runner import FotaRunner
from reference_service.hub import Hub
from reference_service.nrfcloud import NrfCloud
from reference_service.problems import problems
from reference_service.rest import DeviceApi
from reference_service.store import Store
from reference_service.tasks import Tasks
from reference_service.watch import Watch
from reference_service.websockets import WebsocketApi

DEFAULT_VERSION: Final = "0.0.0-development"
_MAX_BODY: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """`keys` has the API key of each nRF Cloud account; intervals are seconds."""

    nrfcloud_url: str
    keys: Mapping[str, str] = field(repr=False)
    admin_token: str | None = field(default=None, repr=False)
    webhook: str | None = field(default=None, repr=False)
    poll_interval: float = 5
    version: str = DEFAULT_VERSION


async def create_app(settings: Settings, store: Store) -> web.Application:
    """The service as an aiohttp application, ready to be run; it does not close the store."""
    session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
    cloud = NrfCloud(session, settings.nrfcloud_url, settings.keys)
    hub = Hub()
    tasks = Tasks()
    watch = Watch(store, cloud, hub, tasks, settings.poll_interval)
    runner = FotaRunner(store, cloud, hub, watch, tasks, settings.poll_interval)

    app = web.Application(client_max_size=_MAX_BODY, middlewares=[problems])
    app.add_routes(HealthApi(settings.version).routes())
    app.add_routes(DeviceApi(store, cloud, watch, runner).routes())
    app.add_routes(FeedbackApi(session, settings.webhook).routes())
    app.add_routes(WebsocketApi(store, hub, watch).routes())
    if settings.admin_token:
        app.add_routes(AdminApi(store, cloud, settings.admin_token).routes())

    async def start(_app: web.Application) -> None:
        runner.resume()

    async def say_goodbye(_app: web.Application) -> None:
        await hub.close()

    async def stop(_app: web.Application) -> None:
        await tasks.close()
        await session.close()

    app.on_startup.append(start)
    app.on_shutdown.append(say_goodbye)
    app.on_cleanup.append(stop)
    return app

"""The HTTP endpoints. What they answer is listed in `docs/reference-service.md`."""

from __future__ import annotations

import asyncio
import json
import secrets
from typing import Final

from aiohttp import web

from reference_service import bodies, contexts, firmware, shadow
from reference_service.devices import Device, is_fingerprint
from reference_service.firmware import Target
from reference_service.fota import Job
from reference_service.fota_older import Execution
from reference_service.fota_runner import FotaRunner
from reference_service.nrfcloud import NrfCloud
from reference_service.problems import Problem
from reference_service.shadow import LwM2MObject
from reference_service.store import Store
from reference_service.strict_json import loads
from reference_service.times import iso, now
from reference_service.ulid import ulid
from reference_service.watch import Watch

BODY_SECONDS: Final = 10
LISTED_JOBS: Final = 10
MAX_RUNNING: Final = 10
"""Running jobs of a device: the older generation does not refuse a second one."""

MAX_WANTED: Final = 64 * 1024
"""Characters of JSON that are kept of what was set for a device."""


async def body_of(request: web.Request) -> object:
    """The JSON value of the body. Raises Problem if it has none, or is slow to say so."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return loads(await request.read())
    except TimeoutError:
        raise Problem(408, "the body did not arrive in time") from None
    except ValueError:
        raise Problem(400, "the body must be JSON") from None


def device_of(request: web.Request, store: Store) -> Device:
    """The device whose fingerprint is in the query. Raises Problem."""
    fingerprint = request.query.get("fingerprint", "")
    if not is_fingerprint(fingerprint):
        raise Problem(400, "the query must have a fingerprint")
    device = store.device_with(fingerprint)
    if device is None:
        raise Problem(404, "no device has this fingerprint")
    return device


class DeviceApi:
    """What users do with their device."""

    def __init__(self, store: Store, cloud: NrfCloud, watch: Watch, runner: FotaRunner) -> None:
        self._store = store
        self._cloud = cloud
        self._watch = watch
        self._runner = runner

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/device", self.identity),
            web.patch("/device/{id}/state", self.set_state),
            web.get("/device/{id}/fota/bundles", self.bundles),
            web.get("/device/{id}/fota/jobs", self.jobs),
            web.post("/device/{id}/fota/{target:app|modem}", self.schedule),
            web.post("/device/{id}/fota", self.schedule_older),
            web.delete("/device/{id}/fota/job/{job}", self.abort),
        ]

    def _device(self, request: web.Request) -> Device:
        device = device_of(request, self._store)
        if device.id != request.match_info["id"]:
            raise Problem(403, "the fingerprint is that of another device")
        return device

    async def identity(self, request: web.Request) -> web.Response:
        device = device_of(request, self._store)
        return web.json_response(device.identity(self._watch.last_seen(device.id)))

    async def set_state(self, request: web.Request) -> web.Response:
        device = self._device(request)
        update = bodies.object_update(await body_of(request))
        resources = update["Resources"]
        stamped: LwM2MObject = {
            **update,
            "Resources": {shadow.TIMESTAMP: int(now().timestamp()), **resources},
        }
        wanted = shadow.merge(self._store.wanted(device.id), [stamped])
        if len(json.dumps(wanted)) > MAX_WANTED:
            raise Problem(400, "more is set for this device than is kept")
        self._store.learn_wanted(device.id, wanted)
        name = f"{update['ObjectID']}:{update['ObjectVersion']}"
        await self._cloud.set_state(device.account, device.id, {"lwm2m": {name: {"0": resources}}})
        return web.Response(status=202)

    async def bundles(self, request: web.Request) -> web.Response:
        device = self._device(request)
        items, refusal = await self._cloud.firmwares(device.account)
        if refusal:
            raise Problem(502, f"nRF Cloud does not list its firmware: {refusal.reason}")
        return web.json_response(
            {
                "@context": contexts.FOTA_BUNDLES,
                "deviceId": device.id,
                "bundles": firmware.bundles(items),
            }
        )

    async def schedule(self, request: web.Request) -> web.Response:
        device = self._device(request)
        target = Target(request.match_info["target"])
        path = bodies.upgrade_path(await body_of(request), target)
        await self._watch.refresh(device)
        state = self._store.shadow(device.id)
        version = shadow.firmware_version(state, target)
        if version is None:
            raise Problem(400, f"not eligible: the device does not report its {target} version")
        missing = firmware.types_of(path.values(), target) - set(shadow.supported_types(state))
        if missing:
            raise Problem(
                400, f"not eligible: the device does not support {', '.join(sorted(missing))}"
            )
        # From here on nothing waits: no other request can come in between.
        if any(job.target == target for job in self._store.running_jobs(device.id)):
            raise Problem(409, f"a job for the {target} of this device is running")
        job = Job(_new_id(), device.id, target, path, iso(now()), version.text)
        self._runner.schedule(job)
        return web.json_response(job.view(), status=201)

    async def schedule_older(self, request: web.Request) -> web.Response:
        device = self._device(request)
        bundle = bodies.bundle_id(await body_of(request))
        if len(self._store.running_jobs(device.id)) >= MAX_RUNNING:
            raise Problem(409, f"{MAX_RUNNING} jobs of this device are running")
        self._runner.schedule(Execution(_new_id(), device.id, firmware.target_of(bundle), bundle))
        return web.Response(status=202)

    async def jobs(self, request: web.Request) -> web.Response:
        device = self._device(request)
        jobs = self._store.jobs(device.id, LISTED_JOBS)
        older = bool(jobs) and isinstance(jobs[0], Execution)
        return web.json_response(
            {
                "@context": contexts.FOTA_JOB_EXECUTIONS if older else contexts.FOTA_JOBS,
                "deviceId": device.id,
                "jobs": [view for job in jobs if (view := job.view())],
            }
        )

    async def abort(self, request: web.Request) -> web.Response:
        device = self._device(request)
        job = self._store.job(request.match_info["job"])
        if not isinstance(job, Job):
            raise Problem(404, "there is no such job")
        if job.device_id != device.id:
            raise Problem(403, "the job is that of another device")
        if not job.running:
            raise Problem(409, f"the job is not running: it has {job.status}")
        self._runner.abort(job)
        return web.Response(status=202)


def _new_id() -> str:
    return ulid(int(now().timestamp() * 1000), secrets.randbits(80))

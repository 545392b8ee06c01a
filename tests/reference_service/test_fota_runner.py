"""FOTA jobs end to end: the service, its clients, and a fake nRF Cloud."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from reference_service.fota import Job
from reference_service.fota_runner import MAX_UNKNOWN
from tests.reference_service.world import DEVICE, PATIENCE, PROTO, World, run, shadow, world

BUNDLE = "APP*1e29dfa3*v2.0.1"
NEXT_BUNDLE = "APP*cd5412d9*v2.0.2"
PATH = {"2.0.0": BUNDLE, "2.0.1": NEXT_BUNDLE}
JOBS = "/v1/fota-jobs"


async def schedule(world: World, path: dict[str, str] | None = None) -> dict[str, Any]:
    status, job = await world.of_device("POST", "/fota/app", {"upgradePath": path or PATH})
    assert status == 201, job
    assert job["status"] == "NEW"
    assert job["statusDetail"] == "The job has been created"
    return dict(job)


async def newest(world: World) -> dict[str, Any]:
    status, answer = await world.of_device("GET", "/fota/jobs")
    assert status == 200
    return dict(answer["jobs"][0])


def answer_job(world: World, job_id: str, status: str, **more: Any) -> None:
    world.cloud.answer("GET", f"{JOBS}/{job_id}", {"jobId": job_id, "status": status, **more})


def test_an_upgrade_goes_from_version_to_version_and_tells_each_change() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow(1, "2.0.0"))
            w.cloud.answer("POST", JOBS, {"jobId": "first"})
            answer_job(w, "first", "IN_PROGRESS")
            async with w.socket() as socket:
                job = await schedule(w)
                told = await socket.until(**{"@context": PROTO + "fota/job"})
                assert told == {
                    **job,
                    "status": "IN_PROGRESS",
                    "statusDetail": f"Started job for version 2.0.0 with bundle {BUNDLE}.",
                }
                created = await w.cloud.called("POST", JOBS)
                assert created.body == {
                    "bundleId": BUNDLE,
                    "autoApply": True,
                    "deviceIdentifiers": [DEVICE],
                }
                assert created.headers["content-type"] == "application/json"

                # Completed alone is not enough: the device has to report the new version.
                answer_job(w, "first", "COMPLETED", executionStats={"succeeded": 1})
                await w.cloud.again("GET", f"{JOBS}/first", 2)
                assert (await newest(w))["status"] == "IN_PROGRESS"
                assert len(w.cloud.seen("POST", JOBS)) == 1

                w.cloud.answer("POST", JOBS, {"jobId": "second"})
                answer_job(w, "second", "COMPLETED")
                w.cloud.has_shadow(shadow(2, "2.0.1"))
                detail = f"Started job for version 2.0.1 with bundle {NEXT_BUNDLE}."
                await socket.until(statusDetail=detail, reportedVersion="2.0.1")

                w.cloud.has_shadow(shadow(3, "2.0.2"))
                ended = await socket.until(status="SUCCEEDED")
                assert ended["statusDetail"] == "No more bundles to apply for 2.0.2. Job completed."
                assert await newest(w) == ended
                assert len(w.cloud.seen("POST", JOBS)) == 2

    run(test)


def test_no_bundle_for_the_version_is_a_success_without_nrf_cloud() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow(1, "3.0.0"))
            async with w.socket() as socket:
                await schedule(w)
                ended = await socket.until(status="SUCCEEDED")
                assert ended["statusDetail"] == "No more bundles to apply for 3.0.0. Job completed."
            assert not w.cloud.seen("POST", JOBS)

    run(test)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": "FAILED"},
        {"status": "CANCELLED"},
        {"status": "TIMED_OUT"},
        {"status": "REJECTED"},
        {"status": "COMPLETED", "executionStats": {"succeeded": 0, "failed": 1}},
    ],
)
def test_a_failure_in_nrf_cloud_is_a_failure(answer: dict[str, Any]) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow())
            w.cloud.answer("POST", JOBS, {"jobId": "first"})
            w.cloud.answer("GET", f"{JOBS}/first", answer)
            async with w.socket() as socket:
                await schedule(w)
                ended = await socket.until(status="FAILED")
                assert ended["statusDetail"] == "Job execution failed."

    run(test)


def test_an_abort_acts_at_once_and_cancels_in_nrf_cloud() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow())
            w.cloud.answer("POST", JOBS, {"jobId": "first/../1"})
            async with w.socket() as socket:
                job = await schedule(w)
                await socket.until(status="IN_PROGRESS")
                status, answer = await w.of_device("DELETE", f"/fota/job/{job['id']}")
                assert (status, answer) == (202, None)
                ended = await socket.until(status="FAILED")
                assert ended["statusDetail"] == "The job was cancelled."
                cancel = await w.cloud.called("PUT", f"{JOBS}/first/../1/cancel")
                assert "content-type" not in cancel.headers
                # The fake refuses with 404: that changes nothing. Nor can it be aborted again.
                assert await newest(w) == ended
                status, problem = await w.of_device("DELETE", f"/fota/job/{job['id']}")
                assert (status, problem["status"]) == (409, 409)

    run(test)


def test_an_abort_while_the_job_is_being_created_is_remembered() -> None:
    async def test() -> None:
        async with world() as w:
            go_on = asyncio.Event()

            async def slow(_request: web.Request) -> web.Response:
                await go_on.wait()
                return web.json_response({"jobId": "late"})

            await w.device()
            w.cloud.has_shadow(shadow())
            w.cloud.answer_by("POST", JOBS, slow)
            async with w.socket() as socket:
                job = await schedule(w)
                await w.cloud.called("POST", JOBS)
                status, _ = await w.of_device("DELETE", f"/fota/job/{job['id']}")
                assert status == 202
                ended = await socket.until(**{"@context": PROTO + "fota/job"})
                assert (ended["status"], ended["id"]) == ("FAILED", job["id"])
                assert not w.cloud.seen("PUT", f"{JOBS}/late/cancel")
                go_on.set()
                await w.cloud.called("PUT", f"{JOBS}/late/cancel")
                assert await newest(w) == ended
                assert not w.cloud.seen("GET", f"{JOBS}/late")

    run(test)


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, {}), (404, {}), (200, b"no JSON"), (200, {}), (200, {"jobId": 5}), (200, [])],
)
def test_a_creation_that_nrf_cloud_refuses_is_tried_again(status: int, body: object) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow())
            w.cloud.answer("POST", JOBS, body, status)
            async with w.socket() as socket:
                await schedule(w)
                await w.cloud.called("POST", JOBS, 3)
                assert (await newest(w))["status"] == "NEW"
                w.cloud.answer("POST", JOBS, {"jobId": "first"})
                await socket.until(status="IN_PROGRESS")

    run(test)


@pytest.mark.parametrize(
    ("status", "body", "times"),
    [
        (500, {}, MAX_UNKNOWN + 5),
        (401, {}, 3),
        (200, b"{", 3),
        (200, {}, 3),
        (200, {"status": 3}, 3),
        (200, {"status": "ODD"}, 3),
    ],
)
def test_odd_answers_while_polling_change_nothing(status: int, body: object, times: int) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow())
            w.cloud.answer("POST", JOBS, {"jobId": "first"})
            w.cloud.answer("GET", f"{JOBS}/first", body, status)
            async with w.socket() as socket:
                await schedule(w)
                started = await socket.until(status="IN_PROGRESS")
                await w.cloud.called("GET", f"{JOBS}/first", times)
                assert await newest(w) == started
                answer_job(w, "first", "FAILED")
                await socket.until(status="FAILED")

    run(test)


def test_an_unknown_job_is_polled_fifty_times_and_can_still_be_aborted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow())
            w.cloud.answer("POST", JOBS, {"jobId": "first"})
            job = await schedule(w)
            await w.cloud.called("GET", f"{JOBS}/first", MAX_UNKNOWN)
            async with asyncio.timeout(PATIENCE), w.socket() as socket:
                while not any("no longer polled" in line for line in caplog.messages):
                    await w.cloud.again("GET", "/v1/devices")  # the connection polls the shadow
                assert (await newest(w))["status"] == "IN_PROGRESS"
                await w.cloud.again("GET", "/v1/devices", 3)
                assert len(w.cloud.seen("GET", f"{JOBS}/first")) == MAX_UNKNOWN
                status, _ = await w.of_device("DELETE", f"/fota/job/{job['id']}")
                assert status == 202
                await socket.until(status="FAILED")
                await w.cloud.called("PUT", f"{JOBS}/first/cancel")

    run(test)


def test_one_job_for_a_target_at_a_time() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.has_shadow(shadow(modem="mfw_nrf91x1_2.0.1"))
            path = {"upgradePath": {">=1.0.0": BUNDLE}}
            answers = await asyncio.gather(
                *(w.of_device("POST", "/fota/app", path) for _ in range(5))
            )
            assert sorted(status for status, _ in answers) == [201, 409, 409, 409, 409]
            modem = {"upgradePath": {"2.0.1": "MODEM*be0ef0bd*mfw_nrf91x1_2.0.2"}}
            status, job = await w.of_device("POST", "/fota/modem", modem)
            assert (status, job["reportedVersion"]) == (201, "2.0.1")

    run(test)


def test_jobs_go_on_after_a_restart(tmp_path: Path) -> None:
    async def test() -> None:
        state = tmp_path / "state.sqlite"
        async with world(state) as w:
            await w.device()
            w.cloud.has_shadow(shadow())
            w.cloud.answer("POST", JOBS, {"jobId": "first"})
            job = await schedule(w)
            await w.cloud.called("GET", f"{JOBS}/first")
        async with world(state) as w:
            async with w.socket() as socket:
                await socket.until(**{"@context": PROTO + "shadow"})
                assert (await newest(w))["id"] == job["id"]
                answer_job(w, "first", "FAILED")
                ended = await socket.until(status="FAILED")
                assert ended["id"] == job["id"]
            assert not w.cloud.seen("POST", JOBS)

    run(test)


def test_the_older_generation_shows_what_nrf_cloud_says() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            assert await w.of_device("POST", "/fota", {"bundleId": BUNDLE}) == (202, None)
            await w.cloud.called("POST", JOBS)
            listed = await w.of_device("GET", "/fota/jobs")
            context = PROTO + "fota/job-executions"
            assert listed == (200, {"@context": context, "deviceId": DEVICE, "jobs": []})

            w.cloud.answer("POST", JOBS, {"jobId": "first"})
            await w.cloud.called("GET", f"{JOBS}/first", 2)
            assert (await newest(w))["status"] == "CREATED"
            answer_job(
                w,
                "first",
                "IN_PROGRESS",
                statusDetail="Job auto applied",
                lastUpdatedAt="2026-01-01T00:00:00.000Z",
                firmware={"version": "v2.0.0"},
            )
            await w.cloud.again("GET", f"{JOBS}/first", 2)
            assert await newest(w) == {
                "id": "first",
                "deviceId": DEVICE,
                "status": "IN_PROGRESS",
                "statusDetail": "Job auto applied",
                "lastUpdatedAt": "2026-01-01T00:00:00.000Z",
                "version": "v2.0.0",
            }
            # A job of the newer generation for the same target has to wait ...
            w.cloud.has_shadow(shadow())
            status, _ = await w.of_device("POST", "/fota/app", {"upgradePath": PATH})
            assert status == 409
            answer_job(w, "first", "COMPLETED")
            await w.cloud.again("GET", f"{JOBS}/first")
            # ... and the list is of the newer generation once it has one.
            async with asyncio.timeout(PATIENCE):
                while (await w.of_device("POST", "/fota/app", {"upgradePath": PATH}))[0] == 409:
                    await w.cloud.again("GET", "/v1/devices")
            status, answer = await w.of_device("GET", "/fota/jobs")
            assert answer["@context"] == PROTO + "fota/jobs"
            assert [job["@context"] for job in answer["jobs"]] == [PROTO + "fota/job"]

    run(test)


def test_a_job_of_a_device_that_is_not_registered_waits(tmp_path: Path) -> None:
    async def test() -> None:
        state = tmp_path / "state.sqlite"
        job = Job("01J861VKYH5QVD6QQ5YXXF20EF", DEVICE, "app", PATH, "", "2.0.0")
        async with world(state) as w:
            w.store.add_job(job)
        async with world(state) as w:
            await w.device()
            await w.cloud.called("POST", JOBS)
            assert w.store.job(job.id) == job

    run(test)

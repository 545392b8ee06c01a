"""The HTTP endpoints of devices."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from reference_service import contexts
from reference_service.fota import Job
from reference_service.rest import LISTED_JOBS, MAX_RUNNING, MAX_WANTED
from tests.reference_service.world import (
    DEVICE,
    FINGERPRINT,
    PATIENCE,
    PROTO,
    World,
    run,
    shadow,
    world,
)

OTHER_DEVICE = "oob-350006660000002"
OTHER_FINGERPRINT = "92b.k3mn8q"
BUNDLE = "APP*1e29dfa3*v2.0.1"
UPDATE = {"@context": contexts.OBJECT_UPDATE, "ObjectID": 14240, "Resources": {"0": 60}}
STATE = f"/v1/devices/{DEVICE}/state"

OF_DEVICE = [
    ("PATCH", "/state"),
    ("GET", "/fota/bundles"),
    ("GET", "/fota/jobs"),
    ("POST", "/fota/app"),
    ("POST", "/fota/modem"),
    ("POST", "/fota"),
    ("DELETE", "/fota/job/01J861VKYH5QVD6QQ5YXXF20EF"),
]


def problem(status: int, title: str, detail: str | None = None) -> tuple[int, dict[str, Any]]:
    document = {
        "@context": PROTO + "ProblemDetail",
        "type": "about:blank",
        "status": status,
        "title": title,
    }
    return status, document if detail is None else document | {"detail": detail}


@pytest.mark.parametrize(("method", "path"), OF_DEVICE)
def test_each_route_checks_the_fingerprint(method: str, path: str) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            await w.device(OTHER_DEVICE, OTHER_FINGERPRINT)
            malformed = problem(400, "Bad Request", "the query must have a fingerprint")
            assert await w.of_device(method, path, fingerprint="92b") == malformed
            assert await w.ask(method, f"/device/{DEVICE}{path}") == malformed
            foreign = problem(403, "Forbidden", "the fingerprint is that of another device")
            assert await w.of_device(method, path, fingerprint=OTHER_FINGERPRINT) == foreign
            unknown = problem(404, "Not Found", "no device has this fingerprint")
            assert await w.of_device(method, path, fingerprint="92b.222222") == unknown
            assert not w.cloud.calls

    run(test)


def test_errors_are_problem_details() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            async with w.http.get(w.url + "/nowhere") as response:
                assert response.content_type == "application/problem+json"
                assert (response.status, await response.json()) == problem(404, "Not Found")
            async with w.http.post(w.url + "/health") as response:
                assert response.headers["Allow"] == "GET,HEAD"
                assert (response.status, await response.json()) == problem(
                    405, "Method Not Allowed"
                )
            # A body as long as this is refused whatever it is.
            status, answer = await w.of_device("POST", "/fota", "x" * 70_000)
            assert (status, answer["title"]) == (413, "Request Entity Too Large")
            not_json = problem(400, "Bad Request", "the body must be JSON")
            for body in (b"", b"{", b"[" * 50_000, b"\xff", b'{"ObjectID":NaN}'):
                url = f"{w.url}/device/{DEVICE}/state?fingerprint={FINGERPRINT}"
                async with w.http.patch(url, data=body) as response:
                    assert (response.status, await response.json()) == not_json

    run(test)


def test_a_body_that_does_not_arrive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reference_service.rest.BODY_SECONDS", 0.01)

    async def test() -> None:
        async with world() as w:
            await w.device()
            host, port = w.url.removeprefix("http://").split(":")
            reader, writer = await asyncio.open_connection(host, int(port))
            path = f"/device/{DEVICE}/fota?fingerprint={FINGERPRINT}"
            head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nConnection: close\r\n"
            writer.write(f"{head}\r\n".encode())
            async with asyncio.timeout(PATIENCE):
                assert await reader.readline() == b"HTTP/1.1 408 Request Timeout\r\n"
                writer.write(b"[1, 2, 3]")
                await reader.read()
            writer.close()
            await writer.wait_closed()

    run(test)


def test_what_the_service_does_not_expect_is_a_500(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        async with world() as w:
            w.store.close()
            answer = await w.ask("GET", f"/device?fingerprint={FINGERPRINT}")
            assert answer == problem(500, "Internal Server Error")
        assert "GET /device has failed" in caplog.text
        assert FINGERPRINT not in caplog.text

    run(test)


def test_the_identity_of_a_device() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            identity = {"@context": PROTO + "deviceIdentity", "id": DEVICE, "model": "PCA20065"}
            assert await w.ask("GET", f"/device?fingerprint={FINGERPRINT}") == (200, identity)
            meta = {"reported": {"device": {"deviceInfo": {"appVersion": {"timestamp": 86400}}}}}
            w.store.learn_shadow(DEVICE, shadow() | {"metadata": meta})
            seen = identity | {"lastSeen": "1970-01-02T00:00:00.000Z"}
            assert await w.ask("GET", f"/device?fingerprint={FINGERPRINT}") == (200, seen)
            assert (await w.ask("GET", "/device?fingerprint=92b.222222"))[0] == 404
            assert (await w.ask("GET", "/device?fingerprint=x"))[0] == 400
            assert (await w.ask("GET", "/device"))[0] == 400

    run(test)


@pytest.mark.parametrize("status", [202, 404, 500])
def test_what_is_set_goes_to_nrf_cloud_and_is_kept(status: int) -> None:
    """Also when nRF Cloud does not know the device (yet)."""

    async def test() -> None:
        async with world() as w:
            await w.device()
            w.cloud.answer("PATCH", STATE, b"", status)
            assert await w.of_device("PATCH", "/state", UPDATE) == (202, None)
            call = await w.cloud.called("PATCH", STATE)
            assert call.body == {"desired": {"lwm2m": {"14240:1.0": {"0": {"0": 60}}}}}
            assert call.headers["content-type"] == "application/json"
            more = UPDATE | {"Resources": {"1": True, "99": 10**10}}
            assert (await w.of_device("PATCH", "/state", more))[0] == 202
            (kept,) = w.store.wanted(DEVICE)
            assert kept["Resources"] == {"0": 60, "1": True, "99": 10**10}

    run(test)


def test_what_is_kept_is_bounded() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            big = UPDATE | {"Resources": {"0": "x" * 60_000}}
            assert (await w.of_device("PATCH", "/state", big))[0] == 202
            status, answer = await w.of_device("PATCH", "/state", big | {"ObjectID": 14241})
            assert (status, answer["detail"]) == (400, "more is set for this device than is kept")
            assert len(json.dumps(w.store.wanted(DEVICE))) < MAX_WANTED
            assert len(w.cloud.seen("PATCH", STATE)) == 1

    run(test)


def test_bundles_of_all_pages() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()

            def page(name: str, modified: str, token: str | None) -> dict[str, Any]:
                item = {"bundleId": name, "type": "APP", "version": "1", "lastModified": modified}
                return {"items": [item], "pageNextToken": token}

            pages = [
                page("old", "2025-01-01T00:00:00.000Z", "more"),
                page("new", "2026-01-01T00:00:00.000Z", ""),
            ]
            w.cloud.answer_pages("/v1/firmwares", pages)
            status, answer = await w.of_device("GET", "/fota/bundles")
            assert (status, answer["@context"]) == (200, PROTO + "fota/bundles")
            assert answer["deviceId"] == DEVICE
            assert [bundle["bundleId"] for bundle in answer["bundles"]] == ["new", "old"]
            queries = [call.query for call in w.cloud.seen("GET", "/v1/firmwares")]
            assert queries == [{"pageLimit": "100"}, {"pageLimit": "100", "pageNextToken": "more"}]

    run(test)


def test_bundles_that_nrf_cloud_does_not_list() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            status, answer = await w.of_device("GET", "/fota/bundles")
            assert (status, answer["title"]) == (502, "Bad Gateway")

    run(test)


async def not_eligible(w: World, path: dict[str, str], target: str, words: str) -> None:
    status, answer = await w.of_device("POST", f"/fota/{target}", {"upgradePath": path})
    assert (status, answer["@context"]) == (400, PROTO + "ProblemDetail")
    assert words in answer["detail"]


def test_who_is_not_eligible() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            app, modem = {">=0.0.0": BUNDLE}, {">=0.0.0": "MODEM*be0ef0bd*x"}
            await not_eligible(w, app, "app", "does not report its app version")
            w.cloud.has_shadow(shadow(1, app="unknown"))
            await not_eligible(w, app, "app", "does not report its app version")
            w.cloud.has_shadow(shadow(2))
            await not_eligible(w, modem, "modem", "does not report its modem version")
            w.cloud.has_shadow(shadow(3, modem="mfw_nrf91x1_2.0.1"))
            full = modem | {"<1.0.0": "MDM_FULL*be0ef0bd*x"}
            await not_eligible(w, full, "modem", "does not support MDM_FULL")
            await not_eligible(w, modem, "app", "no bundle for the app")
            state = shadow(4)
            del state["reported"]["device"]["serviceInfo"]
            w.cloud.has_shadow(state)
            await not_eligible(w, app, "app", "does not support APP")
            assert w.store.running_jobs(DEVICE) == []

    run(test)


def test_a_target_that_is_none() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            assert (await w.of_device("POST", "/fota/boot", {}))[0] == 404

    run(test)


def test_the_list_is_newest_first_and_short() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            empty = {"@context": PROTO + "fota/jobs", "deviceId": DEVICE, "jobs": []}
            assert await w.of_device("GET", "/fota/jobs") == (200, empty)
            w.cloud.has_shadow(shadow(1, "9.9.9"))
            ids = []
            async with w.socket() as socket:
                for _ in range(LISTED_JOBS + 2):
                    path = {"upgradePath": {"1.0.0": BUNDLE}}
                    status, job = await w.of_device("POST", "/fota/app", path)
                    assert status == 201
                    ids.append(job["id"])
                    await socket.until(status="SUCCEEDED", id=job["id"])
            _, answer = await w.of_device("GET", "/fota/jobs")
            assert [job["id"] for job in answer["jobs"]] == ids[:1:-1]

    run(test)


def test_jobs_of_the_older_generation_are_bounded() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            for _ in range(MAX_RUNNING):
                assert (await w.of_device("POST", "/fota", {"bundleId": BUNDLE}))[0] == 202
            status, answer = await w.of_device("POST", "/fota", {"bundleId": BUNDLE})
            assert (status, answer["title"]) == (409, "Conflict")
            status, answer = await w.of_device("POST", "/fota", {"bundleId": "newest"})
            assert (status, answer["title"]) == (400, "Bad Request")

    run(test)


def test_jobs_that_cannot_be_aborted() -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            foreign = Job("01J861VKYH5QVD6QQ5YXXF20EF", OTHER_DEVICE, "app", {}, "", "1.0.0")
            w.store.add_job(foreign)
            missing = await w.of_device("DELETE", "/fota/job/01J861VKYH5QVD6QQ5YXXF20EG")
            assert missing == problem(404, "Not Found", "there is no such job")
            refused = await w.of_device("DELETE", f"/fota/job/{foreign.id}")
            assert refused == problem(403, "Forbidden", "the job is that of another device")
            assert w.store.job(foreign.id) == foreign

    run(test)


def test_the_fingerprint_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def test() -> None:
        async with world() as w:
            await w.device()
            await w.of_device("GET", "/fota/jobs")
            await w.of_device("POST", "/fota", {})
            async with w.socket() as socket:
                await socket.message()
        assert f"GET /device/{DEVICE}/fota/jobs -> 200" in caplog.messages
        assert any("bundleId must be" in message for message in caplog.messages)
        for secret in (FINGERPRINT, "secret-"):
            assert secret not in caplog.text

    caplog.set_level("DEBUG")
    run(test)

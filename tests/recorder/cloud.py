"""A small stateful stand-in for nRF Cloud: firmware, shadows, and FOTA jobs that come to an end."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BUNDLE = "APP*1e29dfa3*v2.0.1"


class Cloud:
    """What it knows. A job is done at its `polls`-th poll; then its device has the new version."""

    def __init__(self, polls: int = 3) -> None:
        self.polls = polls
        self.keys: list[str | None] = []
        """The Authorization headers of the requests."""
        self.planted: dict[str, Any] = {}
        """Members that are in every answer besides."""
        self.cookie = ""
        self._jobs: dict[str, dict[str, Any]] = {}
        self._versions: dict[str, str] = {}
        self.url = ""

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> Any:
        """The JSON of an answer, None if there is none."""
        match method, path.strip("/").split("/"):
            case "GET", ["v1", "firmwares"]:
                item = {"bundleId": BUNDLE, "type": "APP", "version": "v2.0.1"}
                return {"items": [item], "total": 1}
            case "GET", ["v1", "devices"]:
                ids = ",".join(query.get("deviceIds", [])).split(",")
                return {"items": [self._shadow(each) for each in ids], "total": len(ids)}
            case "POST", ["v1", "fota-jobs"]:
                (device,) = body["deviceIdentifiers"]
                job = {"jobId": str(uuid.uuid4()), "createdAt": _now(), "lastUpdatedAt": _now()}
                job |= {"status": "IN_PROGRESS", "target": {"deviceIds": [device]}, "polls": 0}
                self._jobs[job["jobId"]] = job
                return {"jobId": job["jobId"]}
            case "GET", ["v1", "fota-jobs", job_id] if job := self._jobs.get(job_id):
                job["polls"] += 1
                if job["polls"] >= self.polls and job["status"] == "IN_PROGRESS":
                    job |= {"status": "COMPLETED", "executionStats": {"succeeded": 1}}
                    self._versions[job["target"]["deviceIds"][0]] = "2.0.1"
                return {name: value for name, value in job.items() if name != "polls"}
            case "PUT", ["v1", "fota-jobs", job_id, "cancel"] if job := self._jobs.get(job_id):
                job |= {"status": "CANCELLED", "lastUpdatedAt": _now()}
                return {}
            case "POST", ["services", "x"]:
                return {"ok": True}
        return None

    def _shadow(self, device: str) -> dict[str, Any]:
        version = self._versions.get(device, "2.0.0")
        reported = {
            "device": {
                "deviceInfo": {"appVersion": version},
                "serviceInfo": {"fota_v2": ["BOOT", "MODEM", "APP"]},
            }
        }
        number = 2 if device in self._versions else 1
        return {"id": device, "state": {"reported": reported, "version": number}}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@contextmanager
def cloud(polls: int = 3) -> Iterator[Cloud]:
    """It runs on a free port."""
    state = Cloud(polls)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            parts = urlsplit(self.path)
            state.keys.append(self.headers.get("Authorization"))
            found = state.answer(
                self.command, parts.path, parse_qs(parts.query), json.loads(sent or b"null")
            )
            answer = json.dumps({"message": "unknown"} if found is None else found | state.planted)
            self.send_response(404 if found is None else 200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            if state.cookie:
                self.send_header("Set-Cookie", state.cookie)
            self.end_headers()
            self.wfile.write(answer.encode())

        do_GET = do_POST = do_PUT = do_PATCH = _do  # noqa: N815 - as http.server calls them

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

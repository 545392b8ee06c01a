"""How long 10,000 recorded calls take to become a scenario file, and with how much memory.

    python benchmarks/bench_record.py

Method: made-up sessions, each of which schedules an upgrade of a device with an ID of its own and
polls until it is done; of 16 calls, 10 are polls. A ratio is the best of several rounds in which
both sides take turns: composing, against reading what comes out of it with the parser of the
project. Growth is the time for 10,000 calls over that for 1,000. All times are processor time.
Memory is the most that composing has allocated in Python, over the size of the calls.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import json
import sys
import tracemalloc
from collections.abc import Callable
from random import Random
from time import process_time

from harness.core.generators import ulid, uuid4
from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.core.markdown import parse
from harness.recording.compose import compose
from harness.recording.model import KnownDevice, Observed, Options, Recording, Side
from mock_nrfcloud.values import ROOT_HOST, SHADOW_QUERY

CALLS = 10_000
ROUNDS = 5
DEVICE = KnownDevice("tracker", "PCA20065", "default", "oob-350006661234563", "29a.k7m3xq")
BEGIN = 1_795_276_800.0
JSON: Pairs = (("Content-Type", "application/json"),)
STATUSES = ("QUEUED", "IN_PROGRESS", "IN_PROGRESS", "IN_PROGRESS", "COMPLETED")


def call(
    at: float, side: Side, request: str, query: Pairs, asked: object, answer: object
) -> Observed:
    """A call, of which everything is JSON."""
    method, path = request.split(" ")
    body = json.dumps(asked).encode() if asked else None
    response = HttpResponse(200, "", JSON, json.dumps(answer).encode())
    host = ROOT_HOST if side == "cloud" else ""
    return Observed(at, 0.01, side, host, HttpRequest(method, path, query, JSON, body), response)


def session(at: float, random: Random) -> list[Observed]:
    """An upgrade: 16 calls."""
    own, job = ulid(random), uuid4(random)
    shadow = {"reported": {"device": {"deviceInfo": {"appVersion": "2.0.0"}}}, "version": int(at)}
    page = {"items": [{"id": DEVICE.id, "state": shadow}], "total": 1}
    device: Pairs = (("deviceIds", DEVICE.id), *SHADOW_QUERY)
    user: Pairs = (("fingerprint", DEVICE.fingerprint),)
    asked = {"bundleId": f"APP*{own[:8]}*v2.0.1", "deviceIdentifiers": [DEVICE.id]}
    calls = [
        call(at, "service", f"POST /device/{DEVICE.id}/fota/app", user, asked, {"id": own}),
        *(call(at + 0.1 + n / 5, "cloud", "GET /v1/devices", device, None, page) for n in range(6)),
        call(at + 0.2, "cloud", "POST /v1/fota-jobs", (), asked, {"jobId": job}),
    ]
    for number, status in enumerate(STATUSES):
        body = {
            "jobId": job,
            "name": job,
            "status": status,
            "firmware": {"bundleId": asked["bundleId"], "fileSize": 425860, "uris": [f"x/{own}"]},
            "target": {"deviceIds": [DEVICE.id], "tags": []},
            "executionStats": dict.fromkeys(("queued", "failed", "succeeded", "rejected"), 0),
        }
        calls.append(call(at + 0.3 + number, "cloud", f"GET /v1/fota-jobs/{job}", (), None, body))
    listed = {"jobs": [{"id": own, "status": "SUCCEEDED"}]}
    for number in range(3):
        path = f"GET /device/{DEVICE.id}/fota/jobs/{own}"
        calls.append(call(at + 6 + number, "service", path, user, None, listed))
    return calls


def recording(calls: int) -> Recording:
    """So many calls."""
    random = Random(1)
    observed = [each for n in range(calls // 16) for each in session(BEGIN + n * 60, random)]
    return Recording(tuple(observed), (), (DEVICE,), {"APIURL": "http://127.0.0.1:3000"})


def best(*sides: Callable[[], object]) -> list[float]:
    """The shortest processor time of each side, in seconds; they take turns."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(ROUNDS):
        for side, taken in zip(sides, times, strict=True):
            start = process_time()
            side()
            taken.append(process_time() - start)
    return [min(taken) for taken in times]


def memory(flow: Recording) -> float:
    """What composing allocates at most, over the size of the calls."""
    bodies = (each.request.body or b"" for each in flow.observed)
    answers = (each.response.body for each in flow.observed if each.response)
    size = sum(map(len, (*bodies, *answers)))
    tracemalloc.start()
    compose(flow, Options())
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"memory: {most / 2**20:.0f} MiB for calls of {size / 2**20:.1f} MiB")
    return most / size


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    small, large = recording(CALLS // 10), recording(CALLS)
    started = process_time()
    text = compose(large, Options()).text
    absolute = process_time() - started
    print(f"{len(large.observed)} calls: {absolute:.2f} s of processor time, {len(text):,} letters")
    thousand, ten_thousand, reading = best(
        lambda: compose(small, Options()),
        lambda: compose(large, Options()),
        lambda: parse(text, "made.feature.md"),
    )
    figures = [
        ("compose 10,000 calls, in s", absolute, 5.0),
        ("compose, against parsing what comes out", ten_thousand / reading, 25.0),
        ("10,000 calls against 1,000", ten_thousand / thousand, 15.0),
        ("memory, against the size of the calls", memory(large), 16.0),
    ]
    print(f"\n{'what':<45} {'ratio':>6} {'target':>7}  ok")
    for what, figure, target in figures:
        print(f"{what:<45} {figure:>6.2f} {target:>7.2f}  {'yes' if figure <= target else 'NO'}")
    return 0 if all(figure <= target for _, figure, target in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

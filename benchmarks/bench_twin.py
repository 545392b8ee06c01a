"""How long the FOTA twin takes for a job of 10,000 devices, and with how much memory.

    python benchmarks/bench_twin.py [--devices N]

Method: the mock runs by itself with the twin, whose devices come from a seed. One client creates
the job and lets time pass, batch by batch. Each device asks for its current execution and tells
DOWNLOADING and SUCCEEDED, over REST, through 16 connections. Memory is the most that the process
of the mock has had, with its journal. Then pages of 10,000 more jobs are read to the last one; the
best time of the last tenth of the pages over that of the first is told. Exit status 1 if a target
is missed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp

CONNECTIONS = 16
BATCH = 25
ROLLOUT_SECONDS = 10.0
BUNDLE = "APP*0123abcd*v2.0.0"
KEY = {"Authorization": "Bearer made-up-key"}
ADMIN = "/__admin/twins/nrfcloud"


class Client:
    """Calls of the mock."""

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def call(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of an answer; None if it is empty."""
        async with self._http.request(method, path, json=body, headers=KEY) as got:
            text = await got.text()
            assert got.status < 300, text
            return json.loads(text) if text else None

    async def update(self, device: str) -> None:
        """What a device does with its execution."""
        path = f"/v1/fota-job-executions/{device}"
        job = (await self.call("GET", f"{path}/current"))["jobId"]
        for status in ("DOWNLOADING", "SUCCEEDED"):
            await self.call("PATCH", f"{path}/{job}", {"status": status})


async def job_of(client: Client, devices: list[str]) -> float:
    """The seconds from the creation of a job to its completion."""
    started = perf_counter()
    body = {"bundleId": BUNDLE, "deviceIds": devices}
    job = (await client.call("POST", "/v1/fota-jobs", body))["jobId"]
    for first in range(0, len(devices), BATCH):
        if first:
            await client.call(
                "POST", ADMIN, {"command": {"do": "advance", "seconds": ROLLOUT_SECONDS}}
            )
        await asyncio.gather(*map(client.update, devices[first : first + BATCH]))
    found = await client.call("GET", f"/v1/fota-jobs/{job}")
    assert found["status"] == "COMPLETED", found["status"]
    assert found["executionStats"]["succeeded"] == len(devices)
    return perf_counter() - started


async def pages_of(client: Client, count: int) -> float:
    """The time of a late page of jobs over that of an early one."""
    body = {"bundleId": BUNDLE, "autoApply": False}
    for _ in range(0, count, BATCH):
        await asyncio.gather(*(client.call("POST", "/v1/fota-jobs", body) for _ in range(BATCH)))
    taken, token, seen = [], "", set()
    while token is not None:
        started = perf_counter()
        page = await client.call("GET", f"/v1/fota-jobs?pageLimit=50{token}")
        taken.append(perf_counter() - started)
        seen |= {each["jobId"] for each in page["items"]}
        after = page.get("pageNextToken")
        token = after and f"&pageNextToken={after}"
    assert len(seen) >= count
    tenth = max(1, len(taken) // 10)
    return min(taken[-tenth:]) / min(taken[:tenth])


async def measured(url: str, devices: list[str]) -> tuple[float, float]:
    """Both figures."""
    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(url, connector=connector) as http:
        client = Client(http)
        return await job_of(client, devices), await pages_of(client, len(devices))


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--devices", type=int, default=10_000)
    devices = [f"device-{number}" for number in range(parser.parse_args().devices)]
    told = [{"do": "device", "id": each, "appVersion": "1.0.0"} for each in devices]
    bundle = {"do": "bundle", "bundleId": BUNDLE, "version": "2.0.0"}
    with tempfile.TemporaryDirectory() as folder:
        seed = Path(folder, "seed.json")
        seed.write_text(json.dumps({"twins": {"nrfcloud": [bundle, *told]}}))
        command = [sys.executable, "-m", "mock_nrfcloud", "--port", "0", "--seed", str(seed)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as mock:
            assert mock.stdout
            url = json.loads(mock.stdout.readline())["url"]
            try:
                seconds, growth = asyncio.run(measured(url, devices))
                status = Path(f"/proc/{mock.pid}/status").read_text()
            finally:
                mock.terminate()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    assert found
    figures = [
        (f"a job of {len(devices):,} devices, in s", seconds, 30.0),
        ("the most memory of the mock, in MiB", int(found[1]) / 1024, 300.0),
        ("a page at the end of all jobs, against the start", growth, 1.5),
    ]
    print(f"{'what':<50} {'measured':>8} {'target':>7}  ok")
    for what, measure, target in figures:
        print(f"{what:<50} {measure:>8.2f} {target:>7.2f}  {'yes' if measure <= target else 'NO'}")
    return 0 if all(measure <= target for _, measure, target in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

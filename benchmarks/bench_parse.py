"""How fast scenario files are parsed: ratios within one run, on files made up here.

    python benchmarks/bench_parse.py

Method: each figure is the best of several rounds, in which both sides take turns, so that a busy
machine slows both. The suite is 22 files, about 100 kB, made here from one set of data as
Markdown and as Gherkin; on the Markdown side front matter (YAML) is part of the work.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from behave.parser import parse_feature

from harness.core.markdown import parse

FILES = 22
ROUNDS = 15


@dataclass(frozen=True, slots=True)
class MadeStep:
    """A step of a made-up feature."""

    keyword: str
    title: str
    language: str = ""
    code: str = ""


def story(number: int) -> list[tuple[str, list[MadeStep]]]:
    """The scenarios of a feature: a job is made, looked at, and cancelled."""
    job = {
        "jobId": f"${{job{number}}}",
        "status": "IN_PROGRESS",
        "createdAt": "${createdAt}",
        "firmware": {"bundleId": f"APP*{number:08x}*v1.2.3", "fileSize": 425_860 + number},
        "stats": dict.fromkeys(["queued", "running", "succeeded", "failed", "rejected"], 0),
        "path": [f"https://example.com/bundles/{number}/{part:04}.bin" for part in range(11)],
        "target": {"deviceIds": ["${tracker_deviceId}"], "tags": []},
    }
    answer = "HTTP/1.1 200 OK\nContent-Type: application/json\n\n" + json.dumps(job, indent=4)
    url = "${APIURL}/device/${tracker_deviceId}/fota/jobs?fingerprint=${tracker}"
    made = [
        MadeStep("Given", "I have the fingerprint for a `PCA20065` device in `tracker`"),
        MadeStep("And", f"I have a random UUIDv4 in `job{number}`"),
        MadeStep("And", "I store `$fromMillis($millis())` into `createdAt`"),
        MadeStep("And", f"there is a `GET /v1/jobs/${{job{number}}}` answer", "http", answer),
        MadeStep("When", f"I `POST` `{url}` with", "json", json.dumps(job["firmware"], indent=2)),
        MadeStep("Then", "the status code of the last response should be `201`"),
    ]
    looked_at = [
        MadeStep("When", f"I `GET` `{url}` retrying 10 times"),
        MadeStep("Then", "I should receive a `https://example.com/schema/jobs` response"),
        MadeStep(
            "And", "`$.jobs[0]` of the last response matches", "json", json.dumps(job, indent=2)
        ),
    ]
    cancelled = [
        MadeStep("When", f"I `DELETE` `{url}`"),
        MadeStep("Then", "the status code of the last response should be `202`"),
        MadeStep(
            "And", "I receive this message", "json", json.dumps({"status": "FAILED"}, indent=2)
        ),
    ]
    return [
        ("A job is made", made),
        ("The job is looked at", looked_at),
        ("The job is cancelled", cancelled),
        ("The list is looked at again", looked_at),
    ]


def as_markdown(number: int, times: int = 1) -> str:
    """A scenario file; `times` repeats its scenarios."""
    parts = [
        "---",
        "exampleContext:",
        "  tracker: 92b.y7i24q",
        "  tracker_deviceId: oob-352656108602296",
        "  APIURL: https://api.example.com/prod",
        "  createdAt: 2023-09-12T00:01:00.000Z",
        f"  job{number}: bc631093-7f7c-4c1b-aa63-a68c759bcd5c",
        "---",
        "",
        f"# Jobs of device {number}",
        "",
        "> A user can make, see and cancel jobs, and the device",
        "> learns about each of these at once.",
        "",
    ]
    for title, steps in story(number) * times:
        parts += [f"## {title}", ""]
        for step in steps:
            parts += [f"{step.keyword} {step.title}", ""]
            if step.code:
                parts += [f"```{step.language}", step.code, "```", ""]
    return "\n".join(parts)


def as_gherkin(number: int) -> str:
    """The same feature for Behave's own parser, which has no front matter."""
    parts = [
        f"Feature: Jobs of device {number}",
        "  A user can make, see and cancel jobs, and the device",
        "  learns about each of these at once.",
        "",
    ]
    for title, steps in story(number):
        parts += [f"  Scenario: {title}"]
        for step in steps:
            parts += [f"    {step.keyword} {step.title}"]
            if step.code:
                code = "\n".join("      " + line for line in step.code.split("\n"))
                parts += [f'      """{step.language}', code, '      """']
        parts += [""]
    return "\n".join(parts)


def best(*sides: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The shortest time of each side, in seconds; they take turns."""
    times: list[list[float]] = [[] for _ in sides]
    for _ in range(rounds):
        for side, taken in zip(sides, times, strict=True):
            start = perf_counter()
            side()
            taken.append(perf_counter() - start)
    return [min(taken) for taken in times]


def suite_ratio() -> float:
    """Our parser's time over Behave's, for the suite."""
    markdown = [as_markdown(number) for number in range(FILES)]
    gherkin = [as_gherkin(number) for number in range(FILES)]
    ours, theirs = best(
        lambda: [parse(text, "made.feature.md") for text in markdown],
        lambda: [parse_feature(text, filename="made.feature") for text in gherkin],
    )
    size = sum(map(len, markdown)) / 1000
    print(f"{FILES} files, {size:.0f} kB: {ours * 1000:.1f} ms, Behave {theirs * 1000:.1f} ms")
    return ours / theirs


def growth_ratio() -> float:
    """The time for a file 100 times as large over that for one 10 times as large."""
    small, large = as_markdown(1, 10), as_markdown(1, 100)
    ten, hundred = best(
        lambda: parse(small, "small.feature.md"),
        lambda: parse(large, "large.feature.md"),
        rounds=6 * ROUNDS,
    )
    sizes = f"{len(small) / 1000:.0f} kB {ten * 1000:.1f} ms, {len(large) / 1000:.0f} kB"
    print(f"growth: {sizes} {hundred * 1000:.1f} ms")
    return hundred / ten


def process_ratio() -> float:
    """The time of `nrfcloud-bdd parse` for one file over that of a Python that does nothing.

    Modules are compiled, as they are after the first use: the first round is not counted, and
    Python may keep what it compiled.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "made.feature.md")
        file.write_text(as_markdown(1), encoding="utf-8")
        commands = (
            [sys.executable, "-c", "pass"],
            [sys.executable, "-m", "harness.tools.cli", "parse", str(file), "--json"],
        )
        taken: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS + 1):
            for command, times in zip(commands, taken, strict=True):
                start = perf_counter()
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
                times.append(perf_counter() - start)
    python, parsing = (statistics.median(times[1:]) for times in taken)
    print(f"process: {parsing * 1000:.0f} ms, bare Python {python * 1000:.0f} ms")
    return parsing / python


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    figures = [
        ("parse 22 files, against Behave's parser", suite_ratio(), 0.6),
        ("a file 100 times as large against 10 times", growth_ratio(), 12.0),
        ("`parse` of one file, against bare Python", process_ratio(), 5.0),
    ]
    print(f"\n{'what':<45} {'ratio':>6} {'target':>7}  ok")
    for what, ratio, target in figures:
        print(f"{what:<45} {ratio:>6.2f} {target:>7.2f}  {'yes' if ratio <= target else 'NO'}")
    return 0 if all(ratio <= target for _, ratio, target in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

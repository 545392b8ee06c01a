"""How fast `nrfcloud-bdd lint` is: 1,000 files, one file again, and what it keeps in memory.

    python benchmarks/bench_lint.py

Method: the files are made here, clean, with front matter, placeholders and JSON blocks, each with
names of its own. A whole process each: the time is absolute, memory is the most that the process
ever held. One file again is `examine` and `conclude` in a process that knows the suite, as a
language server would do it.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from behave.configuration import Configuration
from bench_parse import best

from harness.bdd.declarations import RegisteredLibrary
from harness.bdd.runner import MarkdownRunner
from harness.core.markdown import parse
from harness.lint.examine import examine
from harness.lint.suite import conclude

FILES = 1_000
VALUES = {"APIURL": "http://127.0.0.1:8080"}


def made(number: int) -> str:
    """A file of the suite: about as long as the scenarios that the project was born from."""
    job = {
        "jobId": f"${{job{number}}}",
        "createdAt": "${createdAt}",
        "updatedAt": "${$fromMillis($millis())}",
        "size": "$number{size}",
        "firmware": {"bundleId": f"APP*{number:08x}*v1.2.3", "fileSize": 425_860 + number},
        "stats": dict.fromkeys(["queued", "running", "succeeded", "failed", "rejected"], 0),
        "target": {"deviceIds": ["${tracker_deviceId}"], "tags": []},
    }
    code = json.dumps(job, indent=4)
    block = f"```json\n{code}\n```\n\n"
    answer = f"```\nHTTP/1.1 200 OK\nContent-Type: application/json\n\n{code}\n```\n\n"
    url = "${APIURL}/device/${tracker_deviceId}/jobs?fingerprint=${tracker}"
    queued = f"Given this nRF Cloud API is queued for a `GET /v1/jobs/${{job{number}}}` request"
    scenario = (
        f"{queued}\n\n{answer}When I `POST` to `{url}` with\n\n{block}"
        "Then the status code of the last response should be `201`\n\n"
        "And `$.jobs[0]` of the last response should match\n\n" + block
    )
    return (
        "---\nexampleContext:\n  tracker: 92b.y7i24q\n  tracker_deviceId: oob-352656108602296\n"
        "  createdAt: 2023-09-12T00:01:00.000Z\n  size: 12\n"
        f"  job{number}: bc631093-7f7c-4c1b-aa63-a68c759bcd5c\n---\n\n# Jobs of device {number}\n\n"
        "## Background\n\nGiven I have the fingerprint for a `PCA20065` device in `tracker`\n\n"
        f"And I have a random UUIDv4 in `job{number}`\n\nAnd I store `{number}` into `size`\n\n"
        "And I store `$fromMillis($millis())` into `createdAt`\n\n"
        f"## A job is made\n\n{scenario}## Another job is made\n\n{scenario}"
    )


def whole(folder: Path, files: int) -> tuple[float, float]:
    """Seconds, and the most MiB of memory, of `lint` for so many files."""
    features = folder / str(files)
    features.mkdir()
    for number in range(files):
        (features / f"{number:04}.feature.md").write_text(made(number), encoding="utf-8")
    (folder / "nrfcloud-bdd.toml").write_text('[values]\nAPIURL = "http://127.0.0.1"\n')
    command = [
        sys.executable,
        "-c",
        "import resource, sys; from harness.tools.cli import main; main(sys.argv[1:]);"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)",
        "lint",
        "--format=json",
        str(features),
    ]
    start = perf_counter()
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=folder)
    return perf_counter() - start, int(done.stderr.split()[-1]) / 1024


def again() -> tuple[float, float]:
    """The time of looking at one file anew, in seconds, and over that of parsing it."""
    runner = MarkdownRunner(Configuration([], load_config=False))
    runner.setup_paths()
    runner.load_step_definitions()
    library = RegisteredLibrary(runner.step_registry)
    suite = {
        f"{n:04}.feature.md": examine(made(n), f"{n:04}.feature.md", library, VALUES)
        for n in range(FILES)
    }
    file, text = "0001.feature.md", made(1)

    def look() -> object:
        suite[file] = examine(text, file, library, VALUES)
        return conclude(suite.values(), [file], VALUES)

    taken, parsed = best(look, lambda: parse(text, file))
    return taken, taken / parsed


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    with tempfile.TemporaryDirectory() as folder:
        few_seconds, few = whole(Path(folder), FILES // 10)
        seconds, memory = whole(Path(folder), FILES)
    size = sum(len(made(number)) for number in range(FILES)) / 1e6
    print(f"{FILES} files, {size:.1f} MB: {seconds:.1f} s, {memory:.0f} MiB")
    print(f"{FILES // 10} files: {few_seconds:.1f} s, {few:.0f} MiB")
    one, ratio = again()
    figures = [
        ("1,000 files, whole process [s]", seconds, 10.0),
        ("memory of 1,000 files, against 100", memory / few, 1.5),
        ("one file again, in a suite of 1,000 [ms]", one * 1000, 50.0),
        ("one file again, against parsing it", ratio, 20.0),
    ]
    print(f"\n{'what':<45} {'figure':>6} {'target':>7}  ok")
    for what, figure, target in figures:
        print(f"{what:<45} {figure:>6.2f} {target:>7.2f}  {'yes' if figure <= target else 'NO'}")
    return 0 if all(figure <= target for _, figure, target in figures) else 1


if __name__ == "__main__":
    sys.exit(main())

"""The two scenario files that the project was born from: they run unchanged, and whichever line of
them is broken, the failure says where, what was expected and what came instead.

Skipped where the files are not at hand.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.in_process import ROOT, Outcome, Suites, suites
from tests.project import Project

SEEDS = ROOT.parent / "shared" / "seeds"
FOTA, ABORT = "FOTA.feature.md", "FOTA-abort.feature.md"

pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(), reason="the seed files are not beside this repository"
)

SCALE = 0.02
"""Retry budgets of a run that is expected to fail."""


@pytest.mark.parametrize(
    ("names", "scenarios"), [((), 7), ((FOTA,), 2), ((ABORT,), 7)], ids=["both", FOTA, ABORT]
)
def test_the_seeds_pass_together_and_alone(names: tuple[str, ...], scenarios: int) -> None:
    paths = [str(SEEDS / name) for name in names] or [str(SEEDS)]
    done = Project(ROOT).behave("--no-skipped", "-f", "progress", *paths)
    assert done.status == 0, done.text
    assert f"{scenarios} scenarios passed, 0 failed, 0 skipped" in done.out
    assert ("what the chosen features need: “Device FOTA”" in done.err) == (names == (ABORT,))


ANY_JSON = "the service reads any answer that is JSON"

# Lines on which the run does not depend when one word of them changes: file, line, reason.
INDEPENDENT = [
    (".*", r"exampleContext:", "samples are never used in a run; an unknown key is metadata"),
    (".*", r"  \w+: \S+$", "a sample of exampleContext"),
    (ABORT, r"needs:", "an unknown key is metadata, and the feature stands on its own"),
    (ABORT, r"# Abort Device FOTA jobs", "a title that nobody needs"),
    (".*", r"## (?!Background)\w.*", "the title of a scenario"),
    (".*", r"## Background", "with another word it is the first scenario: its steps run as before"),
    (".*", r">.*", "a description"),
    (".*", r"<!--.*", "a comment"),
    (".*", r".*tsJob1CancelledISO.*", "nothing uses the value"),
    (".*", r"```json", "with another name the block is still JSON, and sent as text it is read"),
    (ABORT, r"Content-Type: application/json", ANY_JSON),
    (ABORT, r'    ">=0.0.0": "APP.*', "the bundle is only handed on, and the answer is canned"),
    (".*", r'.*"(createdAt|updatedAt)":.*', "the service does not use it"),
    (".*", r'.*"(\$meta|modemFirmware|imei|board|hwVer)":.*', "no step expects what it becomes"),
    (".*", r'.*"timestamp": 1716801888.*', "no step expects what it becomes"),
    (".*", r'.*"appVersion": \{.*', "no step expects what it becomes"),
    (".*", r'.*"total": 1', "a page that names its devices is read as it is"),
    (".*", r'.*"version": 8835', "the first version is new, whatever its number"),
    (".*", r'.*"(fileSize|host|name|tags|target|uris|deviceIds|firmwareType)":.*', "not used"),
    (".*", r".*bbfe6b73-.*", "not used"),
    (FOTA, r'        "\w+": [01],?', "the statistics are not used while the job runs"),
    (FOTA, r'.*"executionStats":.*', "the statistics are not used while the job runs"),
    (FOTA, r'.*"bundleId": "APP.*",', "the job's own description of its firmware is not used"),
    (FOTA, r'    "jobId": .*', "the job is known by the ID in the path"),
]
BY_NUMBER = {
    (FOTA, 32): ANY_JSON,
    (FOTA, 41): ANY_JSON,
    (ABORT, 63): "no step expects what these times become",
}
POLLED_JOB = range(129, 155)
"""Of FOTA-abort: the answer to the poll of a job that is aborted before it could matter."""


def independent(name: str, number: int, line: str) -> str:
    """Why the run does not depend on a line, or nothing."""
    if (name, number) in BY_NUMBER:
        return BY_NUMBER[name, number]
    if name == ABORT and number in POLLED_JOB and "${fingerprint" not in line:
        return "the job is aborted, whatever nRF Cloud says of it"
    return next(
        (
            reason
            for file, pattern, reason in INDEPENDENT
            if re.fullmatch(file, name) and re.fullmatch(pattern, line)
        ),
        "",
    )


def lines(name: str) -> list[str]:
    return (SEEDS / name).read_text().splitlines() if SEEDS.is_dir() else []


def broken(line: str) -> str:
    """The line with one thing changed: the value of a member, else its longest word; a line
    without words is left out."""
    value = re.fullmatch(r'(\s*"[^"]+": "?)([^"{\[].*?)("?,?)', line)
    if value:
        return value[1] + _other(value[2]) + value[3]
    words = re.findall(r"[A-Za-z0-9]+", line)
    if not words:
        return ""
    longest = max(words, key=len)
    return line.replace(longest, _other(longest), 1)


def _other(word: str) -> str:
    return str(int(word) + 1) if word.isdigit() else word + "x"


CASES = [
    pytest.param(name, number, id=f"{name}:{number}")
    for name in (FOTA, ABORT)
    for number, line in enumerate(lines(name), 1)
    if line.strip()
]


@pytest.fixture(scope="module")
def runs() -> Iterator[Suites]:
    with suites() as started:
        yield started


def run_with(
    runs: Suites, folder: Path, name: str, number: int, line: str, scale: float
) -> Outcome:
    for seed in (FOTA, ABORT):
        shutil.copy(SEEDS / seed, folder)
    changed = lines(name)
    changed[number - 1] = line
    (folder / name).write_text("\n".join(changed) + "\n")
    return runs.run(folder, scale=scale)


@pytest.mark.parametrize(("name", "number"), CASES)
def test_any_broken_line_gives_one_failure(
    runs: Suites, tmp_path: Path, name: str, number: int
) -> None:
    line = lines(name)[number - 1]
    reason = independent(name, number, line)
    if reason:
        outcome = run_with(runs, tmp_path, name, number, broken(line), 1.0)
        assert outcome.failures == [], reason
        return
    outcome = run_with(runs, tmp_path, name, number, broken(line), SCALE)
    assert len(outcome.failures) == 1, f"{line!r} became {broken(line)!r}"
    failure = outcome.failures[0]
    assert re.search(r"/FOTA(-abort)?\.feature\.md:\d+:\d+: \S", failure.split("\n")[0]), failure
    assert "Traceback" not in failure

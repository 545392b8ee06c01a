"""What a device does about updates: what it is told in, what it reports and downloads out. Pure.

Texts are those that Nordic's own devices send.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mock_nrfcloud.fota.lifecycle import ExecutionStatus

SUCCEEDED: Final = "FOTA update completed successfully"
TOO_SLOW: Final = "Download did not complete in the allotted time"
DOWNLOAD_FAILED: Final = "Error occurred while downloading the file"
REJECTED: Final = "Device rejected the update"
NOT_VALID: Final = "Update could not be validated"

REMEMBERED: Final = 100
"""Of how many jobs a device knows where it stood."""


class Outcome(StrEnum):
    """How a device's updates end."""

    ACCEPT = "accept"
    REJECT = "reject"
    FAIL_DOWNLOAD = "download"
    FAIL_INSTALLATION = "installation"
    TIME_OUT = "deadline"


@dataclass(frozen=True, slots=True)
class Job:
    """An update that a device is told of: `paths` at `host`, `size` bytes altogether."""

    id: str
    size: int
    host: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What a device says of a job; `percent` is how much of it is downloaded, while it is."""

    job: str
    status: ExecutionStatus
    detail: str = ""
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Download:
    """A device downloads what a job is about."""

    job: Job


Action = Report | Download


class Updating:
    """The updates of one device. What it is to do next comes back from each method."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._reports: OrderedDict[str, Report] = OrderedDict()

    def told(self, job: Job) -> list[Action]:
        """It is told of a job. One that it knows is answered with where it stands."""
        if (known := self._reports.get(job.id)) is not None:
            return [known]
        match self.outcome:
            case Outcome.REJECT:
                return [self._report(job, ExecutionStatus.REJECTED, REJECTED)]
            case Outcome.FAIL_DOWNLOAD:
                return [self.progress(job, 0), *self.download_failed(job)]
            case Outcome.TIME_OUT:
                begun = self.progress(job, 0)
                return [begun, self._report(job, ExecutionStatus.TIMED_OUT, TOO_SLOW)]
        return [self.progress(job, 0), Download(job)]

    def progress(self, job: Job, percent: int) -> Report:
        """So much of the download is there."""
        return self._report(job, ExecutionStatus.DOWNLOADING, percent=percent)

    def downloaded(self, job: Job) -> list[Action]:
        """All of it is there: it is installed."""
        begun = self._report(job, ExecutionStatus.IN_PROGRESS)
        if self.outcome is Outcome.FAIL_INSTALLATION:
            return [begun, self._report(job, ExecutionStatus.FAILED, NOT_VALID)]
        return [begun, self._report(job, ExecutionStatus.SUCCEEDED, SUCCEEDED)]

    def download_failed(self, job: Job) -> list[Action]:
        """It could not be downloaded."""
        return [self._report(job, ExecutionStatus.FAILED, DOWNLOAD_FAILED)]

    def standing(self) -> Report | None:
        """What it has said last, which may have been lost."""
        return next(reversed(self._reports.values()), None)

    def _report(
        self, job: Job, status: ExecutionStatus, detail: str = "", percent: int | None = None
    ) -> Report:
        report = self._reports[job.id] = Report(job.id, status, detail, percent)
        self._reports.move_to_end(job.id)
        if len(self._reports) > REMEMBERED:
            self._reports.popitem(last=False)
        return report

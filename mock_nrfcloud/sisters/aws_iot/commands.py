"""What steps ask of the twin. Pure. `decoded` makes them of JSON (mock_nrfcloud.commands)."""

from __future__ import annotations

from typing import Annotated, Final

from msgspec import Meta

from mock_nrfcloud.commands import CommandKind
from mock_nrfcloud.questions import Question
from mock_nrfcloud.sisters.aws_iot.jobs import MAX_TARGETS


class Start(CommandKind, frozen=True):
    """Switch it on, which any command does."""


class Show(CommandKind, frozen=True):
    """Tell a person what there is."""


class Thing(CommandKind, frozen=True):
    """A thing is known."""

    name: str


class Create(CommandKind, frozen=True):
    """A job is created, as by CreateJob; `document` is JSON as text."""

    job: str
    things: Annotated[tuple[str, ...], Meta(min_length=1, max_length=MAX_TARGETS)]
    document: str = "{}"


class Report(CommandKind, frozen=True):
    """The execution of a job on a thing gets a status: a device reports it, as by
    UpdateJobExecution, or, for TIMED_OUT and REMOVED, AWS IoT itself sets it."""

    job: str
    thing: str
    status: str
    details: dict[str, str] | None = None


class Job(Question, frozen=True, kw_only=True):
    """How is this job, as DescribeJob tells it?"""

    id: str


class Execution(Question, frozen=True, kw_only=True):
    """How is the execution of this job on this thing, as DescribeJobExecution tells it?"""

    job: str
    thing: str


AnyCommand = Start | Show | Thing | Create | Report | Job | Execution
KINDS: Final[tuple[type[AnyCommand], ...]] = (
    Start,
    Show,
    Thing,
    Create,
    Report,
    Job,
    Execution,
)

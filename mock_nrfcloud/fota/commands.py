"""What steps and people ask of the twin, besides its REST API and MQTT. Pure.

The replies to questions are those of mock_nrfcloud.questions.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from msgspec import Meta, field

from mock_nrfcloud.commands import CommandKind
from mock_nrfcloud.fota.lifecycle import ExecutionStatus
from mock_nrfcloud.questions import Question

Id = Annotated[str, Meta(min_length=1, max_length=256)]


class Start(CommandKind, frozen=True):
    """Switch it on."""


class Show(CommandKind, frozen=True):
    """Tell a person what there is."""


class Advance(CommandKind, frozen=True):
    """Let time pass: what is due happens, in order."""

    seconds: Annotated[float, Meta(ge=0, le=366 * 24 * 3600)]


class Account(CommandKind, frozen=True):
    """An account with its API key."""

    name: Id
    key: Annotated[str, Meta(min_length=1, max_length=1024)]


class OfAccount(CommandKind, frozen=True):
    """What is asked of one account."""

    account: Id = "default"


class Device(OfAccount, frozen=True, kw_only=True, rename="camel"):
    """A device that is known, with these values; what is left out stays as it was."""

    id: Id
    name: Id | None = None
    firmware_types: list[str] | None = None
    sub_type: str | None = None
    tags: list[str] | None = None
    app_version: str | None = None
    modem_firmware: str | None = None
    gateway: Id | None = None
    ble_fota: bool | None = None
    reported: dict[str, Any] = field(default_factory=dict)
    desired: dict[str, Any] = field(default_factory=dict)


class Bundle(OfAccount, frozen=True, kw_only=True, rename="camel"):
    """A firmware bundle that is available."""

    version: Annotated[str, Meta(max_length=256)]
    type: str = "APP"
    bundle_id: str | None = None
    size: Annotated[int, Meta(ge=1, le=16 * 1024 * 1024)] = 1024
    name: str = ""


class Report(OfAccount, frozen=True, kw_only=True):
    """What a device says of its execution, or each device of a group that has one pending: of this
    job, or else of the oldest."""

    status: ExecutionStatus
    device: Id | None = None
    group: Id | None = None
    job: Id | None = None
    detail: str = ""


class QuestionOfAccount(Question, frozen=True, kw_only=True):
    """What should be so in one account."""

    account: Id = "default"


class Job(QuestionOfAccount, frozen=True, kw_only=True):
    """How a job is, of which the ID or the name is known; the newest of a name."""

    id: Id | None = None
    name: Id | None = None
    detail: str | None = None


class Execution(QuestionOfAccount, frozen=True, kw_only=True):
    """How the execution of a job on a device is; without a job the newest of the device."""

    device: Id
    job: Id | None = None
    detail: str | None = None


class Group(OfAccount, frozen=True, kw_only=True):
    """Which devices are in a group."""

    name: Id
    devices: list[str] | None = None


class State(QuestionOfAccount, frozen=True, kw_only=True):
    """What the shadow of a device is."""

    device: Id


KINDS: Final[tuple[type[CommandKind], ...]] = (
    Start,
    Show,
    Advance,
    Account,
    Device,
    Bundle,
    Report,
    Job,
    Execution,
    Group,
    State,
)
"""All commands."""

"""What can be asked of the twin: its commands."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from msgspec import Meta

from mock_nrfcloud.commands import CommandKind
from mock_nrfcloud.sisters.tuya.tasks import Status

Name = Annotated[str, Meta(min_length=1, max_length=128)]
Host = Annotated[str, Meta(pattern=r"^[A-Za-z0-9.-]{1,253}$")]
Code = Literal[
    "iot.system.SystemException", "iot.system.IllegalRequest", "iot.common.RamActionPermissionDeny"
]


class Start(CommandKind, frozen=True):
    """Behave, at one more host if there is one."""

    host: Host | None = None


class Show(CommandKind, frozen=True):
    """Tell a person what there is."""


class Key(CommandKind, frozen=True):
    """An access key is known; without a secret one is made up for it."""

    id: Name
    secret: Name | None = None


class Deny(CommandKind, frozen=True):
    """An access key may not call an action."""

    id: Name
    action: Name


class Sign(CommandKind, frozen=True):
    """The query of a call that is signed with an access key, the newest if none is named."""

    method: Literal["GET", "POST"]
    parameters: dict[str, str | tuple[str, ...]]
    id: Name | None = None


class Task(CommandKind, frozen=True):
    """An upgrade task is there, or gets into another state."""

    product: Name
    firmware: Name
    device: Name
    job: Annotated[str, Meta(max_length=128)] = ""
    status: Status = Status.QUEUED


class Tasks(CommandKind, frozen=True):
    """Which tasks there are with these parts, and whether all are in a state."""

    product: str | None = None
    firmware: str | None = None
    device: str | None = None
    job: str | None = None
    status: Status | None = None


class Fail(CommandKind, frozen=True):
    """The next calls fail with a code, of those that are signed as they should be."""

    code: Code
    times: Annotated[int, Meta(ge=1, le=1_000)] = 1


COMMANDS: Final[tuple[type[Start | Show | Key | Deny | Sign | Task | Tasks | Fail], ...]] = (
    Start,
    Show,
    Key,
    Deny,
    Sign,
    Task,
    Tasks,
    Fail,
)

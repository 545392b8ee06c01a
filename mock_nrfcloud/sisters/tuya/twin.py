"""The twin "tuya": CancelOTATaskByDevice, and the state that is behind it.

Pure: the clock is given to it; only IDs, nonces and secrets that it makes up are left to chance.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from secrets import token_urlsafe
from typing import Final
from uuid import uuid4

from harness.core.http_text import HttpRequest, HttpResponse
from harness.errors import BddError
from mock_nrfcloud.commands import decoded
from mock_nrfcloud.sisters.tuya import HOST, answers, commands
from mock_nrfcloud.sisters.tuya.access import Access, AccessKey
from mock_nrfcloud.sisters.tuya.parameters import device_names, needed, optional, parameters
from mock_nrfcloud.sisters.tuya.refusals import DENIED, OF_THE_API, Refusal
from mock_nrfcloud.sisters.tuya.signature import encoded_query, parameters_of, signed
from mock_nrfcloud.sisters.tuya.tasks import Status, Task, Tasks
from mock_nrfcloud.twins import Command, Reply, Surroundings
from mock_nrfcloud.values import ROOT_HOST

ACTION: Final = "CancelOTATaskByDevice"
MAX_KNOWN: Final = 1000
"""How many hosts there may be, and how many access keys."""
SHOWN: Final = 5
"""How many tasks a person is told about who looks for another."""
OVERVIEW: Final = 100
"""How many tasks an overview has, the newest."""


@dataclass(slots=True)
class State:
    """All that it remembers. The next `failures` calls fail with the code `failing`."""

    hosts: frozenset[str] = frozenset({HOST})
    access: Access = field(default_factory=Access)
    tasks: Tasks = field(default_factory=Tasks)
    failing: str = ""
    failures: int = 0

    def copy(self) -> State:
        """As it is now."""
        return replace(self, access=self.access.copy(), tasks=Tasks(self.tasks))


class Tuya:
    """Tuya's API for the cancellation of upgrades.

    Clients of an RPC API know a host, no path; so it also answers at the root of the mock.
    """

    def __init__(self, surroundings: Surroundings) -> None:
        self._now = surroundings.now
        self._state = State()

    @property
    def hosts(self) -> frozenset[str]:
        """Its own hosts, and the root of the mock."""
        return self._state.hosts | {ROOT_HOST}

    def answer(self, host: str, request: HttpRequest) -> HttpResponse | None:
        """Answer a call. At the root of the mock, `/` without an action is none."""
        if request.path != "/":
            return None
        request_id = str(uuid4())
        found: dict[str, str] = {}
        try:
            found = parameters(request)
            if host == ROOT_HOST and "Action" not in found:
                return None
            self._call(request.method, found)
        except Refusal as refusal:
            return answers.refused(refusal, ACTION, request_id, found.get("Format", ""))
        return answers.success(ACTION, request_id, found.get("Format", ""))

    def _call(self, method: str, found: dict[str, str]) -> None:
        """Do what a call asks. Raises Refusal."""
        if method not in ("GET", "POST"):
            raise Refusal("UnsupportedHTTPMethod", "A call is a GET or a POST.")
        if found.get("Format", "") not in ("", *answers.FORMATS):
            raise Refusal("InvalidParameter", "Format must be JSON or XML.")
        action = found.get("Action")
        if not action:
            raise Refusal("MissingParameter", "Action is mandatory.")
        if action != ACTION:
            raise Refusal("InvalidAction.NotFound", f"There is no action {action[:100]!r}.")
        key = self._state.access.check(method, found, self._now())
        if action in key.denied:
            raise Refusal(DENIED, OF_THE_API[DENIED])
        if self._state.failures:
            self._state.failures -= 1
            raise Refusal(self._state.failing, OF_THE_API[self._state.failing])
        product, firmware = needed(found, "ProductKey"), needed(found, "FirmwareId")
        devices = device_names(found)
        self._state.tasks.cancel(product, firmware, devices, optional(found, "JobId"))

    def command(self, command: Command) -> Reply:
        """Do or tell what a step asks; mock_nrfcloud.sisters.tuya.commands has what there is."""
        state = self._state
        match decoded(command, commands.COMMANDS):
            case commands.Start(host=None):
                pass
            case commands.Start(host=str(host)):
                _check_room(state.hosts, "hosts")
                state.hosts |= {host.lower()}
            case commands.Show():
                return self._overview()
            case commands.Key(key_id, secret):
                _check_room(state.access.keys, "access keys")
                state.access.keys.pop(key_id, None)
                state.access.keys[key_id] = AccessKey(secret or token_urlsafe())
            case commands.Deny(key_id, action):
                key = state.access.key(key_id)
                state.access.keys[key_id] = replace(key, denied=key.denied | {action})
            case commands.Sign() as call:
                return {"query": self._signed(call)}
            case commands.Task() as task:
                state.tasks.move(
                    Task(task.product, task.firmware, task.device, task.job), task.status
                )
            case commands.Fail(code=code, times=times):
                state.failing, state.failures = code, times
            case commands.Tasks() as asked:
                return self._told(asked)
        return {}

    def _signed(self, call: commands.Sign) -> str:
        access = self._state.access
        key_id = call.id or next(reversed(access.keys), "")
        secret = access.key(key_id).secret
        values = parameters_of(call.parameters)
        return encoded_query(
            signed(call.method, values, key_id, secret, self._now(), token_urlsafe())
        )

    def _overview(self) -> Reply:
        """What there is, without secrets; of the tasks the newest."""
        state = self._state
        return {
            "hosts": sorted(state.hosts),
            "accessKeys": list(state.access.keys),
            "tasks": [_shown(*each) for each in islice(reversed(state.tasks.items()), OVERVIEW)],
            "failuresToCome": state.failures,
        }

    def _told(self, asked: commands.Tasks) -> Reply:
        """The tasks that are asked for; if they are not as they should be, why."""
        tasks = self._state.tasks
        found = list(tasks.like(asked.product, asked.firmware, asked.device, asked.job))
        other = [each for each in found if asked.status not in (None, each[1])]
        if other:
            what = [f"{len(other)} of {len(found)} upgrade tasks are not {asked.status}"]
        else:
            what = [] if found else ["there is no such upgrade task"]
        near = other or ([] if found else list(tasks.items()))
        what += [f"  {task}: {status}" for task, status in near[:SHOWN]]
        if len(near) > SHOWN:
            what.append(f"  … and {len(near) - SHOWN} more")
        return {
            "tasks": [_shown(*each) for each in found],
            "holds": bool(found) and not other,
            "what": what,
        }

    def received(self, topic: str, payload: bytes) -> None:
        """Tuya's devices do not speak to nRF Cloud's broker."""

    def resend(self) -> None:
        """It has sent nothing there."""

    def snapshot(self) -> object:
        """A copy of its state."""
        return self._state.copy()

    def begin(self, inherited: Sequence[object]) -> None:
        """Start with what snapshots of other twins left; later ones are newer."""
        state = State()
        for each in inherited:
            assert isinstance(each, State)
            state.hosts |= each.hosts
            state.access.merge(each.access)
            state.tasks.merge(each.tasks)
            state.failing, state.failures = each.failing, each.failures
        self._state = state

    def close(self) -> None:
        """It has no timers."""


def _shown(task: Task, status: Status) -> dict[str, str]:
    return {**task._asdict(), "status": status.value}


def _check_room(known: Collection[object], what: str) -> None:
    if len(known) >= MAX_KNOWN:
        raise BddError(f"there are {MAX_KNOWN:,} {what} already", hint="use fewer")

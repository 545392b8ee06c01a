"""The twin `nrfcloud`: nRF Cloud's FOTA service, its devices and accounts, behind one face.

Pure but for the surroundings that it is given.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, cast

from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.commands import CommandKind, decoded
from mock_nrfcloud.fota import commands, questions
from mock_nrfcloud.fota.account import Account
from mock_nrfcloud.fota.agenda import Agenda, Due
from mock_nrfcloud.fota.assumptions import UNKNOWN_KEY
from mock_nrfcloud.fota.entities import FIRMWARE_HOST
from mock_nrfcloud.fota.errors import ApiError
from mock_nrfcloud.fota.messages import Request, read
from mock_nrfcloud.fota.providing import provide_bundle, provide_device, report
from mock_nrfcloud.fota.rest.call import Call, refused
from mock_nrfcloud.fota.rest.firmware import download
from mock_nrfcloud.fota.rest.table import OPERATIONS
from mock_nrfcloud.fota.team import Kept
from mock_nrfcloud.twins import Command, Reply, Surroundings
from mock_nrfcloud.values import ROOT_HOST

DEFAULT: Final = "default"
"""The account that there is, for any API key, until one is made."""


class Snapshot(NamedTuple):
    """What a feature leaves of the twin."""

    accounts: dict[str, Kept]
    due: tuple[Due, ...]
    skipped: float


class Twin:
    """See mock_nrfcloud.twins.Twin."""

    hosts = frozenset({ROOT_HOST, FIRMWARE_HOST})

    def __init__(self, surroundings: Surroundings) -> None:
        self._publish = surroundings.publish
        self._agenda = Agenda(surroundings, self._happen)
        self._accounts: dict[str, Account] = {}
        self._ignored = 0
        self._add(DEFAULT)

    def answer(self, host: str, request: HttpRequest) -> HttpResponse | None:
        """The answer of the REST API, or a part of a firmware file."""
        try:
            if host == FIRMWARE_HOST:
                teams = {each.team.id: each.team for each in self._accounts.values()}
                return download(teams, request)
            found = OPERATIONS.find(request.method, request.path)
            if found is None:
                return None
            operation, parts = found
            account = self._accounts[DEFAULT] if operation.public else self._whose(request)
            return operation.handler(Call(account, request, parts))
        except ApiError as error:
            return refused(error)

    def command(self, command: Command) -> Reply:
        """Do or tell what a step or a person asks. Raises BddError."""
        asked = decoded(command, commands.KINDS)
        try:
            return self._do(asked)
        except ApiError as error:
            raise BddError(error.message) from None

    def received(self, topic: str, payload: bytes) -> None:
        """What a device says of its executions; what makes no sense, or comes too late, is
        counted and changes nothing."""
        said = read(topic, payload)
        account = said and next(
            (each for each in self._accounts.values() if each.team.id == said.team), None
        )
        device = account and said and account.team.devices.get(said.device)
        if not (said and account and device) or said.sender != (device.gateway or device.id):
            self._ignored += 1
            return
        try:
            if isinstance(said, Request):
                account.jobs.notify(said.device, said.job)
            else:
                account.jobs.report(said.device, said.job, said.status, said.detail)
        except ApiError:
            self._ignored += 1

    def resend(self) -> None:
        """Notify again of executions with which their devices have not begun."""
        for account in self._accounts.values():
            account.jobs.notify_all()

    def snapshot(self) -> object:
        """A copy of all that there is."""
        accounts = {name: each.team.keep() for name, each in self._accounts.items()}
        return Snapshot(accounts, self._agenda.left(), self._agenda.skipped)

    def begin(self, inherited: Sequence[object]) -> None:
        """Start with what others have left."""
        left = [cast("Snapshot", each) for each in inherited]
        for name in dict.fromkeys(name for each in left for name in each.accounts):
            account = self._accounts.get(name) or self._add(name)
            account.team.begin(each.accounts[name] for each in left if name in each.accounts)
        due = (due for each in left for due in each.due)
        self._agenda.begin(due, max(each.skipped for each in left))

    def close(self) -> None:
        """No timer runs any more."""
        self._agenda.close()

    def _do(self, asked: CommandKind) -> Reply:
        match asked:
            case commands.Advance(seconds=seconds):
                self._agenda.advance(seconds)
            case commands.Account(name=name, key=key):
                account = self._accounts.get(name) or self._add(name)
                account.team.key = key
                return {"tenantId": account.team.id}
            case commands.Show():
                teams = [each.team for each in self._accounts.values() if each.team.is_used]
                shown = {team.name: questions.overview(team) for team in teams}
                return {"accounts": shown, "ignoredMessages": self._ignored}
            case commands.OfAccount() | commands.QuestionOfAccount():
                return self._ask(self._account(asked.account), asked)
        return {}

    def _ask(self, account: Account, asked: CommandKind) -> Reply:
        match asked:
            case commands.Device():
                return provide_device(account, asked)
            case commands.Bundle():
                return provide_bundle(account, asked)
            case commands.Report():
                return report(account, asked)
            case commands.Job():
                return questions.job(account.team, asked)
            case commands.Execution():
                return questions.execution(account.team, asked)
            case commands.Group():
                return questions.group(account.team, asked)
            case commands.State():
                return questions.state(account.team, asked)
        raise AssertionError(asked)

    def _whose(self, request: HttpRequest) -> Account:
        """The account of the API key in a request. Raises ApiError."""
        scheme, _, key = (request.header("Authorization") or "").partition(" ")
        if scheme.lower() == "bearer" and (key := key.strip()):
            keys = {each.team.key: each for each in self._accounts.values() if each.team.key}
            if not keys:
                return self._accounts[DEFAULT]
            if key in keys:
                return keys[key]
        raise ApiError(UNKNOWN_KEY, "Auth token is malformed or unknown")

    def _account(self, name: str) -> Account:
        """The account of that name; if some have keys, one of those. Raises BddError."""
        known = [name for name, each in self._accounts.items() if each.team.key]
        known = known or list(self._accounts)
        if name not in known:
            hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
            raise BddError(f"nRF Cloud has no account {name!r}", hint=hint)
        return self._accounts[name]

    def _add(self, name: str) -> Account:
        account = self._accounts[name] = Account(name, self._agenda, self._publish)
        return account

    def _happen(self, due: Due) -> None:
        self._accounts[due.account].happen(due)

"""nRF Cloud's FOTA service, played by its twin: what there is, and how its jobs fare."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from harness.capabilities.accounts import DEFAULT, api_key
from harness.capabilities.blocks import expected_text
from harness.capabilities.rest import Rest
from harness.capabilities.twins import Twins
from harness.core.ids import StoryIds
from harness.errors import StepFailure
from mock_nrfcloud.twins import Reply

TWIN: Final = "nrfcloud"
MAX_DEVICES: Final = 1000
"""How many devices one step may let nRF Cloud know."""

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class Fota:
    """The FOTA service in one feature. `api_keys` are those of the configured accounts.

    Where an account is None it is `default`; lists in steps are separated by commas.
    """

    def __init__(
        self,
        twins: Twins,
        rest: Rest,
        api_keys: Mapping[str, str],
        mock_url: str,
        ids: StoryIds,
    ) -> None:
        self._twins = twins
        self._rest = rest
        self._api_keys = api_keys
        self._url = mock_url
        self._ids = ids

    def behave(self) -> None:
        """Switch the twin on, with the configured accounts."""
        self._do("start")
        for name, key in self._api_keys.items():
            self._do("account", name=name, key=key)

    def know(
        self,
        device: str,
        account: str | None = None,
        *,
        types: str | None = None,
        groups: str | None = None,
        **values: object,
    ) -> None:
        """A device is there, with these firmware types, in these groups, with these values."""
        if types is not None:
            values["firmwareTypes"] = _listed(types)
        if groups is not None:
            values["tags"] = _listed(groups)
        self._do("device", account, id=device, **values)
        self._ids.add(device)

    def know_many(self, count: int, group: str, types: str | None) -> None:
        """So many devices are in a group, which are named after it: `GROUP-1` and so on."""
        if not 1 <= count <= MAX_DEVICES:
            raise StepFailure(f"{count} devices: take 1 to {MAX_DEVICES:,}", final=True)
        for number in range(1, count + 1):
            self.know(f"{group}-{number}", tags=[group], types=types)

    def provide(self, account: str | None, **bundle: object) -> None:
        """A bundle is available."""
        self._do("bundle", account, **bundle)

    def report(
        self, account: str | None, status: str, detail: str | None, job: str | None, **whose: str
    ) -> None:
        """A device tells the status of an execution, or those of a group do."""
        job = self._job_id(job, account)
        self._do("report", account, status=status, detail=detail or "", job=job, **whose)

    def advance(self, seconds: float) -> None:
        """Time passes."""
        self._do("advance", seconds=seconds)

    def call(self, request: str, account: str | None, body: str | None, kind: str) -> None:
        """Send `METHOD /path` with the API key of an account, and keep its answer."""
        key = api_key(self._api_keys, account or DEFAULT)
        method, _, path = request.partition(" ")
        if not path.startswith("/"):
            hint = "write METHOD /path, as in GET /v1/fota-jobs"
            raise StepFailure(f"“{request}” is no request: {hint}", final=True)
        self._rest.add_header("Authorization", f"Bearer {key}")
        self._rest.send(method, f"{self._url}{path}", body, kind)

    def check_job(self, job: str, account: str | None, status: str, detail: str | None) -> None:
        """Wait until a job has a status."""
        self._should("job", account, status=status, detail=detail, **_which(job))

    def match_job(self, job: str, account: str | None, block: str | None) -> None:
        """Wait until a job matches a block."""
        self._should("job", account, match=expected_text(block), **_which(job))

    def check_execution(
        self, device: str, job: str | None, account: str | None, status: str, detail: str | None
    ) -> None:
        """Wait until an execution has a status: that of a job, or the newest of the device."""
        job = self._job_id(job, account)
        self._should("execution", account, device=device, job=job, status=status, detail=detail)

    def check_group(self, group: str, devices: str | None, account: str | None) -> None:
        """Wait until a group has these devices and no others."""
        self._should("group", account, name=group, devices=_listed(devices or ""))

    def match_shadow(self, device: str, account: str | None, block: str | None) -> None:
        """Wait until the shadow of a device matches a block."""
        self._should("state", account, device=device, match=expected_text(block))

    def _do(self, what: str, account: str | None = None, **members: object) -> None:
        self._twins.do(TWIN, do=what, **_of(account), **members)

    def _should(self, what: str, account: str | None, **members: object) -> Reply:
        return self._twins.should(TWIN, do=what, **_of(account), **members)

    def _job_id(self, job: str | None, account: str | None) -> str | None:
        """The ID of a job that may be named."""
        if job is None or _UUID.fullmatch(job):
            return job
        return str(self._should("job", account, name=job)["job"]["jobId"])


def _listed(text: str) -> list[str]:
    """What is between the commas."""
    return [each.strip() for each in text.split(",") if each.strip()]


def _of(account: str | None) -> dict[str, str]:
    return {} if account is None else {"account": account}


def _which(job: str) -> dict[str, str]:
    return {"id": job} if _UUID.fullmatch(job) else {"name": job}

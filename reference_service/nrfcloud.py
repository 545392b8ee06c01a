"""The calls to nRF Cloud's REST API, made with the key of the account a device belongs to.

What goes wrong is an answer, not an exception: a `Refusal`, whether nRF Cloud said no, said
something that is not JSON, or could not be reached in time. Keys leave this module in the
Authorization header only.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import aiohttp

from reference_service.strict_json import dig, loads

_log = logging.getLogger(__name__)

PAGE_LIMIT: Final = 100
MAX_PAGES: Final = 100
MAX_ANSWER: Final = 4 * 1024 * 1024
_REMEMBERED_CALLS: Final = 1000


@dataclass(frozen=True, slots=True)
class Refusal:
    """No usable answer. `status` is nRF Cloud's, or None if there was none."""

    status: int | None
    reason: str


class NrfCloud:
    """nRF Cloud, seen from this service. `keys` has the API key of each account."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        keys: Mapping[str, str],
        timeout: float = 10,
    ) -> None:
        self._session = session
        self._url = url.rstrip("/")
        self._keys = keys
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._logged: dict[tuple[str, str, str], str] = {}

    def has_account(self, account: str) -> bool:
        return account in self._keys

    async def shadows(self, account: str, device_id: str) -> object | Refusal:
        """The page with the device and its shadow (never more than that one page)."""
        query = {
            "deviceIds": device_id,
            "includeState": "true",
            "includeStateMeta": "true",
            "pageLimit": str(PAGE_LIMIT),
        }
        return await self._call(account, "GET", "/v1/devices", query=query)

    async def set_state(self, account: str, device_id: str, desired: object) -> object | Refusal:
        path = f"/v1/devices/{quote(device_id, safe=':')}/state"
        return await self._call(account, "PATCH", path, body={"desired": desired})

    async def create_fota_job(self, account: str, device_id: str, bundle: str) -> str | Refusal:
        """Have the bundle applied to the device; the answer is the ID of nRF Cloud's job."""
        body = {"bundleId": bundle, "autoApply": True, "deviceIdentifiers": [device_id]}
        answer = await self._call(account, "POST", "/v1/fota-jobs", body=body)
        if isinstance(answer, Refusal):
            return answer
        job_id = dig(answer, "jobId")
        if not isinstance(job_id, str) or not 0 < len(job_id) <= 256:
            return Refusal(None, "the answer has no jobId")
        return job_id

    async def fota_job(self, account: str, job_id: str) -> object | Refusal:
        return await self._call(account, "GET", f"/v1/fota-jobs/{quote(job_id, safe='')}")

    async def cancel_fota_job(self, account: str, job_id: str) -> object | Refusal:
        return await self._call(account, "PUT", f"/v1/fota-jobs/{quote(job_id, safe='')}/cancel")

    async def firmwares(self, account: str) -> tuple[list[object], Refusal | None]:
        return await self._pages(account, "/v1/firmwares", {})

    async def locations(self, account: str, device_id: str) -> tuple[list[object], Refusal | None]:
        return await self._pages(account, "/v1/location/history", {"deviceId": device_id})

    async def _pages(
        self, account: str, path: str, query: Mapping[str, str]
    ) -> tuple[list[object], Refusal | None]:
        """The items of all pages, and what ended the reading early, if anything did."""
        items: list[object] = []
        tokens: set[str] = set()
        position: dict[str, str] = {}
        for _ in range(MAX_PAGES):
            page = {**query, "pageLimit": str(PAGE_LIMIT), **position}
            answer = await self._call(account, "GET", path, query=page)
            if isinstance(answer, Refusal):
                return items, answer
            found = dig(answer, "items")
            if not isinstance(found, list):
                return items, Refusal(None, "the answer has no items")
            items += found
            token = dig(answer, "pageNextToken")
            if not isinstance(token, str) or not token or token in tokens:
                return items, None
            tokens.add(token)
            position = {"pageNextToken": token}
        return items, Refusal(None, f"more than {MAX_PAGES} pages")

    async def _call(
        self,
        account: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: object = None,
    ) -> object | Refusal:
        """The JSON value of a successful answer (None if it is empty), or a Refusal."""
        key = self._keys.get(account)
        if key is None:
            answer: object | Refusal = Refusal(None, "the account is not configured")
        else:
            answer = await self._send(key, method, path, query, body)
        self._note(account, method, path, answer)
        return answer

    async def _send(
        self, key: str, method: str, path: str, query: Mapping[str, str] | None, body: object
    ) -> object | Refusal:
        headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}
        data = None
        if body is not None:
            headers["Content-Type"] = "application/json"
            data = json.dumps(body).encode()
        try:
            async with self._session.request(
                method,
                self._url + path,
                params=query,
                data=data,
                headers=headers,
                skip_auto_headers=("Content-Type",),
                timeout=self._timeout,
                allow_redirects=False,
            ) as response:
                return await _read(response)
        except TimeoutError:
            return Refusal(None, "no answer in time")
        except aiohttp.ClientError as error:
            return Refusal(None, type(error).__name__)

    def _note(self, account: str, method: str, path: str, answer: object | Refusal) -> None:
        """Log the call; of calls that are repeated, only those with another outcome."""
        outcome = "ok"
        if isinstance(answer, Refusal):
            outcome = f"{answer.status or ''} {answer.reason}".strip()
        call = (account, method, path)
        if method == "GET" and self._logged.get(call) == outcome:
            return
        if len(self._logged) >= _REMEMBERED_CALLS:
            self._logged.clear()
        self._logged[call] = outcome
        _log.info("nRF Cloud (%s): %s %s -> %s", account, method, path, outcome)


async def _read(response: aiohttp.ClientResponse) -> object | Refusal:
    if not 200 <= response.status < 300:
        return Refusal(response.status, response.reason or "")
    content = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > MAX_ANSWER:
            return Refusal(None, f"the answer is longer than {MAX_ANSWER} bytes")
    if not content.strip():
        return None
    try:
        return loads(bytes(content))
    except ValueError:
        return Refusal(None, "the answer is not JSON")

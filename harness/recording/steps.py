"""The steps that make what happened happen again, and those that expect it.

Pure. May import nothing but harness.core, the mock's values, and its own folder.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import unquote

from harness.core.redaction import REDACTED
from harness.recording.blocks import Writer, fits_title
from harness.recording.bodies import Body, media_type
from harness.recording.exchanges import Exchange
from harness.recording.expectations import Expectations
from harness.recording.folding import Event
from harness.recording.origins import Value
from mock_nrfcloud.values import ROOT_HOST, SHADOW_PATH, SHADOW_QUERY, device_ids

Keyword = Literal["Given", "When", "Then", "Soon"]

SERVICE_URL: Final = "${APIURL}"
"""Where the service under test is."""
RETRIES: Final = 10
"""How often the service is asked again for a state that it is still to reach."""

_JSON: Final = "application/json"
_CONTEXT: Final = "@context"
_MEDIA_TYPE: Final = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+", re.ASCII)  # RFC 6838, 4.2
_REGEX: Final = re.compile(r"/.+/[a-z]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Step:
    """A step; `language` is the info string of its `block`, `comment` stands above it."""

    keyword: Keyword
    title: str
    block: str | None = None
    language: str = ""
    comment: str = ""


class StepMaker:
    """Makes steps of what happened. `mock_url` is how a scenario names the mock's URL, if it can.

    `notes` are what a person should know of them.
    """

    def __init__(self, writer: Writer, expectations: Expectations, mock_url: str | None) -> None:
        self._writer = writer
        self._expectations = expectations
        self._mock_url = mock_url
        self.notes: dict[str, None] = {}

    def answers(self, event: Event) -> Iterator[Step]:
        """The steps that let a third party answer so."""
        exchange, response = event.exchange, event.exchange.response
        if response is None:
            return
        comment = _polled(event)
        where = f"the answer to {self._shown(exchange)}"
        if pages := shadow_pages(exchange):
            for device_id, page in pages:
                named = self._writer.line(device_id, where)
                title = f"there is this device shadow data for `{named}` in nRF Cloud"
                yield Step("Given", title, self._writer.json(page, f"{where}: $"), "json", comment)
            return
        if not 200 <= response.status <= 599:
            self._note(f"{where} has the status {response.status}, which no step can queue")
            return
        request = exchange.request
        query = tuple(pair for pair in request.query if self._can_be_asked(pair[1]))
        target = self._writer.target(request.path, query, f"the request {self._shown(exchange)}")
        if exchange.observed.host == ROOT_HOST:
            title = (
                f"this nRF Cloud API request is queued for a `{request.method} {target}` request"
            )
        else:
            url = f"{self._third_party(exchange)}{target}"
            title = f"this HTTP API Mock response for `{request.method} {url}` is queued"
        problems = (exchange.observed.note, exchange.answered.problem)
        if problem := "; ".join(filter(None, problems)):
            self._note(f"{where}: {problem}")
            comment = f"{comment} Attention: {problem}.".strip()
        block = self._writer.response(response, exchange.answered, where)
        yield Step("Given", title, block, comment=comment)

    def called(self, event: Event, times: int) -> Step:
        """The step that expects a request of the service, so many times since the feature began."""
        exchange = event.exchange
        where = f"the request {self._shown(exchange)}"
        is_root = exchange.observed.host == ROOT_HOST
        body, is_partial = self._expectations.request(exchange.asked)
        if body.problem:
            self._note(f"{where}: {body.problem}")
        if not body.is_exact:  # a block without a body accepts any
            self._note(f"{where}: its body is not compared")
            body = Body("none")
        path = exchange.request.path if is_root else self._address(exchange)
        target = self._writer.target(path, exchange.request.query, where)
        if not all(self._can_be_asked(value) for _, value in exchange.request.query):
            self._note(f"{where} has a query that is another one in each run")
        who = "nRF Cloud API" if is_root else "HTTP API Mock"
        count = f" at least `{times}` times" if times > 1 else ""
        how = " a request matching" if is_partial and is_root else ""
        title = f"the {who} should have been called{count} with{how}"
        block = self._writer.call(
            exchange.request.method, target, exchange.request.headers, body, where
        )
        return Step("Soon", title, block)

    def triggered(self, event: Event, *, retries: bool) -> Iterator[Step]:
        """The steps that send a request to the service; with `retries` until it is answered so."""
        exchange = event.exchange
        where = f"the request {self._shown(exchange)}"
        request, body = exchange.request, exchange.asked
        target = self._writer.target(request.path, request.query, where)
        if REDACTED in unquote(target):
            self._note(f"{where} has a secret in its URL that no placeholder stands for")
        title = f"I `{request.method}` `{SERVICE_URL}{target}`"
        title += f" retrying {RETRIES} times" if retries else ""
        comment = ""
        if any(name.lower() == "authorization" for name, _ in request.headers):
            comment = (
                "The request had an Authorization header, which is not written here. If the service"
                " needs it, set it in a step above."
            )
            self._note(f"{where} had credentials, which are not written")
        if body.kind == "binary":
            comment = f"{comment} Its body is not text: no step can send it.".strip()
            self._note(f"{where} has a body that is not text, which no step can send")
        if body.kind not in ("json", "text"):
            yield Step("When", title, comment=comment)
            return
        declared = media_type(request.headers)
        if body.kind == "json":
            block, language, sent = self._writer.json(body.value, f"{where}: $"), "json", _JSON
        else:
            block = self._writer.text(str(body.value), where)
            language = declared if _MEDIA_TYPE.fullmatch(declared) else ""
            sent = declared if declared != "text/plain" else "text/plain; charset=utf-8"
        if body.problem:
            self._note(f"{where}: {body.problem}")
        header = request.header("Content-Type")
        if header and header.lower() != sent and fits_title(header):
            shown = self._writer.line(header, where)
            named = f"the `Content-Type` header of the next request is `{shown}`"
            yield Step("Given", named)
        yield Step("When", f"{title} with", block, language, comment)

    def answered(self, event: Event, *, soon: bool, unknown: Container[Value]) -> Iterator[Step]:
        """The steps that expect an answer of the service."""
        exchange, response = event.exchange, event.exchange.response
        if response is None:
            self._note(f"{self._shown(exchange)} was not answered: {exchange.observed.note}")
            return
        keyword: Keyword = "Soon" if soon else "Then"
        yield Step(keyword, f"the status code of the last response should be `{response.status}`")
        if exchange.answered.kind != "json":
            return
        where = f"the answer to {self._shown(exchange)}"
        left = self._expectations.answer(exchange.answered.value, unknown)
        context = left.get(_CONTEXT) if isinstance(left, dict) else None
        if isinstance(left, dict) and isinstance(context, str) and fits_title(context):
            shown = self._writer.line(context, where)
            yield Step(keyword, f"I should receive a `{shown}` response")
            left = {key: each for key, each in left.items() if key != _CONTEXT}
        if left not in (None, {}):
            block = self._writer.json(left, f"{where}: $")
            yield Step(keyword, "the last response should match", block, "json")

    def _can_be_asked(self, value: str) -> bool:
        """Whether a query value is the same each time, and no pattern to the mock."""
        return self._expectations.is_stable(value) and not _REGEX.fullmatch(value)

    def _third_party(self, exchange: Exchange) -> str:
        host = exchange.observed.host
        return f"{self._mock_url}/{host}" if self._mock_url else f"https://{host}"

    def _address(self, exchange: Exchange) -> str:
        return f"/{exchange.observed.host}{exchange.request.path}"

    def _shown(self, exchange: Exchange) -> str:
        path = self._writer.shown(exchange.request.path)
        return f"{exchange.request.method} {exchange.observed.host}{path}"

    def _note(self, text: str) -> None:
        self.notes[text] = None


def shadow_pages(exchange: Exchange) -> list[tuple[str, object]]:
    """What a request for device shadows was answered, as a page for each device; [] if it is no
    such request, or the answer is not such pages."""
    request, response = exchange.request, exchange.response
    is_asked = (exchange.observed.host, request.method, request.path) == (
        ROOT_HOST,
        "GET",
        SHADOW_PATH,
    ) and set(SHADOW_QUERY) <= set(request.query)
    if not is_asked or response is None or response.status != 200:
        return []
    match exchange.answered.value:
        case {"items": list(items), **others} if set(others) <= {"total"}:
            own = {
                device_id: [each for each in items if _id_of(each) == device_id]
                for device_id in device_ids(request.query)
            }
            if sum(map(len, own.values())) == len(items):
                return [
                    (device_id, {"items": of, "total": len(of)}) for device_id, of in own.items()
                ]
    return []


def _id_of(item: object) -> object:
    return item.get("id") if isinstance(item, dict) else None


def _polled(event: Event) -> str:
    if event.times < 2:
        return ""
    return f"Asked for {event.times} times in the recording; this answer is repeated."

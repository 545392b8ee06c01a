from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import pytest

from harness.capabilities.rest import Rest, describe
from harness.capabilities.values import Values
from harness.core.http_text import HttpResponse
from harness.core.ids import StoryIds
from harness.core.redaction import Redactor
from harness.core.retry import Budgets
from harness.drivers.loop import LoopThread
from harness.drivers.network import ConnectionRefused
from harness.drivers.rest import RestClient
from harness.errors import Seen, StepFailure

JSON = (("Content-Type", "application/json"),)
OK = HttpResponse(200, "OK", JSON, b'{"n": 1}')
Sent = tuple[str, str, tuple[tuple[str, str], ...], bytes | None]


class FakeClient(RestClient):
    """Gives one outcome after the other; the last one again and again."""

    def __init__(self, *outcomes: HttpResponse | StepFailure) -> None:
        super().__init__()
        self._outcomes = list(outcomes)
        self.sent: list[Sent] = []

    async def request(
        self,
        method: str,
        url: str,
        headers: Sequence[tuple[str, str]] = (),
        body: bytes | None = None,
        timeout: float | None = None,  # noqa: ASYNC109, ARG002 - what it stands for has it
    ) -> HttpResponse:
        self.sent.append((method, url, tuple(headers), body))
        outcome = self._outcomes.pop(0) if len(self._outcomes) > 1 else self._outcomes[0]
        if isinstance(outcome, StepFailure):
            raise outcome
        return outcome


def rest(
    loop: LoopThread, *outcomes: HttpResponse | StepFailure, budgets: Budgets | None = None
) -> tuple[Rest, FakeClient, Values]:
    client = FakeClient(*outcomes)
    values = Values({}, lambda: 0, Random(1), StoryIds())
    redactor = Redactor({"hush-hush"})
    return (
        Rest(loop, client, values, budgets or Budgets(), lambda: redactor),
        client,
        values,
    )


REFUSED = ConnectionRefused("GET http://a: refused")


def test_a_service_that_is_not_up_yet_is_waited_for(loop: LoopThread) -> None:
    sender, client, _ = rest(loop, REFUSED, REFUSED, OK)
    sender.send("GET", "http://a", None, "", 5)
    assert len(client.sent) == 3
    sender.check_status("200")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("retries", [None, 0])
def test_it_is_not_waited_for_otherwise(loop: LoopThread, method: str, retries: int | None) -> None:
    sender, client, _ = rest(loop, REFUSED, OK)
    with pytest.raises(StepFailure, match="refused"):
        sender.send(method, "http://a", None, "", retries)
    assert len(client.sent) == 1
    with pytest.raises(StepFailure, match="no response yet"):
        sender.check_status("200")


def test_what_fails_otherwise_may_have_had_effects_and_is_not_sent_again(loop: LoopThread) -> None:
    sender, client, _ = rest(loop, StepFailure("the connection was closed"), OK)
    with pytest.raises(StepFailure, match="the connection was closed") as caught:
        sender.send("POST", "http://a", None, "", 5)
    assert len(client.sent) == 1
    assert caught.value.final


def test_refused_to_the_end(loop: LoopThread) -> None:
    sender, client, _ = rest(loop, REFUSED, budgets=Budgets(scale=0.05))
    with pytest.raises(StepFailure, match=r"Tried \d+ times in 0\.\d s"):
        sender.send("GET", "http://a", None, "", 2)
    assert len(client.sent) > 1


@pytest.mark.parametrize(
    ("method", "retries", "soon", "seconds"),
    [
        ("GET", None, False, 0.0),
        ("GET", None, True, 15.0),
        ("HEAD", None, True, 15.0),
        ("POST", None, True, 0.0),
        ("OPTIONS", None, True, 0.0),
        ("POST", 10, False, 75.0),
        ("GET", 10, True, 75.0),
        ("GET", 0, True, 0.0),
    ],
)
def test_how_long_an_assertion_may_ask_again(
    loop: LoopThread, method: str, retries: int | None, soon: bool, seconds: float
) -> None:
    sender, _, _ = rest(loop, OK)
    assert sender.budget(soon) == 0.0
    sender.send(method, "http://a", None, "", retries)
    assert sender.budget(soon) == seconds


def test_headers_are_for_one_request_and_its_repetitions(loop: LoopThread) -> None:
    sender, client, _ = rest(loop, OK)
    sender.again()
    assert client.sent == []
    sender.add_header("X-A", "1")
    sender.add_header("X-A", "2")
    sender.send("POST", "http://a", "{}", "json")
    sender.again()
    sender.send("POST", "http://a", "{}", "json")
    defaults = (("Accept", "application/json"), ("Content-Type", "application/json"))
    own = (("X-A", "1"), ("X-A", "2"))
    assert [sent[2] for sent in client.sent] == [own + defaults, own + defaults, defaults]


@pytest.mark.parametrize(("name", "value"), [("a b", "x"), ("", "x"), ("a", "x\r\ny: z")])
def test_headers_that_cannot_be_sent(loop: LoopThread, name: str, value: str) -> None:
    sender, client, _ = rest(loop, OK)
    with pytest.raises(StepFailure):
        sender.add_header(name, value)
    sender.send("GET", "http://a", None, "")
    assert client.sent[0][2] == (("Accept", "application/json"),)


def test_an_answer_of_a_failed_request_is_not_the_one_before(loop: LoopThread) -> None:
    sender, _, _ = rest(loop, OK, REFUSED)
    sender.send("GET", "http://a", None, "")
    with pytest.raises(StepFailure, match="refused"):
        sender.send("GET", "http://a", None, "")
    with pytest.raises(StepFailure, match="no response yet"):
        sender.check(None, {}, exact=False)


@pytest.mark.parametrize(
    ("expected", "holds"),
    [("200", True), ("2xx", True), ("2XX", True), ("201", False), ("4xx", False)],
)
def test_status_codes_and_classes(loop: LoopThread, expected: str, holds: bool) -> None:
    sender, _, _ = rest(loop, OK)
    sender.send("GET", "http://a", None, "")
    if holds:
        sender.check_status(expected)
        return
    with pytest.raises(StepFailure, match=f"expected the status code {expected}, got 200"):
        sender.check_status(expected)


@pytest.mark.parametrize(
    "expected", ["", "20", "2000", "xxx", "axx", "6xx", "2x0", "²00", "\uff12\uff10\uff10"]
)
def test_what_is_no_status_code(loop: LoopThread, expected: str) -> None:
    sender, _, _ = rest(loop, OK)
    sender.send("GET", "http://a", None, "")
    with pytest.raises(StepFailure, match="is no status code") as caught:
        sender.check_status(expected)
    assert caught.value.final


def test_secrets_are_hidden_wherever_they_come_up(loop: LoopThread) -> None:
    body = b'{"note": "hush-hush", "token": "t0psecret"}'
    answer = HttpResponse(200, "", (*JSON, ("Set-Cookie", "sid=c00kie")), body)
    sender, _, _ = rest(loop, answer)
    sender.send("GET", "http://a?fingerprint=92b.y7i24q&x=hush-hush", None, "")
    texts = []
    for check in (
        lambda: sender.check_status("201"),
        lambda: sender.check_context("x"),
        lambda: sender.check(None, {"note": "x", "token": "y"}, exact=True),
        lambda: sender.check("token", "y", exact=True),
        lambda: sender.check_header("Set-Cookie", "x", pattern=False),
        lambda: sender.check_header("Set-Cookie", "^x", pattern=True),
        lambda: sender.store("nothing", "x"),
    ):
        with pytest.raises(StepFailure) as caught:
            check()
        texts.append(str(caught.value))
    for text in texts:
        for secret in ("hush-hush", "t0psecret", "c00kie", "92b.y7i24q"):
            assert secret not in text


def test_an_answer_is_described_within_bounds() -> None:
    long = HttpResponse(200, "OK", JSON, b"[" + b"1," * 100_000 + b"1]")
    lines = describe(long)
    assert len(lines) == 28
    assert lines[-1] == "… and 99978 more lines"
    wide = HttpResponse(500, "", (), b"x" * 100_000)
    assert describe(wide) == ["HTTP 500", "x" * 200]
    assert describe(HttpResponse(204, "No Content")) == ["HTTP 204 No Content"]
    assert describe(HttpResponse(200, "OK", (), b"\xff\x00")) == ["HTTP 200 OK", "\\xff\x00"]


def test_values_are_stored_from_an_answer(loop: LoopThread) -> None:
    sender, _, values = rest(loop, OK)
    sender.send("GET", "http://a", None, "")
    sender.store("n + 1", "more")
    assert values.own == {"more": 2}


def test_a_failure_knows_what_was_seen(loop: LoopThread) -> None:
    answer = HttpResponse(404, "", (*JSON, ("ETag", "5")), b'{"@context": "a", "token": "t"}')
    mine, _, _ = rest(loop, answer)
    mine.send("GET", "http://localhost/", None, "")

    def seen(check: Callable[[], None]) -> Seen | None:
        with pytest.raises(StepFailure) as caught:
            check()
        return caught.value.seen

    assert seen(lambda: mine.check_status("2xx")) == Seen("404", instead_of="2xx")
    assert seen(lambda: mine.check_context("b")) == Seen("a", instead_of="b")
    assert seen(lambda: mine.check_header("etag", "6", pattern=False)) == Seen("5", False, "6")
    assert seen(lambda: mine.check_header("etag", "6", pattern=True)) is None
    assert seen(lambda: mine.check_header("none", "6", pattern=False)) is None
    body = {"@context": "a", "token": "t"}
    assert seen(lambda: mine.check(None, {"x": 1}, exact=True)) == Seen(body, exact=True)
    assert seen(lambda: mine.check("$.token", "x", exact=False)) is None
    assert seen(lambda: mine.check("$.nothing", "x", exact=False)) is None

"""Calls of a journal as what was observed, and as lines for a person."""

from __future__ import annotations

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.recorder.seen import line, observed
from mock_nrfcloud.upstream import UPSTREAM
from mock_nrfcloud.values import ROOT_HOST, Call


def call(stub: str, status: int = 200, headers: Pairs = ()) -> Call:
    request = HttpRequest("GET", "/device", (("fingerprint", "29a.k7m3xq"),))
    return Call(1, 10.0, 0.5, ROOT_HOST, request, HttpResponse(status, headers=headers), stub)


def test_what_the_upstream_answers_is_answered_by_nobody_else() -> None:
    seen = observed(call(UPSTREAM), "cloud")
    assert (seen.at, seen.took, seen.side, seen.host) == (10.0, 0.5, "cloud", ROOT_HOST)
    assert (seen.answered_by, seen.note) == ("", "")
    assert seen.response
    assert observed(call("a-stub"), "cloud").answered_by == "a-stub"


def test_on_the_side_of_the_service_there_is_no_host() -> None:
    assert observed(call(UPSTREAM), "service").host == ""


def test_what_nobody_answers_has_no_answer_but_a_note() -> None:
    seen = observed(call("", 502), "cloud", "it is down")
    assert (seen.response, seen.note) == (None, "it is down")
    assert observed(call("", 404), "cloud").note == "no stub answered it"


def test_lines_say_who_answered_and_how() -> None:
    asked = "GET /device?fingerprint=[redacted]"
    assert line(call(UPSTREAM), "service") == f"service {asked} -> 200, 0.50 s"
    assert line(call("a-stub"), "cloud") == f"cloud   {asked} -> 200 (by a stub), 0.50 s"
    assert line(call("", 502), "cloud", "down") == f"cloud   {asked} -> 502, 0.50 s: down"
    moved = call(UPSTREAM, 301, (("Location", "https://elsewhere.example"),))
    told = f"cloud   {asked} -> 301, 0.50 s: the redirect is not followed here"
    assert line(moved, "cloud") == told


def test_a_terminal_acts_on_nothing_in_a_line() -> None:
    request = HttpRequest("GET", "/\x1b[31m", (("x", "\nservice GET /forged\0"),))
    seen = Call(1, 10.0, 0.5, ROOT_HOST, request, HttpResponse(200), UPSTREAM)
    assert line(seen, "cloud").isprintable()

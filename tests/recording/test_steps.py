"""The steps for messages of all kinds, and what is noted of those that no step can send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.recording.bodies import MAX_BODY
from harness.recording.compose import compose
from harness.recording.model import Composed, KnownDevice, Observed, Options, Recording
from tests.recording.calls import BEGIN, DEVICE, cloud, shadow, user

JSON_UTF8 = "application/json; charset=utf-8"


def composed(*observed: Observed) -> Composed:
    return compose(Recording(observed, (), (DEVICE,)), Options())


def posted(content_type: str, body: bytes) -> str:
    headers: Pairs = (("Content-Type", content_type),) if content_type else ()
    request = HttpRequest("POST", "/x", (), headers, body)
    call = Observed(BEGIN, 0.1, "service", "", request, HttpResponse(204))
    return composed(call).text


def answered(content_type: str, body: bytes) -> Composed:
    response = HttpResponse(200, "", (("Content-Type", content_type),), body)
    return composed(replace(cloud(0, "GET /v1/x"), response=response))


def test_bodies_of_the_user() -> None:
    assert "When I `POST` `${APIURL}/x` with\n\n```json\n[1]\n```" in posted(
        "application/json", b"[1]"
    )
    assert "header of the next request" not in posted("application/json", b"[1]")
    assert f"Given the `Content-Type` header of the next request is\n`{JSON_UTF8}`" in posted(
        JSON_UTF8, b"[1]"
    )
    form = "application/x-www-form-urlencoded"
    assert f"with\n\n```{form}\na=1&b=2\n```" in posted(form, b"a=1&b=2")
    assert "with\n\n```text/plain\nx ${'$'}{y}\n```" in posted("text/plain", b"x ${y}")
    assert "with\n\n```\n{\n```" in posted("", b"{")
    for strange in ("a`b", "```", "x y"):  # none of them can stand behind a fence
        assert "with\n\n```\n{\n```" in posted(strange, b"{")
    assert "with\n\n```application/json\n{\n```" in posted("application/json", b"{")


def test_a_body_that_no_step_can_send_is_told() -> None:
    request = HttpRequest("POST", "/x", (), (("Content-Type", "image/png"),), b"\xff")
    made = composed(Observed(BEGIN, 0.1, "service", "", request, HttpResponse(204)))
    assert "<!-- Its body is not text: no step can send it. -->\n\nWhen I `POST`" in made.text
    assert made.notes == (
        "the request POST /x has a body that is not text, which no step can send",
    )


def test_answers_that_are_no_json() -> None:
    assert "Content-Type: text/html\n\n<p>" in answered("text/html", b"<p>").text
    assert (
        "Content-Type: application/octet-stream\n\nff00\n" in answered("image/png", b"\xff\0").text
    )
    assert answered("application/octet-stream", b"\xff\0").notes == ()
    (note,) = answered("image/png", b"\xff\0").notes
    assert note.endswith(
        ": it is not text: its bytes can only be written as application/octet-stream"
    )


def test_a_request_that_no_block_can_say_is_expected_with_any_body() -> None:
    call = cloud(0, "POST /v1/x", body={})
    request = HttpRequest("POST", "/v1/x", (), (("Content-Type", "image/png"),), b"\xff\0")
    made = composed(replace(call, request=request))
    assert "```\nPOST /v1/x HTTP/1.1\nContent-Type: image/png\n```" in made.text
    assert made.notes[-1] == ("the request POST api.nrfcloud.com/v1/x: its body is not compared")


def test_an_answer_that_is_not_what_it_says() -> None:
    made = answered("application/json", b'{"a": ')
    assert '\n\n{"a": \n```' in made.text
    (note,) = made.notes
    assert note.startswith(
        "the answer to GET api.nrfcloud.com/v1/x: it is labelled JSON, but is none: "
    )
    (note,) = answered("text/plain", b"\xff").notes
    assert note.endswith("it is labelled text/plain, but its byte 0 is not UTF-8")


def test_what_is_cut_is_told() -> None:
    made = answered("text/plain", b"ab" * MAX_BODY)
    assert len(made.text) < MAX_BODY + 1000
    what = "only the first 262,144 of its 524,288 bytes are here"
    assert made.notes == (f"the answer to GET api.nrfcloud.com/v1/x: {what}",)
    assert f"<!-- Attention: {what}. -->" in made.text
    assert "ää" in answered("text/plain", b"x" + "ä".encode() * MAX_BODY).text
    assert "application/octet-stream" in answered("text/plain", b"\xff" * (MAX_BODY + 1)).text


def test_a_block_that_holds_fences_is_fenced_by_more() -> None:
    assert (
        "````\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\n```\nx\n```\n````"
        in answered("text/plain", b"```\nx\n```").text
    )


def test_shadows_of_several_devices_are_set_one_by_one() -> None:
    call = shadow(0, "1.0.0", 1)
    response = HttpResponse(
        200, "", (("Content-Type", "application/json"),), b'{"items": [{"id": "b"}], "total": 1}'
    )
    query = (("deviceIds", "a,b"), *call.request.query[1:])
    made = composed(replace(call, request=replace(call.request, query=query), response=response))
    assert 'data for `a` in nRF Cloud\n\n```json\n{ "items": [], "total": 0 }\n```' in made.text
    assert '`b` in nRF Cloud\n\n```json\n{ "items": [{ "id": "b" }], "total": 1 }' in made.text


@pytest.mark.parametrize(
    "body", [b"[]", b'{"items": [{"id": "other"}]}', b'{"items": [], "pageNextToken": "x"}', b"x"]
)
def test_what_is_no_page_of_shadows_is_queued(body: bytes) -> None:
    call = shadow(0, "1.0.0", 1)
    response = HttpResponse(200, "", (("Content-Type", "application/json"),), body)
    text = " ".join(composed(replace(call, response=response)).text.split())
    assert "queued for a `GET /v1/devices?deviceIds=${fingerprint_deviceId}&includeState=" in text


def test_devices_of_other_accounts_and_models() -> None:
    devices = (
        KnownDevice("tracker", "PCA20065", "elite", "oob-350006661234563", "29a.k7m3xq"),
        KnownDevice("other", "unsupported", "default", "d-1-2-3-4", "29a.k7m3xr"),
    )
    text = compose(Recording((cloud(0, "GET /v1/x"),), (), devices), Options()).text
    text = " ".join(text.split())
    assert "fingerprint for a `PCA20065` device in the `elite` account in `tracker`" in text
    assert "I have the fingerprint for an unsupported device in `other`" in text


def test_calls_without_an_answer_are_told() -> None:
    lost = replace(cloud(0, "GET /v1/x"), response=None, note="no stub answered it")
    made = composed(lost, lost, user(1, "GET /y", "fine", query=()))
    assert "/v1/x" not in made.text
    assert made.notes == (
        "GET api.nrfcloud.com/v1/x was not answered (2 times): no stub answered it",
    )
    made = composed(replace(user(0, "GET /y", query=()), response=None, note="it is not up"))
    assert made.notes == ("GET /y was not answered: it is not up",)


def test_credentials_of_the_user_are_not_written_but_told() -> None:
    call = user(0, "GET /y", "fine", query=())
    headers = (("Authorization", "Bearer abcdefgh"),)
    made = composed(replace(call, request=replace(call.request, headers=headers)))
    assert made.notes == ("the request GET /y had credentials, which are not written",)
    assert "<!-- The request had an Authorization header" in made.text


def test_a_call_that_came_again_is_counted_from_the_beginning() -> None:
    made = composed(*(cloud(at, "POST /v1/x", body={}) for at in (0, 1, 10)))
    text = " ".join(made.text.split())
    assert text.count("should have been called at least `2` times with") == 1
    assert text.count("should have been called at least `3` times with") == 1


def test_a_time_that_the_service_sends_is_not_compared() -> None:
    made = composed(
        cloud(0, "POST /v1/x", body={"at": "2026-11-21T16:00:00.000Z", "seconds": int(BEGIN)})
    )
    assert "should have been called with a request matching" in " ".join(made.text.split())
    assert '{ "at": "#iso8601", "seconds": "#number" }' in made.text


def test_a_query_that_is_another_one_in_each_run_is_not_asked_for() -> None:
    query = (("end", "2026-11-21T16:00:00.000Z"), ("re", "/x/"), ("deviceId", "d"))
    made = composed(cloud(0, "GET /v1/location/history", {"items": []}, query=query))
    assert "`GET /v1/location/history?deviceId=d`" in made.text


def test_only_what_tells_something_is_expected_of_an_answer() -> None:
    made = composed(user(0, "GET /y", {"items": [{"n": each} for each in range(9)]}, query=()))
    assert '{ "items": [{ "n": 0 }, { "n": 1 }, { "n": 2 }] }' in made.text
    made = composed(user(0, "GET /y", {"at": "2026-11-21T16:00:00.000Z"}, query=()))
    assert "should match" not in made.text

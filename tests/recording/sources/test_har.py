"""HTTP archives as browsers and proxies write them."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest

from harness.errors import BddError
from harness.recording.sources.har import read_har

URL = "https://api.nrfcloud.com/v1/devices?deviceIds=a%2Cb&x="


def archive(**changes: object) -> bytes:
    """An archive with one entry, of which some members are replaced."""
    entry = {
        "startedDateTime": "2026-11-21T16:00:00.500Z",
        "time": 20.5,
        "request": {"method": "GET", "url": URL, "headers": [{"name": ":authority", "value": "x"}]},
        "response": {
            "status": 200,
            "statusText": "OK",
            "headers": [
                {"name": "content-type", "value": "application/json"},
                {"name": "content-encoding", "value": "br"},
            ],
            "content": {"text": '{"a": "ä"}', "size": 10, "mimeType": "application/json"},
        },
        "timings": {},
        **changes,
    }
    return json.dumps({"log": {"version": "1.2", "entries": [entry]}}).encode()


def test_an_entry_is_a_call() -> None:
    (call,) = read_har(b"\xef\xbb\xbf" + archive(), "a.har")
    assert (call.at, call.took, call.side) == (1795276800.5, 0.0205, "cloud")
    assert (call.host, call.request.path) == ("api.nrfcloud.com", "/v1/devices")
    assert call.request.query == (("deviceIds", "a,b"), ("x", ""))
    assert call.request.headers == ()
    assert call.request.body is None
    assert call.response
    assert call.response.headers == (("content-type", "application/json"),)
    assert call.response.body == '{"a": "ä"}'.encode()


def test_calls_to_the_service_are_the_users() -> None:
    request = {
        "method": "post",
        "url": "http://localhost:3000/feedback",
        "postData": {"mimeType": "application/json", "text": "{}"},
    }
    (call,) = read_har(archive(request=request), "a.har", "http://localhost:3000")
    assert (call.side, call.host, call.request.method) == ("service", "", "POST")
    assert call.request.header("content-type") == "application/json"
    assert call.request.body == b"{}"
    (other,) = read_har(archive(request=request), "a.har", "http://localhost:3001")
    assert other.side == "cloud"


@pytest.mark.parametrize("url", ["data:image/png;base64,AA", "blob:https://x/1", "wss://x/live"])
def test_what_is_no_call_of_http_is_left_out(url: str) -> None:
    assert read_har(archive(request={"method": "GET", "url": url}), "a.har") == ()


def test_members_may_be_null() -> None:
    response = {"status": 200, "statusText": None, "content": {"text": None, "encoding": None}}
    post = {"mimeType": None, "text": None, "params": [{"name": "a", "value": None}]}
    request = {"method": "POST", "url": URL, "postData": post}
    (call,) = read_har(archive(request=request, response=response), "a.har")
    assert call.response
    assert (call.response.reason, call.response.body, call.request.body) == ("", b"", b"a=")


def test_a_method_that_is_none_is_refused() -> None:
    with pytest.raises(BddError, match=r"a\.har: log\.entries\[0\]: 'X\\nY' is no method"):
        read_har(archive(request={"method": "x\ny", "url": URL}), "a.har")


def test_a_form_is_sent_as_its_fields_are() -> None:
    form = {
        "mimeType": "application/x-www-form-urlencoded",
        "params": [{"name": "a", "value": "ä"}],
    }
    request = {"method": "POST", "url": "http://x/", "postData": form}
    (call,) = read_har(archive(request=request), "a.har")
    assert call.request.body == b"a=%C3%A4"


def test_bytes_are_kept() -> None:
    content = {"text": b64encode(b"\xff\x00").decode(), "encoding": "base64"}
    (call,) = read_har(archive(response={"status": 200, "content": content}), "a.har")
    assert call.response
    assert call.response.body == b"\xff\x00"


def test_what_was_never_answered_has_no_answer() -> None:
    (call,) = read_har(archive(response={"status": 0}), "a.har")
    assert call.response is None
    assert call.note


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"{", "a.har is no HTTP archive (HAR): Input data was truncated"),
        (b"[" * 100_000, "a.har is no HTTP archive (HAR): Expected `object`, got `array`"),
        (b'{"log": {}}', "a.har is no HTTP archive (HAR): Object missing required field `entries`"),
        (b"\xff\xfe", "a.har is no HTTP archive (HAR): JSON is malformed"),
        (
            archive(request={"method": "GET", "url": "http://[::1"}),
            "a.har: log.entries[0]: Invalid",
        ),
        (archive(startedDateTime="yesterday"), "a.har: log.entries[0]: Invalid isoformat string"),
        (
            archive(response={"status": 200, "content": {"text": "abc", "encoding": "base64"}}),
            "a.har: log.entries[0]: ",
        ),
    ],
)
def test_what_is_wrong_is_told(data: bytes, error: str) -> None:
    with pytest.raises(BddError) as raised:
        read_har(data, "a.har")
    assert str(raised.value).startswith(error)

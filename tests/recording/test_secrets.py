"""Secrets that were planted in a recording are in nothing that comes out of it."""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.generators import luhn_digit
from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.errors import SettingsError
from harness.recording.compose import compose
from harness.recording.model import Composed, KnownDevice, Mark, Observed, Options, Recording
from mock_nrfcloud.values import ROOT_HOST
from tests.recording import calls
from tests.recording.calls import BEGIN

words = st.text("abcdefghijkmnpqrstuvwxyzABC0123456789", min_size=8, max_size=16)
ODD = st.sampled_from(["", "+", "/", "=", "ä", " ", '"', "\\", "%41"])
secrets = st.tuples(words, ODD, words).map("".join)
digits = st.integers(10**13, 10**14 - 1).map(str)
imeis = digits.map(lambda body: body + luhn_digit(body))
iccids = st.integers(0, 10**18 - 1).map(lambda number: f"89{number:018}")
tokens = st.tuples(words, words, words).map(lambda parts: f"eyJ{'.'.join(parts)}")


def everything(composed: Composed) -> str:
    """All that is written or shown."""
    return "\n".join((composed.text, repr(composed.replacements), *composed.notes))


def planted(value: str) -> list[object]:
    """JSON in which a value stands in several ways."""
    return [value, f"x {value}", {value: 1}, {"deep": [{"er": value}]}, f"a{value}b"]


def flow(headers: Pairs, query: Pairs, member: str, secret: str) -> Recording:
    """A secret is told of once, in its place, and then stands everywhere."""
    everywhere = json.dumps(planted(secret)).encode()
    once = json.dumps({member: secret, "deep": {member: [secret]}}).encode()

    def call(at: float, body: bytes, path: str) -> Observed:
        request = HttpRequest("POST", path, query, (*calls.JSON, *headers), body)
        answer = HttpResponse(200, "", (*calls.JSON, ("Location", f"/x?y={secret}")), body)
        side = "service" if at > 1 else "cloud"
        host = "" if at > 1 else ROOT_HOST
        return Observed(
            BEGIN + at, 0.1, "service" if side == "service" else "cloud", host, request, answer
        )

    return Recording(
        (
            call(0, once, "/v1/a"),
            call(1, everywhere, f"/v1/{secret}/b"),
            call(2, everywhere, f"/x/{secret}"),
            replace(call(3, everywhere, "/v1/none"), response=None, note=f"no {secret}"),
            Observed(
                BEGIN + 4,
                0.1,
                "cloud",
                "files.example.com",
                HttpRequest(
                    "PUT", "/raw", (), (("Content-Type", "image/png"),), secret.encode() + b"\xff"
                ),
                HttpResponse(200, "", (("Content-Type", "text/plain"),), f"<{secret}>".encode()),
            ),
        ),
        (Mark(BEGIN, f"Mark {secret}"),),
    )


def assert_covered(recording: Recording, secret: str, *rules: str) -> None:
    options = Options(f"Title {secret}", redact=rules, draft=f"because of {secret}")
    text = everything(compose(recording, options))
    for form in (secret, json.dumps(secret)[1:-1], secret.encode().hex()):
        assert form not in text


@given(secrets)
def test_credentials_in_headers(secret: str) -> None:
    token = b64encode(secret.encode()).decode()
    assert_covered(flow((("Authorization", f"Bearer {token}"),), (), "a", token), token)
    assert_covered(flow((("Cookie", f"a=1; sid={token}"),), (), "a", token), token)
    assert_covered(flow((("X-Api-Key", secret),), (), "a", secret), secret)


@given(secrets, st.sampled_from(["token", "apiKey", "Fingerprint", "password"]))
def test_what_bears_the_name_of_a_secret(secret: str, name: str) -> None:
    assert_covered(flow((), (), name, secret), secret)
    assert_covered(flow((), ((name, secret),), "a", secret), secret)


@given(secrets)
def test_what_a_rule_names(secret: str) -> None:
    assert_covered(flow((), (), "pin", secret), secret, "$..pin")
    assert_covered(flow((), (), "pin", secret), secret, "$.pin", "$.deep.pin[*]")
    assert_covered(flow((), (), "pin", secret), secret, "$.deep", "$.pin")


@given(tokens)
def test_tokens_by_their_form(token: str) -> None:
    recording = flow((), (), "a", token)
    # Within a word it is not known for one.
    bodies = json.dumps([token, f"x {token}"]).encode()
    observed = tuple(
        replace(each, request=replace(each.request, body=bodies), response=None)
        for each in recording.observed[:2]
    )
    assert_covered(replace(recording, observed=observed), token)


def test_keys_and_certificates_by_their_form() -> None:
    for kind in ("EC PRIVATE KEY", "CERTIFICATE"):
        pem = f"-----BEGIN {kind}-----\nMIIBszCCAVmgAwIBAgIU\n-----END {kind}-----\n"
        text = everything(compose(flow((), (), "a", pem), Options()))
        assert "MIIBszCCAVmgAwIBAgIU" not in text


@given(imeis, st.sampled_from(["imei", "serial"]))
def test_imeis(imei: str, name: str) -> None:
    assert_covered(flow((), (), name, imei), imei)
    body = json.dumps({name: int(imei), "id": f"oob-{imei}"}).encode()
    call = calls.cloud(0, "GET /v1/x")
    answered = replace(call, response=HttpResponse(200, "", calls.JSON, body))
    assert str(int(imei)) not in compose(Recording((answered,)), Options()).text


@given(iccids, st.sampled_from(["iccid", "simIccid", "serial"]))
def test_iccids(iccid: str, name: str) -> None:
    if name == "serial":
        call = calls.cloud(0, "POST /v1/x", planted(iccid)[:4], body={"a": int(iccid)})
        text = everything(compose(Recording((call,)), Options()))
        assert iccid not in text.replace(f"a{iccid}b", "")
    else:
        assert_covered(flow((), (), name, iccid), iccid)


def test_identities_stay_if_that_is_allowed() -> None:
    call = calls.cloud(0, "GET /v1/x", {"imei": "350006660000009", "iccid": "8945042118021625486"})
    text = compose(Recording((call,)), Options(allow=frozenset({"imei"}))).text
    assert "350006660000009" in text
    assert "8945042118021625486" not in text
    text = compose(Recording((call,)), Options(allow=frozenset({"iccid"}))).text
    assert "${imei}" in text
    assert "8945042118021625486" in text


@given(words.map(lambda letters: f"29a.{letters}"))
def test_a_fingerprint_has_its_placeholder_or_is_covered(fingerprint: str) -> None:
    device = KnownDevice("tracker", "PCA20065", "default", "oob-350006661234563", fingerprint)
    recording = replace(
        flow((), (("fingerprint", fingerprint),), "a", fingerprint), devices=(device,)
    )
    text = everything(compose(recording, Options()))
    assert fingerprint not in text
    assert "?fingerprint=${tracker}" in text


def test_a_secret_does_not_keep_a_scenario_from_passing() -> None:
    call = calls.cloud(0, "POST /v1/x", {"token": "s3cr3t-s3cr3t"}, body={"token": "s3cr3t-s3cr3t"})
    text = compose(Recording((call,)), Options()).text
    assert "should have been called with a request matching" in " ".join(text.split())
    assert '{ "token": "#present" }' in text
    assert '{ "token": "[redacted]" }' in text


@pytest.mark.parametrize("rule", ["", "$.a[", "a b", "$..[?(@.x=="])
def test_a_rule_that_is_none_is_told(rule: str) -> None:
    with pytest.raises(SettingsError, match="is no JSONPath"):
        compose(Recording((calls.cloud(0, "GET /v1/x"),)), Options(redact=(rule,)))

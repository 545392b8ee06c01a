"""No secret of a session is in any file or log of it: it is searched for."""

from __future__ import annotations

import json
import urllib.request
from pathlib import Path

import pytest

from tests.recorder.cloud import BUNDLE, cloud
from tests.recorder.driving import SETTINGS, Recorder, project, recording

SECRETS = {
    "API key": "planted-api-key-5f3a9c",
    "other API key": "planted-other-key-77b1",
    "bearer token": "planted.bearer.token-1c9e",
    "basic password": "cGxhbnRlZDpwYXNzd29yZA==",
    "cookie": "planted-session-cookie",
    "set cookie": "planted-new-cookie",
    "token in a query": "planted-query-token",
    "fingerprint": "29a.k7m3xq",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJwbGFudGVkIjoxfQ.c2lnbmF0dXJlLXBsYW50ZWQ",
    "private key": "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg",
    "certificate": "MIIBszCCAVmgAwIBAgIUPlantedCertificate",
    "IMEI": "355025930003908",
    "ICCID": "8931080620054055678",
    "ruled member": "planted-ruled-member",
    "ruled member of a request": "planted-ruled-request",
}
"""By what they are; each has a form, a name, or a rule by which it is known for a secret."""

KEYS = """
[report]
redact = ["$..owner", "$.bundleId.note"]

[accounts.other]
api_key_env = "OTHER_KEY"
"""
ENV = {"NRFCLOUD_API_KEY": SECRETS["API key"], "OTHER_KEY": SECRETS["other API key"]}

PLANTED = {
    "message": f"the key {SECRETS['API key']} of {SECRETS['IMEI']} is good, {SECRETS['JWT']} too",
    "fingerprint": SECRETS["fingerprint"],
    "simInfo": {"iccid": SECRETS["ICCID"], "imei": SECRETS["IMEI"]},
    "owner": SECRETS["ruled member"],
    "again": f"owned by {SECRETS['ruled member']}",
    "key": f"-----BEGIN PRIVATE KEY-----\n{SECRETS['private key']}\n-----END PRIVATE KEY-----\n",
    "cert": f"-----BEGIN CERTIFICATE-----\n{SECRETS['certificate']}\n-----END CERTIFICATE-----\n",
}


def drive(recorder: Recorder) -> None:
    """Secrets in all that is sent, on both sides of the service."""
    query = f"?fingerprint={recorder.fingerprint}"
    device = f"/device/{recorder.device}"
    headers = {
        "Authorization": f"Bearer {SECRETS['bearer token']}",
        "Cookie": f"session={SECRETS['cookie']}",
    }
    assert recorder.ask("GET", f"{device}/fota/bundles{query}", **headers)[0] == 200
    assert recorder.ask("GET", f"/device?fingerprint={SECRETS['fingerprint']}")[0] == 404
    token = f"&token={SECRETS['token in a query']}"
    recorder.ask("GET", f"{device}/fota/jobs{query}{token}")
    body = {"bundleId": {"note": SECRETS["ruled member of a request"]}, "imei": SECRETS["IMEI"]}
    recorder.ask("POST", f"{device}/fota{query}", body)
    recorder.mark(f"It is {SECRETS['IMEI']}, with {SECRETS['JWT']}")
    request = urllib.request.Request(
        f"{recorder.where['mock']}/v1/firmwares?imei={SECRETS['IMEI']}",
        headers={"Authorization": f"Basic {SECRETS['basic password']}"},
    )
    urllib.request.urlopen(request, timeout=30).close()


@pytest.mark.parametrize("proof", [(), ("--no-proof",)], ids=["proved", "draft"])
def test_no_secret_of_a_session_is_in_any_file_or_log(
    tmp_path: Path, proof: tuple[str, ...]
) -> None:
    project(tmp_path, SETTINGS + KEYS)
    arguments = ("--device", "PCA20065", "--out", "a.feature.md", *proof)
    with cloud() as upstream:
        upstream.planted = PLANTED
        upstream.cookie = f"session={SECRETS['set cookie']}; HttpOnly"
        with recording(tmp_path, "--upstream", upstream.url, *arguments, env=ENV) as recorder:
            drive(recorder)
            own = recorder.fingerprint
            recorder.stop()
            recorder.end()
        assert f"Bearer {SECRETS['API key']}" in upstream.keys
    files = {
        path: path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()
    }
    assert BUNDLE in files[tmp_path / "a.feature.md"]
    texts = {**files, "stdout": json.dumps(recorder.where) + recorder.out, "stderr": recorder.err}
    found = {
        (str(where), what)
        for where, text in texts.items()
        for what, secret in SECRETS.items()
        if secret in text
    }
    assert not found
    del texts["stdout"]  # there it has to be, for who is to use it
    assert not [where for where, text in texts.items() if own in text]

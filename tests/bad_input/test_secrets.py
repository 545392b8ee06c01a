"""No secret in anything that a failing run prints or writes: keys, tokens, fingerprints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.bad_input.live import COMMANDS, live, steps, troubled_project

API_KEY = "planted-api-key-4711"
TOKEN = "planted/admin+token?&=4711"
FORMATS = ["-f", "json", "-o", "out/json", "-f", "progress3", "-o", "out/progress", "-f", "plain"]
BEARER = "planted-bearer-4711"
KEY = "planted-private-key-4711"
BADGE = "planted-badge-4711"
PEM = f"-----BEGIN EC PRIVATE KEY-----\n{KEY}\n-----END EC PRIVATE KEY-----"
RULES = '[report]\nredact = ["$..badge"]\n'

# The service logs and answers all that it was sent, and each feature fails in another place.
FEATURES = {
    "answer": steps(
        "Answer",
        "Given I have the fingerprint for a `PCA20065` device in `fp`",
        "And the `Authorization` header of the next request is `Bearer ${bearer}`",
        "When I `GET` `${APIURL}/echo?fingerprint=${fp}`",
        'Then the last response should match\n\n```json\n{"never": true}\n```',
    ),
    "block": steps(
        "Block",
        "Given I have the fingerprint for a `PCA20065` device in `fp`",
        'When I `POST` to `${APIURL}/text` with\n\n```json\n{"fp": "${fp}"}\n```',
        "Then I store `fp & $nothing()` into `${fp}`",
    ),
    "key": steps(
        "Key",
        'When I `POST` to `${APIURL}/echo` with\n\n```json\n{"pem": "${pem}"}\n```',
        'Then the last response should match\n\n```json\n{"never": "${pem}"}\n```',
    ),
    "ruled": steps(
        "Ruled",
        "Given I have the fingerprint for a `PCA20065` device in `fp`",
        'When I `POST` to `${APIURL}/echo` with\n\n```json\n{"of": {"badge": "${badge}"}}\n```',
        'Then the last response should match\n\n```json\n{"never": "${badge}"}\n```',
    ),
    "title": steps(
        "Title",
        "Given I have the fingerprint for a `PCA20065` device in `fp`",
        "Then nobody defined this step for ${fp}",
    ),
    "websocket": steps(
        "Websocket",
        "Given I have the fingerprint for a `PCA20065` device in `fp`",
        "And I store `$base64encode(fp)` into `unused`",
        "When I connect to the websocket using fingerprint `${fp}`",
    ),
    "zz_dies": steps(
        "Zz dies",
        "Given I have the fingerprint for a `PCA20065` device in `fp`",
        "When I `GET` `${APIURL}/dies?token=${fp}`",
    ),
}


@pytest.mark.parametrize("more", [(), ("--jobs", "2")], ids=["one", "jobs"])
def test_nothing_shows_a_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...]
) -> None:
    monkeypatch.setenv("NRFCLOUD_API_KEY", API_KEY)
    monkeypatch.setenv("REFERENCE_SERVICE_ADMIN_TOKEN", TOKEN)
    features = {f"{name}.feature.md": text for name, text in FEATURES.items()}
    project = troubled_project(tmp_path, features, "shows-secrets", more=RULES)
    formats = [] if more else FORMATS
    values = ["-D", f"bearer={BEARER}", "-D", f"pem={PEM}", "-D", f"badge={BADGE}"]
    with live(project, *COMMANDS["run"], "--report", "out", *formats, *more, *values) as run:
        done = run.done()
    assert done.status == 1
    assert "0 scenarios passed, 7 failed" in done.out, done.text
    written = {path: path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    assert {path.name for path in written} >= {"results.json", "summary.md", "report.html"}
    assert len(written) > len(FEATURES) + 2, "JUnit files too"
    assert "[redacted]" in done.out
    fingerprints = (tmp_path / "fingerprints.txt").read_text().split()
    assert len(set(fingerprints)) == len(FEATURES) - 1
    for secret in (API_KEY, TOKEN, BEARER, KEY, BADGE, *fingerprints):
        for place, text in {"stdout": done.out, "stderr": done.err, **written}.items():
            found = re.search(f".*{re.escape(secret)}.*", text)
            assert found is None, f"{place}: {found and found[0]}"

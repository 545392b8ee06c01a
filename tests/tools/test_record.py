"""`nrfcloud-bdd record`, as people use it: a service is driven, and a scenario file is there."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import pytest

from tests.mock_nrfcloud.standalone import running
from tests.project import Done
from tests.recorder.cloud import BUNDLE, cloud
from tests.recorder.driving import SETTINGS, Recorder, project, recording

BUNDLES = "/fota/bundles"
OUT = "bundles.feature.md"
STUB = {
    "request": {"method": "GET", "urlPath": "/v1/firmwares"},
    "response": {"status": 200, "jsonBody": {"items": []}},
}


def ask_for_bundles(recorder: Recorder) -> None:
    path = f"/device/{recorder.device}{BUNDLES}?fingerprint={recorder.fingerprint}"
    status, found = recorder.ask("GET", path)
    assert (status, found["bundles"][0]["bundleId"]) == (200, BUNDLE)


def record(folder: Path, *arguments: str) -> Done:
    """A recording that ends before it begins."""
    return project(folder).run("harness.tools.cli", "record", *arguments)


def lint(folder: Path) -> str:
    return project(folder).run("harness.tools.cli", "lint", ".").text


def test_a_flow_becomes_a_file_that_passes(tmp_path: Path) -> None:
    project(tmp_path)
    with cloud() as upstream:
        arguments = ("--upstream", upstream.url, "--device", "PCA20065=tracker", "--out", OUT)
        with recording(tmp_path, *arguments) as recorder:
            ask_for_bundles(recorder)
            recorder.stop()
            assert recorder.end() == 0, recorder.err
    assert recorder.out == ""
    assert "\nThey pass.\n" in recorder.err
    assert "-> ${tracker_deviceId}: the ID of the device tracker (" in recorder.err
    assert recorder.err.endswith(f"Written: {OUT}\n")
    text = (tmp_path / OUT).read_text(encoding="utf-8")
    assert "\n# Bundles\n" in text
    assert "Given I have the fingerprint for a `PCA20065` device in `tracker`\n" in text
    assert "/device/${tracker_deviceId}/fota/bundles?fingerprint=${tracker}`\n" in text
    assert lint(tmp_path) == "1 file: clean\n"


def test_without_a_file_it_goes_to_stdout(tmp_path: Path) -> None:
    project(tmp_path)
    arguments = ("--device", "PCA20065", "--no-proof", "--title", "What there is")
    with cloud() as upstream, recording(tmp_path, "--upstream", upstream.url, *arguments) as it:
        ask_for_bundles(it)
        it.process.send_signal(signal.SIGINT)
        assert it.end() == 0, it.err
    assert "\n# What there is\n" in it.out
    assert "The scenarios are not run (--no-proof): the file is a draft.\n" in it.err
    assert "It has not been run." in it.out


def test_what_does_not_pass_is_a_draft(tmp_path: Path) -> None:
    service = """\
        import http.server, os, sys

        class Service(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = b'{"process": "number %d"}' % os.getpid()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
    """
    made = project(tmp_path, SETTINGS.replace("-m reference_service --port", "service.py"))
    made.write("service.py", service)
    with recording(tmp_path, "--upstream", "http://127.0.0.1:1", "--out", OUT) as recorder:
        recorder.ask("GET", "/process")
        recorder.stop()
        assert recorder.end() == 1
    assert "They do not pass, so the file is a draft:\n" in recorder.err
    assert 'process: expected "number ' in recorder.err
    text = (tmp_path / OUT).read_text(encoding="utf-8")
    assert "It did not pass when it was recorded." in text
    assert "warning: this is a draft: It did not pass when it was recorded: run it, " in (
        made.run("harness.tools.cli", "lint", ".").out
    )


def test_a_file_that_is_there_is_not_recorded_over(tmp_path: Path) -> None:
    file = tmp_path / OUT
    file.write_text("mine")
    done = record(tmp_path, "--upstream", "http://127.0.0.1:1", "--out", OUT)
    assert (done.status, done.out) == (2, "")
    assert done.err == f"{OUT} is there already: --force replaces it\n"
    assert file.read_text() == "mine"


def test_a_file_that_comes_meanwhile_stays_and_nothing_is_lost(tmp_path: Path) -> None:
    project(tmp_path)
    file = tmp_path / OUT
    arguments = ("--device", "PCA20065", "--no-proof", "--out", OUT)
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    env = {"TMPDIR": str(temporary)}
    with (
        cloud() as upstream,
        recording(tmp_path, "--upstream", upstream.url, *arguments, env=env) as recorder,
    ):
        ask_for_bundles(recorder)
        file.write_text("mine")
        recorder.stop()
        assert recorder.end() == 2
    assert f"{OUT} is there already: --force replaces it\n" in recorder.err
    assert file.read_text() == "mine"
    (kept,) = temporary.glob("recorded-*.feature.md")
    assert recorder.err.endswith(f"It is kept in {kept}\n")
    assert "\n# Bundles\n" in kept.read_text()


def test_a_folder_that_goes_meanwhile(tmp_path: Path) -> None:
    project(tmp_path)
    (tmp_path / "features").mkdir()
    arguments = ("--device", "PCA20065", "--no-proof", "--out", f"features/{OUT}")
    env = {"TMPDIR": str(tmp_path / "no")}  # Python then takes the next best
    with (
        cloud() as upstream,
        recording(tmp_path, "--upstream", upstream.url, *arguments, env=env) as recorder,
    ):
        ask_for_bundles(recorder)
        shutil.rmtree(tmp_path / "features")
        recorder.stop()
        assert recorder.end() == 2
    assert f"features/{OUT} cannot be written: No such file or directory\n" in recorder.err
    kept = Path(recorder.err.rpartition("It is kept in ")[2].strip())
    assert "\n# Bundles\n" in kept.read_text()
    kept.unlink()


def test_when_nothing_comes_nothing_is_written(tmp_path: Path) -> None:
    project(tmp_path)
    with recording(tmp_path, "--upstream", "http://127.0.0.1:1", "--out", OUT) as recorder:
        recorder.process.send_signal(signal.SIGTERM)
        assert recorder.end() == 1
    assert recorder.err.endswith("Nothing was recorded, so nothing is written.\n")
    assert not (tmp_path / OUT).exists()


def test_what_differs_between_two_recordings_is_found(tmp_path: Path) -> None:
    project(tmp_path)
    with cloud() as upstream:
        arguments = ("--upstream", upstream.url, "--device", "PCA20065", "--twice", "--out", OUT)
        with recording(tmp_path, *arguments) as recorder:
            for again in (False, True):
                if again:
                    recorder.begin()
                upstream.planted = {"serial": f"differs-{again}"}
                ask_for_bundles(recorder)
                recorder.stop()
            assert recorder.end() == 0, recorder.err
    for which in ("first", "second"):
        assert f"This is the {which} of two recordings of the same.\n" in recorder.err
    text = (tmp_path / OUT).read_text(encoding="utf-8")
    assert "${tracker" not in text
    assert "?fingerprint=${fingerprint}`" in text


def _journal(folder: Path) -> Path:
    """A journal of a mock that was asked for two things."""
    file = folder / "journal.sqlite"
    with running("--journal", str(file)) as mock:
        assert mock.ask("/__admin/mappings", STUB)[0] == 201
        assert mock.ask("/v1/firmwares")[0] == 200
        assert mock.ask("/v1/devices")[0] == 404
    return file


def test_a_journal_file_is_a_source(tmp_path: Path) -> None:
    file = _journal(tmp_path)
    done = record(tmp_path, "--from", str(file), "--path", "/v1/firm*", "--no-proof")
    assert done.status == 0, done.err
    assert "`GET /v1/firmwares` request\n" in done.out
    assert "/v1/devices" not in done.out


def test_a_mock_that_runs_is_a_source(tmp_path: Path) -> None:
    env = {**os.environ, "MOCK_ADMIN_TOKEN": "the-token"}
    with running(env=env) as mock:
        admin = {"Authorization": "Bearer the-token"}
        assert mock.ask("/__admin/namespaces/mine", {}, "PUT", **admin)[0] == 201
        assert mock.ask("/__ns/mine/__admin/mappings", STUB, **admin)[0] == 201
        assert mock.ask("/__ns/mine/v1/firmwares")[0] == 200
        made = project(tmp_path)
        arguments = ("record", "--from", mock.url, "--namespace", "mine", "--no-proof")
        done = made.run("harness.tools.cli", *arguments, env={"MOCK_ADMIN_TOKEN": "the-token"})
        assert done.status == 0, done.err
        assert "`GET /v1/firmwares` request\n" in done.out
        assert "the-token" not in done.text
        refused = made.run("harness.tools.cli", *arguments)
        assert refused.status == 2
        assert "the admin token is missing or wrong" in refused.err


def test_an_archive_is_a_source(tmp_path: Path) -> None:
    entry = {
        "startedDateTime": "2026-11-20T12:00:00Z",
        "request": {"method": "GET", "url": "https://api.nrfcloud.com/v1/firmwares"},
        "response": {
            "status": 200,
            "headers": [{"name": "Content-Type", "value": "application/json"}],
            "content": {"text": '{"items": []}'},
        },
    }
    file = tmp_path / "session.har"
    file.write_text(json.dumps({"log": {"entries": [entry]}}))
    done = record(tmp_path, "--from", str(file), "--no-proof")
    assert done.status == 0, done.err
    assert "`GET /v1/firmwares` request\n" in done.out
    later = record(tmp_path, "--from", str(file), "--no-proof", "--since", "2026-11-20T13:00:00Z")
    assert later.status == 1
    assert later.err.endswith("Nothing was recorded, so nothing is written.\n")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (None, "source cannot be read: No such file or directory\n"),
        (b"{}", "source is no HTTP archive (HAR): "),
        (b"SQLite format 3\x00", "the journal source cannot be used: "),
    ],
)
def test_a_source_that_is_none(tmp_path: Path, content: bytes | None, why: str) -> None:
    if content is not None:
        (tmp_path / "source").write_bytes(content)
    done = record(tmp_path, "--from", "source")
    assert done.status == 2
    assert done.err.startswith(why), done.err


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "give either --upstream or --from: --upstream records now, --from takes"),
        (("--upstream", "http://a", "--from", "b"), "give either --upstream or --from: "),
        (("--upstream", "http://a", "--since", "2026-11-20"), "--since does not go with --upstr"),
        (("--from", "a", "--on-miss"), "--on-miss does not go with --from\n"),
        (("--upstream", "http://a", "--seed", "b"), "--seed is given without --on-miss: "),
        (("--upstream", "http://a", "--upstream", "http://b"), "there are two upstreams for api."),
        (("--upstream", "http://a", "--device", "A", "--device", "B"), "there are two devices na"),
        (("--upstream", "http://a", "--device", "A=b c"), "--device A=b c: write MODEL, MODEL=NA"),
        (("--upstream", "http://a", "--out", "a.md"), "a.md is no scenario file: "),
    ],
)
def test_wrong_use_is_told_before_anything_starts(
    tmp_path: Path, arguments: tuple[str, ...], why: str
) -> None:
    done = record(tmp_path, *arguments)
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith(why), done.err


@pytest.mark.parametrize(
    ("flag", "value", "why"),
    [
        ("--upstream", "ftp://a", "'ftp://a' is no URL such as https://api.nrfcloud.com"),
        ("--upstream", "http://me:pw@a", "is no URL such as"),
        ("--upstream", "http://", "is no URL such as"),
        ("--upstream", "http://[::1", "is no URL such as"),
        ("--upstream", "http://a:99999", "is no URL such as"),
        ("--upstream", "http://:80", "is no URL such as"),
        ("--silence", "0", "'0' is no number of seconds above 0"),
        ("--silence", "x", "'x' is no number of seconds above 0"),
        ("--since", "now", "'now' is no time such as 2026-11-20T12:00:00Z"),
        ("--port", "70000", "70000 is no port"),
    ],
)
def test_values_that_are_none(tmp_path: Path, flag: str, value: str, why: str) -> None:
    done = record(tmp_path, flag, value)
    assert done.status == 2
    assert why in done.err


def test_rules_that_are_wrong_are_told_before_anything_starts(tmp_path: Path) -> None:
    made = project(tmp_path, SETTINGS + '[report]\nredact = ["$..["]\n')
    done = made.run("harness.tools.cli", "record", "--upstream", "http://127.0.0.1:1")
    assert done.status == 2
    assert done.err.startswith("report.redact: “$..[” is no JSONPath: ")


def test_a_title_that_is_typed_begins_a_scenario(tmp_path: Path) -> None:
    project(tmp_path)
    person, terminal = os.openpty()
    arguments = ("--device", "PCA20065", "--no-proof", "--out", OUT)
    try:
        with (
            cloud() as upstream,
            recording(tmp_path, "--upstream", upstream.url, *arguments, stdin=terminal) as it,
        ):
            it.wait_for("A title and Enter begins a scenario.")
            os.write(person, b"What  there is\n")
            it.wait_for("Scenario: What there is")
            ask_for_bundles(it)
            it.stop()
            assert it.end() == 0, it.err
    finally:
        os.close(person)
        os.close(terminal)
    assert "\n## What there is\n" in (tmp_path / OUT).read_text(encoding="utf-8")


def test_a_full_stdout_loses_nothing(tmp_path: Path) -> None:
    file = _journal(tmp_path)
    arguments = ("--from", str(file), "--path", "/v1/firmwares", "--no-proof")
    env = {"TMPDIR": str(tmp_path)}
    with (
        Path("/dev/full").open("w") as full,
        recording(tmp_path, *arguments, env=env, stdout=full) as it,
    ):
        assert it.end() == 2
    assert "No space left on device" in it.err
    (kept,) = tmp_path.glob("recorded-*.feature.md")
    assert it.err.endswith(f"It is kept in {kept}\n")
    assert "`GET /v1/firmwares` request\n" in kept.read_text()


def test_a_service_that_dies_is_told(tmp_path: Path) -> None:
    made = project(tmp_path, SETTINGS.replace("-m reference_service --port", "service.py"))
    made.write(
        "service.py",
        """\
        import http.server, os, sys

        class Service(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path != "/health":
                    print("no more", flush=True)
                    os._exit(3)
                self.send_response(200)
                self.end_headers()

        http.server.HTTPServer(("127.0.0.1", int(sys.argv[1])), Service).serve_forever()
        """,
    )
    with recording(tmp_path, "--upstream", "http://127.0.0.1:1", "--no-proof") as recorder:
        assert recorder.ask("GET", "/any")[0] == 502
        recorder.stop()
        assert recorder.end() == 0, recorder.err
    assert "\nThe service ended with exit status 3:\n" in recorder.err
    assert "\nno more\n" in recorder.err


def test_each_account_has_its_key_and_each_third_party_its_upstream(tmp_path: Path) -> None:
    accounts = '[accounts.acme]\napi_key_env = "ACME_KEY"\n'
    flags = "--account acme=ACME_KEY --webhook {mock_url}/hooks.example.com/services/x"
    made = project(tmp_path, SETTINGS.replace("--poll", f"{flags} --poll") + accounts)
    env = {"NRFCLOUD_API_KEY": "key-of-default", "ACME_KEY": "key-of-acme"}
    with cloud() as upstream:
        urls = ("--upstream", upstream.url, "--upstream", f"hooks.example.com={upstream.url}")
        arguments = (*urls, "--device", "PCA20065@acme=tracker", "--out", OUT)
        with recording(tmp_path, *arguments, env=env) as recorder:
            ask_for_bundles(recorder)
            feedback = {"stars": 4, "suggestion": "More", "email": "a@example.com"}
            assert recorder.ask("POST", "/feedback", feedback)[0] == 201
            recorder.stop()
            assert recorder.end() == 0, recorder.err
        assert upstream.keys == ["Bearer key-of-acme", None]
    text = (tmp_path / OUT).read_text(encoding="utf-8")
    assert "for a `PCA20065` device in the `acme` account in\n`tracker`\n" in text
    assert "POST https://hooks.example.com/services/x`" in text
    assert made.run("harness.tools.cli", "lint", OUT).out == "1 file: clean\n"

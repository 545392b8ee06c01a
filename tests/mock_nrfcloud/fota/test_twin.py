"""The twin as a whole: accounts, messages of devices, what features inherit."""

from __future__ import annotations

import pytest

from harness.errors import BddError
from mock_nrfcloud.fota.assumptions import DELETION_SECONDS, ROLLOUT_SECONDS
from mock_nrfcloud.fota.twin import Twin
from tests.mock_nrfcloud.fota.playing import Played


def key(name: str) -> tuple[str, str]:
    return ("Authorization", f"Bearer key-of-{name}")


def say(played: Played, device: str, topic: str, payload: str) -> None:
    """A device publishes a message."""
    team = played.call("GET", "/v1/account")["team"]["tenantId"]
    played.twin.received(f"prod/{team}/{device}/jobs/{topic}", payload.encode())


def ignored(played: Played) -> int:
    found: int = played.do("show")["ignoredMessages"]
    return found


def test_each_key_sees_its_account_only(played: Played) -> None:
    tenants = {
        name: played.do("account", name=name, key=f"key-of-{name}")["tenantId"]
        for name in ("acme", "other")
    }
    played.do("device", id="d1", account="acme", firmwareTypes=["APP"])
    bundle = played.do("bundle", version="1", account="acme")["bundleId"]
    body = {"bundleId": bundle, "deviceIds": ["d1"]}
    job = played.call("POST", "/v1/fota-jobs", body, key("acme"))["jobId"]
    assert played.call("GET", f"/v1/fota-jobs/{job}", None, key("acme"))["status"] == "IN_PROGRESS"
    for name in ("acme", "other"):
        account = played.call("GET", "/v1/account", None, key(name))
        assert account["team"] == {"tenantId": tenants[name], "name": name}
    for method, path in (
        ("GET", f"/v1/fota-jobs/{job}"),
        ("PUT", f"/v1/fota-jobs/{job}/cancel"),
        ("GET", "/v1/devices/d1"),
        ("GET", "/v1/fota-job-executions/d1/current"),
        ("PATCH", "/v1/devices/d1/state"),
        ("DELETE", f"/v1/firmwares/{bundle}"),
    ):
        answer = played.request(method, path, b"{}", key("other"))
        assert answer is not None
        assert answer.status == 404
    assert played.do("job", id=job, account="acme")["holds"]
    assert not played.do("job", id=job, account="other")["holds"]
    with pytest.raises(BddError, match="has no account 'acmee': did you mean \"acme\""):
        played.do("device", id="d2", account="acmee")
    with pytest.raises(BddError, match="has no account 'default': there are: acme, other"):
        played.do("device", id="d2")


@pytest.mark.parametrize(
    "header",
    [
        ("Accept", "*/*"),
        ("Authorization", "Bearer"),
        ("Authorization", "Bearer unknown"),
        ("Authorization", "Basic key-of-acme"),
        ("Authorization", "key-of-acme"),
    ],
)
def test_a_key_that_is_not_known_is_refused(played: Played, header: tuple[str, str]) -> None:
    played.do("account", name="acme", key="key-of-acme")
    answer = played.request("GET", "/v1/devices", b"", header)
    assert answer is not None
    assert answer.status == 401
    assert answer.json() == {"code": 40100, "message": "Auth token is malformed or unknown"}


def test_without_accounts_any_key_is_that_of_the_default_one(played: Played) -> None:
    assert played.call("GET", "/v1/account", None, key("any"))["team"]["name"] == "default"
    answer = played.request("GET", "/v1/account", b"", ("Accept", "*/*"))
    assert answer is not None
    assert answer.status == 401


def test_other_paths_are_not_of_the_twin(played: Played) -> None:
    assert played.request("GET", "/v1/else") is None
    assert played.request("PUT", "/v1/devices") is None


def test_a_device_updates_over_mqtt(played: Played) -> None:
    played.device("d1")
    job = played.job("d1", version="2.0.0")
    (topic, told), *_ = played.sent
    assert topic.endswith("/d1/jobs/rcv")
    assert told[:3] == [job, 0, 1024]
    say(played, "d1", "update", f'["{job}", 1, ""]')
    say(played, "d1", "update", f'["{job}", 7, 40]')
    assert played.do("execution", device="d1", status="DOWNLOADING", detail="40%")["holds"]
    say(played, "d1", "update", f'["{job}", 3, "FOTA update completed successfully"]')
    assert played.status(job)[0] == "COMPLETED"
    state = played.do("state", device="d1")
    for late in (f'["{job}", 3, "again"]', f'["{job}", 2, "late"]', f'["{job}", 7, 50]'):
        say(played, "d1", "update", late)
    execution = played.do("execution", device="d1")["execution"]
    assert execution["statusDetail"] == "FOTA update completed successfully"
    assert played.do("state", device="d1") == state
    assert ignored(played) == 3


def test_a_device_asks_for_its_execution(played: Played) -> None:
    played.device("d1")
    say(played, "d1", "req", '[""]')
    assert played.sent == []
    older, newer = played.job("d1"), played.job("d1")
    say(played, "d1", "req", '[""]')
    say(played, "d1", "req", f'["{older}"]')
    say(played, "d1", "req", f'["{newer}"]')
    assert [said[0] for _, said in played.sent] == [older, older, older]
    say(played, "d1", "update", f'["{older}", 1, ""]')
    say(played, "d1", "req", '[""]')
    assert len(played.sent) == 3, "it has begun with it"
    assert ignored(played) == 0


def test_a_gateway_speaks_for_its_devices_and_for_no_others(played: Played) -> None:
    played.device("gw", bleFota=True)
    played.device("b1", gateway="gw")
    played.device("d1")
    job = played.job("b1")
    (topic, told), *_ = played.sent
    assert (topic.endswith("/gw/jobs/ble/rcv"), told[:2]) == (True, ["b1", job])
    say(played, "gw", "ble/req", '["b1"]')
    assert len(played.sent) == 2
    for sender, topic in (("d1", "ble/update"), ("b1", "ble/update")):
        say(played, sender, topic, f'["b1", "{job}", 2, ""]')
    say(played, "b1", "update", f'["{job}", 2, ""]')
    assert played.executions(job) == {"b1": "QUEUED"}
    say(played, "gw", "ble/update", f'["b1", "{job}", 3, ""]')
    assert played.executions(job) == {"b1": "SUCCEEDED"}
    assert ignored(played) == 3


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("prod/other/d1/jobs/update", '["{job}", 3, ""]'),
        ("prod/{team}/none/jobs/update", '["{job}", 3, ""]'),
        ("prod/{team}/d1/jobs/update", '["none", 3, ""]'),
        ("prod/{team}/d1/jobs/update", '["{job}", 9, ""]'),
        ("prod/{team}/d1/jobs/update", "nonsense"),
        ("else", "[]"),
    ],
)
def test_messages_that_make_no_sense_are_counted(played: Played, topic: str, payload: str) -> None:
    played.device("d1")
    job = played.job("d1")
    team = played.call("GET", "/v1/account")["team"]["tenantId"]
    topic = topic.replace("{team}", team)
    played.twin.received(topic, payload.replace("{job}", job).encode())
    assert ignored(played) == 1
    assert played.executions(job) == {"d1": "QUEUED"}


def heir(played: Played, *snapshots: object) -> None:
    """Another feature begins with what others have left."""
    played.twin.close()
    assert played.timers == []
    played.twin = Twin(played.surroundings)
    played.twin.begin(snapshots)


def test_a_feature_goes_on_with_what_another_has_left(played: Played) -> None:
    played.do("account", name="acme", key="made-up-key")
    names = [f"d{number}" for number in range(30)]
    for name in names:
        played.do("device", id=name, account="acme")
    bundle = played.do("bundle", version="2", account="acme")["bundleId"]
    body = {"bundleId": bundle, "deviceIds": names}
    job = played.call("POST", "/v1/fota-jobs", body)["jobId"]
    played.report("d0", job, "FAILED")
    left = played.twin.snapshot()
    seen = played.call("GET", f"/v1/fota-jobs/{job}"), played.executions(job)
    played.report("d1", job, "FAILED")
    played.do("device", id="d2", account="acme", appVersion="9")
    heir(played, left)
    assert (played.call("GET", f"/v1/fota-jobs/{job}"), played.executions(job)) == seen
    assert "deviceInfo" not in str(played.call("GET", "/v1/devices/d2"))
    played.pass_time(ROLLOUT_SECONDS)
    assert len(played.executions(job)) == 30
    for name in names[1:]:
        played.report(name, job, "SUCCEEDED")
    assert played.call("GET", f"/v1/fota-jobs/{job}")["status"] == "COMPLETED"
    assert played.call("GET", "/v1/fota-jobs")["items"][0]["status"] == "CREATED"


def test_of_several_features_what_was_changed_last_counts(played: Played) -> None:
    played.device("d1")
    played.device("d2")
    shared = played.job("d1", "d2")
    base = played.twin.snapshot()
    played.time += 10
    played.report("d1", shared, "SUCCEEDED")
    first_job = played.job("d2")
    first = played.twin.snapshot()
    heir(played, base)
    played.time += 10
    second_job = played.job("d1")
    second = played.twin.snapshot()
    heir(played, first, second)
    jobs = [each["jobId"] for each in played.call("GET", "/v1/fota-jobs")["items"]]
    assert jobs == [second_job, first_job, shared]
    assert played.executions(shared) == {"d1": "SUCCEEDED", "d2": "QUEUED"}
    assert played.call("GET", "/v1/fota-job-executions/d1/current")["jobId"] == second_job
    assert played.call("GET", "/v1/fota-job-executions/d2/current")["jobId"] == shared
    state = played.do("state", device="d1")["state"]["reported"]
    assert state["device"]["deviceInfo"]["appVersion"] == "2.0.0"


def test_a_job_that_one_feature_deletes_stays_where_another_goes_on_with_it(
    played: Played,
) -> None:
    played.device("d1")
    bundle = played.do("bundle", version="2")["bundleId"]
    body = {"bundleId": bundle, "deviceIds": ["d1"], "autoApply": False}
    job = played.call("POST", "/v1/fota-jobs", body)["jobId"]
    base = played.twin.snapshot()
    played.call("DELETE", f"/v1/fota-jobs/{job}")
    first = played.twin.snapshot()
    heir(played, base)
    played.time += 10
    played.call("POST", f"/v1/fota-jobs/{job}/apply")
    heir(played, first, played.twin.snapshot())
    played.do("advance", seconds=2 * DELETION_SECONDS)
    assert played.executions(job) == {"d1": "QUEUED"}
    played.report("d1", job, "SUCCEEDED")
    played.call("DELETE", f"/v1/fota-jobs/{job}")
    played.do("advance", seconds=2 * DELETION_SECONDS)
    assert played.refused("GET", f"/v1/fota-jobs/{job}")[0] == 40410


def test_what_there_is_is_shown_without_keys(played: Played) -> None:
    assert played.do("start") == {}
    played.do("account", name="acme", key="key-of-acme")
    played.do("device", id="d1", account="acme")
    shown = played.do("show")
    assert list(shown["accounts"]) == ["acme"]
    assert shown["accounts"]["acme"]["devices"] == 1
    assert "key-of" not in str(shown)

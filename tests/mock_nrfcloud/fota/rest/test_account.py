"""The account, and where its devices are."""

from __future__ import annotations

from tests.mock_nrfcloud.fota.playing import Played


def test_the_account(played: Played) -> None:
    account = played.call("GET", "/v1/account")
    team = account["team"]["tenantId"]
    assert account == {
        "mqttEndpoint": "mqtt.nrfcloud.com",
        "mqttTopicPrefix": f"prod/{team}/",
        "team": {"tenantId": team, "name": "default"},
        "role": "owner",
        "plan": {"name": "PRO"},
    }
    token = played.call("GET", "/v1/account/service-token")
    assert token == {**token, "createdAt": "2023-11-14T22:13:20.000Z"}
    assert played.call("GET", "/v1/account/service-token") == token


def test_locations(played: Played) -> None:
    assert played.call("GET", "/v1/location/history?deviceId=d1") == {"items": [], "total": 0}
    found = played.call("POST", "/v1/location/ground-fix", {"lte": []})
    assert set(found) == {"lat", "lon", "uncertainty", "fulfilledWith"}
    assert played.refused("POST", "/v1/location/ground-fix", [])[0] == 42200


def test_the_status_needs_no_key(played: Played) -> None:
    answer = played.request("GET", "/v1/status", b"", ("Accept", "*/*"))
    assert answer is not None
    assert answer.status == 200

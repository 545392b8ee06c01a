"""The account over REST, and where its devices are. Pure."""

from __future__ import annotations

from typing import Final
from uuid import NAMESPACE_URL, uuid5

from harness.core.http_text import HttpResponse
from mock_nrfcloud.fota import views
from mock_nrfcloud.fota.assumptions import GROUND_FIX, MQTT_ENDPOINT, PLAN
from mock_nrfcloud.fota.rest.call import Call, ok, paged
from mock_nrfcloud.fota.rest.routing import Operations

OPERATIONS: Final = Operations()


@OPERATIONS.operation("GET", "/v1/location/history")
def list_locations(call: Call) -> HttpResponse:
    """Where devices were: the twin knows of no place."""
    call.page()
    return paged([], None, 0)


@OPERATIONS.operation("POST", "/v1/location/ground-fix")
def find_location(call: Call) -> HttpResponse:
    """Where a device is that sees these cells or networks: always in one place."""
    call.body(dict)
    return ok(GROUND_FIX)


@OPERATIONS.operation("GET", "/v1/account")
def get_account(call: Call) -> HttpResponse:
    """Whose API key it is."""
    team = call.account.team
    return ok(
        {
            "mqttEndpoint": MQTT_ENDPOINT,
            "mqttTopicPrefix": f"prod/{team.id}/",
            "team": {"tenantId": team.id, "name": team.name},
            "role": "owner",
            "plan": {"name": PLAN},
        }
    )


@OPERATIONS.operation("GET", "/v1/account/service-token")
def get_service_token(call: Call) -> HttpResponse:
    """A token for services, made up from the account."""
    now = call.account.agenda.now()
    token = str(uuid5(NAMESPACE_URL, f"service-token/{call.account.team.id}"))
    return ok({"createdAt": views.moment(now), "token": token})


@OPERATIONS.operation("GET", "/v1/status", public=True)
def get_status(_call: Call) -> HttpResponse:
    """That the service is well."""
    return ok({"status": "OK"})

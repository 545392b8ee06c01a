"""Operations on the mock as a whole: its health, settings, namespaces, metrics, description."""

from __future__ import annotations

import time
from importlib.metadata import version

from msgspec import UNSET, Struct, json

from mock_nrfcloud.admin.table import Asked, Refusal, Table
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import PREFIX, SpacesFullError
from mock_nrfcloud.wire import shapes

TABLE = Table()
_NO_NAMESPACE = {404: "There is no such namespace (any more)."}


@TABLE.operation("GET", "/health", shapes.Health)
async def get_health(asked: Asked) -> Struct:
    """That the mock is well."""
    uptime = time.monotonic() - asked.started
    return shapes.Health(
        status="healthy", version=version("nrfcloud-bdd"), uptime_in_seconds=uptime
    )


@TABLE.operation("POST", "/reset")
async def reset(asked: Asked) -> None:
    """Forget all stubs, shadows and outages, and all requests."""
    asked.space.reset()


@TABLE.operation("GET", "/settings", shapes.Settings)
async def get_settings(asked: Asked) -> Struct:
    """How stubs are chosen."""
    return _settings(asked.space)


@TABLE.operation("PUT", "/settings", shapes.Settings, body=shapes.NewSettings)
async def put_settings(asked: Asked) -> Struct:
    """Change how stubs are chosen."""
    _change(asked.space, asked.body)
    return _settings(asked.space)


@TABLE.operation("GET", "/changes", shapes.Version, query=shapes.Known)
async def wait_for_change(asked: Asked) -> Struct:
    """Answers as soon as there is something else than what was seen, or after that time."""
    seen: shapes.Known = asked.query
    now = _version(asked)
    if (now.first, now.next, now.changes) == (seen.first, seen.next, seen.changes):
        await asked.while_there(asked.space.journal.waits.watch(seen.timeout))
        now = _version(asked)
    return now


@TABLE.operation("GET", "/namespaces", shapes.Namespaces)
async def list_namespaces(asked: Asked) -> Struct:
    """All namespaces but the root."""
    return shapes.Namespaces(namespaces=[_namespace(name) for name in asked.spaces.named])


@TABLE.operation(
    "PUT",
    "/namespaces/{name}",
    shapes.Namespace,
    status=201,
    body=shapes.NewSettings,
    refusals={409: "There is one of that name, or there are too many."},
)
async def put_namespace(asked: Asked) -> Struct:
    """Make a namespace, with stubs and a journal of its own."""
    if asked.part in asked.spaces.named:
        raise Refusal(409, f"The namespace {asked.part} exists already")
    try:
        space = asked.spaces.make(asked.part)
    except SpacesFullError as error:
        raise Refusal(409, error.what, error.hint) from None
    space.store.exhausted = asked.spaces.root.store.exhausted
    space.seed(asked.spaces.root.fault_seed)
    _change(space, asked.body)
    return _namespace(asked.part)


@TABLE.operation("DELETE", "/namespaces/{name}", refusals=_NO_NAMESPACE)
async def delete_namespace(asked: Asked) -> None:
    """Forget a namespace with all that is in it."""
    if not asked.spaces.delete(asked.part):
        raise Refusal(404, _NO_NAMESPACE[404])


@TABLE.operation(
    "POST", "/twins/{name}", shapes.TwinReply, body=shapes.TwinCommand, query=shapes.TwinWaiting
)
async def ask_twin(asked: Asked) -> Struct:
    """Ask something of a twin, which from now on answers what no stub does."""
    asking = asked.space.twin(asked.part, asked.body.command, asked.query.timeout)
    return shapes.TwinReply(reply=dict(await asked.while_there(asking)))


@TABLE.operation(
    "GET", "/twins/{name}", shapes.TwinReply, refusals={404: "This twin is not switched on."}
)
async def show_twin(asked: Asked) -> Struct:
    """What a twin has, for a person: its reply to the command `show`."""
    if asked.part not in asked.space.twins.names:
        raise Refusal(404, f"The twin {asked.part} is not switched on")
    return shapes.TwinReply(reply=dict(await asked.space.twin(asked.part, {"do": "show"})))


@TABLE.operation("POST", "/mqtt", shapes.Broker)
async def start_mqtt(asked: Asked) -> Struct:
    """Where the MQTT broker between devices and twins is, which starts if it does not run."""
    return shapes.Broker(url=str(await asked.mqtt.start(asked.spaces)))


@TABLE.operation("GET", "/notes", shapes.Notes)
async def list_notes(asked: Asked) -> Struct:
    """Stubs and calls since the mock started that are not as its OpenAPI documents say."""
    return shapes.Notes(notes=asked.space.notes)


@TABLE.operation("GET", "/metrics", media="text/plain; version=0.0.4; charset=utf-8")
async def get_metrics(asked: Asked) -> bytes:
    """Figures of the mock and of its process, for Prometheus."""
    from mock_nrfcloud.admin.metrics import metrics  # late: few mocks are asked for them

    return metrics(asked.spaces, time.monotonic() - asked.started)


@TABLE.operation("GET", "/openapi.json", media="application/openapi+json")
async def get_openapi(_: Asked) -> bytes:
    """This document."""
    from mock_nrfcloud.admin.dispatch import OPERATIONS  # late: it has this module in it
    from mock_nrfcloud.admin.openapi import document

    return json.encode(document(OPERATIONS))


def _version(asked: Asked) -> shapes.Version:
    journal = asked.space.journal
    return shapes.Version(
        first=journal.first,
        next=journal.next,
        changes=asked.spaces.changes,
        stubs=asked.space.store.count(),
    )


def _settings(space: Space) -> shapes.Settings:
    store = space.store
    return shapes.Settings(
        exhausted=store.exhausted, hosts=store.hosts, fault_seed=space.fault_seed
    )


def _change(space: Space, new: shapes.NewSettings) -> None:
    if new.hosts is not UNSET:
        space.store.configure_hosts(new.hosts)
    if new.exhausted is not UNSET:
        space.store.exhausted = new.exhausted
    if new.fault_seed is not UNSET:
        space.seed(new.fault_seed)


def _namespace(name: str) -> shapes.Namespace:
    return shapes.Namespace(name=name, path=PREFIX + name)

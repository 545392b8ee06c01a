"""Operations on what happens to the next requests."""

from __future__ import annotations

from msgspec import Struct

from mock_nrfcloud import redacted
from mock_nrfcloud.admin.table import Asked, Refusal, Table
from mock_nrfcloud.outages import Happening
from mock_nrfcloud.space import Space
from mock_nrfcloud.wire import reading, shapes, writing

TABLE = Table()
_NO_OUTAGE = {404: "There is no such outage (any more)."}


@TABLE.operation("GET", "/outages", shapes.Outages)
async def list_outages(asked: Asked) -> Struct:
    """The outages that go on."""
    held = asked.space.store.outages.held()
    return shapes.Outages(outages=[_shown(asked.space, each) for each in held])


@TABLE.operation("POST", "/outages", shapes.Outage, status=201, body=shapes.NewOutage)
async def add_outage(asked: Asked) -> Struct:
    """Let something happen to the next requests."""
    added = asked.space.store.add_outage(reading.outage(asked.body))
    return _shown(asked.space, added)


@TABLE.operation("DELETE", "/outages")
async def delete_outages(asked: Asked) -> None:
    """End all outages."""
    asked.space.store.outages.clear()


@TABLE.operation("DELETE", "/outages/{id}", refusals=_NO_OUTAGE)
async def delete_outage(asked: Asked) -> None:
    """End an outage."""
    if not asked.space.store.outages.remove(asked.part):
        raise Refusal(404, _NO_OUTAGE[404])


def _shown(space: Space, happening: Happening) -> shapes.Outage:
    return writing.outage(happening, redacted.outage(space.redactor, happening.outage))

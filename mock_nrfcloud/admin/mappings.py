"""Operations on what the mock answers: stubs and shadow data."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import unquote

from msgspec import Struct

from mock_nrfcloud import redacted
from mock_nrfcloud.admin.table import Asked, Refusal, Table
from mock_nrfcloud.routes import Left
from mock_nrfcloud.space import Space
from mock_nrfcloud.values import SnapshotId, Stub, Violation
from mock_nrfcloud.wire import reading, shapes, writing

TABLE = Table()
_NO_STUB = {404: "There is no such stub (any more)."}


@TABLE.operation("GET", "/mappings", shapes.Mappings, query=shapes.Part)
async def list_mappings(asked: Asked) -> Struct:
    """The stubs that can still answer."""
    return _page(asked, asked.space.store.held())


@TABLE.operation("POST", "/mappings", shapes.Mapping, status=201, body=shapes.NewMapping)
async def addmapping(asked: Asked) -> Struct:
    """Answer with a stub."""
    stub = reading.stub(asked.body)
    stub_id, problems = asked.space.add(stub)
    return mapping(asked.space, Left(stub_id, stub, served=False), problems)


@TABLE.operation("DELETE", "/mappings")
async def delete_mappings(asked: Asked) -> None:
    """Forget all stubs and shadows."""
    asked.space.store.reset()


@TABLE.operation("POST", "/mappings/reset")
async def reset_mappings(asked: Asked) -> None:
    """Forget all stubs and shadows."""
    asked.space.store.reset()


@TABLE.operation("GET", "/mappings/unmatched", shapes.Mappings, query=shapes.Part)
async def list_unmatched_mappings(asked: Asked) -> Struct:
    """Queued stubs that no request has asked for, of all features since the mock started."""
    unserved = asked.space.store.unserved().items()
    return _page(asked, [Left(each, stub, served=False) for each, stub in unserved])


@TABLE.operation("GET", "/mappings/{id}", shapes.Mapping, refusals=_NO_STUB)
async def getmapping(asked: Asked) -> Struct:
    """A stub."""
    if (left := asked.space.store.get(asked.part)) is None:
        raise Refusal(404, _NO_STUB[404])
    return mapping(asked.space, left)


@TABLE.operation("DELETE", "/mappings/{id}", refusals=_NO_STUB)
async def deletemapping(asked: Asked) -> None:
    """Forget a stub."""
    if not asked.space.store.remove(asked.part):
        raise Refusal(404, _NO_STUB[404])


@TABLE.operation("GET", "/shadows", shapes.Shadows)
async def list_shadows(asked: Asked) -> Struct:
    """The devices that have shadow data."""
    return shapes.Shadows(devices=list(asked.space.store.shadows))


@TABLE.operation("PUT", "/shadows/{deviceId}", body=shapes.ShadowPage)
async def put_shadow(asked: Asked) -> None:
    """Answer requests for the shadow of a device with this page."""
    page: shapes.ShadowPage = asked.body
    asked.space.add_shadow(unquote(asked.part), page.page)


@TABLE.operation("DELETE", "/shadows/{deviceId}", refusals={404: "It has no shadow data."})
async def delete_shadow(asked: Asked) -> None:
    """Forget the shadow data of a device."""
    if not asked.space.store.remove_shadow(unquote(asked.part)):
        raise Refusal(404, "The device has no shadow data")


@TABLE.operation("POST", "/snapshots", shapes.Snapshot, status=201)
async def take_snapshot(asked: Asked) -> Struct:
    """Keep the stubs and shadows that there are now, to be inherited."""
    return shapes.Snapshot(id=asked.space.snapshot())


@TABLE.operation("POST", "/begin", body=shapes.Begin)
async def begin_feature(asked: Asked) -> None:
    """Forget all stubs but those of snapshots; from now on only new requests are looked at."""
    body: shapes.Begin = asked.body
    asked.space.begin([SnapshotId(each) for each in body.inherit])


def _page(asked: Asked, every: list[Left]) -> Struct:
    part: shapes.Part = asked.query
    chosen = every[part.offset : part.offset + part.limit]
    return shapes.Mappings(
        mappings=[mapping(asked.space, each) for each in chosen],
        meta=shapes.Total(total=len(every)),
    )


def mapping(space: Space, left: Left, problems: Sequence[Violation] = ()) -> shapes.Mapping:
    """A stub as it is shown."""
    shown: Stub = redacted.stub(space.redactor, left.stub)
    return writing.mapping(
        left, shown, [redacted.problem(space.redactor, each) for each in problems]
    )

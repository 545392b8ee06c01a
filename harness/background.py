"""What went on around a step that failed, for a person: requests without an answer, the service's
log."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Final

from harness.capabilities.nrfcloud import NrfCloud
from harness.drivers.service import Service
from harness.world import World

SERVICE_LINES: Final = 20
"""How many of the service's log lines a failure shows."""
NOT_AS_SAID: Final = "Not as the OpenAPI document says:"


def background(
    world: World, nrfcloud: NrfCloud, values: Mapping[str, object], since: float, *, lost: bool
) -> Iterator[str]:
    """The lines. Steps that could be written have `values` as placeholders.

    `since` is on the monotonic clock. `lost`: a connection has broken off, so the news may be on
    its way that the service ended.
    """
    wall = time.time() - (time.monotonic() - since)
    if unanswered := nrfcloud.unanswered(values, wall):
        yield "Requests of the service that no stub answered:"
        yield from unanswered
    if notes := nrfcloud.notes():
        yield NOT_AS_SAID
        yield from notes
    if (service := world.service) is not None:
        if lost:
            world.loop.call(service.died())
        yield from _of_service(service, since)


def _of_service(service: Service, since: float) -> Iterator[str]:
    if not service.alive:
        yield f"The service {service.ending}."
    if log := service.log_since(since):
        yield "The service's log of this time:"
        if len(log) > SERVICE_LINES:
            yield f"  … {len(log) - SERVICE_LINES} earlier lines"
        yield from (f"  {line}" for line in log[-SERVICE_LINES:])

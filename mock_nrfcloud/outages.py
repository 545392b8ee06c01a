"""Outages: what happens to the next requests, before any stub is asked.

Only for mock_nrfcloud.stubs. Pure: no I/O, no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from harness.core.http_text import HttpRequest
from harness.errors import BddError
from mock_nrfcloud.conditions import check, is_out
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.values import Outage

PREFIX: Final = "outage:"
"""How the ID of an outage begins; a call that it answered has that as its stub."""
MAX_TIMES: Final = 1_000_000
"""How many requests an outage lasts at most."""
MAX_OUTAGES: Final = 1000
"""How many wait to happen at most: each request looks through them."""


@dataclass(slots=True)
class Happening:
    """An outage that goes on; `left` is how many requests it is still for.

    `answer` is what they get in place of the stubs' answer, if anything.
    """

    id: str
    outage: Outage
    left: int
    answer: Answer | None

    @property
    def spares(self) -> bool:
        """Whether what the stubs answer arrives whole, so that it is served by that."""
        return self.outage.fault is None or self.outage.fault.damage is None


class Outages:
    """The outages that go on, the oldest first."""

    def __init__(self) -> None:
        self._happening: dict[str, Happening] = {}

    def __len__(self) -> int:
        return len(self._happening)

    @property
    def hosts(self) -> set[str]:
        """The hosts that they are for."""
        return {each.outage.host.lower() for each in self._happening.values()}

    def add(self, outage: Outage) -> Happening:
        """Begin an outage. Raises BddError if it is malformed, or there are too many."""
        check(outage)
        if not 1 <= outage.times <= MAX_TIMES:
            raise BddError(
                f"an outage cannot last for {outage.times:,} requests",
                hint=f"take 1 to {MAX_TIMES:,}",
            )
        if outage.response is None and outage.fault is None:
            raise BddError("nothing happens in this outage", hint="add a response, or a fault")
        if len(self) >= MAX_OUTAGES:
            raise BddError(f"{len(self):,} outages wait to happen already", hint="end them first")
        outage_id = f"{PREFIX}{uuid4().hex}"
        response = outage.response
        answer = None if response is None else Answer(outage_id, response, outage.fault)
        happening = Happening(outage_id, outage, outage.times, answer)
        self._happening[outage_id] = happening
        return happening

    def meet(self, host: str, request: HttpRequest) -> Happening | None:
        """The oldest outage that a request is hit by, which counts it; None if there is none."""
        for each in self._happening.values():
            if is_out(each.outage, host, request):
                each.left -= 1
                if not each.left:
                    del self._happening[each.id]
                return each
        return None

    def held(self) -> list[Happening]:
        """Those that go on, the oldest first."""
        return list(self._happening.values())

    def remove(self, outage_id: str) -> bool:
        """End an outage; whether there was one."""
        return self._happening.pop(outage_id, None) is not None

    def clear(self) -> None:
        """End all outages."""
        self._happening.clear()

"""The results of a run, as every report is made from them, and their JSON form.

The classes are the schema of that JSON (docs/reports.md). Times are seconds since 1970, durations
seconds. Pure. Texts in here have their secrets hidden already.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from harness.core.events import Exchange, Frame
from harness.core.proposal import Proposal
from harness.core.trace import Attempt

Status = Literal["passed", "failed", "skipped", "untested"]
STATUSES: Final[tuple[Status, ...]] = ("passed", "failed", "skipped", "untested")
VERSION: Final = 1
"""Of the JSON; it grows when something is renamed or removed, not when something is added."""


class Part(Struct, frozen=True, rename="camel", omit_defaults=True):
    """What all have in common: camel case in JSON, and nothing that is as usual."""


class Failure(Part, frozen=True):
    """Why a step failed: where (in its code block, if the fault is there), what, and the rest."""

    line: int
    column: int
    summary: str
    details: tuple[str, ...] = ()


class StepResult(Part, frozen=True):
    """How a step ended, and what happened meanwhile.

    `keyword` is as written, `soon` as resolved (an `And` after a `Soon` is one). `attempts` are
    tries that failed; a step that passed after some is late. `dropped` events were not kept.
    `output` is what it printed and logged, `reason` an error that is no `failure` of a step.
    `proposal` is how the file can be changed so that it holds (docs/approving.md).
    """

    keyword: str
    title: str
    line: int
    status: Status
    seconds: float = 0.0
    started: float = 0.0
    soon: bool = False
    text: str | None = None
    language: str = ""
    table: tuple[tuple[str, ...], ...] = ()
    failure: Failure | None = None
    reason: str = ""
    tries: int = 0
    attempts: tuple[Attempt, ...] = ()
    events: tuple[Exchange | Frame, ...] = ()
    dropped: int = 0
    output: str = ""
    proposal: Proposal | None = None

    @property
    def late(self) -> bool:
        """Whether it passed, but not at once."""
        return self.status == "passed" and bool(self.attempts)


class ScenarioResult(Part, frozen=True):
    """How a scenario ended. `reason` says why it did not run, or failed without a step; `variant`
    is that of its feature, as in `nw=ltem`. Steps of Background belong to the first scenario."""

    name: str
    file: str
    line: int
    status: Status
    seconds: float = 0.0
    reason: str = ""
    variant: str = ""
    tags: tuple[str, ...] = ()
    steps: tuple[StepResult, ...] = ()

    @property
    def failed_step(self) -> StepResult | None:
        """The step that failed, if one did."""
        return next((step for step in self.steps if step.status == "failed"), None)

    @property
    def why(self) -> str:
        """Why it failed or did not run, as text for a person."""
        step = self.failed_step
        return (step.reason if step else "") or self.reason


class FeatureResult(Part, frozen=True):
    """How a feature ended, with its scenarios in the order in which they ran.

    `digest` is the SHA-256 of its file as it was read, if there are proposals for that.
    """

    name: str
    file: str
    status: Status
    scenarios: tuple[ScenarioResult, ...]
    line: int = 1
    description: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    digest: str = ""


class Results(Part, frozen=True):
    """How a run ended. `notes` are about the run as a whole."""

    features: tuple[FeatureResult, ...]
    # Made anew: a default would be left out of the JSON.
    version: int = msgspec.field(default_factory=lambda: VERSION)
    started: float = 0.0
    seconds: float = 0.0
    harness: str = ""
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[ScenarioResult]:
        return (scenario for feature in self.features for scenario in feature.scenarios)

    def scenarios(self, status: Status) -> list[ScenarioResult]:
        """All scenarios that ended like this."""
        return [scenario for scenario in self if scenario.status == status]

    def counts(self) -> str:
        """The numbers in one line: `3 scenarios passed, 1 failed, 2 skipped`."""
        found = Counter(item.status for item in self)
        passed = found["passed"]
        parts = [
            f"{passed} scenario{'' if passed == 1 else 's'} passed",
            f"{found['failed']} failed",
        ]
        parts += [f"{found[status]} {status}" for status in STATUSES[2:] if found[status]]
        return ", ".join(parts)


class _Versioned(Struct):
    """What all versions of the JSON have in common."""

    version: int


def merge(parts: Iterable[Results]) -> Results:
    """The results of runs that were parts of one, at the same time."""
    every = list(parts)
    started = min((part.started for part in every), default=0.0)
    ended = max((part.started + part.seconds for part in every), default=0.0)
    return Results(
        tuple(feature for part in every for feature in part.features),
        started=started,
        seconds=ended - started,
        harness=next((part.harness for part in every if part.harness), ""),
        notes=tuple(dict.fromkeys(note for part in every for note in part.notes)),
    )


def to_json(results: Results) -> bytes:
    """The results as JSON."""
    return msgspec.json.encode(results)


def from_json(text: bytes) -> Results:
    """The results that `to_json` wrote. Raises ValueError for what is none."""
    version = msgspec.json.decode(text, type=_Versioned).version
    if version != VERSION:
        raise ValueError(f"they are of version {version}, and this reads {VERSION}")
    return msgspec.json.decode(text, type=Results)


def schema() -> dict[str, Any]:
    """The JSON Schema of the results (draft 2020-12)."""
    return msgspec.json.schema(Results)

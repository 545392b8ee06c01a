"""Which of many calls are wanted: by time, by path, by device.

Pure. May import nothing but harness.core and harness.recording.model.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase

from harness.core.ids import job_ids, named_in
from harness.recording.model import Observed


@dataclass(frozen=True, slots=True)
class Choice:
    """The calls that are wanted: all conditions hold.

    They began from `since` until `until` (seconds since 1970); their path is below one of `paths`,
    or like it where it has a `*`; they are about one of `devices`: they name it, or a job that
    nRF Cloud has told of in answer to a request which names it.
    """

    since: float = -math.inf
    until: float = math.inf
    paths: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


def choose(observed: Iterable[Observed], choice: Choice) -> tuple[Observed, ...]:
    """The calls that are wanted, in their order."""
    calls = [
        each
        for each in observed
        if choice.since <= each.at <= choice.until and _is_below(each.request.path, choice.paths)
    ]
    if not choice.devices:
        return tuple(calls)
    wanted = set(choice.devices)
    names = [named_in(each.request) for each in calls]
    for each, named in zip(calls, names, strict=True):
        if not named.isdisjoint(choice.devices):
            wanted |= _jobs(each)
    return tuple(
        each for each, named in zip(calls, names, strict=True) if not named.isdisjoint(wanted)
    )


def _is_below(path: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(
        fnmatchcase(path, each) or f"{path}/".startswith(f"{each.rstrip('/')}/") for each in wanted
    )


def _jobs(call: Observed) -> set[str]:
    if call.response is None:
        return set()
    try:
        return job_ids(call.response.json())
    except ValueError:  # what is no JSON tells of no job
        return set()

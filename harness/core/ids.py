"""By which IDs a request tells whom it is about, and which of them are those of other features.

A service goes on asking for the devices and jobs of features that have ended: what a feature
asserts of all calls must leave those out. An ID is known by where it came from (the device was
registered, the value was made up, the job is that of a queued answer), never by its look.

Pure. May import nothing but harness.core.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from harness.core.http_text import HttpRequest, json_value

JOB: Final = "jobId"
"""The member by which nRF Cloud names a job."""


class StoryIds:
    """The IDs of a story and of the features it needs, and those that came `earlier` in the run."""

    def __init__(self, own: Iterable[str] = (), earlier: Iterable[str] = ()) -> None:
        self.own = set(own)
        self._earlier = frozenset(earlier)

    def add(self, *ids: str) -> None:
        """These are the story's own, whoever had them before."""
        self.own.update(ids)

    def is_foreign(self, request: HttpRequest) -> bool:
        """Whether a request names somebody of an earlier feature, and nobody of this story."""
        names = named_in(request)
        return not names.isdisjoint(self._earlier) and names.isdisjoint(self.own)


def named_in(request: HttpRequest) -> set[str]:
    """All by which a request may name somebody: the segments of its path, the values of its query
    (each, if they are joined by commas), and the texts in a JSON body."""
    names = {segment for segment in request.path.split("/") if segment}
    names.update(part.strip() for _, value in request.query for part in value.split(","))
    try:
        body = json_value(request.body or b"{}")
    except ValueError:
        return names
    return names.union(value for _, value in _texts(body))


def job_ids(value: object) -> set[str]:
    """The IDs of the jobs that a JSON value tells of."""
    return {text for name, text in _texts(value) if name == JOB}


def _texts(value: object) -> Iterator[tuple[str, str]]:
    """The texts in a JSON value, each with the name of the member that it, or its list, is."""
    waiting = [("", value)]
    while waiting:
        name, each = waiting.pop()
        if isinstance(each, str):
            yield name, each
        elif isinstance(each, dict):
            waiting += each.items()
        elif isinstance(each, list):
            waiting += [(name, item) for item in each]

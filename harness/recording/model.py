"""What was observed, and what is made of it: the plain data of a recording.

Values are real here: secrets leave when the text is composed, and before anything is written.

Pure values. May import nothing but harness.core.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from harness.core.http_text import HttpRequest, HttpResponse

Side = Literal["service", "cloud"]
"""Who was asked: the service under test by its user (a trigger), or nRF Cloud (or another third
party) by the service."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A request and its answer; bodies are decoded (no gzip, no chunks).

    `at` is when it began, in seconds since 1970, `took` how long the answer took in seconds. `host`
    is that of the third party, "" on the side of the service. `answered_by` names the stub or the
    twin that answered, "" if it was the upstream. `note` says why there is no answer, or not all
    of it; what is cut is said there too.
    """

    at: float
    took: float
    side: Side
    host: str
    request: HttpRequest
    response: HttpResponse | None
    answered_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A scenario begins here; `at` is in seconds since 1970."""

    at: float
    title: str


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device that was registered with the service. `name` is that of the stored value."""

    name: str
    model: str
    account: str
    id: str
    fingerprint: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recording:
    """A flow as it was observed: the calls in the order in which they began.

    `values` are those that a scenario finds configured, by name (`APIURL`). `secrets` are known
    besides those that can be told by their name or their form.
    """

    observed: tuple[Observed, ...]
    marks: tuple[Mark, ...] = ()
    devices: tuple[KnownDevice, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True, slots=True)
class Options:
    """How a scenario is composed.

    A pause of `silence` seconds separates scenarios, where no marks do. `allow` names the kinds of
    identity that may be written (`imei`, `iccid`); `redact` are JSONPath expressions of members of
    JSON bodies that may not. `draft` says why the scenario is not known to pass, "" if it is.
    """

    title: str = "Recorded"
    silence: float = 3.0
    allow: frozenset[str] = frozenset()
    redact: tuple[str, ...] = ()
    draft: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """A value that became a placeholder, and why. `value` is without secrets; `where` are the
    places that it stood in, as a person would name them."""

    value: str
    placeholder: str
    reason: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Composed:
    """The text of a scenario file, what was replaced in it, and what a person should know."""

    text: str
    replacements: tuple[Replacement, ...] = ()
    notes: tuple[str, ...] = ()

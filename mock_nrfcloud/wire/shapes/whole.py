"""The JSON of the mock as a whole: settings, namespaces, notes, health. Pure: no I/O."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, UnsetType

from mock_nrfcloud.wire.shapes.messages import Exhausted, Wire


class Settings(Wire, kw_only=True, frozen=True):
    """`exhausted`: what is given when all queued responses were served: the newest again, or 404.

    `hosts` are known even without a stub. Delays by chance are drawn from `faultSeed`, anew for
    each feature.
    """

    exhausted: Exhausted
    hosts: list[str]
    fault_seed: int


class NewSettings(Wire, kw_only=True, frozen=True):
    """Settings to change; what is left out stays."""

    exhausted: Exhausted | UnsetType = UNSET
    hosts: list[str] | UnsetType = UNSET
    fault_seed: int | UnsetType = UNSET


class Namespace(Wire, kw_only=True, frozen=True):
    """A namespace. `path` is what its URLs have before their own path."""

    name: str
    path: str


class Namespaces(Wire, kw_only=True, frozen=True):
    """All namespaces but the root."""

    namespaces: list[Namespace]


class Notes(Wire, kw_only=True, frozen=True):
    """Stubs and calls that are not as the OpenAPI documents say, a line each, the oldest first."""

    notes: list[str]


class TwinCommand(Wire, kw_only=True, frozen=True):
    """What is asked of a twin; which commands there are depends on the twin."""

    command: dict[str, Any]


class TwinReply(Wire, kw_only=True, frozen=True):
    """What a twin says to a command. `holds` in it tells whether what was asked is true."""

    reply: dict[str, Any]


class TwinWaiting(Wire, kw_only=True, frozen=True):
    """How long a twin is asked again, after each change, while what was asked does not hold."""

    timeout: Annotated[float, Meta(ge=0, le=60, description="In seconds.")] = 0.0


class Broker(Wire, kw_only=True, frozen=True):
    """The MQTT broker between devices and twins."""

    url: str


class Health(Wire, kw_only=True, frozen=True):
    """That the mock is well."""

    status: Literal["healthy"]
    version: str
    uptime_in_seconds: float


class Known(Wire, kw_only=True, frozen=True):
    """What of the mock is known already."""

    first: int = 0
    next: int = 0
    changes: int = 0
    timeout: Annotated[float, Meta(ge=0, le=60, description="In seconds.")] = 10.0


class Version(Wire, kw_only=True, frozen=True):
    """What of the mock changes: `first` and `next` are the number of the oldest request in the
    journal and of the one to come, `changes` counts what was changed over the admin API, `stubs`
    is how many can answer."""

    first: int
    next: int
    changes: int
    stubs: int

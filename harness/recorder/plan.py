"""What a live recording is to be. Plain data."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple


class NewDevice(NamedTuple):
    """A device that is to be registered; `name` is that of the stored value."""

    model: str
    account: str
    name: str


class Plan(NamedTuple):
    """What is to be recorded.

    `upstreams` are URLs by host. With `on_miss` only what the stubs (of the file `seed`) do not
    answer is sent on. A port of 0 is a free one.
    """

    upstreams: Mapping[str, str]
    on_miss: bool = False
    seed: Path | None = None
    devices: tuple[NewDevice, ...] = ()
    port: int = 0
    driver_port: int = 0

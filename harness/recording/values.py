"""The values of a scenario: what is known when it begins, what it makes up, what it stores.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from harness.recording.folding import Event
from harness.recording.model import KnownDevice, Recording
from harness.recording.origins import (
    WORDS,
    Names,
    Origin,
    Origins,
    Use,
    Value,
    expression,
    generator,
    is_id,
)
from harness.recording.provenance import Known
from harness.recording.steps import Step
from harness.recording.times import ANCHOR, Clock
from harness.recording.twice import Comparison

SAMPLES: Final[Mapping[str, str]] = {
    "UUIDv4": "bc631093-7f7c-4c1b-aa63-a68c759bcd5c",
    "ULID": "01J861VKYH5QVD6QQ5YXXF20EF",
    "IMEI": "350006661234563",
}
"""Values for static work, by generator. Those of the recording are nobody's business."""
_FINGERPRINT: Final = "92b.y7i24q"
_DEVICE_ID: Final = "oob-352656108602296"
_MILLIS: Final = 1694503339523
_OUT_OF_THE_BOX: Final = "oob-"
UNSUPPORTED: Final = "unsupported"


@dataclass(frozen=True, slots=True)
class Made:
    """A value that the Background makes: its step, samples, and what it stands for."""

    name: str
    step: Step
    samples: tuple[tuple[str, str | int], ...]
    known: tuple[Known, ...] = ()


@dataclass(frozen=True, slots=True)
class Stored:
    """A value of an answer of the service, and the step that stores it there."""

    name: str
    event: Event
    known: Known
    step: Step
    sample: str | int


def at_start(recording: Recording) -> list[Known]:
    """What is known before anything happens: the devices and the configured values."""
    known: list[Known] = []
    for device in recording.devices:
        name, device_id = device.name, f"{device.name}_deviceId"
        known += [
            Known(
                device.fingerprint, name, f"the fingerprint of the device {name}", is_secret=True
            ),
            Known(device.id, device_id, f"the ID of the device {name}"),
        ]
        imei = device.id.removeprefix(_OUT_OF_THE_BOX)
        if imei != device.id:
            known.append(
                Known(
                    imei,
                    f"$substringAfter({device_id}, '{_OUT_OF_THE_BOX}')",
                    f"the IMEI in the ID of the device {name}",
                    is_secret=True,
                )
            )
    return known + [
        Known(value, name, f"the configured value {name}")
        for name, value in recording.values.items()
    ]


def device_steps(devices: Iterable[KnownDevice]) -> Iterable[Made]:
    """The steps that register the devices."""
    for device in devices:
        if device.model == UNSUPPORTED:
            title = f"I have the fingerprint for an unsupported device in `{device.name}`"
        else:
            account = f" in the `{device.account}` account" if device.account != "default" else ""
            title = (
                f"I have the fingerprint for a `{device.model}` device{account} in `{device.name}`"
            )
        samples = ((device.name, _FINGERPRINT), (f"{device.name}_deviceId", _DEVICE_ID))
        yield Made(device.name, Step("Given", title), samples)


def taken_names(recording: Recording) -> list[str]:
    """The names that are no longer free."""
    of_devices = [
        name for each in recording.devices for name in (each.name, f"{each.name}_deviceId")
    ]
    return [*of_devices, *recording.values, ANCHOR, "variant", *WORDS]


def imeis(found: Iterable[str], names: Names) -> list[Made]:
    """A random IMEI for each one that may not be written."""
    made = []
    for imei in found:
        reason = "IMEIs are not written"
        name = names.free("imei")
        known = tuple(Known(value, name, reason, is_secret=True) for value in (imei, int(imei)))
        made.append(_random("IMEI", name, known))
    return made


def made_up(origins: Origins, comparison: Comparison, names: Names) -> list[Made]:
    """A random value for each that the cloud has answered and that was asked with later."""
    made = []
    for value, use in origins.uses.items():
        origin = origins.first[value]
        kind = generator(value)
        if origin.by != "cloud" or kind is None or comparison.varies(value) is False:
            continue
        name = names.give(origin.path or (), use, "nrfCloud")
        reason = f"first seen in {origin.place}; then in {use.place}"
        made.append(_random(kind, name, (Known(value, name, reason),)))
    return made


def stored(origins: Origins, comparison: Comparison, names: Names) -> list[Stored]:
    """What the service has answered and what was asked with later."""
    found = []
    uses: list[tuple[Value, Origin, Use | None]] = [
        (value, origins.first[value], use)
        for value, use in origins.uses.items()
        if origins.first[value].by == "service"
        and (use.event.exchange.is_trigger or is_id(value, origins.first[value].path))
    ]
    uses += [
        (value, origin, None) for value, origin in origins.told.items() if is_id(value, origin.path)
    ]
    for value, origin, use in uses:
        source = expression(origin.path or ())
        if source is None or comparison.varies(value) is False:
            continue
        name = names.give(origin.path or (), use)
        title = f"I store `{source}` of the last response into `{name}`"
        kind = generator(value)
        sample = SAMPLES[kind] if kind else value
        then = f"; then in {use.place}" if use else ", and before in a request of the service"
        known = Known(value, name, f"first seen in {origin.place}{then}")
        found.append(Stored(name, origin.event, known, Step("Then", title), sample))
    return found


def times(origins: Origins, comparison: Comparison, clock: Clock) -> Made:
    """The time of a run, from which all times of the recording are counted."""
    found = [
        value
        for value, origin in origins.first.items()
        if origin.by != "service"
        and clock.millis(value) is not None
        and comparison.varies(value) is not False
    ]
    clock.settle(found)
    known = tuple(
        Known(value, clock.expression(value), f"a time, {clock.distance(value)}", whole=True)
        for value in found
    )
    return Made(
        ANCHOR, Step("Given", f"I store `$millis()` into `{ANCHOR}`"), ((ANCHOR, _MILLIS),), known
    )


def _random(kind: str, name: str, known: tuple[Known, ...]) -> Made:
    step = Step("Given", f"I have a random {kind} in `{name}`")
    return Made(name, step, ((name, SAMPLES[kind]),), known)

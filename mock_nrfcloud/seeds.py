"""Files of stubs, and of what twins are told, that a mock begins with: reading them, and saying
where they are wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import msgspec

from harness.core.json_places import parts_of, position
from harness.errors import BddError, Place
from mock_nrfcloud.space import Space
from mock_nrfcloud.values import ContractError
from mock_nrfcloud.wire import reading, shapes
from mock_nrfcloud.wire.field_errors import field_error

MAX_FILE: Final = 64 * 1024 * 1024
"""The largest file, in bytes."""


def read_seed(path: Path) -> tuple[shapes.Seed, str]:
    """What a file says, and its text. Raises BddError with the place of what is wrong."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except OSError as error:
        raise BddError(f"cannot be read: {error.strerror}", Place(str(path), 1)) from None
    if len(data) > MAX_FILE:
        raise BddError(f"it is larger than {MAX_FILE:,} bytes", Place(str(path), 1))
    try:
        text = data.decode()
        json.loads(text)  # says the line of what is no JSON
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BddError("it is not UTF-8", Place(str(path), line)) from None
    except json.JSONDecodeError as error:
        place = Place(str(path), error.lineno, error.colno)
        raise BddError(f"this is not JSON: {error.msg}", place) from None
    except RecursionError:
        raise BddError("it is nested too deeply", Place(str(path), 1)) from None
    try:
        return msgspec.json.decode(data, type=shapes.Seed), text
    except msgspec.ValidationError as error:
        found = field_error(error)
        place = _place(text, found.path, path)
        raise BddError(f"{found.path}: {found.message}", place) from None
    except msgspec.DecodeError as error:  # Python takes NaN and half surrogate pairs
        raise BddError(f"this is not JSON: {error}", Place(str(path), 1)) from None


def plant(seed: tuple[shapes.Seed, str], space: Space, file: str) -> None:
    """Let a space answer with what a file says. Raises BddError with the place of what cannot
    work."""
    found, text = seed
    space.store.configure_hosts([*space.store.hosts, *found.hosts])
    for number, mapping in enumerate(found.mappings):
        try:
            space.add(reading.stub(mapping))
        except ContractError as error:
            first = error.problems[0]
            member = first.path.removeprefix("$").replace(".response.body", ".response.jsonBody")
            place = _place(text, f"$.mappings[{number}]{member}", Path(file))
            raise BddError(error.what, place) from None
        except BddError as error:
            place = _place(text, f"$.mappings[{number}]", Path(file))
            raise BddError(error.what, place, error.hint) from None
    for device_id, page in found.shadows.items():
        try:
            space.add_shadow(device_id, page)
        except BddError as error:
            place = _place(text, "$.shadows", Path(file))
            raise BddError(error.what, place, error.hint) from None
    for name, commands in found.twins.items():
        way: tuple[str | int, ...] = ("twins", name)
        try:
            space.start_twin(name)
            for number, command in enumerate(commands):
                way = ("twins", name, number)
                space.tell_twin(name, command)
        except BddError as error:
            raise BddError(error.what, Place(file, *position(text, way)), error.hint) from None


def _place(text: str, path: str, file: Path) -> Place:
    """Where a value of the file begins; the nearest that is known. `text` is valid JSON."""
    return Place(str(file), *position(text, parts_of(path)))

"""Made-up values: what "I have a random … in …" stores, and the IDs of new devices.

Pure: the source of randomness is given. A new generator is one line in GENERATORS. May import
only the errors.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from random import Random

from harness.core.nearest import nearest
from harness.errors import StepFailure

FINGERPRINT_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""What stands after the dot of a fingerprint: nothing that is easily taken for another."""

NORDIC_IMEI_PREFIX = "35000666"
"""The type allocation code of Nordic Semiconductor's modems."""

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32, the digits of a ULID (https://github.com/ulid/spec)."""

MAX_E_UTRAN_CELL_ID = 2**28 - 1
"""An E-UTRAN cell identity has 28 bits (3GPP TS 36.331, CellIdentity)."""

_WORD_LIST = """
    acorn amber anchor apple arrow aspen autumn badger bamboo basil beacon birch bishop blossom
    breeze brook button cactus canyon carbon castle cedar cherry cinder clover cobalt comet copper
    coral cotton crater cricket crystal daisy delta desert dune eagle echo ember falcon feather
    fern fjord flint forest fossil fox garnet ginger glacier granite harbor hazel heron hollow
    indigo island ivory jasmine juniper kettle lagoon lantern lemon lilac linen lotus maple marble
    meadow mint mirror monsoon moss nectar nutmeg oasis ocean olive onyx opal orchid otter paper
    pebble pepper pine planet plum pocket poppy prairie quartz quill rabbit raven reef ribbon
    river robin rocket saffron sage salmon sapphire shadow silver sparrow spruce summit sunset
    thistle thunder tiger timber topaz tulip tundra umber valley velvet violet walnut willow
    winter yarrow zephyr
"""
WORDS = tuple(_WORD_LIST.split())
"""What names and addresses are made of."""


def luhn_digit(digits: str) -> str:
    """The check digit that makes `digits` with it valid (ISO/IEC 7812-1; IMEI: TS 23.003)."""
    doubled = (int(digit) * 2 for digit in digits[-1::-2])
    plain = (int(digit) for digit in digits[-2::-2])
    total = sum(value // 10 + value % 10 for value in doubled) + sum(plain)
    return str(-total % 10)


def imei(random: Random) -> str:
    """A valid IMEI, 15 digits, from the range of Nordic Semiconductor."""
    body = f"{NORDIC_IMEI_PREFIX}{random.randrange(10**6):06}"
    return body + luhn_digit(body)


def device_id(random: Random) -> str:
    """The ID that nRF Cloud gives to a device of the out-of-the-box kind: `oob-` and its IMEI."""
    return f"oob-{imei(random)}"


def fingerprint(random: Random) -> str:
    """A device's fingerprint: production run in hexadecimal, a dot, six letters or digits."""
    return f"{random.randrange(0x100, 0x1000):x}.{_letters(random, 6)}"


def uuid4(random: Random) -> str:
    """A random UUID, version 4 (RFC 9562)."""
    return str(uuid.UUID(int=random.getrandbits(128), version=4))


def ulid(random: Random) -> str:
    """A ULID whose time is as random as the rest of it."""
    bits = random.getrandbits(128)
    return "".join(CROCKFORD[bits >> shift & 31] for shift in range(125, -1, -5))


def email(random: Random) -> str:
    """An address that no mail ever reaches (example.com, RFC 2606)."""
    return f"{random.choice(WORDS)}.{_letters(random, 8)}@example.com"


def map_public_device_id(random: Random) -> str:
    """Three random words joined by `-`: the name of a device on a public map."""
    return "-".join(random.choice(WORDS) for _ in range(3))


def cell_id(random: Random) -> int:
    """An E-UTRAN cell identity."""
    return random.randint(1, MAX_E_UTRAN_CELL_ID)


def _letters(random: Random, count: int) -> str:
    return "".join(random.choice(FINGERPRINT_ALPHABET) for _ in range(count))


GENERATORS: Mapping[str, Callable[[Random], object]] = {
    "UUIDv4": uuid4,
    "email": email,
    "IMEI": imei,
    "ULID": ulid,
    "map public device id": map_public_device_id,
    "cell ID": cell_id,
}
"""By the name that a step gives. Case and spaces do not count: `cellId` is "cell ID"."""

_BY_KEY = {name.replace(" ", "").casefold(): make for name, make in GENERATORS.items()}


def generate(name: str, random: Random) -> object:
    """A new value of the kind that `name` stands for. Raises StepFailure if it stands for none."""
    make = _BY_KEY.get(name.replace(" ", "").casefold())
    if make is None:
        near = nearest(name, GENERATORS)
        raise StepFailure(
            f"There is no generator for a random {name!r}"
            + (f": did you mean {near!r}?" if near else "."),
            f"There are: {', '.join(GENERATORS)}.",
            final=True,
        )
    return make(random)


def number_between(low: int, high: int, random: Random) -> int:
    """A whole number from `low` to `high`, both included. Raises StepFailure if low > high."""
    if low > high:
        raise StepFailure(f"No number lies between {low} and {high}: swap them.", final=True)
    return random.randint(low, high)

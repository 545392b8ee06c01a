"""ULIDs: IDs that sort by the time they were made (github.com/ulid/spec). Pure."""

from __future__ import annotations

from typing import Final

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(milliseconds: int, randomness: int) -> str:
    """26 characters: 48 bits of milliseconds since 1970, then 80 bits of randomness."""
    number = (milliseconds % 2**48) << 80 | randomness % 2**80
    return "".join(_ALPHABET[number >> shift & 31] for shift in range(125, -1, -5))

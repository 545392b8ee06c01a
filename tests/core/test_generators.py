"""Every generator makes what the specification of its kind says, for any seed."""

from __future__ import annotations

import re
import uuid
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core import generators
from harness.errors import StepFailure

randoms = st.integers(0, 2**32).map(Random)


def luhn_sum(digits: str) -> int:
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total


@given(st.text("0123456789", min_size=1, max_size=30))
def test_luhn_digit_makes_the_sum_a_multiple_of_ten(digits: str) -> None:
    assert luhn_sum(digits + generators.luhn_digit(digits)) % 10 == 0


def test_luhn_digit_of_a_published_example() -> None:
    assert generators.luhn_digit("49015420323751") == "8"


@given(randoms)
def test_imei(random: Random) -> None:
    imei = generators.imei(random)
    assert re.fullmatch(r"35000666\d{7}", imei)
    assert luhn_sum(imei) % 10 == 0


@given(randoms)
def test_device_id(random: Random) -> None:
    assert re.fullmatch(r"oob-35000666\d{7}", generators.device_id(random))


@given(randoms)
def test_fingerprint(random: Random) -> None:
    assert re.fullmatch(
        r"[0-9a-f]{3}\.[abcdefghijkmnpqrstuvwxyz23456789]{6}", generators.fingerprint(random)
    )


@given(randoms)
def test_uuid4(random: Random) -> None:
    text = generators.uuid4(random)
    parsed = uuid.UUID(text)
    assert (parsed.version, parsed.variant, str(parsed)) == (4, uuid.RFC_4122, text)


@given(randoms)
def test_ulid(random: Random) -> None:
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", generators.ulid(random))


@given(randoms)
def test_email(random: Random) -> None:
    assert re.fullmatch(r"[a-z]+\.[a-z2-9]{8}@example\.com", generators.email(random))


@given(randoms)
def test_map_public_device_id(random: Random) -> None:
    assert re.fullmatch(r"[a-z]+-[a-z]+-[a-z]+", generators.map_public_device_id(random))


@given(randoms)
def test_cell_id(random: Random) -> None:
    assert 1 <= generators.cell_id(random) < 2**28


def test_the_words_are_plain_and_all_different() -> None:
    assert len(set(generators.WORDS)) == len(generators.WORDS) > 100
    assert all(re.fullmatch("[a-z]{3,9}", word) for word in generators.WORDS)


@pytest.mark.parametrize("name", generators.GENERATORS)
def test_same_seed_same_value_other_seed_other_value(name: str) -> None:
    first, again, other = (generators.generate(name, Random(seed)) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("name", ["cell ID", "cellId", "CELL id"])
def test_case_and_spaces_of_a_name_do_not_count(name: str) -> None:
    assert isinstance(generators.generate(name, Random(0)), int)


def test_an_unknown_name_gets_a_near_one() -> None:
    with pytest.raises(StepFailure) as caught:
        generators.generate("UUIDv5", Random(0))
    assert caught.value.final
    assert str(caught.value).startswith(
        "There is no generator for a random 'UUIDv5': did you mean 'UUIDv4'?\nThere are: UUIDv4,"
    )


def test_a_name_like_no_other_gets_the_list() -> None:
    with pytest.raises(StepFailure, match=r"random '☃'\.\nThere are: UUIDv4, email,"):
        generators.generate("☃", Random(0))


@given(st.integers(-50, 50), st.integers(0, 50), randoms)
def test_number_between(low: int, span: int, random: Random) -> None:
    assert low <= generators.number_between(low, low + span, random) <= low + span


def test_number_between_nothing() -> None:
    with pytest.raises(StepFailure, match="No number lies between 5 and 4: swap them"):
        generators.number_between(5, 4, Random(0))

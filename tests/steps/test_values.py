from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

SENTENCES: Sentences = {
    "I store `$millis()` into `ts`": ("store", {"expression": "$millis()", "name": "ts"}),
    "I store ``'a`b'`` into `x`": ("store", {"expression": "'a`b'", "name": "x"}),
    "I have a random UUIDv4 in `id`": ("store_random", {"kind": "UUIDv4", "name": "id"}),
    "I have a random email in `x`": ("store_random", {"kind": "email", "name": "x"}),
    "I have an random email in `x`": ("store_random", {"kind": "email", "name": "x"}),
    "I have a random IMEI in `x`": ("store_random", {"kind": "IMEI", "name": "x"}),
    "I have a random ULID in `x`": ("store_random", {"kind": "ULID", "name": "x"}),
    "I have a random cell ID in `x`": ("store_random", {"kind": "cell ID", "name": "x"}),
    "I have a random cellId in `x`": ("store_random", {"kind": "cellId", "name": "x"}),
    "I have a random map public device id in `x`": (
        "store_random",
        {"kind": "map public device id", "name": "x"},
    ),
    "I have a random number between `1` and `6` in `x`": (
        "store_random_number",
        {"low": 1, "high": 6, "name": "x"},
    ),
    "I have a random number between -6 and -1 in `x`": (
        "store_random_number",
        {"low": -6, "high": -1, "name": "x"},
    ),
    "I have a user's email in `x`": ("store_email", {"name": "x"}),
    "`$count(bundles)` should match": ("value_matches", {"expression": "$count(bundles)"}),
    "`a.b` should equal": ("value_equals", {"expression": "a.b"}),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("values", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("values", SENTENCES)

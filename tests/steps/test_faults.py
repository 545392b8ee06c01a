from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

NEXT = "the next response to `GET /v1/x`"
SENTENCES: Sentences = {
    "the next nRF Cloud API response to `GET /v1/x` is delayed by `0.5` seconds": (
        "delay",
        {"request": "GET /v1/x", "seconds": 0.5},
    ),
    f"{NEXT} is delayed by 1 second, 3 times": (
        "delay",
        {"request": "GET /v1/x", "seconds": 1.0, "times": 3},
    ),
    f"{NEXT} is delayed by `0.1` to `2` seconds": (
        "delay_between",
        {"request": "GET /v1/x", "lower": 0.1, "upper": 2.0},
    ),
    f"{NEXT} is delayed by about `0.2` seconds, `10` times": (
        "delay_about",
        {"request": "GET /v1/x", "median": 0.2, "times": 10},
    ),
    f"{NEXT} is dripping in over `2` seconds": ("drip", {"request": "GET /v1/x", "seconds": 2.0}),
    f"{NEXT} is `truncated`": ("damage", {"request": "GET /v1/x", "kind": "truncated"}),
    f"{NEXT} is `empty`, 2 times": (
        "damage",
        {"request": "GET /v1/x", "kind": "empty", "times": 2},
    ),
    "nRF Cloud answers the next `3` requests with `503`": ("refuse", {"times": 3, "status": 503}),
    "nRF Cloud answers the next 1 request for `GET /v1/x` with 500": (
        "refuse",
        {"times": 1, "status": 500, "request": "GET /v1/x"},
    ),
    "nRF Cloud is rate limited for the next `2` requests, with a `Retry-After` of `1` second": (
        "limit",
        {"times": 2, "seconds": 1},
    ),
    "nRF Cloud is rate limited for the next 1 request for `GET /v1/x`"
    ", with a `Retry-After` of 2 seconds": (
        "limit",
        {"times": 1, "seconds": 2, "request": "GET /v1/x"},
    ),
    "nRF Cloud works again": ("end", {}),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("faults", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("faults", SENTENCES)

from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

SENTENCES: Sentences = {
    "this nRF Cloud API is queued for a `GET /v1/x?y=/z/` request": (
        "queue",
        {"request": "GET /v1/x?y=/z/"},
    ),
    "this nRF Cloud API request is queued for a `GET /v1/x` request": (
        "queue",
        {"request": "GET /v1/x"},
    ),
    "this nRF Cloud API request is queued for an `OPTIONS /v1/x` request": (
        "queue",
        {"request": "OPTIONS /v1/x"},
    ),
    "this nRF Cloud API request is queued for a `POST /v1/x` request where `n > 1`": (
        "queue_where",
        {"request": "POST /v1/x", "predicate": "n > 1"},
    ),
    "there is this device shadow data for `oob-1` in nRF Cloud": (
        "shadow",
        {"device_id": "oob-1"},
    ),
    "this HTTP API Mock response for `POST http://m/hooks/a` is queued": (
        "queue_third_party",
        {"request": "POST http://m/hooks/a"},
    ),
    "this HTTP API Mock response for `GET hooks/a` is queued and kept": (
        "keep_third_party",
        {"request": "GET hooks/a"},
    ),
    "all queued responses should have been asked for": ("all_asked_for", {}),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("nrfcloud", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("nrfcloud", SENTENCES)

from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

API = "the nRF Cloud API should"
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
    "there is this device shadow data for `oob-1` in nRF Cloud": (
        "shadow",
        {"device_id": "oob-1"},
    ),
    f"{API} have been called with": ("called", {}),
    f"{API} have been called with a request matching": ("called_matching", {}),
    f"{API} not have been called with": ("not_called", {}),
    f"{API} not have been called with a request matching": ("not_called", {}),
    "the shadow for `oob-1` in the `elite` account has been requested": (
        "shadow_requested",
        {"device_id": "oob-1", "account": "elite"},
    ),
    "this HTTP API Mock response for `POST http://m/hooks/a` is queued": (
        "queue_third_party",
        {"request": "POST http://m/hooks/a"},
    ),
    "this HTTP API Mock response for `GET hooks/a` is queued and kept": (
        "keep_third_party",
        {"request": "GET hooks/a"},
    ),
    "the HTTP API Mock should have been called with": ("third_party_called", {}),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("nrfcloud", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("nrfcloud", SENTENCES)

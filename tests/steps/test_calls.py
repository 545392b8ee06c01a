from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

API = "the nRF Cloud API should"
MOCK = "the HTTP API Mock should"
SENTENCES: Sentences = {
    f"{API} have been called with": ("called", {}),
    f"{API} have been called with a request matching": ("called_matching", {}),
    f"{API} not have been called with": ("not_called", {}),
    f"{API} not have been called with a request matching": ("not_called", {}),
    "the shadow for `oob-1` in the `elite` account has been requested": (
        "shadow_requested",
        {"device_id": "oob-1", "account": "elite"},
    ),
    f"{API} have been called exactly `1` time with": ("called_exactly", {"times": 1}),
    f"{API} have been called exactly 0 times with": ("called_exactly", {"times": 0}),
    f"{API} have been called exactly `2` times with a request matching": (
        "called_exactly_matching",
        {"times": 2},
    ),
    f"{API} have been called at least `1` time with": ("called_at_least", {"times": 1}),
    f"{API} have been called at least 3 times with a request matching": (
        "called_at_least_matching",
        {"times": 3},
    ),
    f"{API} have been called in this order": ("called_in_order", {}),
    f"{API} not have been called with other requests": ("no_other_calls", {}),
    f"{MOCK} have been called with": ("third_party_called", {}),
    f"{MOCK} not have been called with": ("third_party_not_called", {}),
    f"{MOCK} have been called exactly `2` times with": (
        "third_party_called_exactly",
        {"times": 2},
    ),
    f"{MOCK} have been called at least `2` times with": (
        "third_party_called_at_least",
        {"times": 2},
    ),
    f"{MOCK} have been called in this order": ("third_party_called_in_order", {}),
    f"{MOCK} not have been called with other requests": ("no_other_third_party_calls", {}),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("calls", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("calls", SENTENCES)

from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

SENTENCES: Sentences = {
    "I have the fingerprint for a `PCA20065` device in `fp`": (
        "register",
        {"model": "PCA20065", "name": "fp"},
    ),
    "I have the fingerprint for an `X` device in `fp`": ("register", {"model": "X", "name": "fp"}),
    "I have the fingerprint for a `PCA20065` device in the `elite` account in `fp`": (
        "register",
        {"model": "PCA20065", "account": "elite", "name": "fp"},
    ),
    "I have the fingerprint for an unsupported device in `fp`": (
        "register_unsupported",
        {"name": "fp"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("devices", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("devices", SENTENCES)

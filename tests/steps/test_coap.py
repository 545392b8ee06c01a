from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

SENTENCES: Sentences = {
    "the device `d1` does a `POST` to this CoAP resource `/msg/d2c` with this SenML payload": (
        "ask",
        {"device": "d1", "method": "POST", "path": "/msg/d2c"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("coap", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("coap", SENTENCES)

from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

SENTENCES: Sentences = {
    "the device `d1` publishes this message to the topic `a/b`": (
        "publish",
        {"device": "d1", "topic": "a/b"},
    ),
    "the device `d1` listens to the topic `a/#`": ("listen", {"device": "d1", "topic": "a/#"}),
    "the device `d1` should have received a message on the topic `a/#` that matches": (
        "should_receive",
        {"device": "d1", "topic": "a/#"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("mqtt", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("mqtt", SENTENCES)

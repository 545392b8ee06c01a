from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

MESSAGE = "a message on the websocket that"
SENTENCES: Sentences = {
    "I connect to the websocket using fingerprint `92b.y7i24q`": (
        "connect",
        {"fingerprint": "92b.y7i24q"},
    ),
    "I reconnect to the websocket using fingerprint `92b.y7i24q`": (
        "reconnect",
        {"fingerprint": "92b.y7i24q"},
    ),
    "I connect to the websocket at `ws://a/b`": ("connect_to", {"url": "ws://a/b"}),
    f"I should receive {MESSAGE} matches": ("message_matches", {}),
    f"I should receive {MESSAGE} matches after 20 retries": ("message_matches", {"retries": 20}),
    f"I should receive {MESSAGE} matches after `20` retries": ("message_matches", {"retries": 20}),
    f"I should receive {MESSAGE} is equal to": ("message_equals", {}),
    f"I should receive {MESSAGE} is equal to after 1 retries": ("message_equals", {"retries": 1}),
    f"I should not receive {MESSAGE} matches, within `0.5` seconds": (
        "no_message",
        {"seconds": 0.5},
    ),
    f"I should not receive {MESSAGE} matches within 2 seconds": ("no_message", {"seconds": 2.0}),
    "I send this message via the websocket": ("send", {}),
    "`reported` of the last websocket message equals": (
        "last_message_equals",
        {"expression": "reported"},
    ),
    "`reported` of the last matched websocket message equals": (
        "last_message_equals",
        {"expression": "reported"},
    ),
    "I wait for `0.5` seconds": ("wait", {"seconds": 0.5}),
    "I wait for 2 seconds": ("wait", {"seconds": 2.0}),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("websocket", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("websocket", SENTENCES)

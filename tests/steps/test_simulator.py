from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

D, G = {"device": "d1"}, {"group": "fleet"}
SENTENCES: Sentences = {
    "the device `d1` accepts its update": ("accept", D),
    "the device `d1` accepts its updates": ("accept", D),
    "the device `d1` accepts its updates over `REST`": ("accept", {**D, "protocol": "REST"}),
    "the device `d1` rejects its updates in the `elite` account": (
        "reject",
        {**D, "account": "elite"},
    ),
    "the device `d1` fails its updates at the `download` over `MQTT` in the `elite` account": (
        "fail",
        {**D, "stage": "download", "protocol": "MQTT", "account": "elite"},
    ),
    "the devices of the group `fleet` accept their updates": ("accept_all", G),
    "the devices of the group `fleet` accept their updates over `REST`": (
        "accept_all",
        {**G, "protocol": "REST"},
    ),
    "the devices of the group `fleet` reject their updates": ("reject_all", G),
    "the devices of the group `fleet` fail their updates at the `deadline`": (
        "fail_all",
        {**G, "stage": "deadline"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("simulator", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("simulator", SENTENCES)

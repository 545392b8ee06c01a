from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

SENTENCES: Sentences = {
    "the job `j` should be `CREATED`": ("check_job", {"job": "j", "status": "CREATED"}),
    "the job `j` in the `elite` account should be `CREATED` with the detail `x`": (
        "check_job",
        {"job": "j", "status": "CREATED", "account": "elite", "detail": "x"},
    ),
    "the job `j` should match": ("match_job", {"job": "j"}),
    "the job `j` in the `elite` account should match": (
        "match_job",
        {"job": "j", "account": "elite"},
    ),
    "the execution for `d` should be `QUEUED`": (
        "check_execution",
        {"device": "d", "status": "QUEUED"},
    ),
    "the execution for `d` of the job `j` in the `elite` account should be `QUEUED` with the"
    " detail `x`": (
        "check_execution",
        {"device": "d", "job": "j", "account": "elite", "status": "QUEUED", "detail": "x"},
    ),
    "the group `g` should have the device `d`": ("check_group", {"group": "g", "devices": "d"}),
    "the group `g` in the `elite` account should have the devices `d, e`": (
        "check_group",
        {"group": "g", "account": "elite", "devices": "d, e"},
    ),
    "the group `g` should have no devices": ("check_no_group", {"group": "g"}),
    "the group `g` in the `elite` account should have no devices": (
        "check_no_group",
        {"group": "g", "account": "elite"},
    ),
    "the shadow of `d` should match": ("match_shadow", {"device": "d"}),
    "the shadow of `d` in the `elite` account should match": (
        "match_shadow",
        {"device": "d", "account": "elite"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("fota_outcome", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("fota_outcome", SENTENCES)

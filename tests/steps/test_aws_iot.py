from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

EXECUTION = "the execution of the AWS IoT job `update-7` on `pump-1`"
WHICH = {"job": "update-7", "thing": "pump-1"}
SENTENCES: Sentences = {
    "AWS IoT behaves": ("behave", {}),
    "AWS IoT knows the thing `pump-1`": ("know", {"thing": "pump-1"}),
    "the AWS IoT job `update-7` is created for `pump-1, pump-2`": (
        "create",
        {"job": "update-7", "things": "pump-1, pump-2"},
    ),
    f"{EXECUTION} becomes `FAILED`": ("becomes", WHICH | {"status": "FAILED"}),
    f"{EXECUTION} should be `CANCELED`": ("should_be", WHICH | {"status": "CANCELED"}),
    f"{EXECUTION} should match": ("should_match", WHICH),
    "the AWS IoT job `update-7` should be `COMPLETED`": (
        "job_should_be",
        {"job": "update-7", "status": "COMPLETED"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("aws_iot", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("aws_iot", SENTENCES)

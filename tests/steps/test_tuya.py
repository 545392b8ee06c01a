from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

TASK = {"firmware": "168", "device": "d1", "product": "p", "status": "QUEUED"}
SENTENCES: Sentences = {
    "Tuya behaves": ("behave", {}),
    "Tuya behaves at `si-1.tuyacloud.com`": ("behave", {"host": "si-1.tuyacloud.com"}),
    "Tuya knows the access key `testid`": ("know_key", {"key_id": "testid"}),
    "Tuya knows the access key `testid` with the secret in `s`": (
        "know_key",
        {"key_id": "testid", "secret": "s"},
    ),
    "Tuya denies `A` to the access key `testid`": ("deny", {"action": "A", "key_id": "testid"}),
    "the next call of Tuya fails with `x`": ("fail", {"code": "x"}),
    "the next `2` calls of Tuya fail with `x`": ("fail", {"code": "x", "times": 2}),
    "the upgrade task of the firmware `168` for the Tuya device `d1` of the product `p` is"
    " `QUEUED`": ("set_task", TASK),
    "the upgrade task of the firmware `168` for the Tuya device `d1` of the product `p` in the"
    " batch `7` is `QUEUED`": ("set_task", {**TASK, "job": "7"}),
    "the upgrade task of the firmware `168` for the Tuya device `d1` of the product `p` should be"
    " `QUEUED`": ("check_task", TASK),
    "the upgrade task of the firmware `168` for the Tuya device `d1` of the product `p` in the"
    " batch `7` should be `QUEUED`": ("check_task", {**TASK, "job": "7"}),
    "I call the Tuya API `CancelOTATaskByDevice` with": (
        "call",
        {"action": "CancelOTATaskByDevice"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("tuya", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("tuya", SENTENCES)

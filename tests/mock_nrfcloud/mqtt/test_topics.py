from __future__ import annotations

import pytest

from harness.errors import BddError
from mock_nrfcloud.mqtt.topics import MAX_BYTES, check_filter, check_topic


@pytest.mark.parametrize("topic", ["a", "/", "prod/team/d1/jobs/update", "$aws/é"])
def test_topics(topic: str) -> None:
    check_topic(topic)
    check_filter(topic)


@pytest.mark.parametrize("topic", ["", "a\0", "a" * (MAX_BYTES + 1)])
def test_no_topics(topic: str) -> None:
    for check in (check_topic, check_filter):
        with pytest.raises(BddError, match="is no topic: take 1 to 65,535 bytes"):
            check(topic)


@pytest.mark.parametrize("topic", ["#", "+", "a/+/b", "a/#", "+/+/#"])
def test_wildcards_are_for_listening(topic: str) -> None:
    check_filter(topic)
    with pytest.raises(BddError, match="it has a wildcard"):
        check_topic(topic)


@pytest.mark.parametrize("topic", ["a#", "#/a", "a/b+", "+a/b", "a/##"])
def test_wildcards_are_whole_levels(topic: str) -> None:
    with pytest.raises(BddError, match="are whole levels"):
        check_filter(topic)

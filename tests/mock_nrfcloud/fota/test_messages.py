"""MQTT messages: payloads as values and back, and what makes no sense."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_nrfcloud.fota.entities import Document
from mock_nrfcloud.fota.lifecycle import CODES, ExecutionStatus
from mock_nrfcloud.fota.messages import Request, Update, notification, read

DOCUMENT = Document("APP*0123abcd*v1", "MDM_FULL", "v1", 10, ("t/b/one.bin", "t/b/two.bin"))
ADDRESS = "firmware.nrfcloud.com"


def test_a_device_is_notified_of_an_execution() -> None:
    topic, payload = notification("team", "d1", None, "job", DOCUMENT)
    assert topic == "prod/team/d1/jobs/rcv"
    assert payload == f'["job",5,10,"{ADDRESS}","t/b/one.bin t/b/two.bin"]'.encode()


def test_the_gateway_of_a_device_is_notified() -> None:
    topic, payload = notification("team", "b1", "gw", "job", DOCUMENT)
    assert topic == "prod/team/gw/jobs/ble/rcv"
    assert payload == f'["b1","job",5,10,"{ADDRESS}","t/b/one.bin t/b/two.bin"]'.encode()


@pytest.mark.parametrize(
    ("topic", "payload", "said"),
    [
        ("d1/jobs/req", '[""]', Request("team", "d1", "d1")),
        ("d1/jobs/req", '["job"]', Request("team", "d1", "d1", "job")),
        ("gw/jobs/ble/req", '["b1"]', Request("team", "gw", "b1")),
        (
            "d1/jobs/update",
            '["job", 6, "Device rejected the update"]',
            Update(
                "team", "d1", "d1", "job", ExecutionStatus.REJECTED, "Device rejected the update"
            ),
        ),
        (
            "d1/jobs/update",
            '["job", 7, 40]',
            Update("team", "d1", "d1", "job", ExecutionStatus.DOWNLOADING, "40%"),
        ),
        (
            "gw/jobs/ble/update",
            '["b1", "job", 1]',
            Update("team", "gw", "b1", "job", ExecutionStatus.IN_PROGRESS, ""),
        ),
    ],
)
def test_what_devices_say(topic: str, payload: str, said: object) -> None:
    assert read(f"prod/team/{topic}", payload.encode()) == said


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("prod/team/d1/jobs/rcv", '["job"]'),
        ("prod/team/d1/else", '["job", 1, ""]'),
        ("prod/team/d1/jobs/update/more", '["job", 1, ""]'),
        ("prod/team/d1/jobs/update", ""),
        ("prod/team/d1/jobs/update", "{}"),
        ("prod/team/d1/jobs/update", "\xff"),
        ("prod/team/d1/jobs/update", "[" * 10_000),
        ("prod/team/d1/jobs/update", '["job"]'),
        ("prod/team/d1/jobs/update", '["job", 8, ""]'),
        ("prod/team/d1/jobs/update", '["job", true, ""]'),
        ("prod/team/d1/jobs/update", '["job", 1.0, ""]'),
        ("prod/team/d1/jobs/update", '["job", 1, 40]'),
        ("prod/team/d1/jobs/update", f'["job", 1, "{"x" * 1025}"]'),
        ("prod/team/d1/jobs/update", '["job", 7, 101]'),
        ("prod/team/d1/jobs/update", '["job", 7, true]'),
        ("prod/team/d1/jobs/update", '["job", 1, "", ""]'),
        ("prod/team/d1/jobs/req", "[1]"),
        ("prod/team/gw/jobs/ble/req", '[""]'),
    ],
)
def test_what_makes_no_sense(topic: str, payload: str) -> None:
    assert read(topic, payload.encode("latin-1")) is None


@given(st.text(min_size=1), st.sampled_from(ExecutionStatus), st.text())
def test_every_update_is_read_as_it_was_written(
    job: str, status: ExecutionStatus, detail: str
) -> None:
    payload = json.dumps([job, CODES[status], detail]).encode(errors="replace")
    told = read("prod/t/d/jobs/update", payload)
    clean = job.encode(errors="replace").decode(), detail.encode(errors="replace").decode()
    assert told == Update("t", "d", "d", clean[0], status, clean[1])


@given(st.text(), st.binary())
def test_any_message_is_read_or_ignored(name: str, payload: bytes) -> None:
    read(f"prod/t/{name}/jobs/update", payload)
    read(f"prod/t/{name}/jobs/ble/req", payload)

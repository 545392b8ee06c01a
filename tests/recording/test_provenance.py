"""Placeholders stand where a value equals a known one, and nowhere else."""

from __future__ import annotations

from harness.core.redaction import REDACTED, Redactor
from harness.recording.prettier import format_json
from harness.recording.provenance import Known, Replacer, stored

DEVICE = Known("oob-350006661234563", "tracker_deviceId", "the device's ID")
JOB = Known("01J861VKYH5QVD6QQ5YXXF20EF", "jobId", "the ID of the job")
TIME = Known("2026-01-01T00:00:00.000Z", "$fromMillis(ts)", "a time", whole=True)


def written(replacer: Replacer, value: object, block: str = "json") -> str:
    return format_json(replacer.json(value, "json" if block == "json" else "http", "$"))


def test_a_value_is_replaced_whole_and_as_a_word() -> None:
    replacer = Replacer([DEVICE, JOB])
    assert replacer.text(f"/{DEVICE.value}/{JOB.value}x", "path") == (
        f"/${{tracker_deviceId}}/{JOB.value}x"
    )
    assert written(replacer, {"id": DEVICE.value, str(DEVICE.value): f"a {JOB.value}."}) == (
        '{ "id": "${tracker_deviceId}", "${tracker_deviceId}": "a ${jobId}." }'
    )


def test_of_two_values_in_one_place_the_longer_is_taken() -> None:
    imei = Known("350006661234563", "imei", "the IMEI")
    assert Replacer([imei, DEVICE]).text("oob-350006661234563", "") == "${tracker_deviceId}"
    assert Replacer([imei]).text("oob-350006661234563", "") == "oob-${imei}"


def test_numbers_are_written_as_their_block_has_them() -> None:
    replacer = Replacer([Known(1767225600, "$floor(ts / 1000)", "a time")])
    assert written(replacer, [1767225600, 1]) == '["$number{$floor(ts / 1000)}", 1]'
    assert written(replacer, [1767225600], "http") == "[${$floor(ts / 1000)}]"


def test_a_whole_value_is_not_looked_for_in_texts() -> None:
    assert written(Replacer([TIME]), [TIME.value]) == '["${$fromMillis(ts)}"]'
    assert written(Replacer([TIME]), f"at {TIME.value}") == f'"at {TIME.value}"'


def test_a_short_value_counts_only_where_it_is_asked_for() -> None:
    replacer = Replacer([Known(7, "orderId", "stored")])
    assert written(replacer, [7, "7"]) == '[7, "7"]'
    pieces = replacer.pieces("7", "path", str, short=True)
    assert [each.expression for each in pieces if isinstance(each, Known)] == ["orderId"]


def test_replacements_say_why_and_where_without_secrets() -> None:
    fingerprint = Known("29a.k7m3xq", "tracker", "the fingerprint", is_secret=True)
    replacer = Replacer([fingerprint, JOB])
    written(replacer, {"a": "29a.k7m3xq", "b": [JOB.value, JOB.value]})
    first, second = replacer.replacements()
    assert (first.value, first.placeholder, first.where) == (REDACTED, "${tracker}", ("$.a",))
    assert (second.value, second.where) == (JOB.value, ("$.b[0]", "$.b[1]"))


def test_what_is_not_known_is_redacted() -> None:
    replacer = Replacer([DEVICE], Redactor(["s3cr3t"]).text)
    assert written(replacer, f"xs3cr3tx {DEVICE.value}") == (
        f'"x{REDACTED}x ${{tracker_deviceId}}"'
    )


def test_stored_values_that_tell_something() -> None:
    found = stored({"a": "abcd", "b": 12345, "c": "x", "d": True, "e f": "abcd", "g": [1]})
    assert [each.expression for each in found] == ["a", "b"]

"""What a run says of itself beyond its scenarios."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from harness.core.events import Exchange
from harness.reports.results import from_json
from harness.stories import SHOWN
from tests.project import Done, make_project


def queue(request: str) -> str:
    return (
        f"Given this nRF Cloud API request is queued for a `{request}` request\n\n"
        "```\nHTTP/1.1 200 OK\n```\n"
    )


def feature(*steps: str, title: str = "Story", front_matter: str = "") -> str:
    above = f"---\n{front_matter}\n---\n\n" if front_matter else ""
    return above + "\n".join([f"# {title}", "", "## It is told", "", *steps])


def told(folder: Path, features: dict[str, str], *arguments: str, settings: str = "") -> Done:
    """How a run of these features ends."""
    files = {f"{name}.feature.md": text for name, text in features.items()}
    project = make_project(folder, files)
    project.write("nrfcloud-bdd.toml", f'[values]\nmockURL = "{{mock_url}}"\n{settings}')
    return project.behave("--no-timings", *arguments)


STRICT = '[mock]\nunused_stubs = "strict"\n'


def test_responses_that_nobody_asked_for_are_named_at_the_end(tmp_path: Path) -> None:
    asked = "When I `GET` `${mockURL}/asked`\n"
    steps = [queue("GET /asked"), asked, queue("GET /not-asked?fingerprint=92b.y7i24q")]
    project = make_project(tmp_path, {"story.feature.md": feature(*steps)})
    project.write("nrfcloud-bdd.toml", '[values]\nmockURL = "{mock_url}"\n')
    done = project.behave()
    assert done.status == 0, done.text
    expected = "features/story.feature.md:13:1: queued GET /not-asked?fingerprint=[redacted]"
    assert done.err == f"Responses that nobody asked for:\n  {expected}\n"


def test_the_note_is_bounded(tmp_path: Path) -> None:
    steps = [queue(f"GET /{number}") for number in range(SHOWN + 5)]
    done = make_project(tmp_path, {"story.feature.md": feature(*steps)}).behave()
    assert done.status == 0, done.text
    assert len(done.err.splitlines()) == SHOWN + 2
    assert done.err.endswith("  … 5 more\n")


def test_where_values_come_from_if_there_are_none(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"story.feature.md": feature("When I `GET` `${APIURL}/x`")})
    done = project.behave()
    assert "${APIURL} has no value (not stored: APIURL): nothing is stored: values come" in done.out


def test_the_results_tell_what_each_step_sent_and_received(tmp_path: Path) -> None:
    asked = "When I `GET` `${mockURL}/asked?token=s3cret`\n"
    unanswered = "When I `GET` `${mockURL}/unknown`\n"
    steps = [
        queue("GET /asked"),
        asked,
        "Soon the third try succeeds\n",
        "Given the next response to `GET /unknown` is delayed by 0.001 seconds\n",
        unanswered,
        "Then it fails",
    ]
    project = make_project(tmp_path, {"story.feature.md": feature(*steps)})
    project.write("nrfcloud-bdd.toml", '[values]\nmockURL = "{mock_url}"\n')
    done = project.run("harness.tools.cli", "run", "--report", "reports")
    assert done.status == 1, done.text
    text = (tmp_path / "reports/results.json").read_bytes()
    assert b"s3cret" not in text
    (scenario,) = from_json(text)
    queued, got, late, _, missed, failed = scenario.steps
    assert queued.events == ()
    sent, arrived = got.events  # what is asked of the mock here is what a service would ask
    assert isinstance(sent, Exchange)
    assert isinstance(arrived, Exchange)
    assert (sent.source, sent.target, sent.status) == ("test", "service", 200)
    assert (arrived.source, arrived.target, arrived.note) == ("service", "api.nrfcloud.com", "")
    assert arrived.url == "/asked?token=[redacted]"
    assert (late.late, late.tries) == (True, 2)
    assert [each.failure for each in late.attempts] == ["this is try 1", "this is try 2"]
    assert [event.note for event in missed.events if isinstance(event, Exchange)] == [
        "",
        "the answer went wrong: 0.001 s late\n"
        'no stub answered it\nqueued GET /asked: path: expected "/asked", got "/unknown"',
    ]
    assert failed.failure is not None
    assert (failed.failure.line, failed.failure.summary) == (19, "it was told to")


def test_a_strict_feature_fails_if_nobody_asked_for_a_response(tmp_path: Path) -> None:
    text = feature(queue("GET /a"), front_matter="needs: []\nunusedStubs: strict")
    done = told(tmp_path, {"a": text}, "-f", "plain", "--junit")
    assert done.status == 1
    expected = """\
    Then all queued responses should have been asked for ... failed
ASSERT FAILED: features/a.feature.md:3:14: 1 queued response was not asked for
  features/a.feature.md:10:1: queued GET /a"""
    assert expected in done.out
    assert "0 scenarios passed, 1 failed" in done.out
    (report,) = (tmp_path / "reports").glob("*.xml")
    (case,) = ElementTree.parse(report).getroot().iter("testcase")
    (failure,) = case.iter("failure")
    assert case.get("name") == "It is told"
    assert "1 queued response was not asked for" in failure.get("message", "")


def test_every_report_shows_it(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": feature(queue("GET /a"))})
    project.write("nrfcloud-bdd.toml", STRICT)
    done = project.run("harness.tools.cli", "run", "--report", "reports", "--format", "json")
    assert done.status == 1
    (scenario,) = json.loads(done.out[: done.out.rindex("]") + 1])[0]["elements"]
    step = scenario["steps"][-1]
    assert (scenario["status"], step["result"]["status"]) == ("failed", "failed")
    assert step["location"] == "features/a.feature.md:1"
    summary = (tmp_path / "reports" / "summary.md").read_text()
    assert "Then all queued responses should have been asked for" in summary
    assert "  features/a.feature.md:5:1: queued GET /a" in summary


@pytest.mark.parametrize(
    ("front_matter", "settings", "status", "noted"),
    [
        ("", "", 0, True),
        ("", STRICT, 1, True),
        ("", STRICT.replace("strict", "off"), 0, False),
        ("unusedStubs: off", STRICT, 0, False),
        ("unusedStubs: warn", STRICT, 0, True),
        ("unusedStubs: strict", STRICT.replace("strict", "off"), 1, True),
    ],
)
def test_what_a_feature_says_wins_over_the_settings(
    tmp_path: Path, front_matter: str, settings: str, status: int, noted: bool
) -> None:
    text = feature(queue("GET /a"), front_matter=front_matter)
    done = told(tmp_path, {"a": text}, settings=settings)
    assert done.status == status, done.text
    assert ("Responses that nobody asked for:" in done.err) is noted


def test_a_strict_feature_passes_if_all_were_asked_for(tmp_path: Path) -> None:
    steps = [queue("GET /a"), "When I `GET` `${mockURL}/a`\n"]
    variants = "variants: [{a: 1}, {a: 2}]"
    done = told(tmp_path, {"a": feature(*steps, front_matter=variants)}, settings=STRICT)
    assert done.status == 0, done.text
    assert done.err == ""
    assert done.out.count("Then all queued responses should have been asked for") == 2


def test_each_variant_is_looked_at_by_itself(tmp_path: Path) -> None:
    steps = [queue("GET /1"), "When I `GET` `${mockURL}/${variant.a}`\n"]
    variants = "variants: [{a: 1}, {a: 2}]"
    done = told(tmp_path, {"a": feature(*steps, front_matter=variants)}, settings=STRICT)
    assert "1 scenario passed, 1 failed" in done.out
    assert done.out.count("1 queued response was not asked for") == 1


def test_a_background_alone_is_looked_at_too(tmp_path: Path) -> None:
    text = f"# F\n\n## Background\n\n{queue('GET /a')}"
    done = told(tmp_path, {"a": text}, settings=STRICT)
    assert done.status == 1
    assert "1 queued response was not asked for" in done.out


def test_what_a_needed_feature_leaves_is_for_those_that_need_it(tmp_path: Path) -> None:
    ask = "When I `GET` `${mockURL}/used`\n"
    features = {
        "a": feature(queue("GET /used"), queue("GET /unused"), title="A"),
        "b": feature(ask, title="B", front_matter="needs: [A]"),
    }
    done = told(tmp_path, features, settings=STRICT)
    assert done.status == 0, done.text
    assert done.err == (
        "Responses that nobody asked for:\n  features/a.feature.md:11:1: queued GET /unused\n"
    )
    # That does not depend on what else was chosen.
    done = told(tmp_path, features, "features/a.feature.md", settings=STRICT)
    assert done.status == 0, done.text
    assert len(done.err.splitlines()) == 3


def test_nothing_is_unused_before_the_feature_has_ended(tmp_path: Path) -> None:
    ask = "## It is used\n\nWhen I `GET` `${mockURL}/a`\n"
    features = {"a": feature(queue("GET /a"), ask)}
    assert told(tmp_path, features, settings=STRICT).status == 0
    done = told(tmp_path, features, "features/a.feature.md:3", settings=STRICT)
    assert done.status == 0, done.text
    assert "Responses that nobody asked for:" in done.err


def test_a_failure_is_not_followed_by_another(tmp_path: Path) -> None:
    done = told(tmp_path, {"a": feature(queue("GET /a"), "When it fails\n")}, settings=STRICT)
    assert done.status == 1
    assert "not asked for" not in done.out
    assert "features/a.feature.md:5:1: queued GET /a" in done.err


def test_a_plain_feature_is_noted_without_a_place(tmp_path: Path) -> None:
    project = make_project(tmp_path, {})
    text = "Feature: F\n  Scenario: S\n    Given this nRF Cloud API request is queued for a"
    block = '      """\n      HTTP/1.1 200 OK\n      """\n'
    project.write("features/p.feature", f"{text} `GET /a` request\n{block}")
    done = project.behave()
    assert done.status == 0, done.text
    assert done.err == "Responses that nobody asked for:\n  queued GET /a\n"


def test_calls_about_earlier_features_are_left_out(tmp_path: Path) -> None:
    known = [
        "Given this nRF Cloud API request is queued for a `POST /v1/fota-jobs` request\n",
        '```\nHTTP/1.1 200 OK\n\n{ "jobId": "job-1" }\n```\n',
        "Given there is this device shadow data for `oob-1` in nRF Cloud\n",
        '```json\n{ "items": [] }\n```\n',
        "Given I have a random UUIDv4 in `made`\n",
    ]
    asks = [
        "When I `GET` `${mockURL}/v1/fota-jobs/job-1`\n",
        "When I `GET` `${mockURL}/v1/devices?deviceIds=oob-1`\n",
        "Then the nRF Cloud API should not have been called with other requests\n",
    ]
    features = {
        "a": feature(*known, title="A"),
        "b": feature(*asks, title="B"),
        "c": feature(*asks, title="C", front_matter="needs: [A]"),
    }
    done = told(tmp_path, features)
    assert "2 scenarios passed, 1 failed" in done.out, done.text
    failure = "features/c.feature.md:13:1: the nRF Cloud API was called with 2 other requests"
    assert failure in done.out

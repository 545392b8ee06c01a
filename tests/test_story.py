"""What a run says of itself beyond its scenarios."""

from __future__ import annotations

from pathlib import Path

from harness.core.trace import Exchange
from harness.reports.results import from_json
from harness.story import UNSERVED_LINES
from tests.project import make_project


def queue(request: str) -> str:
    return (
        f"Given this nRF Cloud API request is queued for a `{request}` request\n\n"
        "```\nHTTP/1.1 200 OK\n```\n"
    )


def feature(*steps: str) -> str:
    return "\n".join(["# Story", "", "## It is told", "", *steps])


def test_responses_that_nobody_asked_for_are_named_at_the_end(tmp_path: Path) -> None:
    asked = "When I `GET` `${mockURL}/asked`\n"
    steps = [queue("GET /asked"), asked, queue("GET /not-asked?fingerprint=92b.y7i24q")]
    project = make_project(tmp_path, {"story.feature.md": feature(*steps)})
    project.write("nrfcloud-bdd.toml", '[values]\nmockURL = "{mock_url}"\n')
    done = project.behave()
    assert done.status == 0, done.text
    expected = "  queued GET /not-asked?fingerprint=[redacted]"
    assert done.err == f"Responses that nobody asked for:\n{expected}\n"


def test_the_note_is_bounded(tmp_path: Path) -> None:
    steps = [queue(f"GET /{number}") for number in range(UNSERVED_LINES + 5)]
    done = make_project(tmp_path, {"story.feature.md": feature(*steps)}).behave()
    assert done.status == 0, done.text
    assert len(done.err.splitlines()) == UNSERVED_LINES + 2
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
    queued, got, late, missed, failed = scenario.steps
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
        'no stub answered it\nqueued GET /asked: path: expected "/asked", got "/unknown"',
    ]
    assert failed.failure is not None
    assert (failed.failure.line, failed.failure.summary) == (17, "it was told to")

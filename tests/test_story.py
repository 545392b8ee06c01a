"""What a run says of itself beyond its scenarios."""

from __future__ import annotations

from pathlib import Path

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

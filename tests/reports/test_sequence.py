"""Diagrams of what scenarios sent, as Mermaid itself draws them in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Page

from harness.core.events import Exchange, Frame
from harness.reports.results import ScenarioResult, StepResult
from harness.reports.sequence import LABEL, MOST_LINES, diagram, label
from tests.browser import mermaid

DRAW = """async code => {
  const { svg } = await mermaid.render('drawn', code);
  const drawing = new DOMParser().parseFromString(svg, 'text/html');
  const texts = found => [...drawing.querySelectorAll(found)].map(each => each.textContent);
  return {
    actors: texts('text.actor-box'), messages: texts('.messageText'), notes: texts('.noteText'),
    scripts: drawing.querySelectorAll('script, img, a, iframe').length,
  };
}"""


def exchange(at: float, source: str, target: str, url: str, **fields: object) -> Exchange:
    usual: dict[str, object] = {"took": 0.5, "method": "GET", "status": 200, "reason": "OK"}
    return Exchange(at=at, source=source, target=target, url=url, **{**usual, **fields})  # type: ignore[arg-type]


def scenario(*events: Exchange | Frame, title: str = "it should hold") -> ScenarioResult:
    steps = (
        StepResult("Given", "nothing is sent", 3, "passed"),
        StepResult("Then", title, 5, "failed", events=events),
        StepResult("And", "this", 7, "skipped"),
    )
    return ScenarioResult("S", "a.feature.md", 1, "failed", steps=steps)


def lines(*events: Exchange | Frame) -> list[str]:
    return [line.strip() for line in diagram(scenario(*events)).splitlines()]


def test_a_request_that_causes_another_stands_around_it() -> None:
    outer = exchange(1, "test", "service", "http://127.0.0.1:80/a", took=1, method="PUT")
    inner = exchange(1.2, "service", "api.nrfcloud.com", "/b", status=404, note="no stub\nnearest")
    message = Frame(at=1.1, source="service", target="test", text='{"a": 1}')
    assert lines(outer, message, inner) == [
        "sequenceDiagram",
        "participant p0 as test",
        "participant p1 as service",
        "participant p2 as api.nrfcloud.com",
        "Note over p0,p2: #10060; Then it should hold",
        "p0->>p1: PUT /a",
        "p1-)p0: websocket#58; #123;#34;a#34;#58; 1#125;",
        "p1->>p2: GET /b",
        "p2-->>p1: 404 OK, no stub",
        "p1-->>p0: 200 OK",
    ]


def test_a_request_without_an_answer_is_crossed_out() -> None:
    lost = exchange(1, "test", "service", "/", status=0, note="the connection was closed")
    assert lines(lost)[-1] == "p1--xp0: no answer, the connection was closed"


def test_polling_is_shown_once() -> None:
    polls = [exchange(at, "service", "host", f"/{at % 2}") for at in range(10)]
    asked = exchange(10, "test", "service", "/0")
    shown = lines(*polls, asked, exchange(11, "service", "host", "/0"))
    assert [line for line in shown if "->>" in line and "-->>" not in line] == [
        "p1->>p2: GET /0 (5 times)",
        "p1->>p2: GET /1 (5 times)",
        "p0->>p1: GET /0",
        "p1->>p2: GET /0",
    ]


def test_of_much_the_end_is_shown() -> None:
    shown = lines(*(exchange(at, "test", "service", f"/{at}") for at in range(1000)))
    assert shown[3] == f"Note over p0,p1: {2001 - MOST_LINES} earlier lines are not shown"
    assert shown[-2:] == ["p0->>p1: GET /999", "p1-->>p0: 200 OK"]
    assert len(shown) == MOST_LINES + 4


def test_where_nothing_was_sent_there_is_no_diagram() -> None:
    assert diagram(scenario()) == ""


@given(st.text())
def test_a_label_is_short_and_on_one_line(text: str) -> None:
    shown = label(text)
    assert len(shown.splitlines()) == 1
    assert len(shown) <= LABEL * len("#1114111;")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with mermaid() as page:
        yield page


def seen(text: str) -> str:
    return " ".join(text.split())


hostile = st.one_of(
    st.sampled_from(
        [
            "end", "loop x", "p0->>p1: x", "%%{init: {}}%%", "%% comment", "wrap: a", "style:x#35;",
            "#quot;", "&lt;b&gt;", "<b>x</b>", "<br/>", "<script>1</script>", "a;b", "a\nend\nb",
            "```", '"quoted"', "$$x$$", "@{ x }", "ﬂ°°35¶ß", "--- x ---", "\x1b[31m", "a as b",
        ]
    ),
    st.text(st.characters(categories=("L", "M", "N", "P", "S", "Zs")), max_size=30),
)  # fmt: skip


@given(st.lists(hostile.filter(str.strip), min_size=4, max_size=4, unique_by=seen))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_mermaid_draws_every_text_as_it_is(page: Page, texts: list[str]) -> None:
    party, url, message, title = texts
    asked = exchange(1, "test", f"h {party}", f"x {url}", reason="")
    answer = Frame(at=2, source=f"h {party}", target="test", text=message)
    drawn = page.evaluate(DRAW, diagram(scenario(asked, answer, title=title)))
    party, url, message, title = (seen(text).replace("\x1b", "�") for text in texts)
    # Each party is drawn at the top and at the bottom.
    assert {seen(text) for text in drawn["actors"]} == {"test", f"h {party}"}
    assert [seen(text) for text in drawn["messages"]] == [
        f"GET x {url}",
        "200",
        f"websocket: {message}",
    ]
    assert [seen(text) for text in drawn["notes"]] == [f"❌ Then {title}"]
    assert drawn["scripts"] == 0

"""The page, as a person sees it, in a browser."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from harness.core.http_text import HttpResponse
from mock_nrfcloud.journal import Seen
from mock_nrfcloud.journal_file import JournalFile
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.values import ROOT_HOST
from tests.browser import chromium, opened, violations
from tests.mock_nrfcloud.standalone import Running, running

MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"
WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 420, "height": 800}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def mock() -> Iterator[Running]:
    with running() as started:
        yield started


@pytest.fixture
def page(browser: Browser, mock: Running) -> Iterator[Page]:
    with opened(browser, f"{mock.admin}/", viewport=WIDE) as page:
        expect(page.locator("#status")).to_have_text("Live")
        yield page


def add(mock: Running, method: str, url: str, status: int = 200, **more: object) -> str:
    """The ID of a stub that is added; `more` is of its request, but for `kind` and `response`."""
    stub = {"kind": more.pop("kind", "queued"), "response": {"status": status}}
    stub["response"] |= more.pop("response", {})  # type: ignore[operator]
    stub["request"] = {"method": method, "url": url, **more}
    status, added = mock.ask("/__admin/mappings", stub)
    assert status == 201, added
    return str(added["id"])


def rows(page: Page) -> list[str]:
    return [each.partition(" ")[2] for each in page.locator("#rows td.request").all_inner_texts()]


def expect_rows(page: Page, *paths: str) -> None:
    texts = [re.compile(rf"^\S+ {re.escape(each)}$") for each in paths]
    expect(page.locator("#rows td.request")).to_have_text(texts)


def test_requests_appear_as_they_arrive(mock: Running, page: Page) -> None:
    expect(page.locator("#empty")).to_contain_text("No requests yet")
    add(mock, "GET", "/a?x=1", 201, kind="kept")
    mock.ask("/a?x=1")
    mock.ask("/b", {"c": 1})
    expect_rows(page, "/b", "/a?x=1")
    expect(page.locator("#rows tr").nth(0)).to_contain_text("404 ✗ no stub")
    expect(page.locator("#rows tr").nth(1)).to_contain_text("201 ✓ stub")
    expect(page.locator("#request-count")).to_have_text("2")
    expect(page.locator("#stub-count")).to_have_text("1")
    expect(page.locator("#empty")).to_be_hidden()
    # What it asks for itself is not in the journal.
    assert len(mock.ask("/__admin/requests")[1]["requests"]) == 2


def test_a_request_that_a_stub_answered(mock: Running, page: Page) -> None:
    add(mock, "POST", "/a?x=1", 201, headers={"X-Api-Key": "k1"}, jsonBody={"b": 1})
    mock.ask("/a?x=1", {"b": 1, "c": 12345678901234567890}, **{"X-Api-Key": "k1"})
    page.get_by_role("link", name="POST /a?x=1").click()
    why = page.locator(".why")
    expect(why).to_contain_text("Answered by a queued stub")
    expect(why).to_contain_text("3 conditions")
    expect(why.locator(".met .field")).to_have_text(
        ["method", "host", "path", "query x", "header X-Api-Key", "body"]
    )
    expect(why.locator(".unmet")).to_have_count(0)
    expect(page.locator("#detail")).to_contain_text("[redacted]")
    expect(page.locator("#detail")).not_to_contain_text("null")
    # Formatted, but with every digit.
    expect(page.locator("#detail pre").first).to_have_text(
        '{\n  "b": 1,\n  "c": 12345678901234567890\n}', use_inner_text=True
    )
    why.get_by_role("link", name="stub").click()
    expect(page.locator(".stub details[open] summary").last).to_contain_text("given 1 time")
    page.go_back()
    expect(why).to_be_visible()


def test_an_answer_that_went_wrong(mock: Running, page: Page) -> None:
    mock.ask("/__admin/outages", {"response": {"status": 202}, "fixedDelayMilliseconds": 1})
    mock.ask("/a")
    page.get_by_role("link", name="GET /a").click()
    expect(page.locator("#detail .note")).to_have_text("What happened to the answer: 0.001 s late.")
    expect(page.locator(".why")).to_have_text("Answered by an outage, before any stub was asked")
    expect(page.locator("td.answer .mark").last).to_have_text("⚡ 0.001 s late")


def test_near_misses_condition_by_condition(mock: Running, page: Page) -> None:
    add(mock, "GET", "/a?x=1&y=2")
    add(mock, "GET", "/other/path")
    mock.ask("/a?x=1&y=3")
    page.locator("#rows a").click()
    why = page.locator(".why")
    expect(why.locator("h4")).to_have_text(["queued GET /a?x=1&y=2", "queued GET /other/path"])
    nearest = why.locator(".criteria").first
    expect(nearest.locator("li")).to_have_text(
        [
            '✓method"GET"',
            '✓host"api.nrfcloud.com"',
            '✓path"/a"',
            '✓query x"1"',
            '✗query yexpected "2", got "3"',
        ]
    )
    # The chosen request stays when others arrive.
    mock.ask("/b")
    expect_rows(page, "/b", "/a?x=1&y=3")
    expect(page.locator("tr:has([aria-current])")).to_contain_text("/a?x=1&y=3")


def test_what_was_written_by_others_is_text(mock: Running, page: Page) -> None:
    add(
        mock,
        "POST",
        "/a",
        host=MARKUP,
        headers={MARKUP: MARKUP},
        body=MARKUP,
        response={"body": MARKUP, "headers": {"X-A": MARKUP}, "statusMessage": MARKUP},
    )
    mock.ask("/__admin/shadows/%3Cscript%3Ealert(3)%3C%2Fscript%3E", {"page": {"items": []}}, "PUT")
    path = "/%3Cscript%3Ealert(4)%3C/script%3E?%3Cb%3E=%3Cimg%20src=x%20onerror=alert(5)%3E"
    mock.ask(path, {MARKUP: MARKUP}, **{"X-A": MARKUP})
    page.locator("#rows a").click()
    detail = page.locator("#detail")
    expect(detail.locator("h2")).to_contain_text("<script>alert(4)</script>?<b>=<img src=x")
    expect(detail.locator("dd", has_text=MARKUP)).to_be_visible()
    expect(detail.locator("pre").first).to_contain_text("<script>alert(2)</script>")
    page.get_by_role("link", name="Stubs").click()
    stubs = page.locator("#stubs")
    expect(stubs.locator("h2").first).to_contain_text(MARKUP)
    for summary in stubs.locator("summary").all():
        summary.click()
    expect(stubs.locator("pre").last).to_have_text(MARKUP)
    expect(stubs.locator("li", has_text="<script>alert(3)</script>")).to_be_visible()
    assert page.locator("main img, main script, main b").count() == 0


def test_filters(mock: Running, page: Page) -> None:
    add(mock, "GET", "/a", 201, kind="kept")
    add(mock, "POST", "/f", 202, kind="kept", host="h.example")
    mock.ask("/a")
    mock.ask("/b", {"Needle": 1})
    mock.ask("/h.example/f", {}, "POST")
    expect_rows(page, "h.example/f", "/b", "/a")
    form = page.locator("#filters")
    for field, value, found in (
        ("Method", "GET", ["/a"]),
        ("Status", "4xx", ["/b"]),
        ("Status", "202", ["h.example/f"]),
        ("Answered by a stub or not", "true", ["h.example/f", "/a"]),
        ("Answered by a stub or not", "false", ["/b"]),
        ("Host", "h.example", ["h.example/f"]),
        ("Text", "needle", ["/b"]),
    ):
        control = form.get_by_label(field, exact=True)
        if control.evaluate("each => each.tagName") == "SELECT":
            control.select_option(value)
        else:
            control.fill(value)
        expect_rows(page, *found)
        form.get_by_role("button", name="Clear").click()
        expect_rows(page, "h.example/f", "/b", "/a")
    form.get_by_label("Status", exact=True).fill("4")  # not yet a status
    expect_rows(page, "h.example/f", "/b", "/a")
    form.get_by_label("Status", exact=True).fill("404")
    form.get_by_label("Text", exact=True).fill("nothing")
    expect(page.locator("#empty")).to_have_text("No request is like this.")
    form.get_by_label("Text", exact=True).fill("/b")
    expect_rows(page, "/b")
    assert page.url.endswith("#requests?text=%2Fb&status=404")
    page.reload()
    expect_rows(page, "/b")
    expect(form.get_by_label("Status", exact=True)).to_have_value("404")
    # New ones are filtered too.
    mock.ask("/a")
    mock.ask("/bb")
    expect_rows(page, "/bb", "/b")


def test_pause_and_keys(mock: Running, page: Page) -> None:
    for path in ("/1", "/2", "/3"):
        mock.ask(path)
    expect_rows(page, "/3", "/2", "/1")
    page.keyboard.press("p")
    expect(page.locator("#status")).to_have_text("Paused")
    mock.ask("/4")
    expect(page.locator("#news")).to_have_text("1 newer request: not shown.")
    expect_rows(page, "/3", "/2", "/1")
    page.get_by_role("button", name="Pause").click()
    expect_rows(page, "/4", "/3", "/2", "/1")
    expect(page.locator("#news")).to_be_hidden()
    for key, path in (("j", "/4"), ("j", "/3"), ("k", "/4")):
        page.keyboard.press(key)
        expect(page.locator("#detail h2")).to_have_text(f"GET {path}")
    page.keyboard.press("Escape")
    expect(page.locator("#detail h2")).to_have_count(0)
    page.keyboard.press("/")
    page.keyboard.type("pj2")
    expect(page.get_by_label("Text", exact=True)).to_have_value("pj2")
    expect(page.locator("#status")).to_have_text("Live")


def test_bodies(mock: Running, page: Page) -> None:
    mock.ask("/huge", "x" * 200_000)
    add(mock, "GET", "/bytes", response={"base64Body": "/wD/"})
    with urllib.request.urlopen(f"{mock.url}/bytes") as response:
        assert response.read() == b"\xff\x00\xff"
    mock.ask("/none")
    expect_rows(page, "/none", "/bytes", "/huge")
    page.get_by_role("link", name="POST /huge").click()
    expect(page.locator("#detail .note")).to_have_text(
        "50,000 of 200,002 characters are shown. All of it"
    )
    assert len(page.locator("#detail pre").first.inner_text()) == 50_000
    page.get_by_role("link", name="GET /bytes").click()
    expect(page.locator("#detail")).to_contain_text("These bytes are no text")
    expect(page.locator("#detail pre")).to_have_text("/wD/")


def test_stubs_with_what_waits_and_what_was_given(mock: Running, page: Page) -> None:
    page.get_by_role("link", name="Stubs").click()
    expect(page.locator("#stubs")).to_contain_text("No stubs")
    for status in (201, 202, 203):
        add(mock, "GET", "/a?x=1", status)
    add(mock, "GET", "/b", kind="kept")
    expect(page.locator(".stub .facts")).to_have_text(
        ["3 waiting · 0 requests answered", "0 waiting · 0 requests answered"]
    )
    mock.ask("/a?x=1")
    mock.ask("/a?x=1")
    expect(page.locator(".stub .facts").first).to_have_text("1 waiting · 2 requests answered")
    expect(page.locator(".stub").first.locator("summary")).to_have_text(
        ["served 202 given 1 time", "waiting 203 not yet given"]
    )
    page.locator(".stub summary").last.click()
    mock.ask("/b")
    expect(page.locator(".stub").last).to_contain_text("given 1 time")
    expect(page.locator(".stub details[open]")).to_have_count(1)  # it stays open


def test_faults_and_outages(mock: Running, page: Page) -> None:
    predicate = "$exists(b)"
    add(mock, "POST", "/a", bodyPredicate=predicate, response={"fixedDelayMilliseconds": 1})
    mock.ask("/__admin/outages", {"response": {"status": 503}, "times": 2})
    mock.ask("/a", {"b": 1})
    page.get_by_role("link", name="POST /a").click()
    expect(page.locator(".why")).to_contain_text("Answered by an outage")
    page.get_by_role("link", name="Stubs").click()
    outage, stub = page.locator(".stub").nth(0), page.locator(".stub").nth(1)
    expect(outage).to_contain_text("Outage: any method any path")
    expect(outage).to_contain_text("for the next 1 request")
    expect(outage).to_contain_text("503")
    expect(stub).to_contain_text(f"Body where {predicate}")
    stub.locator("summary").last.click()
    expect(stub).to_contain_text('With {"fixedDelayMilliseconds":1}')
    mock.ask("/a")
    mock.ask("/a", {"b": 1})
    expect(page.locator(".stub")).to_have_count(1)
    page.get_by_role("link", name="Requests").click()
    expect_rows(page, "/a", "/a", "/a")
    page.locator("#rows a").first.click()
    expect(page.locator("#detail .note")).to_contain_text("What happened to the answer: ")
    expect(page.locator(".why")).to_contain_text("body where")


def test_a_journal_of_100_000_requests(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite"
    write(path, 100_000)
    with running("--journal", str(path)) as mock, opened(browser, f"{mock.admin}/") as page:
        expect(page.locator("#request-count")).to_have_text("100,000")
        expect(page.locator("#rows tr")).to_have_count(100)
        assert rows(page)[0] == "/100000"
        page.get_by_role("link", name="Older").click()
        expect(page.locator("#rows td.request").first).to_have_text("GET /99900")
        mock.ask("/new")
        expect(page.locator("#news")).to_have_text("1 newer request: not shown.")
        page.get_by_role("link", name="Newest").click()
        expect(page.locator("#rows td.request").first).to_have_text("GET /new")
        expect(page.locator("#rows tr")).to_have_count(100)
        page.get_by_label("Text", exact=True).fill("/77?")
        expect_rows(page, "/77")
        for number in range(150):
            mock.ask(f"/77?{number}")
        expect(page.locator("#rows td.request").first).to_have_text("GET /77?149=")
        expect(page.locator("#rows tr")).to_have_count(100)


def write(path: Path, requests: int) -> None:
    """A journal with so many requests."""

    async def record() -> None:
        file = JournalFile(path)
        journal = file.journal("")
        answer = Answer("", HttpResponse(404))
        for number in range(1, requests + 1):
            journal.record(Seen(1.0, 0.0, "GET", ROOT_HOST, f"/{number}", "", (), b""), answer)
        file.close()

    # In a thread of its own: in this one runs the loop of the browser.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(record())).result()


def test_a_mock_that_stops_and_comes_back(browser: Browser) -> None:
    with running() as mock:
        port = mock.url.rpartition(":")[2]
        admin = f"{mock.admin}/"
        with opened(browser, admin) as page:
            mock.ask("/a")
            expect_rows(page, "/a")
            mock.process.terminate()
            mock.process.wait(30)
            expect(page.locator("#status")).to_contain_text("The mock does not answer.")
            expect_rows(page, "/a")  # is still to be read
            with running("--port", port) as other:
                expect(page.locator("#status")).to_have_text("Live")
                expect(page.locator("#empty")).to_be_visible()
                other.ask("/b")
                expect_rows(page, "/b")


def test_a_journal_that_is_cleared(mock: Running, page: Page) -> None:
    mock.ask("/a")
    page.locator("#rows a").click()
    expect(page.locator("#detail h2")).to_have_text("GET /a")
    mock.ask("/__admin/requests", method="DELETE")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator("#request-count")).to_have_text("0")
    page.reload()
    expect(page.locator("#detail")).to_contain_text("Request 1 is not in the journal (any more).")
    mock.ask("/b")
    expect_rows(page, "/b")


def test_namespaces(mock: Running, page: Page) -> None:
    mock.ask("/root")
    mock.ask("/__admin/namespaces/run-1", {}, "PUT")
    mock.ask("/__ns/run-1/in/it")
    chooser = page.get_by_label("Namespace")
    expect(chooser.locator("option")).to_have_text(["(root)", "run-1"])
    expect_rows(page, "/root")
    chooser.select_option("run-1")
    page.wait_for_url("**/__ns/run-1/__admin/")
    expect_rows(page, "/in/it")
    expect(chooser).to_have_value("run-1")
    mock.ask("/__admin/namespaces/run-1", method="DELETE")
    expect(page.locator("#status")).to_contain_text("there is no namespace 'run-1'")
    chooser.select_option("(root)")
    expect_rows(page, "/root")


def test_the_token_is_the_password(browser: Browser) -> None:
    with running(env={"MOCK_ADMIN_TOKEN": "t0ken"}) as mock:
        mock.ask("/a")
        mock.ask("/__admin/namespaces/b", {}, "PUT", Authorization="Bearer t0ken")
        credentials = {"username": "me", "password": "t0ken"}
        with opened(browser, f"{mock.admin}/", http_credentials=credentials) as page:
            expect_rows(page, "/a")
            page.get_by_label("Namespace").select_option("b")
            expect(page.locator("#empty")).to_be_visible()
            assert "t0ken" not in page.url + page.content()
        with opened(
            browser, f"{mock.admin}/", http_credentials={"username": "me", "password": "other"}
        ) as page:
            assert "The admin token is missing or wrong" in page.content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_is_accessible(browser: Browser, mock: Running, scheme: str, size: object) -> None:
    add(mock, "GET", "/a?x=1", 201, headers={"X-A": "1"}, jsonBody={"a": 1})
    add(mock, "GET", "/b", 302, kind="kept")
    mock.ask("/b")
    mock.ask("/a?x=2", {"a": 2})
    with opened(browser, f"{mock.admin}/", color_scheme=scheme, viewport=size) as page:
        expect(page.locator("#status")).to_have_text("Live")
        expect_rows(page, "/a?x=2", "/b")
        assert violations(page) == []
        page.get_by_role("link", name="GET /b").click()
        expect(page.locator(".why.matched")).to_be_visible()
        assert violations(page) == []
        page.goto(f"{mock.admin}/#requests?request=2")
        expect(page.locator(".why.unmatched")).to_be_visible()
        assert violations(page) == []
        # Nothing is wider than the window.
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("link", name="Stubs").click()
        expect(page.locator(".stub")).to_have_count(2)
        assert violations(page) == []


def test_a_narrow_window_shows_the_list_or_the_request(browser: Browser, mock: Running) -> None:
    mock.ask("/a")
    with opened(browser, f"{mock.admin}/", viewport=NARROW) as page:
        page.get_by_role("link", name="GET /a").click()
        expect(page.locator("#detail h2")).to_be_visible()
        expect(page.locator("#rows")).to_be_hidden()
        page.get_by_role("link", name="All requests").click()
        expect(page.locator("#rows")).to_be_visible()
        expect(page.locator("#detail")).to_be_hidden()


def test_it_cannot_be_shown_within_another_page(browser: Browser, mock: Running) -> None:
    with browser.new_context() as context:
        other = context.new_page()
        other.set_content(f"<iframe src={json.dumps(mock.admin + '/')}></iframe>")
        frame = other.frames[-1]
        frame.wait_for_load_state()
        assert frame.locator("h1").count() == 0

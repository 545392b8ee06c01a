"""The HTML report as a person sees it: opened from disk, in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from harness.reports.html import html_report
from harness.reports.results import FeatureResult, Results
from tests.browser import chromium, opened, violations
from tests.reports.runs import HOSTILE, mixed, passing

WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 360, "height": 740}
UNFOLD = "[...document.querySelectorAll('details:not([open])')].map(each => each.unfold()).length"
FAILED = "#features/fota.feature.md:20"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a report."""
    return written(mixed(), tmp_path_factory.mktemp("report"))


@pytest.fixture
def page(browser: Browser, report: str) -> Iterator[Page]:
    with opened(browser, report, viewport=WIDE) as page:
        yield page


def written(results: Results, folder: Path) -> str:
    path = folder / "report.html"
    path.write_text(html_report(results), encoding="utf-8")
    return path.as_uri()


def expect_title(page: Page, title: str) -> None:
    """This scenario is shown, or is about to be: a new address is told of a moment later."""
    expect(page.locator("main > h2")).to_have_text(re.compile(rf"^[^:]*:\s*{re.escape(title)}\s*$"))


def shown(page: Page) -> list[str]:
    """The scenarios of the list."""
    return page.locator("#features ol > li:visible .title").all_inner_texts()


def test_failures_come_first_and_lead_to_what_differed(page: Page) -> None:
    expect(page.locator("#verdict")).to_have_text("failed")
    expect(page.locator(".note")).to_have_text(f"a note {HOSTILE}")
    card = page.locator(".cards a")
    expect(card).to_contain_text("status is not what it should be")
    expect(card).to_contain_text('expected "DONE", got "NEW"')
    card.click()
    expect_title(page, "The job is created")
    failure = page.locator(".failure")
    expect(failure).to_have_count(1)
    expect(failure.locator(".summary")).to_have_text("status is not what it should be")
    expect(failure.locator(".expected")).to_contain_text('expected "DONE"')
    expect(failure.locator(".got")).to_contain_text('"NEW"')
    expect(page.locator(".step.failed .attempts")).to_contain_text("and 2 times more")
    expect(page.locator(".step.failed")).to_contain_text("printed by the step")
    expect(page.locator(".step.failed")).to_contain_text("7 more messages are not in this report")


def test_texts_stay_texts(page: Page) -> None:
    page.locator("#features a", has_text="The job is created").click()
    page.locator("#step-1 > summary").click()
    expect(page.locator("#step-1 td").nth(1)).to_have_text(HOSTILE)
    expect(page.locator("img")).to_have_count(0)


def test_a_request_and_its_answer(page: Page, report: str) -> None:
    page.goto(report + FAILED)
    page.locator("#message-2-1 > summary").click()
    message = page.locator("#message-2-1")
    expect(message.locator("h5")).to_have_text(
        ["GET https://api.nrfcloud.com/v1/jobs?limit=1", "200 OK"]
    )
    # Laid out, and with the number as it was.
    expect(message.locator("pre")).to_have_text('{\n  "id": 12345678901234567890\n}')
    message.get_by_text("1 header").click()
    expect(message.locator("dd")).to_have_text("application/json")
    page.locator("#message-2-5 > summary").click()
    expect(page.locator("#message-2-5 pre")).to_have_text('{\n  "a": [\n    "b",\n    {}\n  ]\n}')
    page.locator("#message-2-6 > summary").click()
    text = page.locator("#message-2-6 pre").inner_text()
    assert (text.count("["), len(text) < 2_000_000) == (8000, True)


def test_the_sequence_diagram(page: Page, report: str) -> None:
    page.goto(report + FAILED)
    parties = page.locator(".party text")
    assert [each.split("\n")[0] for each in parties.all_text_contents()] == [
        "testtest",
        "serviceservice",
        "api.nrfcloud.comapi.nrfcloud.com",
    ]
    arrows = page.locator(".arrow")
    expect(arrows).to_have_count(5)
    expect(arrows.nth(1)).to_contain_text("no answer")
    expect(page.locator(".arrow.bad")).to_have_count(2)
    arrows.nth(2).click()
    message = page.locator("#message-2-4")
    expect(message).to_have_attribute("open", "")
    expect(message.locator("summary").first).to_be_focused()
    assert page.url.endswith(f"{FAILED},2.4")
    message.get_by_text("show in the diagram").click()
    expect(arrows.nth(2)).to_be_focused()


def test_a_step_that_held_late_is_told_with_its_attempts(page: Page) -> None:
    page.locator("#statuses [data-status=late]").click()
    assert shown(page) == ["It comes late"]
    page.locator("#features a:visible").click()
    expect(page.locator(".step .badge")).to_have_text("late: failed 2 times before it held")
    page.locator("#step-1 > summary").click()
    expect(page.locator(".attempts p")).to_have_text(["it is not there", "nearly"])


def test_filter_and_search(page: Page) -> None:
    assert len(shown(page)) == 6
    page.locator("#statuses [data-status=skipped]").click()
    assert shown(page) == ["After it"]
    expect(page.locator("#shown")).to_have_text("1 of 6 scenarios")
    page.locator("#statuses [data-status='']").click()
    search = page.locator("#search")
    search.fill("API.NRFCLOUD.com/v1/nothing")
    assert shown(page) == ["The job is created"]
    search.fill("no such text")
    assert shown(page) == []
    search.fill("twin")
    search.press("Enter")
    expect_title(page, "Its twin")
    search.press("Escape")
    assert len(shown(page)) == 6


def test_it_is_usable_by_keyboard(page: Page) -> None:
    keys = page.keyboard
    keys.press("j")
    expect_title(page, "The job is created")
    keys.press("j")
    expect_title(page, "After it")
    expect(page.locator("#features [aria-current]")).to_contain_text("After it")
    keys.press("k")
    expect_title(page, "The job is created")
    keys.press("k")
    expect_title(page, "The job is created")
    keys.press("Escape")
    expect(page.locator(".timeline")).to_be_visible()
    keys.press("n")
    expect_title(page, "The job is created")
    keys.press("/")
    expect(page.locator("#search")).to_be_focused()
    keys.type("jt?")
    expect(page.locator("#search")).to_have_value("jt?")
    keys.press("Escape")
    keys.press("?")
    expect(page.locator("#help")).to_be_visible()
    keys.press("Escape")
    expect(page.locator("#help")).to_be_hidden()
    keys.press("t")
    expect(page.locator("#theme")).to_have_text("Theme: light")
    page.reload()
    expect(page.locator("#theme")).to_have_text("Theme: light")


def test_addresses(page: Page, report: str) -> None:
    page.goto(f"{report}#features/other.feature.md:10%202")
    expect_title(page, "Its twin")
    page.goto(f"{report}{FAILED},2.3")
    expect(page.locator("#message-2-3")).to_have_attribute("open", "")
    page.go_back()
    expect_title(page, "Its twin")
    for wrong in ("#features/gone.feature.md:1", "#%", "#a,1.1"):
        page.goto(report + wrong)
        expect(page.locator("main")).to_contain_text("no scenario at that address")
    page.goto(f"{report}{FAILED},99.99")
    expect_title(page, "The job is created")


def test_the_timeline_has_a_row_for_what_ran_at_the_same_time(page: Page) -> None:
    expect(page.locator(".timeline figcaption")).to_have_text(
        "5 scenarios in 4.5 s, up to 2 at the same time"
    )
    bars = page.locator(".timeline rect")
    rows = {each.get_attribute("y") for each in bars.all()}
    assert len(rows) == 2
    page.locator(".timeline rect.failed").click()
    expect_title(page, "The job is created")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_it_is_accessible_and_fits(
    browser: Browser, report: str, scheme: str, size: dict[str, int]
) -> None:
    with opened(browser, report, viewport=size, color_scheme=scheme) as page:
        assert violations(page) == []
        page.goto(report + FAILED)
        while page.evaluate(UNFOLD):
            pass
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size["width"]


def test_thousands_of_scenarios(browser: Browser, tmp_path: Path) -> None:
    scenarios = tuple(passing(f"No. {number}", number, number) for number in range(1, 2001))
    many = Results((FeatureResult("Many", "f", "passed", scenarios),))
    with opened(browser, written(many, tmp_path), viewport=WIDE) as page:
        expect(page.locator("#verdict")).to_have_text("passed")
        expect(page.locator("#features ol > li")).to_have_count(2000)
        page.locator("#search").fill("no. 1999")
        assert shown(page) == ["No. 1999"]
        page.keyboard.press("Enter")
        expect_title(page, "No. 1999")


def test_nothing_ran(browser: Browser, tmp_path: Path) -> None:
    with opened(browser, written(Results(()), tmp_path), viewport=WIDE) as page:
        expect(page.locator("#statuses")).to_have_text("all 0")
        page.keyboard.press("j")
        assert violations(page) == []

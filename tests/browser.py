"""A headless Chromium for tests: that of the system, driven by Playwright, which downloads none.

    @pytest.fixture(scope="module")
    def browser() -> Iterator[Browser]:
        with chromium() as started:
            yield started

While one is open nothing in this process can use asyncio.run: what is tested runs in a process of
its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
MERMAID = Path(__file__).parent / "node/node_modules/mermaid/dist/mermaid.min.js"
SECONDS = 30
"""How long is waited for what is expected of a page."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser with an empty profile; the test is skipped where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("there is no chromium: apt-get install chromium")
    expect.set_options(timeout=SECONDS * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def mermaid() -> Iterator[Page]:
    """A page with Mermaid, which draws diagrams; the test is skipped where it is not installed."""
    if not MERMAID.is_file():
        pytest.skip("there is no Mermaid: npm install --prefix tests/node --no-package-lock")
    with chromium() as browser:
        page = browser.new_page()
        page.add_script_tag(path=MERMAID)
        page.evaluate("mermaid.initialize({ startOnLoad: false })")
        yield page


@contextmanager
def opened(browser: Browser, url: str, **options: Any) -> Iterator[Page]:
    """A page in a profile of its own. Fails if the page complains, or asks anybody but this host.

    `options` are those of a browser context: viewport, color_scheme, http_credentials …
    """
    complaints: list[str] = []
    origin = "/".join(url.split("/")[:3])
    with browser.new_context(**options) as context:
        context.set_default_timeout(SECONDS * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.on(
            "console",
            lambda message: complaints.append(message.text) if message.type == "error" else None,
        )
        page.on(
            "request",
            lambda sent: None if sent.url.startswith(origin) else complaints.append(sent.url),
        )
        page.goto(url)
        yield page
    # What the network does is the test's business: it stops servers.
    assert [each for each in complaints if not each.startswith("Failed to load resource")] == []


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the accessibility of a page as it is now."""
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html']}" for each in found for node in each["nodes"]]

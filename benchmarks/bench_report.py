"""How fast the HTML report of 2,000 scenarios is written, and can be used in Chromium.

    python benchmarks/bench_report.py

Method: results made here, 2,000 scenarios of 10 steps, each step with a code block and a request
with its answer, every 50th scenario failed. Writing is `html_report` and the file, in this process.
"Usable" is from the start of the navigation to the first frame after the list and the overview are
there, as the browser's own clock has it (`performance.now()`), in a fresh profile, from disk. The
search is the first one, which has to read every step; opening a scenario ends with a frame too.
Best of 3. The times are absolute. Needs chromium.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from playwright.sync_api import Browser, sync_playwright

from harness.core.events import Exchange
from harness.reports.html import html_report
from harness.reports.results import (
    Failure,
    FeatureResult,
    Results,
    ScenarioResult,
    Status,
    StepResult,
)

SCENARIOS = 2_000
STEPS = 10
ROUNDS = 3
BODY = '{"deviceId": "oob-352656108602296", "status": "IN_PROGRESS", "upgradePath": {"2.0.0": "a"}}'
FRAME = (
    "new Promise(done => requestAnimationFrame(() => setTimeout(() => done(performance.now()))))"
)
SEARCH = f"""async () => {{
  const begin = performance.now();
  const search = document.getElementById("search");
  search.value = "job-1999";
  search.dispatchEvent(new Event("input"));
  return await {FRAME} - begin;
}}"""
OPEN = f"""async () => {{
  const begin = performance.now();
  document.querySelector("#features li:not([hidden]) > a").click();
  await new Promise((done) => addEventListener("hashchange", done, {{once: true}}));
  return await {FRAME} - begin;
}}"""


def made() -> Results:
    """The results of a large run."""
    features = [
        FeatureResult(
            f"Feature {number}",
            f"features/{number}.feature.md",
            "passed",
            tuple(scenario(number * 20 + each) for each in range(20)),
        )
        for number in range(SCENARIOS // 20)
    ]
    return Results(tuple(features), started=1.0, seconds=SCENARIOS)


def scenario(number: int) -> ScenarioResult:
    """A scenario; every 50th fails."""
    steps = tuple(step(number, each) for each in range(STEPS))
    status: Status = "failed" if steps[-1].failure else "passed"
    file = f"features/{number // 20}.feature.md"
    return ScenarioResult(f"Scenario {number}", file, number, status, 1.0, steps=steps)


def step(number: int, place: int) -> StepResult:
    """A step with a block and a request."""
    sent = Exchange(
        at=float(number + 1),
        source="service",
        target="api.nrfcloud.com",
        took=0.01,
        method="GET",
        url=f"https://api.nrfcloud.com/v1/fota-jobs/job-{number}?step={place}",
        headers=(("Accept", "application/json"), ("Authorization", "[redacted]")),
        status=200,
        reason="OK",
        answer_headers=(("Content-Type", "application/json"),),
        answer_body=BODY,
    )
    failed = number % 50 == 0 and place == STEPS - 1
    return StepResult(
        "Then",
        f"`jobs[{place}]` of the last response should match",
        number + place,
        "failed" if failed else "passed",
        0.1,
        float(number + 1),
        text=BODY,
        language="json",
        failure=Failure(1, 1, "it does not match") if failed else None,
        events=(sent,),
    )


def measured(browser: Browser, url: str) -> tuple[float, float, float]:
    """Seconds until the page is usable, of the first search, and of opening what it found."""
    with browser.new_context(viewport={"width": 1400, "height": 900}) as context:
        page = context.new_page()
        page.goto(url, wait_until="commit")
        page.wait_for_selector("#features li li", state="attached")
        usable = page.evaluate(FRAME)
        return usable / 1000, page.evaluate(SEARCH) / 1000, page.evaluate(OPEN) / 1000


def main() -> int:
    """Measure, and print the figures."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("bench_report: there is no chromium: apt-get install chromium", file=sys.stderr)
        return 1
    results = made()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.html"
        times = []
        for _ in range(ROUNDS):
            begin = perf_counter()
            path.write_text(html_report(results), encoding="utf-8")
            times.append(perf_counter() - begin)
        size = path.stat().st_size / 2**20
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            rounds = [measured(browser, path.as_uri()) for _ in range(ROUNDS)]
            browser.close()
    usable, search, opening = (min(each) for each in zip(*rounds, strict=True))
    figures = [
        (f"write {size:.0f} MiB", min(times), 5.0),
        ("usable", usable, 1.0),
        ("first search", search, 1.0),
        ("open a scenario", opening, 0.3),
    ]
    for what, seconds, target in figures:
        print(f"{what:24} {seconds:6.2f} s   target {target} s")
    return int(any(seconds > target for _, seconds, target in figures))


if __name__ == "__main__":
    sys.exit(main())

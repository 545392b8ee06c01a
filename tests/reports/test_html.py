"""The HTML report as a file: what is in it, and that nothing gets out of its place."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser
from importlib.resources import files
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from harness.reports.html import SCRIPTS, html_report
from harness.reports.results import FeatureResult, Results, ScenarioResult, StepResult
from tests.reports.runs import HOSTILE, mixed


class Parts(HTMLParser):
    """The elements of a page, and the text of those that are code or data, by their IDs."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:
            name = self.elements[-1][1].get("id") or self.cdata_elem
            self.inline[name] = self.inline.get(name, "") + data

    def data(self, name: str) -> Any:
        return json.loads(self.inline[name])


def test_the_results_are_in_it() -> None:
    parts = Parts(html_report(mixed()))
    index = parts.data("index")
    assert index["notes"] == [f"a note {HOSTILE}"]
    assert index["features"][0]["name"] == f"Upgrades {HOSTILE}"
    first = index["features"][0]["scenarios"][0]
    assert first["failure"] == "`status` is not what it should be"
    assert first["difference"] == 'expected "DONE", got "NEW"'
    assert [each["late"] for each in index["features"][1]["scenarios"]] == [0, 0, 0, 1]
    assert parts.data("steps-0")[0]["table"] == [["name", "model"], ["a", HOSTILE]]
    assert len(parts.data("steps-0")[1]["events"]) == 6
    assert [name for name in parts.inline if name.startswith("steps-")] == [
        f"steps-{number}" for number in range(6)
    ]


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_text_gets_out_of_its_place(text: str) -> None:
    step = StepResult("When", text, 2, "failed", reason=text)
    scenario = ScenarioResult(text, "f", 1, "failed", reason=text, steps=(step,))
    parts = Parts(
        html_report(Results((FeatureResult(text, "f", "failed", (scenario,)),), notes=(text,)))
    )
    plain = Parts(html_report(Results((FeatureResult("", "f", "failed", (scenario,)),))))
    assert parts.elements == plain.elements
    assert parts.data("index")["features"][0]["name"] == text
    assert parts.data("steps-0")[0]["title"] == text


def test_only_its_own_code_runs_and_nothing_is_loaded() -> None:
    text = html_report(mixed())
    parts = Parts(text)
    policies = [each["content"] for tag, each in parts.elements if "http-equiv" in each]
    (policy,) = policies
    for name in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(parts.inline[name].encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in str(policy)
    assert str(policy).startswith("default-src 'none'; ")
    for _, attributes in parts.elements:
        assert not {"src", "style"} & attributes.keys()
        assert not any(name.startswith("on") for name in attributes)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|eval\(", parts.inline["script"])


def test_every_script_is_in_it() -> None:
    names = {each.name for each in files("harness.reports").joinpath("page").iterdir()}
    assert names == {*SCRIPTS, "index.html", "style.css"}


def test_what_is_too_much_is_counted_and_failures_keep_their_messages_longest() -> None:
    run = mixed()
    failed, *rest = run.features[0].scenarios
    copied = ScenarioResult(failed.name, "b", 1, "passed", steps=failed.steps)
    again = FeatureResult("Again", "b", "passed", (copied,))
    several = Results((again, FeatureResult("First", "a", "failed", (failed, *rest))))
    size = len(json.dumps(Parts(html_report(several)).data("steps-1"), separators=(",", ":")))
    parts = Parts(html_report(several, limit=size + 100))
    assert len(parts.data("steps-1")[1]["events"]) == 6
    step = parts.data("steps-0")[1]
    assert "events" not in step
    assert step["dropped"] == 13


def test_an_empty_run() -> None:
    parts = Parts(html_report(Results(())))
    assert parts.data("index")["features"] == []

"""The results as one HTML file: it needs no network, no server, and nothing beside it.

What stands in page/ is put into index.html: the style sheet, and the scripts in the order of
`SCRIPTS`, as one module. The results go in as JSON: an index, and the steps of each scenario by
themselves, so that a browser reads only those that somebody looks at. The scripts make text of
them, never markup, and a Content Security Policy allows nothing but these scripts.

Pure, but for reading the package's own files. May not touch the network or the clock.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from string import Template
from typing import Any, Final

import msgspec

from harness.core.showing import clipped
from harness.reports.results import FeatureResult, Results, ScenarioResult, StepResult

SCRIPTS: Final = (
    "dom.js",
    "data.js",
    "json.js",
    "overview.js",
    "timeline.js",
    "sequence.js",
    "messages.js",
    "steps.js",
    "scenario.js",
    "list.js",
    "main.js",
)
MESSAGES_LIMIT: Final = 48 * 1024 * 1024
"""Bytes of steps; beyond them messages are only counted, those of failed scenarios last."""

DIFFERENCE: Final = 400
"""Characters of what differed that the overview shows."""


def html_report(results: Results, limit: int = MESSAGES_LIMIT) -> str:
    """The report as HTML, to be encoded as UTF-8."""
    style = _file("style.css")
    script = "\n".join(map(_file, SCRIPTS))
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return Template(_file("index.html")).substitute(
        verdict="failed" if results.scenarios("failed") else "passed",
        policy=policy,
        style=style,
        script=script,
        data="\n".join(_data(results, limit)),
    )


@cache
def _file(name: str) -> str:
    return files("harness.reports").joinpath("page", name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """What a Content Security Policy calls an inline script or style by."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _data(results: Results, limit: int) -> Iterator[str]:
    index = {
        "started": results.started,
        "seconds": results.seconds,
        "harness": results.harness,
        "notes": results.notes,
        "features": [_feature(feature) for feature in results.features],
    }
    yield _embedded("index", msgspec.json.encode(index))
    left = limit
    numbered = enumerate(results)
    for number, scenario in sorted(numbered, key=lambda item: item[1].status != "failed"):
        steps = msgspec.json.encode(scenario.steps)
        if len(steps) > left:
            steps = msgspec.json.encode([_without_messages(step) for step in scenario.steps])
        left -= len(steps)
        yield _embedded(f"steps-{number}", steps)


def _feature(feature: FeatureResult) -> dict[str, Any]:
    return {
        "name": feature.name,
        "file": feature.file,
        "description": feature.description,
        "scenarios": [_scenario(scenario) for scenario in feature.scenarios],
    }


def _scenario(scenario: ScenarioResult) -> dict[str, Any]:
    return {
        "name": scenario.name,
        "file": scenario.file,
        "line": scenario.line,
        "status": scenario.status,
        "seconds": scenario.seconds,
        "started": next((step.started for step in scenario.steps if step.started), 0),
        "reason": scenario.reason,
        "variant": scenario.variant,
        "tags": scenario.tags,
        "late": sum(step.late for step in scenario.steps),
        "failure": _summary(scenario),
        "difference": _difference(scenario),
    }


def _summary(scenario: ScenarioResult) -> str:
    """Why a scenario failed, in one line."""
    step = scenario.failed_step
    if step and step.failure:
        return step.failure.summary
    return scenario.why.partition("\n")[0] if scenario.status == "failed" else ""


def _difference(scenario: ScenarioResult) -> str:
    """What differed at last, if that is why it failed."""
    step = scenario.failed_step
    return clipped(step.attempts[-1].failure, DIFFERENCE) if step and step.attempts else ""


def _without_messages(step: StepResult) -> StepResult:
    return msgspec.structs.replace(step, events=(), dropped=step.dropped + len(step.events))


def _embedded(name: str, json: bytes) -> str:
    # Nothing in a script element is markup but what begins with "<".
    text = json.decode().replace("<", "\\u003c")
    return f'<script type="application/json" id="{name}">{text}</script>'

"""Mermaid draws every diagram of the documentation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import mermaid

DOCS = Path(__file__).resolve().parent.parent / "docs"
DIAGRAMS = [
    (page.name, number, code)
    for page in sorted(DOCS.rglob("*.md"))
    for number, code in enumerate(
        re.findall(r"^```mermaid\n(.*?)^```", page.read_text(), re.S | re.M)
    )
]


@pytest.fixture(scope="module")
def drawing() -> Iterator[Page]:
    with mermaid() as page:
        yield page


@pytest.mark.parametrize(
    "code", [pytest.param(code, id=f"{name}-{number}") for name, number, code in DIAGRAMS]
)
def test_a_diagram_is_drawn(drawing: Page, code: str) -> None:
    svg = drawing.evaluate("async code => (await mermaid.render('drawn', code)).svg", code)
    shown = re.sub(r"<style>.*?</style>", "", svg, flags=re.S)
    words = re.findall(r"[A-Z_]{4,}", code)
    assert [each for each in words if each not in shown] == []

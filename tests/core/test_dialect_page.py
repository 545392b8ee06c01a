"""docs/dialect.md: its examples parse, and its JSON is what the parser says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from harness.core.markdown import parse
from harness.tools.parse import to_json

PAGE = (Path(__file__).resolve().parents[2] / "docs/dialect.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^````markdown\n(.*?)^````$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.split("\n# ")[-1][:20])
def test_examples_parse(example: str) -> None:
    assert parse(example, "docs/dialect.md").title


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 6


def test_the_document_as_json() -> None:
    shown = json.loads(re.findall(r"^```json\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[-1])
    assert json.loads(json.dumps(to_json(parse(EXAMPLES[-1], "docs/dialect.md")))) == shown

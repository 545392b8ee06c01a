"""Fixes mend what is wrong, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.document import Document
from harness.core.markdown import parse, read
from harness.lint.fixing import fixed

SYNTAX = Path(__file__).resolve().parents[1] / "syntax"
GOOD = sorted((SYNTAX / "good").glob("*.feature.md"))
FILE = "a.feature.md"


@pytest.mark.parametrize(
    ("wrong", "right", "count"),
    [
        ("Given a\nAnd b\nWhen c\n", "Given a\n\nAnd b\n\nWhen c\n", 2),
        ("Given a\n\n> b\nWhen c\n", "Given a\n\n> b\n\nWhen c\n", 1),
        ("Given a\n\n| b |\n| - |\n  When c\n", "Given a\n\n| b |\n| - |\n\n  When c\n", 1),
        ("Given a \\  \nb \\\nc\n", "Given a   \nb \nc\n", 2),
        ("Given\u00a0a\n\nWhen\u2003b\n", "Given a\n\nWhen b\n", 2),
        # These may be meant in more than one way.
        ("Given a\n\n> b\nc\n", "Given a\n\n> b\nc\n", 0),
        ("Given a \\\\\nb\n", "Given a \\\\\nb\n", 0),
        ("Guven a\n", "Guven a\n", 0),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_what_can_be_meant_in_one_way_is_mended(
    wrong: str, right: str, count: int, end: str, mark: bytes
) -> None:
    def written(text: str) -> bytes:
        return mark + f"# A\n\n## B\n\n{text}".replace("\n", end).encode()

    assert fixed(written(wrong), FILE) == (written(right), count)
    assert fixed(written(right), FILE) == (written(right), 0)


def test_what_is_no_text_stays() -> None:
    assert fixed(b"# A\xff", FILE) == (b"# A\xff", 0)


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_what_is_right_stays_as_it_is(path: Path) -> None:
    assert fixed(path.read_bytes(), path.name) == (path.read_bytes(), 0)


def said(document: Document) -> list[tuple[object, ...]]:
    """What the steps say, wherever they stand."""
    return [
        (step.keyword, step.title, step.code_block and step.code_block.code, step.description)
        for step in document.steps()
    ]


BLOCKS = st.sampled_from(
    [
        "And b\n",
        "Soon c\nd\n",
        "Then e\n\n```\nGiven f\nAnd g\n```\n",
        "Given h\n\n> i\n",
        "But j\n",
    ]
)


@given(st.lists(BLOCKS, min_size=1, max_size=8), st.data())
def test_blank_lines_that_were_left_out_come_back(blocks: list[str], data: st.DataObject) -> None:
    head = "# A\n\n## B\n\nGiven a\n"
    whole = head + "".join(f"\n{block}" for block in blocks)
    gaps = [data.draw(st.sampled_from(["", "\n"])) for _ in blocks]
    wrong = head + "".join(gap + block for gap, block in zip(gaps, blocks, strict=True))
    mended, _ = fixed(wrong.encode(), FILE)
    assert read(mended.decode(), FILE).errors == []
    assert said(parse(mended.decode(), FILE)) == said(parse(whole, FILE))
    assert fixed(mended, FILE) == (mended, 0)


@given(st.text(alphabet="#GivenAd \\\n\r`>|-\u00a0a", max_size=60))
def test_mending_twice_is_mending_once(text: str) -> None:
    once, _ = fixed(text.encode(), FILE)
    assert fixed(once, FILE) == (once, 0)

"""The text of a scenario file: front matter, headings, steps. Wrapped as Prettier would.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from harness.core.document import DRAFT
from harness.core.lines import without_controls
from harness.recording.prettier import wrap
from harness.recording.steps import Step

_BACKTICKS: Final = re.compile(r"`+")
_PLAIN: Final = re.compile(r"(?=.*[b-dg-mp-tv-z].*)[A-Za-z0-9][\w.-]+", re.ASCII | re.IGNORECASE)
"""No number, and no word of YAML but those of _WORDS."""
_WORDS: Final = frozenset({"true", "false", "null", "yes", "no", "on", "off", "inf", "nan"})
_KEYWORD: Final = re.compile(
    r"(Feature|Background|Rule|Examples?|Scenarios?|Scenario (Outline|Template))\s*(:.*)?"
)
"""What a title must not be by itself, or begin with before a colon."""


def page(
    title: str,
    samples: Mapping[str, str | int],
    draft: str,
    background: Sequence[Step],
    scenes: Iterable[tuple[str, Sequence[Step]]],
) -> str:
    """The text of a scenario file."""
    blocks = [_front_matter(samples)] if samples else []
    if draft:
        blocks.append(comment(f"{DRAFT} {draft}"))
    blocks.append(f"# {_title(title, 'Feature')}")
    if background:
        blocks += ["## Background", *paragraphs(background)]
    for name, steps in scenes:
        blocks += [f"## {_title(name, 'Scenario')}", *paragraphs(steps)]
    return "\n\n".join(blocks) + "\n"


def comment(text: str) -> str:
    """An HTML comment of one line."""
    text = _line(text).replace("--", "- -").rstrip("-")
    return f"<!-- {text} -->"


def _title(text: str, keyword: str) -> str:
    """A title on one line, of which nothing is a placeholder, a variant or a closing #."""
    text = _line(text).replace("${", "$ {").replace("<variant.", "< variant.")
    text = text.rstrip("# ").lstrip("# ") or "Recorded"
    return f"{keyword}: {text}" if _KEYWORD.fullmatch(text) else text


def _line(text: str) -> str:
    """A text on one line, as a scenario file may have it."""
    return without_controls(" ".join(text.split()))


def _front_matter(samples: Mapping[str, str | int]) -> str:
    lines = (f"  {name}: {_scalar(value)}" for name, value in samples.items())
    return "\n".join(("---", "exampleContext:", *lines, "---"))


def _scalar(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    plain = _PLAIN.fullmatch(value) and value.lower() not in _WORDS
    return value if plain else json.dumps(value, ensure_ascii=False)


def paragraphs(steps: Iterable[Step]) -> Iterator[str]:
    """Steps as the paragraphs and code blocks of a scenario."""
    before = ""
    for step in steps:
        if step.comment:
            yield comment(step.comment)
        if step.title:
            yield wrap(f"{'And' if step.keyword == before else step.keyword} {step.title}")
            before = step.keyword
        if step.block is not None:
            longest = max(map(len, _BACKTICKS.findall(step.block)), default=0)
            fence = "`" * max(3, longest + 1)
            yield f"{fence}{step.language}\n{step.block}\n{fence}"

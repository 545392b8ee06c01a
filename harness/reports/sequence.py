"""What a scenario sent and received as a Mermaid sequence diagram, which GitHub draws. Pure.

https://mermaid.js.org/syntax/sequenceDiagram
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from harness.core.events import TEST, Exchange, Frame
from harness.core.showing import clipped
from harness.reports.results import ScenarioResult, StepResult

MOST_LINES: Final = 60
"""Lines of a diagram: the last ones are kept, since it ends with what failed."""
LABEL: Final = 80
"""Characters of a text in it."""

_PLAIN: Final = re.compile(r"[^A-Za-z0-9 ./,_=?()\[\]|…“”-]")
"""What means something to Mermaid, now or in its next version: written as its code."""


class _Line(NamedTuple):
    """An arrow between two parties; a note over all of them if it has none."""

    text: str
    source: str = ""
    target: str = ""
    arrow: str = ""


def diagram(scenario: ScenarioResult) -> str:
    """The diagram's code; empty if nothing was sent."""
    lines = [line for step in scenario.steps for line in _lines_of(step)]
    if not any(line.arrow for line in lines):
        return ""
    kept = lines[-MOST_LINES:]
    if len(kept) < len(lines):
        kept.insert(0, _Line(f"{len(lines) - len(kept)} earlier lines are not shown"))
    arrows = [line for line in kept if line.arrow]
    parties = dict.fromkeys([TEST, *(p for line in arrows for p in (line.source, line.target))])
    ids = {party: f"p{index}" for index, party in enumerate(parties)}
    everybody = ",".join(dict.fromkeys((ids[TEST], f"p{len(ids) - 1}")))
    return "\n".join(
        [
            "sequenceDiagram",
            *(f"  participant {ids[party]} as {label(party)}" for party in parties),
            *(
                f"  {ids[line.source]}{line.arrow}{ids[line.target]}: {label(line.text)}"
                if line.arrow
                else f"  Note over {everybody}: {label(line.text)}"
                for line in kept
            ),
        ]
    )


def label(text: str) -> str:
    """A text in a diagram: on one line, shortened, nothing in it is markup."""
    line = clipped(" ".join(text[: 4 * LABEL].split()), LABEL) or " "
    return _PLAIN.sub(lambda found: _code(found[0]), line)


def _code(char: str) -> str:
    return f"#{ord(char)};" if char.isprintable() else "#65533;"


def _lines_of(step: StepResult) -> list[_Line]:
    """The step, if it sent or received anything or failed, and its messages in their order."""
    failed = step.status == "failed"
    if not (step.events or failed):
        return []
    arrows = [each for item in _without_repetition(step.events) for each in _arrows(*item)]
    lines = [line for _, line in sorted(arrows, key=lambda each: each[0])]
    title = _Line(f"{'❌ ' if failed else ''}{step.keyword} {step.title}")
    dropped = [_Line(f"{step.dropped} more were not kept")] if step.dropped else []
    return [title, *lines, *dropped]


def _without_repetition(events: Iterable[Exchange | Frame]) -> list[tuple[Exchange | Frame, int]]:
    """Each event with how often it happened in the same way: a service that asks two things in
    turns, again and again, is shown asking each once."""
    found: list[tuple[Exchange | Frame, int]] = []
    seen: dict[object, int] = {}
    parties = None
    for event in events:
        if parties != (event.source, event.target):
            parties = (event.source, event.target)
            seen.clear()
        key = (event.method, event.url, event.status) if isinstance(event, Exchange) else None
        if key is not None and key in seen:
            first, count = found[seen[key]]
            found[seen[key]] = (first, count + 1)
        else:
            seen[key] = len(found)
            found.append((event, 1))
    return found


def _arrows(event: Exchange | Frame, count: int) -> Iterator[tuple[float, _Line]]:
    """The arrows of an event, each with its time."""
    if isinstance(event, Frame):
        yield event.at, _Line(f"websocket: {event.text}", event.source, event.target, "-)")
        return
    # The host is the party itself; a name or a path has no scheme.
    url = re.sub(r"^[a-z]+://[^/?#]*", "", event.url)
    times = f" ({count} times)" if count > 1 else ""
    asked = clipped(f"{event.method} {url}", LABEL - len(times))
    yield event.at, _Line(f"{asked}{times}", event.source, event.target, "->>")
    status = f"{event.status} {event.reason}" if event.status else "no answer"
    note = event.note.partition("\n")[0]
    answer = ", ".join(filter(None, (status.strip(), note)))
    arrow = "-->>" if event.status else "--x"
    yield event.at + event.took, _Line(answer, event.target, event.source, arrow)

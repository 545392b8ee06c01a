"""Runs one feature against the mock and the peer, and shows its failure as a person reads it."""

from __future__ import annotations

import re
import textwrap
from itertools import count
from pathlib import Path

from harness.world import World
from tests.in_process import Suites
from tests.steps.peer import Peer

_VARYING = (
    (r"\b(in|tried|after) \d+(\.\d+)? s\b", r"\1 T s"),
    (r"\d+\.\d s after", "T s after"),
    (r"Tried \d+ times", "Tried N times"),
    (r'"hello": \d+', '"hello": N'),
    (r"oob-\d{15}", "oob-IMEI"),
    (r'"(executionId|jobId)": "[0-9a-f-]{36}"', r'"\1": "UUID"'),
    (r'At": \d+(\.\d+)?', 'At": T'),
    (r'(At": T), .*…', r"\1…"),  # how much more is shown depends on how long the times are
)


class Stage:
    """What tests of steps run on. `scale` multiplies all budgets: see `Budgets`."""

    def __init__(self, world: World, peer: Peer, folder: Path) -> None:
        self.world = world
        self.peer = peer
        self._suites = Suites(world)
        self._folder = folder
        self._numbers = count(1)

    def failure(self, text: str, *, scale: float = 0.005) -> str:
        """Run the feature `text`; why it failed, as `case.feature.md`. Empty if it passed."""
        folder = self._folder / str(next(self._numbers))
        folder.mkdir()
        file = folder / "case.feature.md"
        file.write_text(textwrap.dedent(text).lstrip("\n"), encoding="utf-8")
        outcome = self._suites.run(file, scale=scale)
        assert outcome.failures or outcome.results.scenarios("passed"), "nothing ran"
        return "\n".join(self._settled(failure) for failure in outcome.failures)

    def steps(self, *steps: str, scale: float = 0.005) -> str:
        """Like `failure`, with one scenario of these steps."""
        return self.failure("\n\n".join(["# F", "## S", *steps, ""]), scale=scale)

    def _settled(self, text: str) -> str:
        """The text without what differs from run to run."""
        text = re.sub(r"[^\s:]*case\.feature\.md", "case.feature.md", text)
        for name, url in (("peer", self.peer.url), ("mock", self.world.mock.url)):
            host = url.removeprefix("http://")
            text = text.replace(url, f"http://{name}").replace(host, name)
        for pattern, replacement in _VARYING:
            text = re.sub(pattern, replacement, text)
        return text

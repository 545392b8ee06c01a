"""How one story follows another in a run, and what the end of a run tells of all of them."""

from __future__ import annotations

from collections.abc import Sequence

from harness.background import NOT_AS_SAID
from harness.bdd.model import Story
from harness.core.redaction import Redactor
from harness.story import Ending, Session
from harness.world import World

SHOWN = 20
"""How many responses that nobody asked for the end of a run shows; so many notes, too."""


class Run:
    """A run as the hooks keep it: the world, the open session, and how stories ended."""

    def __init__(self, world: World, *, traced: bool = False, completing: bool = False) -> None:
        self.world = world
        self._traced = traced
        self._completing = completing
        self.session: Session | None = None
        self.endings: dict[Story, Ending] = {}
        self._ids: set[str] = set()
        self._queued: dict[str, str] = {}

    def open(self, story: Story | None) -> Session:
        """The session of a story; the one before it is closed."""
        if self.session is None or self.session.story is not story or story is None:
            self.close_session()
            inherited = [self.endings[needed] for needed in story.inherits] if story else []
            self.session = Session(
                self.world,
                story,
                inherited,
                self._ids,
                traced=self._traced,
                completing=self._completing,
            )
        return self.session

    def close_session(self) -> None:
        """Close the open session, if any, and keep what it leaves."""
        session, self.session = self.session, None
        if session is not None:
            ending = session.close()
            self._ids |= ending.ids
            if session.unused_stubs != "off":
                self._queued |= session.nrfcloud.queued
            if session.story is not None:
                self.endings[session.story] = ending

    def unserved_note(self) -> str:
        """The responses that were queued in the whole run and never asked for, as lines for a
        person; empty if there are none. Often they tell why a scenario failed."""
        unserved = self.world.loop.call(self.world.mock.unserved())
        stubs = [
            ": ".join(part for part in (self._queued[stub_id], str(stub)) if part)
            for stub_id, stub in unserved.items()
            if stub_id in self._queued
        ]
        return self._listed("Responses that nobody asked for:", stubs)

    def contract_note(self) -> str:
        """The stubs and calls of the whole run that are not as the OpenAPI documents say, as lines
        for a person; empty if there are none."""
        return self._listed(NOT_AS_SAID, self.world.loop.call(self.world.mock.notes()))

    def _listed(self, title: str, items: Sequence[str]) -> str:
        if not items:
            return ""
        secrets = self.world.secrets.union(*(ending.secrets for ending in self.endings.values()))
        lines = [f"  {each}" for each in items[:SHOWN]]
        if len(items) > SHOWN:
            lines.append(f"  … {len(items) - SHOWN} more")
        return Redactor(secrets).text("\n".join([title, *lines]))

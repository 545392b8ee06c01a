"""The session of a story: all that its steps have.

It wires the capabilities together with what the run shares (`harness.world`). It stands above
everything but the hooks (`harness.session`) and the steps.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import SystemRandom

from harness.background import background
from harness.bdd.calls import StepSession
from harness.bdd.model import MarkdownScenario, MarkdownStep, OutlineRow, Story
from harness.bdd.phrases import Mode
from harness.capabilities.calls import Calls
from harness.capabilities.coap import Coap
from harness.capabilities.devices import Devices
from harness.capabilities.faults import Faults
from harness.capabilities.fota import Fota
from harness.capabilities.hidden import Hidden
from harness.capabilities.mqtt import Mqtt
from harness.capabilities.nrfcloud import NrfCloud
from harness.capabilities.rest import Rest
from harness.capabilities.simulator import Simulator
from harness.capabilities.tuya import Tuya
from harness.capabilities.twins import Twins
from harness.capabilities.values import Values
from harness.capabilities.websocket import Websockets
from harness.core.document import FrontMatter
from harness.core.events import Exchange, Frame
from harness.core.ids import StoryIds
from harness.core.nearest import nearest
from harness.core.proposal import Proposal
from harness.core.rendering import MissingValueError, RenderedStep, render_row, render_step
from harness.core.retry import Budgets, stated
from harness.core.stores import stored_by
from harness.core.trace import StepTrace, Waiting, distribute
from harness.drivers.network import ConnectionLost
from harness.errors import Place, ScenarioFileError, Seen, StepFailure
from harness.recording.model import Observed
from harness.world import World
from mock_nrfcloud.client import SnapshotId

ALL_ASKED_FOR = "all queued responses should have been asked for"
"""The step that `unusedStubs: strict` adds to a feature."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What a story leaves to those that need it: copies, taken at its end."""

    values: dict[str, object]
    stubs: SnapshotId
    secrets: frozenset[str]
    ids: frozenset[str]


class Session(StepSession):
    """One story's world: its values, answers and connections, and its view of the mock.

    `story` is None for a plain Gherkin feature; `earlier` are the IDs of features before it.
    `traced`: what its steps send and receive is recorded, for reports; `completing`: with steps
    that answer what no stub did.
    """

    def __init__(
        self,
        world: World,
        story: Story | None,
        inherited: Sequence[Ending],
        earlier: Iterable[str] = (),
        *,
        traced: bool = False,
        completing: bool = False,
    ) -> None:
        self.world = world
        self.story = story
        self._hidden = Hidden(
            world.secrets.union(*(ending.secrets for ending in inherited)),
            world.redact,
        )
        self.redactor, learn = self._hidden.redactor, self._hidden.learn
        self._soon = False
        self._place = ""
        self._row: OutlineRow | None = None
        self._began = time.monotonic()
        self._unresolved: tuple[str, ...] = ()
        self._trace: StepTrace | None = None
        self._traced: list[StepTrace] | None = [] if traced else None
        self._completing = completing
        record = self._record if traced else None
        stored = dict(world.values)
        for ending in inherited:
            stored |= ending.values
        front_matter = story.document.front_matter if story else FrontMatter()
        self.unused_stubs = front_matter.unused_stubs or world.settings.mock.unused_stubs
        self._budgets = Budgets(world.settings.retry.scale).overridden(front_matter.retry)
        self.ids = StoryIds((each for ending in inherited for each in ending.ids), earlier)
        loop, timeout = world.loop, world.settings.run.request_timeout
        self.values = Values(stored, world.now, SystemRandom(), self.ids)
        self.rest = Rest(loop, world.rest, self.values, self._budgets, self.redactor, record, learn)
        self.websocket = Websockets(
            loop,
            self.values,
            self._budgets,
            self.redactor,
            timeout,
            record,
            self._waits,
            learn,
        )
        self.nrfcloud = NrfCloud(
            loop, world.mock, self.ids, lambda: self._place, self.redactor, learn
        )
        self.calls = Calls(
            loop,
            world.mock,
            self._budgets,
            world.api_keys,
            self.ids,
            self.redactor,
            self._waits,
            learn,
        )
        self.faults = Faults(loop, world.mock)
        self.twins = Twins(loop, world.mock, self._budgets, self.redactor, self._waits)
        self.fota = Fota(self.twins, self.rest, world.api_keys, world.mock.url, self.ids)
        self.tuya = Tuya(self.twins, self.rest, self.values, world.mock.url, self._hidden.keep)
        self.simulator = Simulator(
            loop,
            world.mock,
            self.twins,
            world.api_keys,
            world.settings.accounts,
            world.mqtt_credentials,
        )
        self.mqtt = Mqtt(
            loop,
            world.mock,
            self._budgets,
            self.redactor,
            world.mqtt_credentials,
            self._waits,
            learn,
        )
        self.coap = Coap(loop, world.mock)
        self.devices = Devices(loop, world.registry, world.settings.accounts, self.keep_device)
        loop.call(world.mock.begin([ending.stubs for ending in inherited]))

    def redact(self, text: str) -> str:
        """The text with its secrets hidden."""
        return self.redactor().text(text)

    def keep_device(self, name: str, device_id: str, fingerprint: str) -> None:
        """Store a new device. Its fingerprint is a credential from now on."""
        self._hidden.keep(fingerprint)
        self.ids.add(device_id)
        self.values.store(name, fingerprint)
        self.values.store(f"{name}_deviceId", device_id)

    def render(self, step: MarkdownStep) -> RenderedStep:
        """The step with the values stored so far, overlaid by its outline row."""
        try:
            self._lay_over(step)
            rendered = render_step(
                step.source,
                step.story.file,
                self.values.visible,
                now=self.world.now(),
                variant=step.story.variant,
                strict=self.world.settings.run.strict_placeholders,
            )
            block = rendered.text or ""
            self._hidden.learn(block, block.partition("\n\n")[2])  # JSON, or the body of HTTP
            return rendered
        except MissingValueError as error:
            hints = dict.fromkeys(self._missing(name) for name in error.names)
            hint = "; ".join(hints) or error.hint
            raise ScenarioFileError(error.what, error.place, hint) from None

    def _lay_over(self, step: MarkdownStep) -> None:
        """Lay the step's outline row over the values; its cells are evaluated once a scenario."""
        if step.row is self._row:
            return
        self._row, self.values.row = step.row, {}
        if step.row is not None:
            self.values.row = render_row(
                step.row.headings,
                step.row.source,
                step.story.file,
                self.values.stored,
                now=self.world.now(),
                variant=step.story.variant,
            )

    def _missing(self, name: str) -> str:
        titles = stored_by(self.story.suite, name) if self.story else []
        if self.story is not None and titles and self.story.document.title not in titles:
            return f"`{name}` is stored by “{titles[0]}”: add that feature to `needs`"
        known = sorted(self.values.stored)
        near = nearest(name, known)
        if near:
            return f"did you mean `{near}` for `{name}`?"
        if not known:
            return (
                "nothing is stored: values come from steps, `needs`, and [values] in the settings"
            )
        return f"there are: {', '.join(known)}"

    def begin_step(self, step: MarkdownStep, unresolved: tuple[str, ...]) -> StepTrace:
        """A step begins: failures tell what the service logged since, and since the last request,
        whose answer or effect the step may be about."""
        self._began, self._unresolved = time.monotonic(), unresolved
        self._soon = step.source.keyword == "Soon"
        self._place = str(Place(step.story.file, step.source.line, step.source.column))
        self._trace = trace = StepTrace(time.time())
        if self._traced is not None:
            self._traced.append(trace)
        return trace

    def _record(self, event: Callable[[], Exchange | Frame]) -> None:
        if self._traced:
            self._traced[-1].add(event)

    def _waits(self, what: str, seconds: float) -> None:
        """The step begins to wait; for those who look on."""
        if self._trace is not None:
            self._trace.waiting = Waiting(what, time.time(), seconds)

    def budget(self, mode: Mode) -> float:
        """Seconds for which the step may be repeated; 0: it is decided at once."""
        if mode is Mode.ANSWER:
            return self.rest.budget(self._soon)
        return self._budgets.for_repeating() if self._soon and mode is Mode.REPEATABLE else 0.0

    def ask_again(self) -> None:
        """Send the last REST request again."""
        self.rest.again()

    def wait(self, seconds: float) -> None:
        """Do nothing for a while: what the step "I wait for" is for."""
        self._waits("time to pass", stated(seconds))
        time.sleep(seconds)

    def propose(self, step: MarkdownStep, rendered: RenderedStep, seen: Seen) -> Proposal | None:
        """How the step can be changed so that it holds for what it saw, for reports."""
        if self._traced is None:
            return None
        from harness.approving.propose import propose  # late: for failures only

        return propose(
            step.source,
            rendered,
            seen,
            values=self.values.stored,
            secrets=self._hidden.values,
            rules=self.world.redact,
            variant=step.story.variant,
            shared=step.row is not None or step.story.variant is not None,
        )

    def explain(self, failure: StepFailure) -> StepFailure:
        """The failure with the notes and the service's log lines of the step's time."""
        lines = [*failure.details]
        lines += [
            f"Note: `${{{expression}}}` had no value and was left as it is"
            " (strict_placeholders = false)"
            for expression in self._unresolved
        ]
        if failure.position is None:
            # What is wrong in a code block has nothing to do with the service.
            since, lost = min(self._began, self.rest.sent_at), isinstance(failure, ConnectionLost)
            stored = self.values.stored
            lines += background(self.world, self.nrfcloud, stored, since, lost=lost)
        marks = tuple(mark._replace(what=self.redact(mark.what)) for mark in failure.marks)
        return failure.retold(self.redact(failure.summary), map(self.redact, lines), marks)

    def check_at_the_end(self, scenario: MarkdownScenario) -> None:
        """Let the last scenario of a strict story end with a step that finds unused responses.

        A step, since every report shows one. If another feature of the suite needs this one, what
        is unused may be meant for that: then it is only noted at the end of the run.
        """
        story = self.story
        if self.unused_stubs != "strict" or story is None or scenario is not story.scenarios[-1]:
            return
        document, front_matter = story.document, story.document.front_matter
        needs = [need.title for each in story.suite for need in each.front_matter.needs]
        if document.title not in needs:
            by_settings = front_matter.unused_stubs is None
            place = (
                (document.line, document.column) if by_settings else front_matter.unused_stubs_at
            )
            scenario.add_step(ALL_ASKED_FOR, *place)

    def close(self) -> Ending:
        """Close the connections; returns what the story leaves."""
        self.websocket.close()
        self.simulator.close()
        self.mqtt.close()
        self.coap.close()
        if self._traced:
            answering = self._answering if self._completing else None
            distribute(self.nrfcloud.exchanges(answering), self._traced)
        stubs = self.world.loop.call(self.world.mock.snapshot())
        return Ending(
            copy.deepcopy(self.values.own), stubs, self._hidden.values, frozenset(self.ids.own)
        )

    def _answering(self, calls: Sequence[Observed]) -> list[str]:
        """The steps that answer these calls, with the values that are stored at the end."""
        from harness.recording.answering import answering_steps  # late: few runs need it

        rules = self.world.redact
        return answering_steps(calls, self.values.stored, rules=rules, secrets=self._hidden.values)

"""From a recording to the text of a scenario file, with what was replaced in it and why.

Pure. May import nothing but harness.core, harness.errors and its own folder.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from harness.core.redaction import REDACTED
from harness.core.secret_rules import Rules
from harness.errors import BddError
from harness.recording.blocks import Writer
from harness.recording.exchanges import Reader
from harness.recording.expectations import Expectations
from harness.recording.folding import Event, Folding, fold
from harness.recording.model import Composed, Mark, Observed, Options, Recording, Replacement
from harness.recording.origins import Names, trace
from harness.recording.page import page
from harness.recording.provenance import Known, Replacer
from harness.recording.scenes import Scene, cut, is_apart
from harness.recording.script import Script, unused
from harness.recording.secrets import Covering
from harness.recording.steps import StepMaker
from harness.recording.times import Clock
from harness.recording.twice import Comparison, compare
from harness.recording.values import (
    Made,
    at_start,
    device_steps,
    imeis,
    made_up,
    stored,
    taken_names,
    times,
)

_NAME: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_WORDS: Final = re.compile(r"[A-Za-z._-]+")

MOCK_URL: Final = "mockURL"
"""The configured value with the URL of the mock, if there is one."""


def compose(recording: Recording, options: Options, *, other: Recording | None = None) -> Composed:
    """The scenario file that lets happen what was recorded.

    With `other`, a second recording of the same flow, what differs between the two is known to be
    made up each time, and what does not is left as it is.

    Raises BddError if nothing was recorded that can be told, SettingsError for a rule that is no
    JSONPath.
    """
    if not recording.observed:
        raise BddError("nothing was recorded", hint="no request has come to the recorder")
    flow = _read(recording, options)
    comparison = Comparison()
    if other is not None and other.observed:
        comparison = compare(flow.events, _read(other, options).events)
    names = Names(taken_names(recording))
    random = imeis(flow.covering.imeis, names)
    known_values = {each.value for each in flow.known}
    known_values.update(each.value for made in random for each in made.known)
    origins = trace(flow.events, lambda value: value in known_values)
    kept = stored(origins, comparison, names)
    random += made_up(origins, comparison, names)
    clock = times(origins, comparison, flow.clock)
    known = [*flow.known, *(each for made in (*random, clock) for each in made.known)]
    replacer = Replacer((*known, *(each.known for each in kept)), flow.covering.text)
    expectations = Expectations(
        origins,
        flow.clock,
        comparison,
        lambda text: REDACTED in replacer.shown(text),
        {each.known.value for each in kept},
    )
    mock_url = f"${{{MOCK_URL}}}" if MOCK_URL in recording.values else None
    maker = StepMaker(Writer(replacer), expectations, mock_url)
    script = Script(maker, flow.folding, kept)
    scenes = cut(flow.events, recording.marks, options.silence)
    if not scenes:
        raise BddError(
            "no call was answered",
            hint=flow.covering.text("; ".join(_unanswered(recording.observed))),
        )
    told = [script.steps(scene) for scene in scenes]
    needless = unused([each for steps in told for each in steps], kept)
    told = [[each for each in steps if each.title not in needless] for steps in told]
    replacements = replacer.replacements()
    background = [*device_steps(recording.devices), *_used((*random, clock), replacements)]
    samples = {name: sample for each in background for name, sample in each.samples}
    samples |= {each.name: each.sample for each in kept if each.step.title not in needless}
    text = page(
        flow.covering.text(options.title),
        samples,
        flow.covering.text(options.draft),
        [each.step for each in background],
        list(zip(_titles(scenes, replacer), told, strict=True)),
    )
    notes = [*_unanswered(recording.observed), *_unused(recording.marks, scenes), *maker.notes]
    return Composed(text, replacements, tuple(flow.covering.text(each) for each in notes))


@dataclass(frozen=True, slots=True)
class _Flow:
    """A recording, read: what is known from the beginning, and what happened, told once."""

    known: list[Known]
    covering: Covering
    clock: Clock
    folding: Folding
    events: list[Event]


def _read(recording: Recording, options: Options) -> _Flow:
    known = at_start(recording)
    covering = Covering(
        Rules(options.redact),
        {str(each.value) for each in known},
        options.allow,
        {*recording.secrets, *(device.fingerprint for device in recording.devices)},
    )
    exchanges = Reader(covering).read(recording.observed)
    covering.seal()
    clock = Clock(exchanges[0].at, max(each.end for each in exchanges))
    folding = Folding(clock)
    cut_between = partial(is_apart, marks=recording.marks, silence=options.silence)
    return _Flow(known, covering, clock, folding, fold(exchanges, folding, cut_between))


def _used(made: Iterable[Made], replacements: Iterable[Replacement]) -> list[Made]:
    """Those of the values that some placeholder reads."""
    read = {name for each in replacements for name in _NAME.findall(each.placeholder)}
    return [each for each in made if each.name in read]


def _titles(scenes: Sequence[Scene], replacer: Replacer) -> list[str]:
    """The titles of the scenarios; equal ones are numbered."""
    titles: list[str] = []
    seen: Counter[str] = Counter()
    for scene in scenes:
        title = replacer.covered(scene.title).strip() or _title(scene, replacer)
        seen[title] += 1
        titles.append(title if seen[title] == 1 else f"{title} ({seen[title]})")
    return titles


def _title(scene: Scene, replacer: Replacer) -> str:
    """A title after what the user asks first: the method, and the end of the path that is no ID."""
    if not scene.triggers:
        changes = all(each.is_change for each in scene.events)
        return "Something changes in nRF Cloud" if changes else "The service asks by itself"
    request = scene.triggers[0].exchange.request
    words = [each for each in replacer.shown(request.path).split("/") if _WORDS.fullmatch(each)]
    return f"{request.method} {'/'.join(words[-2:])}".rstrip()


def _unused(marks: Sequence[Mark], scenes: Sequence[Scene]) -> list[str]:
    """The marks after which nothing came."""
    used = {each.title for each in scenes}
    return [
        f"nothing came after the mark “{each.title}”" for each in marks if each.title not in used
    ]


def _unanswered(observed: Iterable[Observed]) -> list[str]:
    """What the service asked in vain."""
    asked = Counter(
        (f"{each.request.method} {each.host}{each.request.path}", each.note)
        for each in observed
        if each.response is None and each.side == "cloud"
    )
    return [
        f"{call} was not answered ({times} times): {note or 'why is not known'}"
        for (call, note), times in asked.items()
    ]

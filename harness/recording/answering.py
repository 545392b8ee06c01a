"""Steps, ready to be pasted, that answer calls as they were answered once.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from harness.core.redaction import REDACTED
from harness.core.secret_rules import Rules
from harness.recording.blocks import Writer
from harness.recording.exchanges import Reader
from harness.recording.expectations import Expectations
from harness.recording.folding import Event
from harness.recording.model import Observed
from harness.recording.origins import Origins
from harness.recording.page import paragraphs
from harness.recording.provenance import Replacer, stored
from harness.recording.secrets import Covering
from harness.recording.steps import StepMaker
from harness.recording.times import Clock
from harness.recording.twice import Comparison


def answering_steps(
    observed: Sequence[Observed],
    values: Mapping[str, object],
    *,
    rules: Rules | None = None,
    secrets: Iterable[str] = (),
    allow: Collection[str] = (),
) -> list[str]:
    """For each call, in the order in which they began, the Markdown of the steps that let nRF
    Cloud (or a third party) answer so; "" where no step can.

    Stored `values` become placeholders; what else is secret is covered, as in a recording.
    """
    known = stored(values)
    covering = Covering(rules or Rules(()), {str(each.value) for each in known}, allow, secrets)
    exchanges = Reader(covering).read(observed)
    covering.seal()
    replacer = Replacer(known, covering.all_of)
    clock = Clock(0, 0)  # no time is told from another: answers are shown as they came
    expectations = Expectations(
        Origins(), clock, Comparison(), lambda text: REDACTED in replacer.shown(text)
    )
    maker = StepMaker(Writer(replacer), expectations, None)
    events = (Event(each, each.at, each.at, each.end) for each in exchanges)
    return ["\n\n".join(paragraphs(maker.answers(each))) for each in events]

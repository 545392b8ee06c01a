"""What the results of a run propose for each scenario file. Pure.

A step that stands once in a file may have run several times, for rows and variants: what is
proposed for it must be right for all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from harness.core.proposal import Proposal
from harness.errors import Place
from harness.reports.results import FeatureResult, Results, StepResult

HOLDS_ELSEWHERE: Final = "nothing is changed, since it held for another row or variant"
DIFFERS_ELSEWHERE: Final = "nothing is changed, since other rows or variants saw something else"


class StepProposal(NamedTuple):
    """How the step at a place is to be changed; `title` is that of its first run."""

    place: Place
    title: str
    proposal: Proposal


class FileProposals(NamedTuple):
    """All that is proposed for a file. `digest` is its SHA-256 as the run read it, "" if it was
    changed meanwhile."""

    file: str
    digest: str
    steps: tuple[StepProposal, ...]


def proposals(results: Results) -> list[FileProposals]:
    """The proposals of a run by file, in the order in which the files ran."""
    every = (
        FileProposals(feature.file, feature.digest, tuple(_steps(feature)))
        for feature in results.features
    )
    return [each for each in every if each.steps]


def _steps(feature: FeatureResult) -> Iterator[StepProposal]:
    runs: dict[int, list[StepResult]] = {}
    for scenario in feature.scenarios:
        for step in scenario.steps:
            runs.setdefault(step.line, []).append(step)
    for line, same in sorted(runs.items()):
        if (proposal := _agreed(same)) is not None:
            yield StepProposal(Place(feature.file, line), same[0].title, proposal)


def _agreed(runs: Iterable[StepResult]) -> Proposal | None:
    """The proposal for a step that ran several times; None if it is never to be changed."""
    ran = [each for each in runs if each.status in ("passed", "failed")]
    found = list(dict.fromkeys(each.proposal for each in ran if each.proposal is not None))
    if not found:
        return None
    notes = tuple(dict.fromkeys(note for each in found for note in each.notes))
    if len({each.fixes for each in found}) > 1:
        return Proposal(notes=(*notes, DIFFERS_ELSEWHERE))
    if found[0].fixes and any(each.status == "passed" for each in ran):
        return Proposal(notes=(*notes, HOLDS_ELSEWHERE))
    return Proposal(found[0].fixes, notes)

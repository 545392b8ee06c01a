"""What is proposed for a step that ran several times: only what is right for all of them."""

from __future__ import annotations

from harness.core.proposal import Proposal
from harness.errors import Fix, Place
from harness.reports.proposals import (
    DIFFERS_ELSEWHERE,
    HOLDS_ELSEWHERE,
    FileProposals,
    StepProposal,
    proposals,
)
from harness.reports.results import FeatureResult, Results, ScenarioResult, Status, StepResult

ONE = Proposal((Fix(9, 3, 1, "2"),), ("a note",))
OTHER = Proposal((Fix(9, 3, 1, "3"),))


def proposed(*runs: tuple[Status, Proposal | None]) -> list[FileProposals]:
    """What comes of a step that ended so in one row after the other."""
    scenarios = tuple(
        ScenarioResult(
            "S", "f", 3, status, steps=(StepResult("Then", "so", 7, status, proposal=proposal),)
        )
        for status, proposal in runs
    )
    return proposals(Results((FeatureResult("F", "f", "failed", scenarios, digest="d"),)))


def only(proposal: Proposal) -> list[FileProposals]:
    return [FileProposals("f", "d", (StepProposal(Place("f", 7), "so", proposal),))]


def test_a_step_that_failed_once() -> None:
    assert proposed(("failed", ONE), ("skipped", None)) == only(ONE)
    assert proposed(("failed", None)) == []
    assert proposed(("passed", None)) == []


def test_rows_that_saw_the_same() -> None:
    assert proposed(("failed", ONE), ("failed", Proposal(ONE.fixes))) == only(ONE)


def test_rows_that_saw_different_things() -> None:
    assert proposed(("failed", ONE), ("failed", OTHER)) == only(
        Proposal(notes=("a note", DIFFERS_ELSEWHERE))
    )


def test_a_row_in_which_it_held() -> None:
    assert proposed(("passed", None), ("failed", OTHER)) == only(Proposal(notes=(HOLDS_ELSEWHERE,)))
    noted = Proposal(notes=("a note",))
    assert proposed(("passed", None), ("failed", noted)) == only(noted)

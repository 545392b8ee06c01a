"""What a twin says when it is asked whether something is as it should be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from harness.core.matching import mismatches, shorten
from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.commands import CommandKind
from mock_nrfcloud.predicates import expected_json
from mock_nrfcloud.twins import Reply

_SHOWN: Final = 300


class Question(CommandKind, frozen=True, kw_only=True):
    """A command that asks for something, which should have this status and match this JSON text.

    It is text since only that tells markers from data that looks like one (docs/matching.md).
    """

    status: str | None = None
    match: str | None = None


def answered(
    question: Question,
    kind: str,
    name: str,
    found: Mapping[str, Any] | None,
    missing: str,
    statuses: Iterable[str],
) -> Reply:
    """The reply to a question: what was found, as `kind`, and whether it is as it should be.

    `name` says what it is, `missing` that there is none (further lines are details); `statuses` are
    those that there are. Raises BddError if it can never have the status, or if what it should
    match is no JSON.
    """
    if question.status is not None:
        known_status(question.status, statuses)
    expected = _expected(question.match)
    if found is None:
        return {"holds": False, "what": missing.split("\n")}
    reply: dict[str, Any] = {kind: found, "holds": True}
    shown = f"  it is: {shorten(found, _SHOWN)}"
    if question.status not in (None, status := found.get("status")):
        what = [f"{name} is {status}, not {question.status}", shown]
        return reply | {"holds": False, "what": what}
    if differences := mismatches(expected, found):
        what = [f"{name} does not match what is expected", *(f"  {each}" for each in differences)]
        marks = [[each.wanted, each.what] for each in differences]
        return reply | {"holds": False, "what": [*what, shown], "marks": marks}
    return reply


def known_status(status: str, statuses: Iterable[str]) -> str:
    """The status, which is one of those that there are. Raises BddError."""
    if status not in (known := list(statuses)):
        hint = did_you_mean(status, known) or f"there are: {', '.join(known)}"
        raise BddError(f"there is no status {status[:100]!r}", hint=hint)
    return status


def _expected(match: str | None) -> object:
    try:
        return {} if match is None else expected_json(match.encode(errors="backslashreplace"))
    except ValueError as error:
        raise BddError(str(error).replace("the body", "match", 1)) from None

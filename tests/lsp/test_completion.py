"""What is offered where."""

from __future__ import annotations

import pytest

from harness.bdd.catalogue import Entry
from harness.core.definitions import Definition, Takes
from harness.lsp.completion import Known, Offer, offers


def defined(phrase: str, takes: Takes | None = None) -> tuple[Entry, Definition]:
    return Entry(phrase, "Do it.", "runs once", "steps/own.py", 1), Definition(
        phrase, "steps/own.py", 1, takes
    )


KNOWN = Known(
    [
        defined("I `{method}`[ to] `{url}`[ retrying {times:d} times]"),
        defined("I have a[n] random {kind} in `{name}`"),
        defined("`{expression}` should match", Takes.JSON),
        defined("I wait for {seconds:g} second[s]"),
    ],
    {"job": "stored in line 3", "url": "a value of the settings"},
    {"nw": "of the variant"},
    ["Device FOTA", "yes: no"],
)
TOP = "# A\n\n## B\n\n"


def offered(text: str, below: str = "") -> list[Offer]:
    """What is offered at the end of a text; `below` follows it."""
    lines = text.split("\n")
    return offers([*lines[:-1], *(lines[-1] + below).split("\n")], len(lines), len(lines[-1]) + 1,
                  KNOWN)  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "snippets"),
    [
        ("Given I wa", ["I wait for ${1:seconds} second"]),
        ("Given I have a random UUIDv4 i", ["I have a random ${1:kind} in `${2:name}`"]),
        ("When I `POST` ret", ["I `${1:POST}` `${2:url}`",
                               "I `${1:POST}` `${2:url}` retrying ${3:times} times"]),
        ("Then `a.b` sho", ["`${1:a.b}` should match\n\n```json\n$0\n```"]),
        ("Then I frob", []),
        ("  And sec", ["I wait for ${1:seconds} second"]),
    ],
)  # fmt: skip
def test_phrases_that_what_is_typed_may_become(typed: str, snippets: list[str]) -> None:
    found = [offer.snippet for offer in offered(TOP + typed)]
    assert found[: len(snippets)] == snippets
    if not snippets:
        assert found == []


def test_all_phrases_are_offered_behind_a_keyword() -> None:
    assert len({offer.about for offer in offered(TOP + "Given ")}) == len(KNOWN.definitions)


def test_the_rest_of_a_title_gives_way_and_a_block_that_is_there_stays() -> None:
    (offer,) = offered(TOP + "Then `a` sho", "uld\n\n```json\n1\n```")
    assert (offer.start, offer.end) == (6, 6 + len("`a` should"))
    assert offer.plain == "`a` should match"


@pytest.mark.parametrize(
    ("before", "after", "plain"),
    [
        ("Given I store `${", "", ["job}", "url}"]),
        ("Given I store `${j", "}`", ["job", "url"]),
        ("Given x\n\n```json\n{\"a\": \"$number{$sum(", ")}", ["job", "url"]),
        ("Given <variant.", "", ["nw>"]),
        ("Given ${variant.n", "}", ["nw"]),
        ("Given ${job.", "", []),
    ],
)  # fmt: skip
def test_names_of_values(before: str, after: str, plain: list[str]) -> None:
    found = [offer.plain for offer in offered(TOP + before, after)]
    assert [each.rstrip("}") if "sum" in before else each for each in found] == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("---\nneeds:\n  - ", ["Device FOTA", '"yes: no"']),
        ("---\nneeds: [Dev", ["Device FOTA", '"yes: no"']),
        ("---\nneeds: []\ntags:\n  - ", []),
        ("---\nGiven ", []),
        (TOP + "So", ["Soon "]),
        (TOP + "```\nGiven ", []),
        (TOP + "> Given it", []),
        ("", ["Given ", "When ", "Then ", "And ", "But ", "Soon "]),
    ],
)
def test_what_else_is_offered(text: str, plain: list[str]) -> None:
    assert [offer.plain for offer in offered(text)] == plain

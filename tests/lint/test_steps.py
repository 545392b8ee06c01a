"""What is said of steps: their definitions, parameters, blocks and values, file by file."""

from __future__ import annotations

import pytest

from harness.bdd.declarations import RegisteredLibrary
from harness.lint.examine import examine
from harness.lint.suite import conclude

FILE = "a.feature.md"
HEAD = "# A\n\n## B\n\n"
CONFIGURED = {"APIURL": "http://127.0.0.1"}


def said(library: RegisteredLibrary, text: str, *, warnings: bool = False) -> list[str]:
    """The codes and lines of all problems of one file."""
    found = conclude([examine(text, FILE, library, CONFIGURED)], [FILE], CONFIGURED)
    return [
        f"{each.place.line}:{each.place.column} {each.code}"
        for each in found
        if warnings or each.severity.value == "error"
    ]


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "Given I store `1` into `a`\n\nWhen I `GET` `${APIURL}/${a}`\n",
        "---\nexampleContext: { a: x }\n---\n" + HEAD + "When I `GET` `http://x/${a}`\n",
        "---\nvariants: [{ nw: ltem }]\n---\n"
        + HEAD
        + "Given I store `'<variant.nw>'` into `a<variant.nw>`\n\n"
        "Then `altem & ''` should equal\n\n```json\n\"${variant.nw}\"\n```\n",
        "# A\n\n## Scenario Outline: O\n\nGiven I have a random ${kind} in `it`\n\n"
        "When I `GET` `http://x/${it}/${n}`\n\n### Examples\n\n"
        "| kind | n |\n| - | - |\n| UUIDv4 | 1 |\n| ULID | |\n",
        HEAD + "Given I store `1` into `a`\n\nThen `$exists($lookup($, 'b'))` should equal\n\n"
        "```json\nfalse\n```\n",
        HEAD
        + 'Then `1` should match\n\n```json\n{ "a": "${$now()}", "b": "$number{1 + 1}" }\n```\n',
        HEAD
        + "Then the nRF Cloud API should have been called with\n\n```\nGET /v1/${APIURL}\n```\n",
    ],
)
def test_what_is_right_is_clean(library: RegisteredLibrary, text: str) -> None:
    assert said(library, text) == []


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        # A value is there only below the step that stores it, also across scenarios.
        (
            HEAD + "When I `GET` `http://x/${a}`\n\n## C\n\nGiven I store `1` into `a`\n",
            ["5:24 no-source"],
        ),
        # What reads a value twice is told of once, where it does first.
        (
            HEAD + "When I `GET` `http://x/${a}${a}`\n\nWhen I `GET` `http://${a}`\n",
            ["5:24 no-source"],
        ),
        # A row hides what is stored; columns are known in their outline only.
        (
            "# A\n\n## Scenario Outline: O\n\nWhen I `GET` `http://${n}`\n\n### Examples\n\n"
            "| n |\n| - |\n| ${m} |\n\n## C\n\nWhen I `GET` `http://${n}`\n",
            ["11:3 no-source", "15:22 no-source"],
        ),
        # A column that one of the tables lacks.
        (
            "# A\n\n## Scenario Outline: O\n\nWhen I `GET` `http://${n}`\n\n### Examples\n\n"
            "| n |\n| - |\n| 1 |\n\n### Examples\n\n| m |\n| - |\n| 1 |\n",
            ["5:22 no-source"],
        ),
        # A step whose code block cannot be read lacks none.
        (HEAD + "Then the last response should match\n\n```json\n{\n", ["7:1 syntax"]),
        # What an undefined step would store is not missing.
        (HEAD + "Given I keep 1 in `a`\n\nWhen I `GET` `http://x/${a}`\n", ["5:1 undefined-step"]),
        # Nor what a part may store that cannot be read.
        (HEAD + "Givn I store `1` into `a`\n\nWhen I `GET` `http://x/${a}`\n", ["5:1 syntax"]),
        # Nor anything, where the front matter is unknown.
        ("---\n{\n---\n" + HEAD + "When I `GET` `http://x/${a}`\n", ["3:1 front-matter"]),
        # One problem a step, whichever rows it comes with.
        (
            "# A\n\n## Scenario Outline: O\n\nGiven I do ${n}\n\n### Examples\n\n"
            "| n |\n| - |\n| one |\n| two |\n",
            ["5:1 undefined-step"],
        ),
        # A block under an undefined step is looked at all the same.
        (HEAD + "Given I do it\n\n```json\n{,}\n```\n", ["5:1 undefined-step", "8:2 invalid-json"]),
        # A step for a table without one; rows of a table are read.
        (
            HEAD + "Then the nRF Cloud API should have been called in this order\n\n"
            "Then the nRF Cloud API should have been called in this order\n\n"
            "| request |\n| - |\n| `GET /${a}` |\n",
            ["5:1 missing-block", "11:3 no-source"],
        ),
        # The place within a wrapped title, and within an expression.
        (HEAD + "Given I store\n`1 & & 2` into `a`\n", ["6:6 invalid-expression"]),
        # The place of wrong JSON behind a sample that is longer than its placeholder.
        (
            '---\nexampleContext: { a: "12345678" }\n---\n' + HEAD
            + "Then `1` should match\n\n```json\n[${a}, x]\n```\n",
            ["11:8 invalid-json"],
        ),
        # Strings take any text; elsewhere a sample must be JSON.
        (
            '---\nexampleContext: { a: "\\"" }\n---\n' + HEAD
            + 'Then `1` should match\n\n```json\n["${a}", ${a}]\n```\n',
            ["11:10 invalid-json"],
        ),
        # What may be wrong because of a guess only is not told of.
        (
            HEAD + "Given I store `200` into `a`\n\nGiven this nRF Cloud API is queued for a"
            " `GET /` request\n\n```\nHTTP/1.1 ${a} OK\n```\n\nGiven I store `${a}` into `${a}`\n",
            [],
        ),
    ],
)  # fmt: skip
def test_one_mistake_is_one_problem(
    library: RegisteredLibrary, text: str, problems: list[str]
) -> None:
    assert said(library, text) == problems


def test_warnings_of_a_file_by_itself(library: RegisteredLibrary) -> None:
    steps = "Given I store `1` into `a`\n\nGiven I store `b` into `c`\n"
    text = "---\nexampleContext: { b: 1, c: 2, d: 3 }\n---\n" + HEAD + steps
    assert said(library, text, warnings=True) == [
        "2:31 unused-sample",
        "8:25 unused-value",
        "10:25 unused-value",
    ]


def test_nothing_is_unused_where_anything_may_be_read(library: RegisteredLibrary) -> None:
    steps = "Given I store `1` into `a`\n\nThen `$keys($)` should match\n\n```json\n[]\n```\n"
    text = "---\nexampleContext: { b: 1 }\n---\n" + HEAD + steps
    assert said(library, text, warnings=True) == []


def test_each_row_is_looked_at(library: RegisteredLibrary) -> None:
    text = (
        "# A\n\n## Scenario Outline: O\n\nGiven I have a ${kind} in `a`\n\n### Examples\n\n"
        "| kind |\n| - |\n| random ULID |\n| new idea |\n"
    )
    (problem,) = [
        each for each in examine(text, FILE, library, {}).problems if each.code == "undefined-step"
    ]
    assert problem.message == "no step definition matches “I have a new idea in `a`”"

"""How problems are shown."""

from __future__ import annotations

import json

from harness.errors import Fix, Place
from harness.lint.output import as_json, github, human, summary
from harness.lint.problems import Problem

PROBLEM = Problem(
    Place("a,b:c.feature.md", 1, 3),
    "no-source",
    "100% wrong",
    "mend\r\nit",
    ("first", "", "third: %"),
    (1, 5),
)
WARNING = Problem(Place("a.feature.md", 7, 1), "only", "only this", fix=Fix(7, 1, 4, ""))


def lines(_: str) -> list[str]:
    return ["ab\x1bcdef"]


def test_a_person_sees_the_line_with_a_mark_and_no_controls() -> None:
    assert human([PROBLEM, WARNING], lines, color=False) == (
        "a,b:c.feature.md:1:3: error: 100% wrong: mend\\r\\nit [no-source]\n"
        "    ab cdef\n"
        "      ^^\n"
        "    first\n"
        "\n"
        "    third: %\n"
        "a.feature.md:7:1: warning: only this [only]\n"
    )


def test_colour_is_for_terminals() -> None:
    shown = human([WARNING], lines, color=True)
    assert shown == "\x1b[1ma.feature.md:7:1\x1b[0m: \x1b[33mwarning\x1b[0m: only this [only]\n"


def test_a_long_line_is_cut_around_what_is_wrong() -> None:
    line = "x" * 1000 + "!" + "y" * 1000
    problem = Problem(Place("a", 1, 1001), "syntax", "no", end=(1, 2002))
    _, shown, marks = human([problem], lambda _: [line], color=False).splitlines()
    assert len(shown) == 124
    assert shown[marks.index("^")] == "!"
    assert len(marks) == len(shown)


def test_github_gets_one_line_a_problem() -> None:
    assert github([PROBLEM, WARNING]) == (
        "::error file=a%2Cb%3Ac.feature.md,line=1,col=3,endLine=1,endColumn=5,title=no-source::"
        "100%25 wrong: mend%0D%0Ait%0Afirst%0A%0Athird: %25\n"
        "::warning file=a.feature.md,line=7,col=1,title=only::only this\n"
    )


def test_github_gets_paths_from_the_top_of_the_repository() -> None:
    assert github([WARNING], "acceptance").startswith("::warning file=acceptance/a.feature.md,")


def test_json_has_all_of_it() -> None:
    document = json.loads(as_json([PROBLEM, WARNING], 2))
    assert document["version"] == 1
    assert document["files"] == 2
    assert document["problems"] == [
        {
            "file": "a,b:c.feature.md",
            "line": 1,
            "column": 3,
            "end": {"line": 1, "column": 5},
            "severity": "error",
            "code": "no-source",
            "message": "100% wrong",
            "hint": "mend\r\nit",
            "details": ["first", "", "third: %"],
            "fix": None,
        },
        {
            "file": "a.feature.md",
            "line": 7,
            "column": 1,
            "end": None,
            "severity": "warning",
            "code": "only",
            "message": "only this",
            "hint": None,
            "details": [],
            "fix": {"line": 7, "column": 1, "removed": 4, "text": ""},
        },
    ]


def test_the_summary_counts() -> None:
    assert summary([PROBLEM, WARNING, WARNING], 1_000) == "1,000 files: 1 error and 2 warnings"
    assert summary([], 1) == "1 file: clean"

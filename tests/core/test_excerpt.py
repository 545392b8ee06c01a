"""What a person sees of a code block: the lines around what differs, with carets."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from harness.core.document import CodeBlock
from harness.core.excerpt import WIDTH, Spot, excerpt, spots
from harness.errors import Mark


def show(
    code: str, *marks: Mark, language: str | None = "json", clean: Callable[[str], str] = str
) -> list[str]:
    block = CodeBlock(language, code, 98)
    return excerpt(block, code, spots(block, marks, None), clean)


JOBS = """\
{
  "jobs": [
    { "status": "${wanted}" },
    { "status": "$number{n}" }
  ],
  "total": ${n + 1}
}"""


def test_carets_stand_under_what_differs() -> None:
    marks = [
        Mark(("total",), "expected 2, got 3"),
        Mark(("jobs", 1, "status"), "expected 1, got 2"),
        Mark(("jobs", 0, "status"), 'expected "FAILED", got "QUEUED"'),
    ]
    assert show(JOBS, *marks) == [
        "   99 | {",
        '  100 |   "jobs": [',
        '  101 |     { "status": "${wanted}" },',
        '      |                 ^^^^^^^^^^^ expected "FAILED", got "QUEUED"',
        '  102 |     { "status": "$number{n}" }',
        "      |                 ^^^^^^^^^^^^ expected 1, got 2",
        "  103 |   ],",
        '  104 |   "total": ${n + 1}',
        "      |            ^^^^^^^^ expected 2, got 3",
        "  105 | }",
    ]


def test_lines_between_are_left_out() -> None:
    code = "{\n" + "".join(f'  "k{n}": {n},\n' for n in range(20)) + '  "end": 0\n}'
    lines = show(code, Mark(("k0",), "no"), Mark(("end",), "no"))
    assert [line.strip() for line in lines][4:7] == ['102 |   "k2": 2,', "…", '118 |   "k18": 18,']


def test_what_does_not_fit_is_said_shorter_or_not_at_all() -> None:
    long = "x" * 40
    code = f'{{ "a": "{long}", "b": 1 }}'
    short, none = show(
        code,
        Mark(("a",), f'expected "{long}", got 1'),
        Mark(("b",), "unexpected " + "y" * 80),
    )[1:]
    assert short.endswith("^ got 1")
    assert none.endswith(" ^")


def test_a_long_line_is_cut_around_its_first_mark() -> None:
    code = f'{{ "pad": "{"x" * 200}", "b": 1, "pad2": "{"y" * 200}" }}'
    line, caret = show(code, Mark(("b",), "got 2"))
    assert line[caret.index("^")] == "1"


def test_the_parts_of_an_http_message() -> None:
    code = 'POST /v1/x?a=${b} HTTP/1.1\nX-Trace: 1\n\n{"c": 2}'
    marks = [
        Mark(("method",), "m"),
        Mark(("path",), "p"),
        Mark(("header x-trace",), "h"),
        Mark(("header X-Missing",), "h"),
        Mark(("body", "c"), "b"),
        Mark((), "nowhere"),
    ]
    found = [spot[:3] for spot in spots(CodeBlock("http", code, 1), marks, None)]
    assert found == [(1, 1, 4), (1, 6, 12), (2, 1, 10), (1, 6, 12), (4, 7, 1)]
    no_body = CodeBlock("http", "GET /x", 1)
    assert spots(no_body, [Mark(("body",), "b")], None) == [Spot(1, 5, 2, "b")]


def test_variants_are_as_long_as_they_are_written() -> None:
    block = CodeBlock("json", '{"<variant.k>": <variant.n>, "b": "<variant.k>!"}', 1)
    (spot,) = spots(block, [Mark(("b",), "")], {"k": "key", "n": 10**20})
    assert block.code[spot.column - 1 :][: spot.length] == '"<variant.k>!"'


def test_a_secret_is_hidden_and_then_columns_say_nothing() -> None:
    code = '{ "a": "s3cret", "b": 1 }'
    assert show(code, Mark(("b",), "got 2"), clean=lambda text: text.replace("s3cret", "*")) == [
        '  99 | { "a": "*", "b": 1 }',
        "     | ^ got 2",
    ]
    assert show(code, Mark(("b",), "got 2"), clean=lambda text: text + "\n") == []


def test_a_block_with_an_invalid_placeholder_has_no_marks() -> None:
    assert show('{"a": ${(}', Mark(("a",), "")) == []


@given(st.text(max_size=300), st.lists(st.builds(Spot, *[st.integers(-1, 400)] * 3, st.text())))
def test_no_line_is_wider_than_a_terminal(text: str, marked: list[Spot]) -> None:
    block = CodeBlock(None, text, 9)
    positive = [spot for spot in marked if min(spot[:3]) > 0]
    assert all(len(line) <= WIDTH for line in excerpt(block, text, positive, str))

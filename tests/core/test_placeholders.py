"""Where placeholders are found, and where their values land."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.placeholders import Landing, Placeholder, TemplateError, Where, scan, variants_in


def found(
    text: str, where: Where, variant: dict[str, str] | None = None
) -> list[tuple[str, str, Landing]]:
    """Each placeholder: as it stands in the text, its expression, and where its value lands."""
    return [
        (text[piece.placeholder.start : piece.placeholder.end], piece[1].expression, piece.landing)
        for piece in scan(text, where, variant)
    ]


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("", []),
        ("none $ { } $$ $x {y} <z>", []),
        ("${a}", ["a"]),
        ("x${a}y${ b.c }z", ["a", " b.c "]),
        ("${a}${b}", ["a", "b"]),
        ("${ {'a': 1}.a } }", [" {'a': 1}.a "]),
        ("${'}'} ${\"}\"} ${`}`}", ["'}'", '"}"', "`}`"]),
        ("${/* } */ a}", ["/* } */ a"]),
        ("${$match(a, /\\}/)}", ["$match(a, /\\}/)"]),
        ("${'${b}'}", ["'${b}'"]),
        ("${'$'}{a}", ["'$'"]),
        ("$${a}", ["a"]),
        ("${a\n.b}", ["a\n.b"]),
        ('"$number{a}"', []),
    ],
)
def test_the_expressions_of_a_text(text: str, expressions: list[str]) -> None:
    assert [each[1] for each in found(text, Where.TEXT)] == expressions


@pytest.mark.parametrize(
    ("text", "landings"),
    [
        ("${a}", [Landing.JSON]),
        ('"${a}"', [Landing.STRING]),
        ('{"a": "x ${a} y ${b}", "${c}": ${d}}', [Landing.STRING] * 3 + [Landing.JSON]),
        (r'"\"${a}\\" ${b}', [Landing.STRING, Landing.JSON]),
        (r'"\\" ${b}', [Landing.JSON]),
        (r'"\${a}"', [Landing.STRING]),
        ('"${\'"\'}" ${b}', [Landing.STRING, Landing.JSON]),
        ('"${a', []),
    ],
)
def test_in_json_strings_are_told_from_the_rest(text: str, landings: list[Landing]) -> None:
    if text.endswith("${a"):
        with pytest.raises(TemplateError):
            found(text, Where.JSON)
    else:
        assert [each[2] for each in found(text, Where.JSON)] == landings


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ('GET / HTTP/1.1\n\n{"a": "${a}"}', Landing.STRING),
        ('GET / HTTP/1.1\r\nX: 1\r\n\r\n[ "${a}" ]', Landing.STRING),
        ('GET / HTTP/1.1\nContent-Type: application/json\n\n"${a}"', Landing.STRING),
        ("GET / HTTP/1.1\ncontent-type : application/senml+json\n\n${a}", Landing.JSON),
        ('GET / HTTP/1.1\nContent-Type: text/plain\n\n{"a": "${a}"}', Landing.PLAIN),
        ("GET / HTTP/1.1\nX-Content-Type: json\n\n<${a}>", Landing.PLAIN),
        ("GET / HTTP/1.1\nX: ${b}\n\nContent-Type: json ${a}", Landing.PLAIN),
    ],
)
def test_the_body_of_an_http_message_is_json_by_its_type_or_its_looks(
    text: str, body: Landing
) -> None:
    assert found(text, Where.HTTP)[-1][2] is body


def test_the_head_of_an_http_message() -> None:
    text = 'GET /${a} HTTP/1.1\nX: "${b}\n\n${c}\n\n${d}'
    assert [each[2] for each in found(text, Where.HTTP)] == [
        Landing.HEAD,
        Landing.HEAD,
        Landing.PLAIN,
        Landing.PLAIN,
    ]


@pytest.mark.parametrize(
    ("where", "landing"),
    [
        (Where.TITLE, Landing.TITLE),
        (Where.CELL, Landing.PLAIN),
        (Where.TEXT, Landing.PLAIN),
        (Where.JSON, Landing.JSON),
        (Where.HTTP, Landing.HEAD),
    ],
)
def test_where_a_text_begins(where: Where, landing: Landing) -> None:
    assert found("${a}", where) == [("${a}", "a", landing)]


def test_a_number_takes_all_of_its_string() -> None:
    (piece,) = scan('{"a": "$number{ {"b": 1}.b }", "c": "x"}', Where.JSON, None)
    assert piece.placeholder == Placeholder("number", ' {"b": 1}.b ', 6, 29)
    assert piece.literal == '{"a": '


@pytest.mark.parametrize("text", ['"$number{a} items"', '"$number{a}', '"$number{a}\\""'])
def test_a_number_within_other_text_is_an_error(text: str) -> None:
    with pytest.raises(TemplateError, match="not all of its string"):
        found(text, Where.JSON)


@pytest.mark.parametrize("where", [Where.TEXT, Where.TITLE, Where.CELL, Where.HTTP])
def test_only_json_blocks_have_numbers(where: Where) -> None:
    assert found('"$number{a}"', where) == []
    assert found('POST / HTTP/1.1\n\n{"a": "$number{a}"}', where) == []


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        (r'"${a = \"b\" ? 1 : 2}"', 'a = "b" ? 1 : 2'),
        (r'"${a = \"}\"} \"quoted\""', 'a = "}"'),
        (r'"${$split(a, \"\\\\n\")} x"', r'$split(a, "\\n")'),
        (r'"${$lookup(a, \"\u00e9\ud83d\ude00\")}"', '$lookup(a, "é😀")'),
        # It compiles as it stands: JSONata has the last word.
        (r'"${$match(a, /\\d/)}"', r"$match(a, /\\d/)"),
        (r'"${"\\n"}"', r'"\\n"'),
        (r'"${\"b\" & \q}"', r'"b" & \q'),
        (r'"$number{$number(\"1\")}"', '$number("1")'),
        ('"${$x := "a"}"', '$x := "a"'),
    ],
)
def test_escapes_of_json_are_removed_from_expressions_that_need_it(
    text: str, expression: str
) -> None:
    (first,) = scan(text, Where.JSON, None)
    assert first.placeholder.expression == expression
    end = first.placeholder.end
    assert text[end - 1] in '}"'
    assert text[end:] in ('"', ' \\"quoted\\""', ' x"', "")


VARIANT = {"nw": "ltem", "q": "'", "brace": "a}", "open": "${a}"}


@pytest.mark.parametrize(
    ("text", "expressions"),
    [
        ("<variant.nw>", ["nw"]),
        ("${tracker.<variant.nw>.id} ${b}", ["tracker.ltem.id", "b"]),
        ("${'<variant.nw>' & <variant.nw>}", ["'ltem' & ltem"]),
        ("<variant.open> ${a}", ["open", "a"]),
        ("${ <variant.q>}<variant.q> }", [" '}' "]),
        ("<variant.> <variant.a b> <variants.a>", []),
    ],
)
def test_variants(text: str, expressions: list[str]) -> None:
    assert [each[1] for each in found(text, Where.TEXT, VARIANT)] == expressions


def test_the_offsets_of_a_placeholder_with_a_variant_are_those_of_the_text() -> None:
    text = "x ${tracker.<variant.nw>.id} y"
    assert found(text, Where.TEXT, VARIANT)[0][0] == "${tracker.<variant.nw>.id}"
    text = r'{"a": "${tracker.<variant.nw> = \"é\"} y"}'
    assert found(text, Where.JSON, VARIANT)[0][:2] == (
        r"${tracker.<variant.nw> = \"é\"}",
        'tracker.ltem = "é"',
    )


def test_a_variant_must_not_end_an_expression() -> None:
    with pytest.raises(TemplateError, match="value of a variant ends the expression"):
        found("${<variant.brace>", Where.TEXT, VARIANT)


def test_variants_in_a_text() -> None:
    assert variants_in("<variant.a> ${<variant.b>}") == (
        Placeholder("variant", "a", 0, 11),
        Placeholder("variant", "b", 14, 25),
    )


@pytest.mark.parametrize(
    ("text", "what", "offset", "hint"),
    [
        ("ab ${c", "it is not closed", 6, "end it with }"),
        ("ab ${}", "} is not expected here", 5, "a literal ${ is written ${'$'}{"),
        ("ab ${HOME:-x}", ": is not expected here", 9, "a literal ${ is written ${'$'}{"),
        ("ab ${$fromMilis(1)}", "no function $fromMilis()", 6, "did you mean $from"),
        ("${$match(a, /a{2,1}/)}", "the regular expression is invalid", 2, ""),
    ],
)
def test_errors_say_where(text: str, what: str, offset: int, hint: str) -> None:
    with pytest.raises(TemplateError) as caught:
        found(text, Where.TEXT)
    error = caught.value
    assert what in error.what
    assert error.offset == offset
    assert error.hint.startswith(hint)
    assert str(error) == f"{error.what}: {error.hint}".removesuffix(": ")


def test_errors_within_json_strings_say_where() -> None:
    text = r'{"é": "${a = \"b\" c}"}'
    with pytest.raises(TemplateError, match="c is not expected here") as caught:
        found(text, Where.JSON)
    assert text[caught.value.offset] == "c"


@given(st.text("${}ab'\"\\\n<variant.>/*()[]|:? "), st.sampled_from(Where))
def test_any_text_is_scanned_or_an_error(text: str, where: Where) -> None:
    try:
        pieces = list(scan(text, where, None))
        offset = 0
    except TemplateError as error:
        pieces, offset = [], error.offset
    assert 0 <= offset <= len(text)
    end = 0
    for literal, placeholder, *_ in pieces:
        assert text[end : placeholder.start] == literal
        end = placeholder.end


def test_scanning_takes_linear_time_in_placeholders() -> None:
    # Quadratic would take minutes here.
    text = "${a = 1}" * 2000 + '"' + "${'\\u0041'}" * 2000
    assert len(found(text, Where.JSON)) == 4000


@pytest.mark.parametrize(
    ("landing", "text"),
    [
        (Landing.TITLE, "a`b"),
        (Landing.TITLE, "a\nb"),
        (Landing.TITLE, "a\x1b[31m"),
        (Landing.TITLE, "a\u2028b"),
        (Landing.HEAD, "a\r\nX-Evil: 1"),
        (Landing.HEAD, "a\nb"),
        (Landing.HEAD, "a\0b"),
    ],
)
def test_what_does_not_fit(landing: Landing, text: str) -> None:
    with pytest.raises(ValueError, match="has a"):
        landing.fit(text)


@pytest.mark.parametrize(
    ("landing", "text", "fitted"),
    [
        (Landing.TITLE, "a\tb é {}\"'", "a\tb é {}\"'"),
        (Landing.HEAD, "a\tb `é`", "a\tb `é`"),
        (Landing.PLAIN, "a\n`\0", "a\n`\0"),
        (Landing.JSON, '"a\n', '"a\n'),
        (Landing.STRING, '"a\n\\é', '\\"a\\n\\\\é'),
    ],
)
def test_what_fits(landing: Landing, text: str, fitted: str) -> None:
    assert landing.fit(text) == fitted

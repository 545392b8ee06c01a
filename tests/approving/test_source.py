"""From what placeholders became back to where they stand."""

from __future__ import annotations

from harness.approving.source import Source, make_source
from harness.core.placeholders import Where
from harness.core.template import parse_template


def source(raw: str, **values: object) -> Source:
    rendered = parse_template(raw, Where.JSON).render(values, now=0)
    made = make_source(raw, Where.JSON, rendered.parts, None)
    assert made.filled == rendered.text
    return made


def test_what_is_between_placeholders_is_found() -> None:
    made = source('{"a": "${x}!", "b": ${y}}', x="long text", y=[1, 2])
    filled = made.filled

    def raw(part: str) -> str | None:
        start = filled.index(part)
        span = made.span(start, start + len(part))
        return span and made.raw[slice(*span)]

    assert raw('"long text!"') == '"${x}!"'
    assert raw("long text") == "${x}"
    assert raw("[1,2]") == "${y}"
    assert raw('"b": [1,2]') == '"b": ${y}'
    assert raw("ext!") is None
    assert raw("1,2") is None
    assert made.span(len(filled), len(filled)) == (len(made.raw), len(made.raw))


def test_the_pieces_of_a_part_are_cut_at_its_ends() -> None:
    made = source('{"a": "${x}!"}', x="text")
    start = made.filled.index("text")
    pieces = list(made.between(start, start + 5))
    assert [(each.raw, each.text, each.is_placeholder) for each in pieces] == [
        ("${x}", "text", True),
        ("!", "!", False),
    ]
    assert list(made.between(start + 1, start + 3)) == []


def test_placeholders_without_a_text_are_found_too() -> None:
    made = source('"${x}${y}"', x="", y="")
    assert made.span(0, 2) == (0, len(made.raw))

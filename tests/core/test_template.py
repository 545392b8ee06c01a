"""Rendering: each rule of the placeholders, one by one (docs/placeholders.md)."""

from __future__ import annotations

import json
import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.expressions import Expression
from harness.core.template import (
    MissingValue,
    Placeholder,
    TemplateError,
    Where,
    parse_template,
    to_text,
)

NOW = 1_694_503_339_523
VALUES: dict[str, object] = {
    "jobId": "bc631093-7f7c",
    "ts": NOW,
    "cell": "12.50",
    "flag": True,
    "none": None,
    "float": 1.0,
    "device": {"id": "oob-1", "tags": ["a", "b"], "n": 2.0},
    "quote": 'say "hi" \\ bye',
    "lines": "a\nb",
    "tick": "a`b",
    "tracker": {"ltem": {"id": "T-1"}},
    "code": "${jobId}",
}


def render(
    text: str,
    where: Where = Where.TEXT,
    values: Mapping[str, object] = VALUES,
    variant: Mapping[str, object] | None = None,
) -> str:
    return parse_template(text, where).render(values, now=NOW, variant=variant).text


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("${jobId}", "bc631093-7f7c"),
        ("a ${device.id} b ${jobId}${ts} c", "a oob-1 b bc631093-7f7c1694503339523 c"),
        ("${ts} ${float} ${flag} ${none}", "1694503339523 1 true null"),
        ("${device} ${device.tags}", '{"id":"oob-1","tags":["a","b"],"n":2} ["a","b"]'),
        ("${0.1 + 0.2}", "0.30000000000000004"),
        ("${ts + 1000}", "1694503340523"),
        ("${$millis()}", "1694503339523"),
        ("${$fromMillis($millis() - 523)}", "2023-09-12T07:22:19.000Z"),
        ("${none = null ? '' : none}|", "|"),
        ("${ {'a': 1}.a }", "1"),
        ("${'}'}", "}"),
        ("${'$'}{jobId}", "${jobId}"),
        ("${code}", "${jobId}"),
        ("no placeholder", "no placeholder"),
        ("", ""),
    ],
)
def test_values_as_text(text: str, rendered: str) -> None:
    for where in (Where.TEXT, Where.CELL, Where.TITLE):
        assert render(text, where) == rendered


def test_in_an_outline_the_row_hides_stored_values() -> None:
    row = ChainMap({"cell": "7", "jobId": None}, VALUES)
    assert render("${cell} ${jobId} ${ts - $number(cell)}", values=row) == ("7 null 1694503339516")
    assert render("${jobId = null ? '' : jobId}", values=row) == ""


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ('{"n": "$number{ts}"}', '{"n": 1694503339523}'),
        ('{"n": "$number{cell}"}', '{"n": 12.5}'),
        ('{"n": "$number{float}", "m": "$number{device.n * 2}"}', '{"n": 1, "m": 4}'),
        ('["$number{ {"a": 1}.a }"]', "[1]"),
        ('{"s": "${ts}", "raw": ${device}}', None),
        ('{"a": "${quote}", "b": "${lines}", "c": "${device}"}', None),
    ],
)
def test_json_stays_json(text: str, rendered: str | None) -> None:
    found = render(text, Where.JSON)
    assert rendered is None or found == rendered
    json.loads(found)


def test_within_a_json_string_values_are_escaped() -> None:
    text = '{"a": "<${quote}>", "b": "${device}", "c": ${device}}'
    assert json.loads(render(text, Where.JSON)) == {
        "a": '<say "hi" \\ bye>',
        "b": '{"id":"oob-1","tags":["a","b"],"n":2}',
        "c": {"id": "oob-1", "tags": ["a", "b"], "n": 2},
    }


def test_escapes_in_expressions_within_json_strings() -> None:
    text = r'{"y": "${$fromMillis(ts, \"[Y]\")}", "q": "${device.id = \"oob-1\"}"}'
    assert json.loads(render(text, Where.JSON)) == {"y": "2023", "q": "true"}


HTTP = 'POST /v1/${jobId} HTTP/1.1\nX-Id: ${device.id}\n\n{"a": "${quote}", "n": "$number{x}"}'


def test_an_http_message() -> None:
    head, body = render(HTTP, Where.HTTP).split("\n\n")
    assert head == "POST /v1/bc631093-7f7c HTTP/1.1\nX-Id: oob-1"
    assert json.loads(body) == {"a": VALUES["quote"], "n": "$number{x}"}


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("${tick}", Where.TITLE, "has a backtick"),
        ("${lines}", Where.TITLE, "has a backtick, a line break"),
        ("GET /${lines} HTTP/1.1", Where.HTTP, "has a line break"),
        ("GET / HTTP/1.1\nX: ${lines}", Where.HTTP, "has a line break"),
        ('"$number{jobId}"', Where.JSON, "is no number"),
        ('"$number{flag}"', Where.JSON, "is no number"),
        ('"$number{none}"', Where.JSON, "is no number"),
        ('"$number{device}"', Where.JSON, "is no number"),
    ],
)
def test_a_value_that_does_not_fit(text: str, where: Where, what: str) -> None:
    with pytest.raises(TemplateError, match=what) as caught:
        render(text, where)
    assert caught.value.offset == max(text.find("${"), 0)
    assert "bc631093" not in str(caught.value)


def test_a_json_number_that_is_none() -> None:
    with pytest.raises(TemplateError, match=r"\$number{x} is no number"):
        render('"$number{x}"', Where.JSON, {"x": float("inf")})


@pytest.mark.parametrize(
    ("text", "names", "what"),
    [
        ("a ${nothing}", ("nothing",), "${nothing} has no value (not stored: nothing)"),
        ("a ${device.nothing}", (), "${device.nothing} has no value"),
        ("a ${$x := b + a}", ("a", "b"), "${$x := b + a} has no value (not stored: a, b)"),
        ('a "$number{nothing}"', ("nothing",), "${nothing} has no value (not stored: nothing)"),
    ],
)
def test_a_missing_value(text: str, names: tuple[str, ...], what: str) -> None:
    with pytest.raises(MissingValue) as caught:
        render(text, Where.JSON)
    assert (caught.value.names, caught.value.what, caught.value.offset) == (names, what, 2)
    assert caught.value.expression in text


def test_without_strict_a_missing_value_is_left_as_it_is() -> None:
    text = '{"a": "${nothing}", "b": "$number{nothing}", "c": "${jobId}"}'
    rendered = parse_template(text, Where.JSON).render(VALUES, now=NOW, strict=False)
    assert rendered.text == text.replace("${jobId}", "bc631093-7f7c")
    assert rendered.unresolved == (
        Placeholder("text", "nothing", 7, 17),
        Placeholder("number", "nothing", 25, 43),
    )
    with pytest.raises(TemplateError, match="must evaluate to a number"):
        parse_template("${1 + 'a'}", Where.TEXT).render(VALUES, now=NOW, strict=False)


def test_an_expression_that_cannot_be_evaluated_says_so_at_its_place() -> None:
    with pytest.raises(TemplateError, match=r"\${\[1\.\.1000000\]}: it builds a range") as caught:
        render("abc ${[1..1000000]}")
    assert caught.value.offset == 4


def test_long_expressions_are_shortened_in_messages() -> None:
    with pytest.raises(MissingValue) as caught:
        render("${" + "a" * 5000 + ".b}", values={"a" * 5000: {}})
    assert len(caught.value.what) < 200


def test_a_value_that_is_no_json_or_nested_too_deeply() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TemplateError, match="nested too deeply"):
        render("${deep}", values={"deep": deep})
    with pytest.raises(TemplateError, match="which is no JSON value"):
        render("${odd}", values={"odd": {1, 2}})


VARIANT = {"nw": "ltem", "n": 1.0, "odd": "${jobId}", "quote": '"', "tick": "`", "none": None}


@pytest.mark.parametrize(
    ("text", "where", "rendered"),
    [
        ("over <variant.nw> <variant.n> <variant.none>", Where.TITLE, "over ltem 1 null"),
        ("${tracker.<variant.nw>.id} ${variant.nw}", Where.TEXT, "T-1 ltem"),
        ("${$lookup(tracker, variant.nw).id}", Where.TEXT, "T-1"),
        ("<variant.odd>", Where.TEXT, "${jobId}"),
        ("$<variant.nw>{jobId}", Where.TEXT, "$ltem{jobId}"),
        ('["<variant.quote>", <variant.n>, "$number{<variant.n>}"]', Where.JSON, '["\\"", 1, 1]'),
        ("GET /<variant.nw> HTTP/1.1", Where.HTTP, "GET /ltem HTTP/1.1"),
        ("no variant ${jobId}", Where.TEXT, "no variant bc631093-7f7c"),
    ],
)
def test_variants(text: str, where: Where, rendered: str) -> None:
    assert render(text, where, variant=VARIANT) == rendered


def test_a_variant_hides_a_stored_value_of_that_name() -> None:
    assert render("${variant.nw}", values={"variant": 1}, variant=VARIANT) == "ltem"
    assert render("${variant}", values={"variant": 1}) == "1"


def test_the_values_are_not_copied_for_a_variant_that_nobody_reads() -> None:
    class Values(dict[str, object]):
        def keys(self) -> Any:
            raise AssertionError("the values were walked over")

    assert render("${jobId}", values=Values(VALUES), variant=VARIANT) == "bc631093-7f7c"


@pytest.mark.parametrize(
    ("text", "variant", "what", "offset", "hint"),
    [
        (
            "a <variant.quotes>",
            VARIANT,
            "the variant has no quotes",
            2,
            "did you mean <variant.quote>?",
        ),
        ("a <variant.xyz>", {"b": 1}, "the variant has no xyz", 2, "it has: b"),
        ("a `<variant.tick>`", VARIANT, "the value of <variant.tick> has a backtick", 3, ""),
        ("${tracker.<variant.nw>.id}", None, "there is no <variant.nw>", 10, "this feature has no"),
        ("a <variant.nw> ${jobId}", None, "there is no <variant.nw>", 2, "this feature has no"),
    ],
)
def test_variants_that_are_wrong(
    text: str, variant: Mapping[str, object] | None, what: str, offset: int, hint: str
) -> None:
    with pytest.raises(TemplateError) as caught:
        render(text, Where.TITLE, variant=variant)
    assert what in caught.value.what
    assert caught.value.offset == offset
    assert caught.value.hint.startswith(hint)


def test_placeholders_of_a_text() -> None:
    text = "${a} ${b.c}"
    assert parse_template(text, Where.TEXT).placeholders == (
        Placeholder("text", "a", 0, 4),
        Placeholder("text", "b.c", 5, 11),
    )
    unbound = parse_template("<variant.a> ${b.<variant.a>}", Where.TEXT)
    assert [each.kind for each in unbound.placeholders] == ["variant", "variant"]
    bound = unbound.bind({"a": "x"})
    assert bound.placeholders == (
        Placeholder("variant", "a", 0, 11),
        Placeholder("text", "b.x", 12, 28),
    )
    assert bound.bind({"a": "y"}) is bound


def test_invalid_jsonata_is_an_error_of_the_text() -> None:
    with pytest.raises(TemplateError):
        parse_template("${a b}", Where.TEXT)
    with pytest.raises(TemplateError):
        parse_template("${a b} <variant.a>", Where.TEXT).bind({"a": 1})


def test_each_placeholder_is_evaluated_once(monkeypatch: pytest.MonkeyPatch) -> None:
    evaluated: list[str] = []
    original = Expression.evaluate

    def counted(self: Expression, data: object, **options: Any) -> object:
        evaluated.append(self.source)
        return original(self, data, **options)

    monkeypatch.setattr(Expression, "evaluate", counted)
    render('"$number{ts + 1}" "${ts + 2}" ${$millis()} ${device.id}', Where.JSON)
    assert evaluated == ["ts + 1", "ts + 2", "$millis()", "device.id"]


@given(st.text().filter(lambda text: "${" not in text and "<variant." not in text))
def test_a_text_without_placeholders_is_unchanged(text: str) -> None:
    for where in (Where.TEXT, Where.TITLE, Where.CELL, Where.HTTP):
        assert render(text, where) == text


@given(st.text())
def test_what_is_put_in_is_not_scanned_again(value: str) -> None:
    assert render("${v}|${v & ''}", values={"v": value}) == f"{value}|{value}"
    assert render("<variant.v>", variant={"v": value}) == value


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JSON)
def test_any_value_within_a_json_string_reads_back_as_its_text(value: object) -> None:
    for variant in (None, {"v": value}):
        text = '{"a": "<${v}>", "b": "${[v]}"}' if variant is None else '{"a": "<<variant.v>>"}'
        rendered = render(text, Where.JSON, {"v": value}, variant)
        assert json.loads(rendered)["a"] == f"<{to_text(value)}>"


@given(st.text(st.characters(codec=None)))
def test_any_value_in_a_head_or_title_stays_in_its_line(value: str) -> None:
    for where in (Where.HTTP, Where.TITLE):
        try:
            rendered = render("a ${v} b", where, {"v": value})
        except TemplateError:
            continue
        assert rendered == f"a {value} b"
        assert not {"\n", "\r", "\0"} & set(rendered)
        assert where is Where.HTTP or "`" not in rendered


SEEDS = Path(__file__).resolve().parents[2].parent / "shared" / "seeds"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the seeds are not beside the repository")
def test_the_placeholders_of_the_seeds_compile() -> None:
    for seed in SEEDS.glob("*.feature.md"):
        text = seed.read_text()
        assert len(parse_template(text, Where.TEXT).placeholders) == text.count("${")


DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "placeholders.md"


def examples() -> Iterator[tuple[str, str, Where]]:
    """What the manual says: each text, and what becomes of it."""
    text = DOCUMENT.read_text()
    for row in re.finditer(r"^\| `(.+)` \| `(.+)` \|$", text, re.MULTILINE):
        yield row[1], row[2], Where.TEXT
    blocks = re.compile(r"```(json|http)\n(.*?)\n```\n\nbecomes\n\n```\1\n(.*?)\n```", re.DOTALL)
    for block in blocks.finditer(text):
        yield block[2], block[3], Where(block[1])


@pytest.mark.parametrize(("written", "becomes", "where"), list(examples()))
def test_the_manual(written: str, becomes: str, where: Where) -> None:
    text = DOCUMENT.read_text()
    values, variant = (
        json.loads(block)
        for name in ("values", "variant")
        for block in re.findall(rf"```json {name}\n(.*?)```", text, re.DOTALL)
    )
    try:
        rendered = render(written, where, values, variant)
    except TemplateError as error:
        rendered = str(error)
    assert rendered == becomes


def test_the_manual_has_examples_of_all_kinds() -> None:
    assert {where for *_, where in examples()} == {Where.TEXT, Where.JSON, Where.HTTP}
    assert len(list(examples())) > 25

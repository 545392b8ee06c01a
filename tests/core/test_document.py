"""The syntax tree: positions and walks. That the parser fills it truly is tested with it."""

from __future__ import annotations

from harness.core.document import CodeBlock, Document, Origin, Row, Rule, Scenario, Step, Table


def test_positions_in_a_title() -> None:
    step = Step("Given", "And", "ab cd", 3, 1, (Origin(0, 3, 7), Origin(3, 4, 2)))
    assert [step.position(offset) for offset in range(6)] == [
        (3, 7), (3, 8), (3, 9), (4, 2), (4, 3), (4, 4),
    ]  # fmt: skip


def test_a_title_without_origins_stands_where_its_step_does() -> None:
    assert Step("Given", "Given", "a", 3, 2).position(5) == (3, 2)


def test_positions_in_code() -> None:
    block = CodeBlock("json", "a\nbc\n", 5, 3, (2, 1, 0))
    assert [block.position(offset) for offset in range(6)] == [
        (6, 3), (6, 4), (7, 2), (7, 3), (7, 4), (8, 1),
    ]  # fmt: skip
    assert CodeBlock(None, "a\nb", 5).position(2) == (7, 1)


def test_records_of_a_table() -> None:
    table = Table(("a", "b"), (Row(("1", None), 3), Row(("2", "x"), 4)), 1)
    assert table.records() == [{"a": "1", "b": None}, {"a": "2", "b": "x"}]


def test_walk_goes_through_rules_in_the_order_of_the_file() -> None:
    one, two, three = (Scenario("Scenario", title, 1) for title in ("one", "two", "three"))
    rule = Rule("r", 2, scenarios=(two,))
    document = Document("d", 1, children=(one, rule, three))
    assert list(document.walk()) == [(None, one), (rule, two), (None, three)]
    assert document.scenarios == (one, three)
    assert document.rules == (rule,)


def test_front_matter_that_is_not_there_cannot_be_changed_for_all() -> None:
    assert dict(Document("d", 1).front_matter.data) == {}
    assert not hasattr(Document("d", 1).front_matter.data, "__setitem__")

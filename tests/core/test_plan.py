"""Which features run, in which order, and what is wrong with a suite."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.document import Document, Examples, FrontMatter, Need, Row, Scenario, Table
from harness.core.plan import SuiteFile, groups, inherited, make_plan, shard
from harness.errors import ScenarioFileError, UsageError


def feature(
    file: str,
    *needs: str,
    run: Literal["only", "never"] | None = None,
    order: Literal["first", "last"] | None = None,
    title: str | None = None,
    scenarios: int = 1,
) -> SuiteFile:
    """A feature whose title is its file's name in capitals; its needs stand from line 3 on."""
    written = tuple(Need(need.upper(), line, 5) for line, need in enumerate(needs, 3))
    return SuiteFile(
        file,
        Document(
            title or file.upper(),
            9,
            front_matter=FrontMatter(needs=written, run=run, order=order),
            children=(Scenario("Scenario", "S", 11),) * scenarios,
        ),
    )


def order_of(*suite: SuiteFile, chosen: str | None = None) -> str:
    files = {entry.file for entry in suite} if chosen is None else set(chosen)
    return "".join(planned.file for planned in make_plan(suite, files).features)


@pytest.mark.parametrize(
    ("suite", "order"),
    [
        ([feature("b"), feature("a"), feature("c")], "abc"),
        ([feature("a", "c"), feature("b"), feature("c")], "cab"),
        ([feature("a", "c", "b"), feature("b"), feature("c")], "cba"),
        ([feature("a", order="last"), feature("b"), feature("c", order="first")], "cba"),
        # What a first one needs comes first too, and what needs a last one comes last too.
        ([feature("a"), feature("b", "c", order="first"), feature("c")], "cba"),
        ([feature("a", "b"), feature("b", order="last"), feature("c")], "cba"),
        ([feature("a", "b", order="first"), feature("b", order="last"), feature("c")], "bac"),
        ([feature("a", "b"), feature("b", "c"), feature("c", "d"), feature("d")], "dcba"),
        ([feature("a", "c"), feature("b", "c"), feature("c")], "cab"),
        ([feature("a", "b", "b"), feature("b")], "ba"),
    ],
)
def test_order(suite: list[SuiteFile], order: str) -> None:
    assert order_of(*suite) == order
    assert order_of(*reversed(suite)) == order


def test_only_what_is_chosen_and_needed_is_planned() -> None:
    suite = [feature("a", "b"), feature("b", "c"), feature("c"), feature("d", "nothing")]
    plan = make_plan(suite, {"a"})
    assert [(f.file, f.requested, f.needs) for f in plan.features] == [
        ("c", False, ()),
        ("b", False, ("c",)),
        ("a", True, ("b",)),
    ]
    assert make_plan(suite, ()).features == ()


def skips(*suite: SuiteFile, chosen: str) -> dict[str, str | None]:
    return {planned.file: planned.skip for planned in make_plan(suite, set(chosen)).features}


def test_never_skips_what_needs_it() -> None:
    suite = (feature("a", "b"), feature("b", "c"), feature("c", run="never"), feature("d"))
    assert skips(*suite, chosen="abcd") == {
        "a": 'it needs "B", which is skipped',
        "b": 'it needs "C", which is skipped',
        "c": "it is marked `run: never`",
        "d": None,
    }


def test_what_only_a_skipped_feature_needs_is_skipped() -> None:
    suite = (feature("a", "b", run="never"), feature("b", "c"), feature("c"))
    unneeded = "no feature that runs needs it"
    assert skips(*suite, chosen="a") == {
        "a": "it is marked `run: never`",
        "b": unneeded,
        "c": unneeded,
    }
    assert skips(*suite, chosen="ab")["b"] is None


def test_only_skips_the_others_but_not_what_it_needs() -> None:
    suite = (feature("a", "b", run="only"), feature("b", "c"), feature("c"), feature("d"))
    found = skips(*suite, chosen="abcd")
    assert found == {"a": None, "b": None, "c": None, "d": "another feature is marked `run: only`"}


def test_only_counts_among_the_chosen() -> None:
    suite = (feature("a", "b"), feature("b", run="only"), feature("c"))
    assert skips(*suite, chosen="ac") == {"a": None, "b": None, "c": None}


def test_only_that_needs_a_feature_that_never_runs() -> None:
    suite = (feature("a", "b", run="only"), feature("b", run="never"), feature("c"))
    assert skips(*suite, chosen="abc") == {
        "a": 'it needs "B", which is skipped',
        "b": "it is marked `run: never`",
        "c": "another feature is marked `run: only`",
    }


def message(*suite: SuiteFile, chosen: str = "abcdef") -> str:
    with pytest.raises(ScenarioFileError) as raised:
        make_plan(suite, set(chosen) & {entry.file for entry in suite})
    return str(raised.value)


def test_an_empty_suite() -> None:
    assert message() == "no scenario files found: they are called `*.feature.md`"


def test_an_unknown_need() -> None:
    suite = (feature("a", "b", "device"), feature("b"), feature("c", title="DEVICES"))
    assert message(*suite) == 'a:4:5: no feature is called "DEVICE": did you mean "DEVICES"?'


def test_an_unknown_need_that_nothing_is_near_to() -> None:
    assert message(feature("a", "zzz")) == (
        'a:3:5: no feature is called "ZZZ": `needs` names features by their titles'
    )


def test_an_unknown_need_of_a_needed_feature() -> None:
    suite = (feature("a", "b"), feature("b", "zzz"), feature("c", "yyy"))
    assert message(*suite, chosen="a").startswith('b:3:5: no feature is called "ZZZ"')


def test_an_ambiguous_need() -> None:
    suite = (feature("a", "x"), feature("b", title="X"), feature("c", title="X"))
    assert message(*suite) == (
        'a:3:5: "X" is the title of b and of c: give each feature its own title'
    )
    assert order_of(*suite, chosen="bc") == "bc"  # as long as nothing needs it


@pytest.mark.parametrize(
    ("suite", "expected"),
    [
        ([feature("a", "a")], 'a:3:5: `needs` go in a circle: "A" → "A": remove one of them'),
        (
            [feature("a", "d", "b"), feature("b", "c"), feature("c", "a"), feature("d")],
            'a:4:5: `needs` go in a circle: "A" → "B" → "C" → "A": remove one of them',
        ),
        (
            [feature("a", "b"), feature("b", "c"), feature("c", "b")],
            'b:3:5: `needs` go in a circle: "B" → "C" → "B": remove one of them',
        ),
    ],
)
def test_circles(suite: list[SuiteFile], expected: str) -> None:
    assert message(*suite) == expected
    assert message(*reversed(suite)) == expected


@pytest.mark.parametrize(
    ("suite", "overlaid"),
    [
        ([feature("a")], ""),
        ([feature("a", "b", "c"), feature("b"), feature("c")], "bc"),
        ([feature("a", "c", "b"), feature("b"), feature("c")], "cb"),
        ([feature("a", "b"), feature("b", "c"), feature("c")], "cb"),
        ([feature("a", "b", "c"), feature("b", "d"), feature("c", "d"), feature("d")], "dbc"),
        ([feature("a", "b", "c"), feature("b"), feature("c", "d"), feature("d")], "bdc"),
        # Both are written, so the order written decides, though b needs c.
        ([feature("a", "b", "c"), feature("b", "c"), feature("c")], "bc"),
        ([feature("a", "c", "b", "c"), feature("b"), feature("c")], "bc"),
    ],
)
def test_later_values_win(suite: list[SuiteFile], overlaid: str) -> None:
    assert "".join(inherited(make_plan(suite, {"a"}), "a")) == overlaid


def test_long_chains_of_needs() -> None:
    names = [f"f{number:04}" for number in range(3_000)]
    suite = [feature(name, after) for name, after in pairwise(names)]
    plan = make_plan([*suite, feature(names[-1])], {names[0]})
    assert [planned.file for planned in plan.features] == names[::-1]
    assert inherited(plan, names[0]) == tuple(names[:0:-1])
    assert groups(plan) == [tuple(names[::-1])]


def test_groups() -> None:
    suite = [feature("a", "c"), feature("b"), feature("c"), feature("d", "c"), feature("e", "b")]
    assert groups(make_plan(suite, set("abcde"))) == [("c", "a", "d"), ("b", "e")]


def test_shards_are_balanced_by_scenarios_rows_and_variants() -> None:
    table = Table(("n",), (Row(("1",), 5),) * 6, 4)
    outline = Scenario("Scenario Outline", "O", 2, examples=(Examples("", 3, table),))
    varied = FrontMatter(variants=({"v": 1}, {"v": 2}, {"v": 3}))
    suite = [
        SuiteFile("a", Document("A", 1, children=(outline,))),  # 6
        feature("b", scenarios=5),
        feature("c", scenarios=2),
        SuiteFile("d", Document("D", 1, front_matter=varied)),  # 3
    ]
    plan = make_plan(suite, set("abcd"))
    assert shard(plan, 1, 2) == ("a", "c")
    assert shard(plan, 2, 2) == ("b", "d")


def test_more_shards_than_features() -> None:
    plan = make_plan([feature("a")], {"a"})
    assert [shard(plan, index, 3) for index in (1, 2, 3)] == [("a",), (), ()]
    assert shard(plan, 10**9, 10**9) == ()
    assert shard(make_plan([feature("a")], ()), 1, 1) == ()


@pytest.mark.parametrize(("index", "count"), [(0, 2), (3, 2), (-1, 2), (1, 0)])
def test_shards_that_are_not(index: int, count: int) -> None:
    with pytest.raises(UsageError, match=f"no shard {index}/{count}"):
        shard(make_plan([feature("a")], {"a"}), index, count)


@st.composite
def suites(draw: st.DrawFn) -> list[SuiteFile]:
    """Suites without circles: a feature needs only those after it in an order of their own."""
    names = draw(st.permutations([f"f{number}" for number in range(draw(st.integers(1, 8)))]))
    return [
        feature(
            name,
            *draw(st.lists(st.sampled_from(names[index + 1 :]), max_size=3) if names[index + 1 :]
                  else st.just([])),
            run=draw(st.sampled_from([None, None, None, "only", "never"])),
            order=draw(st.sampled_from([None, "first", "last"])),
            scenarios=draw(st.integers(0, 3)),
        )
        for index, name in enumerate(names)
    ]  # fmt: skip


@given(suites(), st.data())
def test_what_holds_for_every_plan(suite: list[SuiteFile], data: st.DataObject) -> None:
    files = [entry.file for entry in suite]
    chosen = set(data.draw(st.lists(st.sampled_from(files))))
    plan = make_plan(suite, chosen)
    order = [planned.file for planned in plan.features]
    by_file = {planned.file: planned for planned in plan.features}
    assert len(set(order)) == len(order)
    assert chosen <= set(order)
    for planned in plan.features:
        for need in planned.needs:
            assert order.index(need) < order.index(planned.file)
            assert planned.skip or not by_file[need].skip
        seen = inherited(plan, planned.file)
        assert len(set(seen)) == len(seen)
        assert set(seen) == set(planned.needs).union(*(inherited(plan, n) for n in planned.needs))
        assert [file for file in seen if file in planned.needs] == list(planned.needs)
    count = data.draw(st.integers(1, 4))
    shards = [shard(plan, index, count) for index in range(1, count + 1)]
    assert sorted(file for files in shards for file in files) == sorted(order)
    for group in groups(plan):
        assert sum(bool(set(group) & set(files)) for files in shards) == 1

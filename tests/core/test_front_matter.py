"""Front matter: the YAML 1.2 core schema, what the keys mean, and bounds."""

from __future__ import annotations

import pytest
import yaml

from harness.core import yaml_nodes
from harness.core.document import FrontMatter, Need, RetryBudget
from harness.core.front_matter import parse
from harness.errors import Place, ScenarioFileError


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def _both_loaders(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if not hasattr(yaml, request.param):
        pytest.skip("PyYAML was built without libyaml")
    monkeypatch.setattr(yaml_nodes, "_LOADER", getattr(yaml, request.param))


def test_all_keys() -> None:
    text = (
        "needs:\n  - A\n  - 'B: c'\nrun: never\norder: first\ntags: ['@slow', fota]\n"
        "variants: [{nw: ltem}, {nw: nbiot}]\nexampleContext: {a: 1}\n"
        "retry: {scale: 0.5, websocket: 3}\nunusedStubs: off\nowner: me\n"
    )
    parsed = parse(text, "a.feature.md", 2)
    assert parsed.needs == (Need("A", 3, 5), Need("B: c", 4, 5))
    assert (parsed.run, parsed.order, parsed.tags) == ("never", "first", ("slow", "fota"))
    assert text.split("\n")[parsed.run_at[0] - 2][parsed.run_at[1] - 1 :] == "never"
    assert parsed.variants == ({"nw": "ltem"}, {"nw": "nbiot"})
    assert parsed.example_context == {"a": 1}
    assert parsed.retry == RetryBudget(scale=0.5, websocket=3.0)
    assert (parsed.unused_stubs, parsed.unused_stubs_at) == ("off", (11, 14))
    assert parsed.data["owner"] == "me"
    assert list(parsed.data) == [
        "needs", "run", "order", "tags", "variants", "exampleContext", "retry", "unusedStubs",
        "owner",
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "\n", "# nothing\n", "  \n# nothing"])
def test_no_keys(text: str) -> None:
    assert parse(text, "a.feature.md", 2) == FrontMatter()


@pytest.mark.parametrize("text", ["needs: []", "tags: []", "exampleContext: {}"])
def test_empty_collections_are_no_mistake(text: str) -> None:
    parsed = parse(text, "a.feature.md", 2)
    assert (parsed.needs, parsed.tags, parsed.example_context) == ((), (), {})


def error_of(text: str) -> ScenarioFileError:
    with pytest.raises(ScenarioFileError) as raised:
        parse(text, "a.feature.md", 2)
    return raised.value


@pytest.mark.parametrize(
    ("text", "line", "column", "what"),
    [
        ("run: nver", 2, 6, "`run` is"),
        ("\norder: 1", 3, 8, "`order` is"),
        ("needs: A", 2, 8, "`needs` is a list"),
        ("tags:\n  - a\n  - 1", 4, 5, "`tags` is a list"),
        ("variants:\n- a: 1\n- b", 4, 3, "each of the `variants`"),
        ("retry: {scale: -1}", 2, 16, "`scale` is a number from"),
        ("retry: {websocket: 1e300}", 2, 20, "`websocket` is a number from"),
        ("ä: [*o]", 2, 5, "`*o` stands for nothing"),
        ("a: 1\n'a': 2", 3, 1, 'the key "a" stands here twice'),
        ("a:\nää\x01", 3, 3, "U+0001 in the front matter"),
        ("a: \ud800", 2, 4, "U+D800 in the front matter"),
        ("a: \ufeff", 2, 4, "U+FEFF in the front matter"),
        ("- a", 2, 1, "the front matter is a list"),
    ],
)
def test_errors_have_their_place(text: str, line: int, column: int, what: str) -> None:
    error = error_of(text)
    assert error.place == Place("a.feature.md", line, column)
    assert what in error.what


def test_near_misses_are_named() -> None:
    assert error_of("run: onyl").hint == 'did you mean "only"?'
    assert error_of("retry: {websockets: 1}").hint == 'did you mean "websocket"?'


@pytest.mark.parametrize("value", ["[1, 2]", "{a: 1}", "", "1.5", "[only]"])
def test_run_of_any_type_is_an_error_and_no_crash(value: str) -> None:
    assert "`run` is `only` or `never`" in error_of(f"run: {value}").what

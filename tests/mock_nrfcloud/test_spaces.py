"""Namespaces: found by path or header, bounded, gone when idle."""

from __future__ import annotations

import pytest

from harness.core.http_text import HttpResponse
from harness.errors import BddError
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Past, Spaces, SpacesFullError
from tests.mock_nrfcloud.seen import seen


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def make(most: int = 3) -> tuple[Spaces, Clock]:
    clock = Clock()
    return Spaces(lambda _: Space(), clock, most=most, idle_seconds=10), clock


@pytest.mark.parametrize(
    ("target", "header", "name", "rest"),
    [
        ("/v1/x", None, "", "/v1/x"),
        ("/v1/x", "a", "a", "/v1/x"),
        ("/v1/x", "", "", "/v1/x"),
        ("/__ns/a/v1/x?y=/", None, "a", "/v1/x?y=/"),
        ("/__ns/a/v1/x", "b", "a", "/v1/x"),
        ("/__ns/a", None, "a", "/"),
        ("/__ns/a?x=/1", None, "a", "/?x=/1"),
        ("/__ns/a/__admin/health", None, "a", "/__admin/health"),
        ("/__ns/", None, "", "/"),
    ],
)
def test_a_request_names_its_namespace(
    target: str, header: str | None, name: str, rest: str
) -> None:
    spaces, _ = make()
    spaces.make("a")
    spaces.make("b")
    expected = spaces.named[name] if name else spaces.root
    assert spaces.choose(target, header) == (expected, rest)


def test_what_does_not_exist_is_named_with_what_is_near() -> None:
    spaces, _ = make()
    with pytest.raises(BddError, match="there is no namespace 'run-1': make it with PUT"):
        spaces.choose("/v1/x", "run-1")
    spaces.make("run-10")
    with pytest.raises(BddError, match='did you mean "run-10"'):
        spaces.choose("/__ns/run-1/", None)


@pytest.mark.parametrize("name", ["", ".", "a/b", "a b", "ä", "x" * 65, "a\n"])
def test_a_wrong_name_is_refused(name: str) -> None:
    spaces, _ = make()
    with pytest.raises(BddError, match="is no name of a namespace"):
        spaces.make(name)


def test_a_name_is_taken_once() -> None:
    spaces, _ = make()
    spaces.make("a")
    with pytest.raises(BddError, match="exists already"):
        spaces.make("a")


def test_there_are_no_more_than_so_many_and_idle_ones_leave_first() -> None:
    spaces, clock = make(most=2)
    spaces.make("a")
    spaces.make("b")
    with pytest.raises(SpacesFullError, match="there are 2 namespaces already"):
        spaces.make("c")
    clock.now = 8
    spaces.get("b")  # is used by that
    clock.now = 12
    spaces.make("c")
    assert list(spaces.named) == ["b", "c"]
    assert [name for name, _ in spaces] == ["", "b", "c"]


def test_what_was_counted_in_one_that_is_gone_is_not_lost() -> None:
    spaces, _ = make()
    space = spaces.make("a")
    space.journal.record(seen(), Answer("", HttpResponse(404)))
    space.unanswered = 1
    assert spaces.delete("a")
    assert not spaces.delete("a")
    assert spaces.past == Past(requests=1, unanswered=1)

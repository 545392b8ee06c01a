"""Which stub answers: the rule, against a model that scans a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpRequest, HttpResponse, Pairs
from harness.errors import BddError
from mock_nrfcloud.conditions import differences
from mock_nrfcloud.stubs import Exhausted, Snapshot, StubStore
from mock_nrfcloud.values import ROOT_HOST, Stub

SHADOW: Pairs = (("includeState", "true"), ("includeStateMeta", "true"), ("pageLimit", "100"))


def stub(
    name: str,
    path: str = "/x",
    *,
    query: Pairs = (),
    kind: Literal["queued", "kept"] = "queued",
    host: str = ROOT_HOST,
) -> Stub:
    response = HttpResponse(200, body=name.encode())
    return Stub("GET", path, response, host=host, query=query, kind=kind)


def get(store: StubStore, path: str = "/x", query: Pairs = (), host: str = ROOT_HOST) -> str | None:
    answer = store.answer(host, HttpRequest("GET", path, query))
    return answer and answer.response.text


def filled(*stubs: Stub, exhausted: Exhausted = "repeat") -> StubStore:
    store = StubStore(exhausted=exhausted)
    for each in stubs:
        store.add(each)
    return store


# --- the rule, case by case ----------------------------------------------------------------------


def test_a_queue_is_served_in_order_and_its_last_response_is_repeated() -> None:
    store = filled(stub("1"), stub("2"))
    assert [get(store) for _ in range(4)] == ["1", "2", "2", "2"]
    store.add(stub("3"))
    assert [get(store) for _ in range(2)] == ["3", "3"]


def test_a_strict_queue_answers_once() -> None:
    store = filled(stub("1"), stub("2"), exhausted="not-found")
    assert [get(store) for _ in range(3)] == ["1", "2", None]


def test_a_strict_queue_that_is_used_up_no_longer_takes_part() -> None:
    store = filled(stub("1", query=(("a", "b"),)), stub("k", kind="kept"), exhausted="not-found")
    assert [get(store, query=(("a", "b"),)) for _ in range(3)] == ["1", "k", "k"]


def test_the_newest_kept_response_replaces_the_older() -> None:
    store = filled(stub("1", kind="kept"), stub("2", kind="kept"))
    assert [get(store) for _ in range(3)] == ["2", "2", "2"]


def test_unserved_comes_before_kept_and_kept_before_repeated() -> None:
    store = filled(stub("k", kind="kept"), stub("1"))
    assert [get(store) for _ in range(3)] == ["1", "k", "k"]


def test_the_most_specific_stub_wins() -> None:
    store = filled(stub("general"), stub("special", query=(("a", "1"),)))
    assert get(store, query=(("a", "1"), ("b", "2"))) == "special"
    assert get(store, query=(("b", "2"),)) == "general"
    assert get(store, query=(("a", "1"),)) == "special"


def test_among_equally_specific_stubs_the_oldest_queued_is_served() -> None:
    store = filled(stub("a", query=(("a", "1"),)), stub("b", query=(("b", "/./"),)))
    both = (("a", "1"), ("b", "2"))
    assert [get(store, query=both) for _ in range(3)] == ["a", "b", "b"]


def test_method_host_and_path_count() -> None:
    store = filled(stub("x"), stub("y", host="H.example"))
    assert get(store, "/x/") is None
    assert get(store, host="h.example") == "y"
    assert store.answer(ROOT_HOST, HttpRequest("POST", "/x")) is None


def test_own_stubs_come_before_inherited_ones() -> None:
    needed = filled(stub("old-1"), stub("old-2"))
    get(needed)
    store = StubStore()
    store.begin([needed.snapshot()])
    assert get(store) == "old-2"
    store.begin([needed.snapshot()])
    store.add(stub("own"))
    assert [get(store) for _ in range(3)] == ["own", "old-2", "own"]


def test_what_was_served_before_is_inherited_as_served() -> None:
    needed = filled(stub("1"), stub("k", "/k", kind="kept"))
    get(needed)
    store = StubStore()
    store.begin([needed.snapshot()])
    assert [get(store), get(store), get(store, "/k")] == ["1", "1", "k"]


def test_beginning_forgets_everything_else() -> None:
    store = filled(stub("1"), stub("h", host="h.example"))
    store.add_shadow("a", {"items": []})
    store.begin([])
    assert get(store) is None
    assert store.snapshot() == Snapshot()
    assert store.locate(None, "/h.example/x") == (ROOT_HOST, "/h.example/x")


def test_a_stub_inherited_on_two_ways_is_one_and_is_served_if_either_used_it() -> None:
    root = filled(stub("1"), stub("2"))
    left, right = StubStore(), StubStore()
    left.begin([root.snapshot()])
    right.begin([root.snapshot()])
    get(left)
    store = StubStore()
    store.begin([right.snapshot(), left.snapshot()])
    assert [get(store) for _ in range(3)] == ["2", "2", "2"]


def test_a_malformed_stub_is_refused_and_changes_nothing() -> None:
    store = StubStore()
    with pytest.raises(BddError):
        store.add(stub("1", query=(("a", "/(/"),)))
    with pytest.raises(BddError):
        store.add_shadow("a", {})
    assert store.snapshot() == Snapshot()
    assert store.unserved() == {}


def test_what_nobody_asked_for_is_known_for_the_whole_run() -> None:
    store = filled(stub("1"), stub("2"), stub("3"), stub("k", kind="kept"))
    get(store)
    left = store.snapshot()
    store.begin([])
    store.begin([left])
    get(store)
    assert [each.response.text for each in store.unserved().values()] == ["3"]


# --- shadows -------------------------------------------------------------------------------------


def test_shadow_data_answers_until_it_is_replaced() -> None:
    store = StubStore()
    query = (("deviceIds", "a"), *SHADOW)
    store.add_shadow("a", {"items": [1]})
    assert [get(store, "/v1/devices", query) for _ in range(2)] == ['{"items": [1]}'] * 2
    store.add_shadow("a", {"items": [2]})
    assert get(store, "/v1/devices", query) == '{"items": [2]}'
    other = StubStore()
    other.begin([store.snapshot()])
    assert get(other, "/v1/devices", query) == '{"items": [2]}'


def test_shadow_data_is_as_specific_as_what_it_asks() -> None:
    query = (("deviceIds", "a"), *SHADOW)
    general = stub("general", "/v1/devices")
    equal = stub("equal", "/v1/devices", query=query)
    special = stub("special", "/v1/devices", query=(*query, ("x", "y")))
    store = filled(general, equal, special)
    store.add_shadow("a", {"items": []})
    assert [get(store, "/v1/devices", query) for _ in range(2)] == ["equal", '{"items": []}']
    assert get(store, "/v1/devices", (*query, ("x", "y"))) == "special"
    assert get(store, "/v1/devices", (("deviceIds", "b"), *SHADOW)) == "general"


# --- hosts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "path", "host", "rest"),
    [
        ("127.0.0.1:80", "/v1/x", ROOT_HOST, "/v1/x"),
        (None, "/", ROOT_HOST, "/"),
        (None, "/h.example/v1/x", "h.example", "/v1/x"),
        (None, "/H.Example", "h.example", "/"),
        (None, "/h.example/", "h.example", "/"),
        ("h.example", "/v1/x", "h.example", "/v1/x"),
        ("H.example:443", "/v1/x", "h.example", "/v1/x"),
        ("configured:8080", "/v1/x", "configured:8080", "/v1/x"),
        ("h.example", "/configured:8080/x", "configured:8080", "/x"),
        (None, "/api.nrfcloud.com/v1/x", ROOT_HOST, "/v1/x"),
        (None, "/v1.0/x", ROOT_HOST, "/v1.0/x"),
        ("other.example", "/other.example/x", ROOT_HOST, "/other.example/x"),
    ],
)
def test_a_host_is_named_by_path_or_header_if_it_is_known(
    header: str | None, path: str, host: str, rest: str
) -> None:
    store = StubStore(hosts=["Configured:8080"])
    store.add(stub("h", host="h.example"))
    assert store.locate(header, path) == (host, rest)


# --- near misses ---------------------------------------------------------------------------------


def near(store: StubStore, path: str, query: Pairs = (), method: str = "GET") -> list[str]:
    found = store.nearest(ROOT_HOST, HttpRequest(method, path, query))
    return [f"{each.stub}: {'; '.join(each.reasons)}" for each in found]


def test_the_nearest_stubs_say_why_they_did_not_answer() -> None:
    store = filled(stub("1", query=(("a", "1"),)), stub("2", "/x/y"), stub("3", "/other/path/z"))
    assert near(store, "/x") == [
        'queued GET /x?a=1: query a: expected "1", got nothing',
        'queued GET /x/y: path: expected "/x/y", got "/x"',
        'queued GET /other/path/z: path: expected "/other/path/z", got "/x"',
    ]
    assert near(store, "/x", (("a", "1"),), "PUT")[0] == (
        'queued GET /x?a=1: method: expected "GET", got "PUT"'
    )


def test_a_queue_that_is_used_up_says_so() -> None:
    store = filled(stub("1"), exhausted="not-found")
    get(store)
    assert near(store, "/x") == ["queued GET /x: queue: all its responses have been served"]


def test_shadow_data_of_other_devices_comes_near() -> None:
    store = StubStore()
    store.add_shadow("a", {"items": []})
    (found,) = near(store, "/v1/devices", (("deviceIds", "b"), *SHADOW))
    assert found.endswith(': query deviceIds: expected "a", got "b"')


def test_without_stubs_nothing_is_near() -> None:
    assert near(StubStore(), "/x") == []


def test_the_stub_with_the_same_path_is_found_among_many() -> None:
    store = filled(stub("1", "/the/one"), *(stub(str(i), f"/{i}/x") for i in range(1000)))
    found = near(store, "/the/one", method="PUT")
    assert found[0] == 'queued GET /the/one: method: expected "GET", got "PUT"'


# --- the rule, against a model -------------------------------------------------------------------


@dataclass
class Model:
    """A list of stubs that is scanned: slow, and plainly what the rule says."""

    exhausted: Exhausted
    stubs: list[tuple[bool, Stub]] = field(default_factory=list)
    served: set[int] = field(default_factory=set)

    def answer(self, request: HttpRequest) -> str | None:
        numbers = [
            number
            for number, (_, each) in enumerate(self.stubs)
            if not differences(each, ROOT_HOST, request)
            and (each.kind == "kept" or self.exhausted == "repeat" or number not in self.served)
        ]
        if not numbers:
            return None
        most = max(self.stubs[number][1].specificity for number in numbers)
        numbers = [number for number in numbers if self.stubs[number][1].specificity == most]
        kept = [number for number in numbers if self.stubs[number][1].kind == "kept"]
        queued = [number for number in numbers if number not in kept]
        waiting = [number for number in queued if number not in self.served]
        if waiting:
            chosen = min(waiting, key=lambda number: (not self.stubs[number][0], number))
            self.served.add(chosen)
        else:
            chosen = max(kept or queued)
        return self.stubs[chosen][1].response.text


queries = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["1", "2"])), max_size=3).map(
    tuple
)
conditions = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["1", "2", "/[12]/"])), max_size=2
).map(tuple)
paths = st.sampled_from(["/x", "/y"])
kinds: st.SearchStrategy[Literal["queued", "kept"]] = st.sampled_from(["queued", "kept"])
additions = st.tuples(st.just("add"), paths, conditions, kinds)
requests = st.tuples(st.just("get"), paths, queries, st.just("queued"))


@given(
    st.sampled_from(["repeat", "not-found"]),
    st.lists(additions, max_size=4),
    st.lists(additions | requests, max_size=30),
)
def test_the_index_answers_as_a_scan_would(
    exhausted: Exhausted,
    inherited: list[tuple[str, str, Pairs, Literal["queued", "kept"]]],
    actions: list[tuple[str, str, Pairs, Literal["queued", "kept"]]],
) -> None:
    needed = StubStore()
    store, model = StubStore(exhausted=exhausted), Model(exhausted)
    names = iter(range(1000))
    for _, path, query, kind in inherited:
        each = stub(str(next(names)), path, query=query, kind=kind)
        needed.add(each)
        model.stubs.append((False, each))
    store.begin([needed.snapshot()])
    for action, path, query, kind in actions:
        if action == "add":
            each = stub(str(next(names)), path, query=query, kind=kind)
            store.add(each)
            model.stubs.append((True, each))
        else:
            assert get(store, path, query) == model.answer(HttpRequest("GET", path, query))


def test_a_stub_can_be_removed_wherever_it_stands() -> None:
    store = StubStore()
    request = HttpRequest("GET", "/x")
    served = store.add(Stub("GET", "/x", HttpResponse(201)))
    waiting = store.add(Stub("GET", "/x", HttpResponse(202)))
    kept = store.add(Stub("GET", "/x", HttpResponse(203), kind="kept"))
    other = store.add(Stub("GET", "/x", HttpResponse(204), host="h", query=(("a", "1"),)))
    assert store.answer(ROOT_HOST, request)
    assert [left.id for left in store.held()] == [served, waiting, kept, other]
    assert [left.served for left in store.held()] == [True, False, True, False]
    assert store.count() == 4
    assert store.remove(waiting)
    assert not store.remove(waiting)
    would = store.would_answer(ROOT_HOST, request)
    assert would
    assert (would.id, would.served) == (kept, True)
    assert store.remove(kept)
    assert store.remove(served)
    assert store.answer(ROOT_HOST, request) is None
    assert store.locate("h", "/x") == ("h", "/x")
    assert store.remove(other)
    assert store.count() == 0
    assert store.locate("h", "/x") == (ROOT_HOST, "/x")
    assert store.nearest(ROOT_HOST, request) == []
    assert store.unserved() == {}


def test_what_would_answer_is_not_served_by_that() -> None:
    store = StubStore()
    first = store.add(Stub("GET", "/x", HttpResponse(201)))
    request = HttpRequest("GET", "/x")
    assert store.would_answer(ROOT_HOST, HttpRequest("GET", "/y")) is None
    for _ in range(2):
        would = store.would_answer(ROOT_HOST, request)
        assert would
        assert (would.id, would.served) == (first, False)
    assert list(store.unserved()) == [first]


def test_how_stubs_are_chosen_can_be_changed() -> None:
    store = StubStore()
    request = HttpRequest("GET", "/x")
    store.add(Stub("GET", "/x", HttpResponse(201)))
    assert store.answer(ROOT_HOST, request)
    store.exhausted = "not-found"
    assert store.exhausted == "not-found"
    assert store.answer(ROOT_HOST, request) is None
    store.exhausted = "repeat"
    assert store.exhausted == "repeat"
    assert store.answer(ROOT_HOST, request)
    store.configure_hosts(["Other.example.com"])
    assert store.hosts == [ROOT_HOST, "other.example.com"]
    assert store.locate("other.example.com", "/") == ("other.example.com", "/")


def test_shadows_can_be_removed() -> None:
    store = StubStore()
    store.add_shadow("a", {"items": [], "total": 0})
    assert store.shadows == {"a": {"items": [], "total": 0}}
    assert store.remove_shadow("a")
    assert not store.remove_shadow("a")
    assert store.shadows == {}

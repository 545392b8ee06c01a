"""The index of stubs finds what may match without looking at all."""

from __future__ import annotations

from harness.core.http_text import HttpResponse
from mock_nrfcloud.routes import Answer, Held, Route, Stage
from mock_nrfcloud.values import Stub

OK = HttpResponse(200)


def device(number: int) -> Stub:
    return Stub("GET", "/", OK, query=(("all", "x"), ("device", str(number))))


def test_stubs_with_the_same_conditions_share_a_group_whatever_their_order() -> None:
    route = Route()
    one = Stub("GET", "/", OK, query=(("a", "1"), ("b", "2")), headers=(("X", "y"),))
    same = Stub("GET", "/", OK, query=(("b", "2"), ("a", "1")), headers=(("x", "y"),))
    other = Stub("GET", "/", OK, query=(("a", "1"), ("b", "2")))
    body = Stub("GET", "/", OK, query=(("a", "1"), ("b", "2")), body=b"")
    assert route.group(one) is route.group(same)
    assert len({id(route.group(each)) for each in (one, same, other, body)}) == 3


def test_only_the_groups_that_a_parameter_leads_to_are_candidates() -> None:
    route = Route()
    groups = [route.group(device(number)) for number in range(1000)]
    free = route.group(Stub("GET", "/", OK, query=(("device", "/5/"),)))
    candidates = list(route.candidates((("device", "500"), ("all", "x"), ("device", "500"))))
    assert groups[500] in candidates
    assert free in candidates
    assert len(candidates) <= 3


def test_without_literal_parameters_all_groups_are_candidates() -> None:
    route = Route()
    group = route.group(Stub("GET", "/", OK))
    assert list(route.candidates(())) == [group]


def test_a_group_tells_what_it_holds() -> None:
    group = Route().group(device(1))
    held = [Held(order, str(order), device(1), Answer(str(order), OK)) for order in range(4)]
    group.queue(held[3], Stage.OWN)
    group.queue(held[1], Stage.INHERITED)
    group.kept, group.served = held[2], held[0]
    assert {order: left.served for order, left in group.left()} == {
        0: True,
        1: False,
        2: True,
        3: False,
    }


def test_a_group_gives_what_is_its_own_first_and_the_newest_again() -> None:
    group = Route().group(device(1))
    held = [Held(order, str(order), device(1), Answer(str(order), OK)) for order in range(5)]
    for order, stage in [
        (0, Stage.INHERITED),
        (3, Stage.OWN),
        (1, Stage.INHERITED),
        (2, Stage.OWN),
    ]:
        group.queue(held[order], stage)
    assert group.next() == (Stage.OWN, 2)
    assert [group.take().order for _ in range(6)] == [2, 3, 0, 1, 3, 3]
    assert group.next() == (Stage.SERVED, -3)
    group.kept = held[4]
    assert group.next() == (Stage.KEPT, -4)
    assert group.take() is held[4]

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpRequest, parse_request
from harness.core.ids import StoryIds, job_ids, named_in

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["jobId", "a"]), inner, max_size=2)
    ),
)


@pytest.mark.parametrize(
    ("request_", "names"),
    [
        ("GET /v1/fota-jobs/7d7a", {"v1", "fota-jobs", "7d7a"}),
        ("GET /", set()),
        (
            "GET /a?deviceIds=oob-1,%20oob-2&deviceIds=oob-3&x=",
            {"a", "oob-1", "oob-2", "oob-3", ""},
        ),
        ("POST /a\n\n" + '{"x": ["oob-1", {"y": "oob-2", "n": 1}]}', {"a", "oob-1", "oob-2"}),
        ("POST /a\n\n" + '"oob-1"', {"a", "oob-1"}),
        ("POST /a\n\noob-1", {"a"}),
    ],
)
def test_by_what_a_request_names_somebody(request_: str, names: set[str]) -> None:
    assert named_in(parse_request(request_)) == names


def test_a_body_that_is_nested_deeply_is_no_trouble() -> None:
    assert named_in(HttpRequest("POST", "/", body=b"[" * 100_000)) == set()
    assert named_in(HttpRequest("POST", "/", body=b"[" * 500 + b'"a"' + b"]" * 500)) == {"a"}


def test_the_jobs_that_an_answer_tells_of() -> None:
    answer = {"items": [{"jobId": "a", "id": "b"}, {"x": {"jobId": "c"}}], "jobId": 7}
    assert job_ids(answer) == {"a", "c"}
    assert job_ids("a") == job_ids(None) == set()
    assert job_ids({"jobId": ["a", "b"]}) == {"a", "b"}


@given(JSON)
def test_every_job_id_is_named_by_a_request_that_has_it(value: object) -> None:
    assert job_ids(value) <= named_in(HttpRequest("POST", "/", body=json.dumps(value).encode()))


def test_whose_a_request_is() -> None:
    ids = StoryIds(["inherited"], ["earlier", "both"])
    ids.add("own", "both")

    def is_foreign(*names: str) -> bool:
        return ids.is_foreign(HttpRequest("GET", "/".join(["", *names])))

    assert is_foreign("earlier")
    assert is_foreign("earlier", "somebody")
    assert not is_foreign("earlierer")
    assert not is_foreign("somebody")
    for mine in ("own", "inherited", "both"):
        assert not is_foreign(mine)
        assert not is_foreign("earlier", mine)

"""Any request at all is answered, or unknown."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from harness.core.http_text import HttpRequest
from mock_nrfcloud.fota.rest.table import OPERATIONS
from mock_nrfcloud.values import ROOT_HOST
from tests.mock_nrfcloud.fota.playing import KEY, Played

WORDS = st.one_of(st.sampled_from(["d1", "current", "", "0", "true", "APP"]), st.text(max_size=5))
PATHS = st.sampled_from([(each.method, each.path) for each in OPERATIONS])
NAMES = st.sampled_from(
    ["pageLimit", "pageNextToken", "pageSort", "includeState", "deviceIds", "status", "reason"]
)
MEMBERS = st.sampled_from(
    ["bundleId", "status", "desired", "reported", "message", "deviceIds", "autoApply", "name"]
)
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.sampled_from(["QUEUED", "FAILED", "d1"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=3),
    max_leaves=6,
)


@given(
    PATHS,
    st.lists(WORDS, min_size=2, max_size=2),
    st.lists(st.tuples(NAMES, WORDS), max_size=3),
    st.one_of(st.binary(max_size=20), JSON.map(lambda value: json.dumps(value).encode())),
    st.sampled_from(["1", "x", ""]),
)
def test_any_request_is_answered(
    operation: tuple[str, str],
    words: list[str],
    query: list[tuple[str, str]],
    body: bytes,
    version: str,
) -> None:
    played = Played()
    played.device("d1")
    job = played.job("d1")
    method, path = operation
    for name, word in zip(("{device}", "{job}"), words, strict=True):
        path = path.replace(name, word)
    path = path.replace("{bundle}", words[0]).replace("{operation}", words[1])
    headers = (KEY, ("If-Match", version))
    answer = played.twin.answer(ROOT_HOST, HttpRequest(method, path, tuple(query), headers, body))
    assert answer is None or answer.status in (200, 201, 202, 400, 404, 409, 412, 413, 416, 422)
    if answer is not None and answer.status >= 400:
        assert answer.json()["code"] // 100 == answer.status  # type: ignore[index]
        assert played.status(job)[0] == "IN_PROGRESS"

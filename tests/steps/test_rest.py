from __future__ import annotations

import pytest

from tests.steps.library import Sentences, check_coverage, check_sentence

REQUEST = {"method": "GET", "url": "http://a/b?c=d"}
ANSWER = "of the last response"
SENTENCES: Sentences = {
    "the `If-Match` header of the next request is `8835`": (
        "next_header",
        {"header": "If-Match", "value": "8835"},
    ),
    "I `GET` `http://a/b?c=d`": ("send", REQUEST),
    "I `GET` to `http://a/b?c=d`": ("send", REQUEST),
    "I `GET` `http://a/b?c=d` retrying 10 times": ("send", {**REQUEST, "retries": 10}),
    "I `GET` to `http://a/b?c=d` retrying `10` times": ("send", {**REQUEST, "retries": 10}),
    "I `GET` `http://a/b?c=d` with": ("send_body", REQUEST),
    "I `GET` to `http://a/b?c=d` with": ("send_body", REQUEST),
    "I `GET` `http://a/b?c=d` retrying 10 times with": ("send_body", {**REQUEST, "retries": 10}),
    "I `GET` to `http://a/b?c=d` retrying 1 times with": ("send_body", {**REQUEST, "retries": 1}),
    **{
        f"I `{method}` `http://a`": ("send", {"method": method, "url": "http://a"})
        for method in ("POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
    },
    "the status code of the last response should be `201`": ("status_code", {"code": "201"}),
    "the status code of the last response should be `2xx`": ("status_code", {"code": "2xx"}),
    "I should receive a `https://example.com/job` response": (
        "has_context",
        {"url": "https://example.com/job"},
    ),
    "I should receive an `x` response": ("has_context", {"url": "x"}),
    "the last response should match": ("answer_matches", {}),
    f"`$.jobs[0]` {ANSWER} should match": ("answer_matches", {"expression": "$.jobs[0]"}),
    "the last response should equal": ("answer_equals", {}),
    f"`$.jobs[0]` {ANSWER} should equal": ("answer_equals", {"expression": "$.jobs[0]"}),
    f"I store `id` {ANSWER} into `jobId`": ("store_answer", {"expression": "id", "name": "jobId"}),
    f"the `Location` header {ANSWER} should be `/a`": (
        "header_is",
        {"header": "Location", "value": "/a"},
    ),
    f"the `Location` header {ANSWER} should match `^/`": (
        "header_matches",
        {"header": "Location", "pattern": "^/"},
    ),
}


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_means_one_definition(sentence: str) -> None:
    check_sentence("rest", sentence, *SENTENCES[sentence])


def test_every_definition_has_a_sentence() -> None:
    check_coverage("rest", SENTENCES)

"""Steps that drive the REST API of the service under test."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Pattern, Query, StoredName, Takes, takes
from harness.bdd.phrases import about_the_answer
from harness.capabilities.blocks import expected_block, need_block

use_step_matcher("phrase")


@step("the `{header}` header of the next request is `{value}`")
@takes(Takes.NOTHING)
def next_header(context: Context, header: str, value: str) -> None:
    """Send a header with the next request, and only with that.

    Given the `If-Match` header of the next request is `8835`
    """
    context.session.rest.add_header(header, value)


@step("I `{method}`[ to] `{url}`[ retrying {retries:d} times]")
@takes(Takes.ANY_BLOCK)
def send(context: Context, method: str, url: str, retries: int | None = None) -> None:
    """Send a request now, and keep its answer for the steps that follow.

    - `method`: `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `HEAD` or `OPTIONS`
    - `url`: absolute
    - `retries`: until an assertion on the answer holds, the request is sent again, for as long
      as this many doubling pauses take; it also waits for a service that is not up yet
    - code block, optional: the body, as for the phrase that ends with `with`

    Fails if the service cannot be reached or does not answer in time. Any status is an answer.

        When I `GET` `${APIURL}/health` retrying 10 times
    """
    text = context.text
    kind = text.content_type if text is not None else ""
    context.session.rest.send(method, url, text, kind, retries)


@step("I `{method}`[ to] `{url}`[ retrying {retries:d} times] with")
@takes(Takes.BLOCK)
def send_body(context: Context, method: str, url: str, retries: int | None = None) -> None:
    """Send a request with a body; otherwise like the phrase without `with`.

    - code block: the body. `json` is checked and sent as application/json, `form` has a
      `name=value` a line, an info string with a `/` is the media type, others are text

        When I `POST` to `${APIURL}/feedback` with

        ```json
        { "stars": 5, "suggestion": "More of it!" }
        ```
    """
    need_block(context.text, "a code block with the body")
    send(context, method, url, retries)


@step("the status code of the last response should be `{code}`")
@about_the_answer
@takes(Takes.NOTHING)
def status_code(context: Context, code: str) -> None:
    """Assert the status code: three digits, or a class such as `2xx`.

    Then the status code of the last response should be `201`
    """
    context.session.rest.check_status(code)


@step("I should receive a[n] `{url}` response")
@about_the_answer
@takes(Takes.NOTHING)
def has_context(context: Context, url: str) -> None:
    """Assert that the last response is a JSON object with this `@context`.

    Then I should receive a `https://github.com/hello-nrfcloud/proto/fota/job` response
    """
    context.session.rest.check_context(url)


@step("[`{expression}` of ]the last response should match")
@about_the_answer
@takes(Takes.EXPECTED)
def answer_matches(context: Context, expression: Query | None = None) -> None:
    """Assert that the last response, or a part of it, matches the code block.

    - `expression`: JSONata over the response's JSON body
    - code block: `json`; objects are partial, arrays hold in any order

    Fails with every difference and its path, and the response.

        Then `$.jobs[0]` of the last response should match

        ```json
        { "id": "${jobId}", "status": "IN_PROGRESS" }
        ```
    """
    context.session.rest.check(expression, expected_block(context.text), exact=False)


@step("[`{expression}` of ]the last response should equal")
@about_the_answer
@takes(Takes.EXPECTED)
def answer_equals(context: Context, expression: Query | None = None) -> None:
    """Assert that the last response, or a part of it, equals the code block.

    - `expression`: JSONata over the response's JSON body
    - code block: `json`; the order of keys is free, everything else counts

        Then `$count(jobs)` of the last response should equal

        ```json
        1
        ```
    """
    context.session.rest.check(expression, expected_block(context.text), exact=True)


@step("I store `{expression}` of the last response into `{name}`")
@about_the_answer
@takes(Takes.NOTHING)
def store_answer(context: Context, expression: Query, name: StoredName) -> None:
    """Store a part of the last response.

    - `expression`: JSONata over the response's JSON body
    - `name`: the name under which it is stored

    Fails if the expression has no value.

        Then I store `id` of the last response into `jobId`
    """
    context.session.rest.store(expression, name)


@step("the `{header}` header of the last response should be `{value}`")
@about_the_answer
@takes(Takes.NOTHING)
def header_is(context: Context, header: str, value: str) -> None:
    """Assert the value of a response header, to the letter.

    Then the `Content-Type` header of the last response should be `application/json`
    """
    context.session.rest.check_header(header, value, pattern=False)


@step("the `{header}` header of the last response should match `{pattern}`")
@about_the_answer
@takes(Takes.NOTHING)
def header_matches(context: Context, header: str, pattern: Pattern) -> None:
    """Assert that a regular expression is found in a response header.

    Then the `Content-Type` header of the last response should match `^application/.*json`
    """
    context.session.rest.check_header(header, pattern, pattern=True)

"""Steps on what goes wrong with the answers of nRF Cloud and of other third parties."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes

use_step_matcher("phrase")


@step(
    "the next[ nRF Cloud API] response to `{request}` is delayed by {seconds:g} second[s]"
    "[, {times:d} times]"
)
@takes(Takes.NOTHING)
def delay(context: Context, request: str, seconds: float, times: int = 1) -> None:
    """Let the next response to a request come late. It is the one that would have come anyway.

    - `request`: `METHOD /path?query`, or `METHOD host/path` of a third party
    - `seconds`: at most 600
    - `times`: for so many requests, one after the other

        Given the next nRF Cloud API response to `GET /v1/firmwares` is delayed by `0.5` seconds
    """
    context.session.faults.delay(request, seconds, times)


@step(
    "the next[ nRF Cloud API] response to `{request}` is delayed by {lower:g} to {upper:g} seconds"
    "[, {times:d} times]"
)
@takes(Takes.NOTHING)
def delay_between(
    context: Context, request: str, lower: float, upper: float, times: int = 1
) -> None:
    """Let the next response to a request come late, by chance.

    Each delay between the bounds is as likely. The delays are the same in each run: see
    `fault_seed` in the settings.

    - `request`: `METHOD /path?query`, or `METHOD host/path` of a third party
    - `times`: for so many requests, one after the other

        Given the next response to `GET /v1/devices` is delayed by `0.1` to `2` seconds, `10` times
    """
    context.session.faults.delay_between(request, lower, upper, times)


@step(
    "the next[ nRF Cloud API] response to `{request}` is delayed by about {median:g} second[s]"
    "[, {times:d} times]"
)
@takes(Takes.NOTHING)
def delay_about(context: Context, request: str, median: float, times: int = 1) -> None:
    """Let the next response to a request come late, by chance, as real networks do.

    Half of the delays are longer than the median, one in a hundred more than three times as long
    (log-normal). The delays are the same in each run: see `fault_seed` in the settings.

    - `request`: `METHOD /path?query`, or `METHOD host/path` of a third party
    - `times`: for so many requests, one after the other

        Given the next response to `GET /v1/devices` is delayed by about `0.2` seconds, `10` times
    """
    context.session.faults.delay_about(request, median, times)


@step(
    "the next[ nRF Cloud API] response to `{request}` is dripping in over {seconds:g} second[s]"
    "[, {times:d} times]"
)
@takes(Takes.NOTHING)
def drip(context: Context, request: str, seconds: float, times: int = 1) -> None:
    """Let the body of the next response to a request arrive slowly, in twenty parts.

    - `request`: `METHOD /path?query`, or `METHOD host/path` of a third party
    - `seconds`: at most 600
    - `times`: for so many requests, one after the other

        Given the next nRF Cloud API response to `GET /v1/firmwares` is dripping in over `2` seconds
    """
    context.session.faults.drip(request, seconds, times)


@step("the next[ nRF Cloud API] response to `{request}` is `{kind}`[, {times:d} times]")
@takes(Takes.NOTHING)
def damage(context: Context, request: str, kind: str, times: int = 1) -> None:
    """Let the next response to a request not arrive whole. What was queued is not used up by it.

    - `request`: `METHOD /path?query`, or `METHOD host/path` of a third party
    - `kind`: `reset before the headers`, `reset after the headers`, `empty`, `truncated`,
      `malformed JSON`, `a malformed chunk` or `garbage`: see [the mock](mock.md)
    - `times`: for so many requests, one after the other

        Given the next nRF Cloud API response to `POST /v1/fota-jobs` is `truncated`
    """
    context.session.faults.damage(request, kind, times)


@step("nRF Cloud answers the next {times:d} request[s][ for `{request}`] with {status:d}")
@takes(Takes.NOTHING)
def refuse(context: Context, times: int, status: int, request: str | None = None) -> None:
    """Answer the next requests with a status, in place of all that is queued for them.

    The body is an error of nRF Cloud: `{"code": 50300, "message": "Service Unavailable"}`.

    - `request`: only requests for `METHOD /path?query`, or `METHOD host/path` of a third party;
      without it all requests to nRF Cloud

        Given nRF Cloud answers the next `3` requests with `503`
    """
    context.session.faults.refuse(times, status, request)


@step(
    "nRF Cloud is rate limited for the next {times:d} request[s][ for `{request}`]"
    ", with a `Retry-After` of {seconds:d} second[s]"
)
@takes(Takes.NOTHING)
def limit(context: Context, times: int, seconds: int, request: str | None = None) -> None:
    """Answer the next requests with 429 and the header `Retry-After`.

    - `request`: only requests for `METHOD /path?query`, or `METHOD host/path` of a third party;
      without it all requests to nRF Cloud

        Given nRF Cloud is rate limited for the next `2` requests, with a `Retry-After` of
        `1` second
    """
    context.session.faults.limit(times, seconds, request)


@step("nRF Cloud works again")
@takes(Takes.NOTHING)
def end(context: Context) -> None:
    """End all that was to happen to the next responses, of third parties too.

    When nRF Cloud works again
    """
    context.session.faults.end()

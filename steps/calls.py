"""Steps on what nRF Cloud and other third parties were asked, since the feature began."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes
from harness.bdd.phrases import waits
from harness.capabilities.blocks import request_block, request_rows

use_step_matcher("phrase")


@step("the nRF Cloud API should have been called with")
@waits
@takes(Takes.REQUEST)
def called(context: Context) -> None:
    """Wait for a call of nRF Cloud since the feature began.

    - code block: an HTTP request. Method, path and the set of query parameters must be the
      same; headers that are given must be there; a body must equal, if one is given

    Fails with the nearest call and its differences.

        Soon the nRF Cloud API should have been called with

        ```
        DELETE /v1/fota-jobs/${jobId} HTTP/1.1
        ```
    """
    context.session.calls.check_called(request_block(context.text))


@step("the nRF Cloud API should have been called with a request matching")
@waits
@takes(Takes.REQUEST)
def called_matching(context: Context) -> None:
    """Wait for a call of nRF Cloud; the JSON body of the code block is partial.

    - code block: an HTTP request

        Soon the nRF Cloud API should have been called with a request matching

        ```
        POST /v1/fota-jobs HTTP/1.1
        Content-Type: application/json

        { "deviceIdentifiers": ["${fingerprint_deviceId}"] }
        ```
    """
    context.session.calls.check_called(request_block(context.text), partial=True)


@step("the nRF Cloud API should have been called exactly {times:d} time[s] with")
@waits
@takes(Takes.REQUEST)
def called_exactly(context: Context, times: int) -> None:
    """Wait until nRF Cloud was called so many times like this; more often is a failure at once.

    It holds as soon as there are so many: it does not wait for one too many. 0 does not wait.

    - code block: an HTTP request, compared as in *should have been called with*

        Then the nRF Cloud API should have been called exactly `1` time with

        ```
        POST /v1/fota-jobs HTTP/1.1
        ```
    """
    context.session.calls.check_exactly(request_block(context.text), times)


@step("the nRF Cloud API should have been called exactly {times:d} time[s] with a request matching")
@waits
@takes(Takes.REQUEST)
def called_exactly_matching(context: Context, times: int) -> None:
    """Wait until nRF Cloud was called so many times like this; more often is a failure at once.

    - code block: an HTTP request; its JSON body is partial

    Then the nRF Cloud API should have been called exactly `2` times with a request matching

    ```
    POST /v1/fota-jobs HTTP/1.1

    { "deviceIdentifiers": ["${fingerprint_deviceId}"] }
    ```
    """
    context.session.calls.check_exactly(request_block(context.text), times, partial=True)


@step("the nRF Cloud API should have been called at least {times:d} time[s] with")
@waits
@takes(Takes.REQUEST)
def called_at_least(context: Context, times: int) -> None:
    """Wait until nRF Cloud was called so many times like this, or more.

    - code block: an HTTP request, compared as in *should have been called with*

        Soon the nRF Cloud API should have been called at least `2` times with

        ```
        GET /v1/fota-jobs/${jobId} HTTP/1.1
        ```
    """
    context.session.calls.check_called(request_block(context.text), times=times)


@step(
    "the nRF Cloud API should have been called at least {times:d} time[s] with a request matching"
)
@waits
@takes(Takes.REQUEST)
def called_at_least_matching(context: Context, times: int) -> None:
    """Wait until nRF Cloud was called so many times like this, or more.

    - code block: an HTTP request; its JSON body is partial

    Soon the nRF Cloud API should have been called at least `2` times with a request matching

    ```
    PATCH /v1/devices/${fingerprint_deviceId}/state HTTP/1.1

    { "desired": {} }
    ```
    """
    context.session.calls.check_called(request_block(context.text), times=times, partial=True)


@step("the nRF Cloud API should have been called in this order")
@waits
@takes(Takes.TABLE)
def called_in_order(context: Context) -> None:
    """Wait until nRF Cloud was called like this, in this order; other calls may be in between.

    - table: `request` is method, path and query; the column `body` may be left out: a body, which
      is partial if it is JSON

        Soon the nRF Cloud API should have been called in this order

        | request                           | body                           |
        | --------------------------------- | ------------------------------ |
        | `POST /v1/fota-jobs`              | `{"bundleId": "${bundleId}"}` |
        | `PUT /v1/fota-jobs/${job}/cancel` |                                |
    """
    context.session.calls.check_order(request_rows(context.table))


@step("the nRF Cloud API should not have been called with[ a request matching]")
@takes(Takes.REQUEST)
def not_called(context: Context) -> None:
    """Assert that nRF Cloud has not been called like this since the feature began.

    It is decided at once.

    - code block: an HTTP request; its JSON body is partial

        Then the nRF Cloud API should not have been called with

        ```
        DELETE /v1/fota-jobs/${jobId} HTTP/1.1
        ```
    """
    context.session.calls.check_not_called(request_block(context.text))


@step("the nRF Cloud API should not have been called with other requests")
@takes(Takes.NOTHING)
def no_other_calls(context: Context) -> None:
    """Assert that this feature has asserted every call of nRF Cloud that there was so far.

    It is decided at once. A call counts as asserted if a step above found it or one like it; above
    an exact number, it does not. Calls about devices and jobs of earlier features are left out.

        Then the nRF Cloud API should not have been called with other requests
    """
    context.session.calls.check_no_others()


@step("the shadow for `{device_id}` in the `{account}` account has been requested")
@waits
@takes(Takes.NOTHING)
def shadow_requested(context: Context, device_id: str, account: str) -> None:
    """Wait until the service asks for the shadow of a device with the API key of an account.

    Soon the shadow for `${fingerprint_deviceId}` in the `default` account has been requested
    """
    context.session.calls.check_shadow_requested(device_id, account)


@step("the HTTP API Mock should have been called with")
@waits
@takes(Takes.REQUEST)
def third_party_called(context: Context) -> None:
    """Wait for a call of a third party; the JSON body of the code block is partial.

    - code block: an HTTP request; the first segment of its path is the host

        Soon the HTTP API Mock should have been called with

        ```
        POST /hooks.example.com/chat HTTP/1.1
        Content-Type: application/json

        { "text": "It works!" }
        ```
    """
    context.session.calls.check_called(request_block(context.text), third_party=True)


@step("the HTTP API Mock should have been called exactly {times:d} time[s] with")
@waits
@takes(Takes.REQUEST)
def third_party_called_exactly(context: Context, times: int) -> None:
    """Wait until a third party was called so many times like this; see nRF Cloud above.

    - code block: an HTTP request, compared as in *should have been called with*

        Then the HTTP API Mock should have been called exactly `1` time with

        ```
        POST /hooks.example.com/chat HTTP/1.1
        ```
    """
    context.session.calls.check_exactly(request_block(context.text), times, third_party=True)


@step("the HTTP API Mock should have been called at least {times:d} time[s] with")
@waits
@takes(Takes.REQUEST)
def third_party_called_at_least(context: Context, times: int) -> None:
    """Wait until a third party was called so many times like this, or more.

    - code block: an HTTP request, compared as in *should have been called with*

        Soon the HTTP API Mock should have been called at least `2` times with

        ```
        POST /hooks.example.com/chat HTTP/1.1
        ```
    """
    context.session.calls.check_called(request_block(context.text), times=times, third_party=True)


@step("the HTTP API Mock should have been called in this order")
@waits
@takes(Takes.TABLE)
def third_party_called_in_order(context: Context) -> None:
    """Wait until third parties were called like this, in this order; see nRF Cloud above.

    The first segment of each path is the host; that of nRF Cloud is `api.nrfcloud.com`.

        Soon the HTTP API Mock should have been called in this order

        | request                             |
        | ----------------------------------- |
        | `POST /api.nrfcloud.com/v1/devices` |
        | `POST /hooks.example.com/chat`      |
    """
    context.session.calls.check_order(request_rows(context.table), third_party=True)


@step("the HTTP API Mock should not have been called with")
@takes(Takes.REQUEST)
def third_party_not_called(context: Context) -> None:
    """Assert that no third party has been called like this since the feature began.

    It is decided at once.

    - code block: an HTTP request; its JSON body is partial

        Then the HTTP API Mock should not have been called with

        ```
        DELETE /hooks.example.com/chat HTTP/1.1
        ```
    """
    context.session.calls.check_not_called(request_block(context.text), third_party=True)


@step("the HTTP API Mock should not have been called with other requests")
@takes(Takes.NOTHING)
def no_other_third_party_calls(context: Context) -> None:
    """Assert that this feature has asserted every call of a third party besides nRF Cloud.

    Then the HTTP API Mock should not have been called with other requests
    """
    context.session.calls.check_no_others(third_party=True)

"""Steps on nRF Cloud and other third parties: what they answer, what they were asked."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.phrases import waits
from harness.capabilities.blocks import json_block, request_block, response_block

use_step_matcher("phrase")


@step("this nRF Cloud API[ request] is queued for a[n] `{request}` request")
def queue(context: Context, request: str) -> None:
    """Queue an answer of nRF Cloud. Answers are served in order; the last one is repeated.

    - `request`: method, path, and query parameters that must be present; a value written
      `/pattern/` is a regular expression
    - code block: an HTTP response

        Given this nRF Cloud API request is queued for a `POST /v1/fota-jobs` request

        ```
        HTTP/1.1 200 OK
        Content-Type: application/json

        { "jobId": "bc631093-7f7c-4c1b-aa63-a68c759bcd5c" }
        ```
    """
    context.session.nrfcloud.queue(request, response_block(context.text))


@step("there is this device shadow data for `{device_id}` in nRF Cloud")
def shadow(context: Context, device_id: str) -> None:
    """Let nRF Cloud know the shadow of a device, until it is replaced.

    It answers `GET /v1/devices` for this device, alone or among others.

    - code block: `json`, the page of devices that nRF Cloud answers with

        Given there is this device shadow data for `${fingerprint_deviceId}` in nRF Cloud

        ```json
        {
          "items": [
            {
              "id": "${fingerprint_deviceId}",
              "state": { "reported": { "device": { "deviceInfo": { "appVersion": "2.0.0" } } } }
            }
          ],
          "total": 1
        }
        ```
    """
    context.session.nrfcloud.set_shadow(device_id, json_block(context.text))


@step("the nRF Cloud API should have been called with")
@waits
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
    context.session.nrfcloud.check_called(request_block(context.text))


@step("the nRF Cloud API should have been called with a request matching")
@waits
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
    context.session.nrfcloud.check_called(request_block(context.text), partial=True)


@step("the nRF Cloud API should not have been called with[ a request matching]")
def not_called(context: Context) -> None:
    """Assert that nRF Cloud has not been called like this since the feature began.

    It is decided at once.

    - code block: an HTTP request; its JSON body is partial

        Then the nRF Cloud API should not have been called with

        ```
        DELETE /v1/fota-jobs/${jobId} HTTP/1.1
        ```
    """
    context.session.nrfcloud.check_not_called(request_block(context.text))


@step("the shadow for `{device_id}` in the `{account}` account has been requested")
@waits
def shadow_requested(context: Context, device_id: str, account: str) -> None:
    """Wait until the service asks for the shadow of a device with the API key of an account.

    Soon the shadow for `${fingerprint_deviceId}` in the `default` account has been requested
    """
    context.session.nrfcloud.check_shadow_requested(device_id, account)


@step("this HTTP API Mock response for `{request}` is queued")
def queue_third_party(context: Context, request: str) -> None:
    """Queue an answer of any third party, addressed by the mock's URL for its host.

    - `request`: method and URL; the first segment of its path is the host
    - code block: an HTTP response

        Given this HTTP API Mock response for `POST hooks.example.com/chat` is queued

        ```
        HTTP/1.1 202 Accepted
        ```
    """
    context.session.nrfcloud.queue_third_party(request, response_block(context.text))


@step("this HTTP API Mock response for `{request}` is queued and kept")
def keep_third_party(context: Context, request: str) -> None:
    """Set the answer of a third party to a request; it replaces the one set before.

    - `request`: method and URL; the first segment of its path is the host
    - code block: an HTTP response

        Given this HTTP API Mock response for `GET weather.example.com/now` is queued and kept

        ```
        HTTP/1.1 200 OK
        Content-Type: application/json

        { "celsius": 12.5 }
        ```
    """
    context.session.nrfcloud.queue_third_party(request, response_block(context.text), kept=True)


@step("the HTTP API Mock should have been called with")
@waits
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
    context.session.nrfcloud.check_third_party_called(request_block(context.text))

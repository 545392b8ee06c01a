"""Steps on nRF Cloud and other third parties: what they answer."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Query, RequestLine, Takes, takes
from harness.bdd.phrases import repeatable
from harness.capabilities.blocks import json_block, response_block

use_step_matcher("phrase")


@step("this nRF Cloud API[ request] is queued for a[n] `{request}` request")
@takes(Takes.RESPONSE)
def queue(context: Context, request: RequestLine) -> None:
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


@step("this nRF Cloud API[ request] is queued for a[n] `{request}` request where `{predicate}`")
@takes(Takes.RESPONSE)
def queue_where(context: Context, request: RequestLine, predicate: Query) -> None:
    """Queue an answer of nRF Cloud to a request with a certain body.

    - `request`: as above
    - `predicate`: JSONata that gives `true` for the JSON body of the request
    - code block: an HTTP response

        Given this nRF Cloud API request is queued for a `POST /v1/fota-jobs` request where
        `$count(deviceIdentifiers) > 1`

        ```
        HTTP/1.1 200 OK
        Content-Type: application/json

        { "jobId": "bc631093-7f7c-4c1b-aa63-a68c759bcd5c" }
        ```
    """
    context.session.nrfcloud.queue(request, response_block(context.text), predicate=predicate)


@step("there is this device shadow data for `{device_id}` in nRF Cloud")
@takes(Takes.JSON)
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


@step("this HTTP API Mock response for `{request}` is queued")
@takes(Takes.RESPONSE)
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
@takes(Takes.RESPONSE)
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


@step("all queued responses should have been asked for")
@repeatable
@takes(Takes.NOTHING)
def all_asked_for(context: Context) -> None:
    """Assert that no response which this feature has queued is left that nobody asked for.

    `unusedStubs: strict` in the front matter adds this step to the end of the feature.

        Soon all queued responses should have been asked for
    """
    context.session.nrfcloud.check_all_asked_for()

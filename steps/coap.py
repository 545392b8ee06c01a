"""Steps on devices that speak CoAP. See devices.md."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes
from harness.capabilities.blocks import json_block

use_step_matcher("phrase")


@step(
    "the device `{device}` does a `{method}` to this CoAP resource `{path}` with this SenML payload"
)
@takes(Takes.JSON)
def ask(context: Context, device: str, method: str, path: str) -> None:
    """Let a device send SenML over CoAP, as CBOR (RFC 8428). Fails if the answer is an error.

    - `method`: `GET`, `POST`, `PUT`, `DELETE`, `PATCH` or `iPATCH`
    - `path`: of the resource, with its query
    - code block: `json`, the SenML pack

    The mock has it as a request to `coap.nrfcloud.com` with SenML in JSON as its body, which can be
    answered and asserted as others.

        When the device `thing-1` does a `POST` to this CoAP resource `/msg/d2c/raw` with this SenML
        payload

        ```json
        [{ "bn": "14201/1/", "n": "1", "v": 21.5, "bt": 1700000000 }]
        ```
    """
    context.session.coap.ask(device, method, path, json_block(context.text))

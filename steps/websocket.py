"""Steps on websocket connections to the service under test."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Query, Takes, takes
from harness.bdd.phrases import waits
from harness.capabilities.blocks import expected_block, json_block

use_step_matcher("phrase")


@step("I connect to the websocket using fingerprint `{fingerprint}`")
@takes(Takes.NOTHING)
def connect(context: Context, fingerprint: str) -> None:
    """Connect to the websocket of the service (`webSocketURI` in the settings) as a device.

    There is one connection a fingerprint. It stays open until the feature ends; the steps that
    follow speak of the one connected last.

        Given I connect to the websocket using fingerprint `${fingerprint}`
    """
    context.session.websocket.connect_device(fingerprint)


@step("I reconnect to the websocket using fingerprint `{fingerprint}`")
@takes(Takes.NOTHING)
def reconnect(context: Context, fingerprint: str) -> None:
    """Close the connection of this fingerprint, if there is one, and open it anew.

    Messages of the old connection are forgotten.

        Given I reconnect to the websocket using fingerprint `${fingerprint}`
    """
    context.session.websocket.connect_device(fingerprint, again=True)


@step("I connect to the websocket at `{url}`")
@takes(Takes.NOTHING)
def connect_to(context: Context, url: str) -> None:
    """Connect to a websocket by its URL (`ws://` or `wss://`).

    Given I connect to the websocket at `ws://localhost:8080/live`
    """
    context.session.websocket.connect(url)


@step("I should receive a message on the websocket that matches[ after {retries:d} retries]")
@waits
@takes(Takes.EXPECTED)
def message_matches(context: Context, retries: int | None = None) -> None:
    """Wait for a message that matches the code block.

    - `retries`: how long to wait: as long as this many doubling pauses take
    - code block: `json`; objects are partial, arrays hold in any order

    A message satisfies one step; those that satisfied none stay for later steps. Fails with the
    nearest message and its differences.

        Soon I should receive a message on the websocket that matches after 20 retries

        ```json
        { "status": "SUCCEEDED" }
        ```
    """
    context.session.websocket.expect(expected_block(context.text), exact=False, retries=retries)


@step("I should receive a message on the websocket that is equal to[ after {retries:d} retries]")
@waits
@takes(Takes.EXPECTED)
def message_equals(context: Context, retries: int | None = None) -> None:
    """Wait for a message that equals the code block.

    - `retries`: as for a message that matches
    - code block: `json`; the order of keys is free, everything else counts

        Soon I should receive a message on the websocket that is equal to

        ```json
        { "temperature": 21.5, "ts": "$number{ts}" }
        ```
    """
    context.session.websocket.expect(expected_block(context.text), exact=True, retries=retries)


@step(
    "I should not receive a message on the websocket that matches[,] within `{seconds:g}` seconds"
)
@waits
@takes(Takes.EXPECTED)
def no_message(context: Context, seconds: float) -> None:
    """Assert that no message matches, of those left over and those that come in this time.

    - `seconds`: how long to listen
    - code block: `json`

        Then I should not receive a message on the websocket that matches, within `0.5` seconds

        ```json
        { "status": "FAILED" }
        ```
    """
    context.session.websocket.expect_none(expected_block(context.text), seconds)


@step("I send this message via the websocket")
@takes(Takes.JSON)
def send(context: Context) -> None:
    """Send the code block as a message.

    - code block: `json`

        When I send this message via the websocket

        ```json
        { "subscribe": "${fingerprint_deviceId}" }
        ```
    """
    context.session.websocket.send(json_block(context.text))


@step("`{expression}` of the last[ matched] websocket message equals")
@takes(Takes.EXPECTED)
def last_message_equals(context: Context, expression: Query) -> None:
    """Assert on the message that satisfied a step last.

    - `expression`: JSONata over the message
    - code block: `json`; the order of keys is free, everything else counts

        Then `$count(reported)` of the last matched websocket message equals

        ```json
        2
        ```
    """
    context.session.websocket.check_last(expression, expected_block(context.text))


@step("I wait for `{seconds:g}` seconds")
@takes(Takes.NOTHING)
def wait(context: Context, seconds: float) -> None:
    """Do nothing for a while. Rarely what is needed: `Soon` waits for what should happen.

    When I wait for `0.5` seconds
    """
    context.session.wait(seconds)

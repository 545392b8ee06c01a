"""Steps on single messages that devices send and hear over MQTT. See devices.md."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes
from harness.bdd.phrases import waits
from harness.capabilities.blocks import expected_block, json_block

use_step_matcher("phrase")


@step("the device `{device}` publishes this message to the topic `{topic}`")
@takes(Takes.JSON)
def publish(context: Context, device: str, topic: str) -> None:
    """Publish a message as a device over MQTT, with QoS 1.

    - `topic`: from its root; `mqttTopicPrefix` of `GET /v1/account` is how those of nRF Cloud begin
    - code block: `json`

        When the device `thing-1` publishes this message to the topic
        `${mqttTopicPrefix}thing-1/jobs/update`

        ```json
        ["${jobId}", 3, "FOTA update completed successfully"]
        ```
    """
    context.session.mqtt.publish(device, topic, json_block(context.text))


@step("the device `{device}` listens to the topic `{topic}`")
@takes(Takes.NOTHING)
def listen(context: Context, device: str, topic: str) -> None:
    """Let a device hear what is published to a topic over MQTT, from now until the feature ends.

    - `topic`: `+` is any level of it, `#` all that follow

        Given the device `thing-1` listens to the topic `${mqttTopicPrefix}thing-1/jobs/rcv`
    """
    context.session.mqtt.listen(device, topic)


@step("the device `{device}` should have received a message on the topic `{topic}` that matches")
@waits
@takes(Takes.JSON)
def should_receive(context: Context, device: str, topic: str) -> None:
    """Wait for a message that matches the code block, on a topic that the device listens to.

    - `topic`: as in the step with which it listens
    - code block: `json`; objects are partial, arrays hold in any order

    A message satisfies one step; those that satisfied none stay for later steps.

        Then the device `thing-1` should have received a message on the topic
        `${mqttTopicPrefix}thing-1/jobs/rcv` that matches

        ```json
        ["${jobId}", 0]
        ```
    """
    context.session.mqtt.expect(device, topic, expected_block(context.text))

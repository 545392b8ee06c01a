"""Steps on the batteries of trackers."""

import json

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes
from harness.bdd.phrases import about_the_answer
from harness.capabilities.blocks import response_block

use_step_matcher("phrase")

ANSWER = """\
HTTP/1.1 200 OK
Content-Type: application/json

"""


@step("the tracker `{device}` has reported a battery of {volts:g} V")
@takes(Takes.NOTHING)
def has_reported(context: Context, device: str, volts: float) -> None:
    """Let nRF Cloud know what a tracker has reported.

    Given the tracker `tracker-1` has reported a battery of `3.7` V
    """
    known = {"id": device, "state": {"reported": {"battery": round(volts * 1000)}}}
    answer = response_block(ANSWER + json.dumps(known))
    context.session.nrfcloud.queue(f"GET /v1/devices/{device}", answer)


@step("the battery should be at least {volts:g} V")
@about_the_answer
@takes(Takes.NOTHING)
def at_least(context: Context, volts: float) -> None:
    """Assert how full the battery of the tracker is that was asked for last.

    Then the battery should be at least `4` V
    """
    battery = context.session.rest.value("battery")
    if battery < volts:
        raise context.session.rest.failure(f"expected at least {volts:g} V, got {battery:g} V")

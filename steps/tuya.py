"""Steps on Tuya's API that cancels firmware upgrades."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Expression, Takes, takes
from harness.bdd.phrases import waits
from harness.capabilities.blocks import json_block

use_step_matcher("phrase")


@step("Tuya behaves[ at `{host}`]")
@takes(Takes.NOTHING)
def behave(context: Context, host: str | None = None) -> None:
    """Let the mock behave like Tuya's API, where no response is queued. Other steps do so too.

    - `host`: one more host that it answers for, besides `tuyacloud.com`

        Given Tuya behaves at `si-d6e8d8e2a58f4a8958054.tuyacloud.com`
    """
    context.session.twins.do("tuya", do="start", host=host)


@step("Tuya knows the access key `{key_id}`[ with the secret in `{secret}`]")
@takes(Takes.NOTHING)
def know_key(context: Context, key_id: str, secret: Expression | None = None) -> None:
    """Let Tuya know an access key. The step that calls Tuya signs with the newest one.

    - `secret`: JSONata over the stored values: what a service that calls Tuya signs with. It is
      redacted from then on. Without it a secret is made up

        Given Tuya knows the access key `testid` with the secret in `tuyaSecret`
    """
    context.session.tuya.know(key_id, secret)


@step("Tuya denies `{action}` to the access key `{key_id}`")
@takes(Takes.NOTHING)
def deny(context: Context, action: str, key_id: str) -> None:
    """Let calls of an action fail that are signed with a certain access key.

    Given Tuya denies `CancelOTATaskByDevice` to the access key `testid`
    """
    context.session.twins.do("tuya", do="deny", id=key_id, action=action)


@step("the next[ {times:d}] call[s] of Tuya fail[s] with `{code}`")
@takes(Takes.NOTHING)
def fail(context: Context, code: str, times: int = 1) -> None:
    """Let the next calls of Tuya fail, of those that are signed as they should be.

    - `code`: `iot.system.SystemException`, `iot.system.IllegalRequest` or
      `iot.common.RamActionPermissionDeny`

        Given the next `2` calls of Tuya fail with `iot.system.SystemException`
    """
    context.session.twins.do("tuya", do="fail", code=code, times=times)


@step(
    "the upgrade task of the firmware `{firmware}` for the Tuya device `{device}` of the product"
    " `{product}`[ in the batch `{job}`] is `{status}`"
)
@takes(Takes.NOTHING)
def set_task(
    context: Context, firmware: str, device: str, product: str, status: str, job: str = ""
) -> None:
    """Let an upgrade task be there, or get into another state. Fails if it cannot get there.

    - `status`: `CONFIRM`, `QUEUED`, `NOTIFIED`, `IN_PROGRESS`, `SUCCEEDED`, `FAILED` or
      `CANCELED`; [the page](tuya.md#tasks) has what may follow what

        Given the upgrade task of the firmware `168` for the Tuya device `testDevice1` of the
        product `k1nhvyl` in the batch `1836` is `NOTIFIED`
    """
    context.session.twins.do(
        "tuya",
        do="task",
        product=product,
        firmware=firmware,
        device=device,
        job=job,
        status=status,
    )


@step(
    "the upgrade task of the firmware `{firmware}` for the Tuya device `{device}` of the product"
    " `{product}`[ in the batch `{job}`] should be `{status}`"
)
@waits
@takes(Takes.NOTHING)
def check_task(
    context: Context, firmware: str, device: str, product: str, status: str, job: str | None = None
) -> None:
    """Wait until an upgrade task is in a state.

    - `job`: without it all tasks of the device for the firmware should be in that state

        Then the upgrade task of the firmware `168` for the Tuya device `testDevice1` of the
        product `k1nhvyl` should be `CANCELED`
    """
    context.session.twins.should(
        "tuya",
        do="tasks",
        product=product,
        firmware=firmware,
        device=device,
        job=job,
        status=status,
    )


@step("I call the Tuya API `{action}` with")
@takes(Takes.JSON)
def call(context: Context, action: str) -> None:
    """Send a signed call, and keep its answer for the steps that follow.

    - `action`: `CancelOTATaskByDevice`
    - code block: `json`, the parameters; those of a list are numbered (`DeviceName.1`). A common
      parameter that is given, such as `Timestamp`, is sent as it is

    It is a POST: `Soon` does not send it again, since each call needs a nonce of its own.

        When I call the Tuya API `CancelOTATaskByDevice` with

        ```json
        { "ProductKey": "k1nhvyl", "FirmwareId": "168", "DeviceName": ["testDevice1"] }
        ```
    """
    context.session.tuya.call(action, json_block(context.text))

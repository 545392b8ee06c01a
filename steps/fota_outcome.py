"""Steps on how things should be in an nRF Cloud that behaves: jobs, executions, groups, shadows."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes
from harness.bdd.phrases import waits

use_step_matcher("phrase")


@step(
    "the job `{job}`[ in the `{account}` account] should be `{status}`[ with the detail `{detail}`]"
)
@waits
@takes(Takes.NOTHING)
def check_job(
    context: Context, job: str, status: str, account: str | None = None, detail: str | None = None
) -> None:
    """Wait until a job in nRF Cloud has a status.

    - `job`: its name or its ID; of several with a name the newest
    - `status`: `CREATED`, `IN_PROGRESS`, `COMPLETED`, `CANCELLED` or `DELETION_IN_PROGRESS`
    - `detail`: its `statusDetail`

        Then the job `update` should be `CANCELLED` with the detail `Empty job target`
    """
    context.session.fota.check_job(job, account, status, detail)


@step("the job `{job}`[ in the `{account}` account] should match")
@waits
@takes(Takes.JSON)
def match_job(context: Context, job: str, account: str | None = None) -> None:
    """Wait until a job in nRF Cloud matches the code block.

    - `job`: its name or its ID
    - code block: `json`; the job as `GET /v1/fota-jobs/ID` tells it

        Then the job `update` should match

        ```json
        { "executionStats": { "executions": 25, "queued": 25 } }
        ```
    """
    context.session.fota.match_job(job, account, context.text)


@step(
    "the execution for `{device}`[ of the job `{job}`][ in the `{account}` account]"
    " should be `{status}`[ with the detail `{detail}`]"
)
@waits
@takes(Takes.NOTHING)
def check_execution(
    context: Context,
    device: str,
    status: str,
    job: str | None = None,
    account: str | None = None,
    detail: str | None = None,
) -> None:
    """Wait until the execution of a job on a device has a status.

    - `job`: name or ID of the job; without it, the newest execution of the device is meant
    - `status`: `QUEUED`, `DOWNLOADING`, `IN_PROGRESS`, `SUCCEEDED`, `FAILED`, `REJECTED`,
      `TIMED_OUT` or `CANCELLED`

        Then the execution for `${fingerprint_deviceId}` should be `SUCCEEDED`
    """
    context.session.fota.check_execution(device, job, account, status, detail)


@step("the group `{group}`[ in the `{account}` account] should have the device[s] `{devices}`")
@waits
@takes(Takes.NOTHING)
def check_group(context: Context, group: str, devices: str, account: str | None = None) -> None:
    """Wait until a group in nRF Cloud has these devices, and no others.

    - `devices`: separated by commas, in any order

        Then the group `retry-update-${jobId}` should have the devices `fleet-3, fleet-7`
    """
    context.session.fota.check_group(group, devices, account)


@step("the group `{group}`[ in the `{account}` account] should have no devices")
@waits
@takes(Takes.NOTHING)
def check_no_group(context: Context, group: str, account: str | None = None) -> None:
    """Wait until a group in nRF Cloud has no devices: until it is not there.

    Then the group `retry-update-${jobId}` should have no devices
    """
    context.session.fota.check_group(group, None, account)


@step("the shadow of `{device}`[ in the `{account}` account] should match")
@waits
@takes(Takes.JSON)
def match_shadow(context: Context, device: str, account: str | None = None) -> None:
    """Wait until the shadow of a device in nRF Cloud matches the code block.

    - code block: `json` with `reported`, `desired`, `version` and so on

        Then the shadow of `${fingerprint_deviceId}` should match

        ```json
        { "reported": { "device": { "deviceInfo": { "appVersion": "2.0.1" } } } }
        ```
    """
    context.session.fota.match_shadow(device, account, context.text)

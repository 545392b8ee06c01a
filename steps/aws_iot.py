"""Steps on the jobs of AWS IoT, and on what becomes of their executions."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes
from harness.bdd.phrases import waits
from harness.capabilities.blocks import expected_text

use_step_matcher("phrase")


@step("AWS IoT behaves")
@takes(Takes.NOTHING)
def behave(context: Context) -> None:
    """Let the mock behave like AWS IoT, where no response is queued. Other steps do so too.

    It answers at `aws-iot` and at the real hosts: see [the twin](aws-iot-twin.md).

        Given AWS IoT behaves
    """
    context.session.twins.do("aws-iot", do="start")


@step("AWS IoT knows the thing `{thing}`")
@takes(Takes.NOTHING)
def know(context: Context, thing: str) -> None:
    """Let AWS IoT know a thing, which jobs can be for.

    - `thing`: its name: 1 to 128 of `a-z`, `A-Z`, `0-9`, `:`, `_` and `-`

        Given AWS IoT knows the thing `pump-1`
    """
    context.session.twins.do("aws-iot", do="thing", name=thing)


@step("the AWS IoT job `{job}` is created for `{things}`")
@takes(Takes.NOTHING)
def create(context: Context, job: str, things: str) -> None:
    """Create a job, as `CreateJob` does. It queues an execution on each of its things.

    - `job`: its ID: 1 to 64 of `a-z`, `A-Z`, `0-9`, `_` and `-`
    - `things`: names of things that AWS IoT knows, with commas between them

        Given the AWS IoT job `update-7` is created for `pump-1, pump-2`
    """
    names = things.replace(",", " ").split()
    context.session.twins.do("aws-iot", do="create", job=job, things=names)


@step("the execution of the AWS IoT job `{job}` on `{thing}` becomes `{status}`")
@takes(Takes.NOTHING)
def becomes(context: Context, job: str, thing: str, status: str) -> None:
    """Change the status of an execution.

    - `status`: `IN_PROGRESS`, `SUCCEEDED`, `FAILED` or `REJECTED`, as if the device had reported
      it; `TIMED_OUT` or `REMOVED`, as AWS IoT does itself

    Fails if the execution cannot become that.

        When the execution of the AWS IoT job `update-7` on `pump-1` becomes `IN_PROGRESS`
    """
    context.session.twins.do("aws-iot", do="report", job=job, thing=thing, status=status)


@step("the execution of the AWS IoT job `{job}` on `{thing}` should be `{status}`")
@waits
@takes(Takes.NOTHING)
def should_be(context: Context, job: str, thing: str, status: str) -> None:
    """Wait until an execution has a status.

    - `status`: `QUEUED`, `IN_PROGRESS`, `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `REJECTED`, `REMOVED`
      or `CANCELED` (with one L)

        Soon the execution of the AWS IoT job `update-7` on `pump-1` should be `CANCELED`
    """
    context.session.twins.should("aws-iot", do="execution", job=job, thing=thing, status=status)


@step("the execution of the AWS IoT job `{job}` on `{thing}` should match")
@waits
@takes(Takes.EXPECTED)
def should_match(context: Context, job: str, thing: str) -> None:
    """Wait until an execution matches, as `DescribeJobExecution` tells it.

    - code block: `json`; objects are partial

        Then the execution of the AWS IoT job `update-7` on `pump-1` should match

        ```json
        { "status": "CANCELED", "forceCanceled": true, "versionNumber": 3 }
        ```
    """
    expected = expected_text(context.text)
    context.session.twins.should("aws-iot", do="execution", job=job, thing=thing, match=expected)


@step("the AWS IoT job `{job}` should be `{status}`")
@waits
@takes(Takes.NOTHING)
def job_should_be(context: Context, job: str, status: str) -> None:
    """Wait until a job has a status.

    - `status`: `IN_PROGRESS`, `CANCELED` or `COMPLETED`

        Soon the AWS IoT job `update-7` should be `COMPLETED`
    """
    context.session.twins.should("aws-iot", do="job", id=job, status=status)

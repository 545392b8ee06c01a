"""Steps on what there is in an nRF Cloud that behaves: devices, bundles, time. See fota-twin.md."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes
from harness.capabilities.blocks import json_block

use_step_matcher("phrase")


@step("nRF Cloud behaves")
@takes(Takes.NOTHING)
def behave(context: Context) -> None:
    """Let the mock behave like nRF Cloud where nothing is queued: see [its page](fota-twin.md).

    It has the accounts of the settings, with their API keys. Other steps make it behave too; then
    there is only the account `default`, with any API key.

        Given nRF Cloud behaves
    """
    context.session.fota.behave()


@step(
    "nRF Cloud knows the device `{device}`[ in the `{account}` account]"
    "[ with the firmware type[s] `{types}`]"
)
@takes(Takes.NOTHING)
def know_device(
    context: Context, device: str, account: str | None = None, types: str | None = None
) -> None:
    """Let nRF Cloud know a device, or what firmware it can be updated with.

    - `types`: what it reports as `device.serviceInfo.fota_v2`, separated by commas: `APP`, `MODEM`,
      `BOOT`, `MDM_FULL` and others; a new device supports `APP` if nothing is said

        Given nRF Cloud knows the device `${fingerprint_deviceId}` with the firmware types
        `APP, MODEM`
    """
    context.session.fota.know(device, account, types=types)


@step(
    "nRF Cloud knows {count:d} devices in the group `{group}`[ with the firmware type[s] `{types}`]"
)
@takes(Takes.NOTHING)
def know_devices(context: Context, count: int, group: str, types: str | None = None) -> None:
    """Let nRF Cloud know many devices of a group, which are named after it: `fleet-1`, `fleet-2`.

    - `count`: at most 1000
    - `types`: as for a single device

        Given nRF Cloud knows `60` devices in the group `fleet`
    """
    context.session.fota.know_many(count, group, types)


@step("nRF Cloud knows the gateway `{gateway}`")
@takes(Takes.NOTHING)
def know_gateway(context: Context, gateway: str) -> None:
    """Let nRF Cloud know a gateway that can update its Bluetooth LE devices.

    It reports `device.serviceInfo.fota_v2_ble`. A device that is known and does not report it is a
    gateway that cannot.

        Given nRF Cloud knows the gateway `gateway-1`
    """
    context.session.fota.know(gateway, bleFota=True)


@step("nRF Cloud knows the Bluetooth LE device `{device}` of the gateway `{gateway}`")
@takes(Takes.NOTHING)
def know_ble_device(context: Context, device: str, gateway: str) -> None:
    """Let nRF Cloud know a Bluetooth LE device that is connected to a gateway.

    Given nRF Cloud knows the Bluetooth LE device `thingy` of the gateway `gateway-1`
    """
    context.session.fota.know(device, gateway=gateway)


@step("the device `{device}` is in the group[s] `{groups}`[ in the `{account}` account]")
@takes(Takes.NOTHING)
def set_groups(context: Context, device: str, groups: str, account: str | None = None) -> None:
    """Let a device be in these groups, and in no others.

    - `groups`: separated by commas; nRF Cloud's API calls them tags

        Given the device `${fingerprint_deviceId}` is in the groups `fleet, indoors`
    """
    context.session.fota.know(device, account, groups=groups)


@step("the device `{device}` has reported this to nRF Cloud[ in the `{account}` account]")
@takes(Takes.JSON)
def report_state(context: Context, device: str, account: str | None = None) -> None:
    """Let a device report a part of its state; the rest of it stays as it was.

    - code block: `json`, merged into `reported` of its shadow; `null` removes a member

        Given the device `${fingerprint_deviceId}` has reported this to nRF Cloud

        ```json
        { "device": { "deviceInfo": { "appVersion": "1.0.0" } } }
        ```
    """
    context.session.fota.know(device, account, reported=json_block(context.text))


@step(
    "the bundle `{bundle}` version `{version}` of type `{kind}` is available"
    "[ in the `{account}` account]"
)
@takes(Takes.NOTHING)
def provide_bundle(
    context: Context, bundle: str, version: str, kind: str, account: str | None = None
) -> None:
    """Let nRF Cloud have a firmware bundle.

    - `bundle`: its ID, as in the example, or a UUID
    - `kind`: `APP`, `MODEM`, `BOOT`, `MDM_FULL` and others

        Given the bundle `APP*1e29dfa3*v2.0.1` version `2.0.1` of type `APP` is available
    """
    context.session.fota.provide(account, bundleId=bundle, version=version, type=kind)


@step(
    "the device `{device}` reports `{status}`[ with the detail `{detail}`][ for the job `{job}`]"
    " to nRF Cloud[ in the `{account}` account]"
)
@takes(Takes.NOTHING)
def report(
    context: Context,
    device: str,
    status: str,
    detail: str | None = None,
    job: str | None = None,
    account: str | None = None,
) -> None:
    """Let a device tell how its update goes. Fails where nRF Cloud would refuse that.

    - `status`: `DOWNLOADING`, `IN_PROGRESS`, `SUCCEEDED`, `FAILED`, `REJECTED`, `TIMED_OUT` or
      `CANCELLED`
    - `job`: name or ID; without it, it is about the oldest that is pending

        When the device `${fingerprint_deviceId}` reports `SUCCEEDED` to nRF Cloud
    """
    context.session.fota.report(account, status, detail, job, device=device)


@step(
    "the devices of the group `{group}` report `{status}`[ with the detail `{detail}`]"
    "[ for the job `{job}`] to nRF Cloud"
)
@takes(Takes.NOTHING)
def report_all(
    context: Context, group: str, status: str, detail: str | None = None, job: str | None = None
) -> None:
    """Let all devices of a group that have an update pending tell how it goes.

    - `status`, `job`: as for a single device

        When the devices of the group `fleet` report `SUCCEEDED` to nRF Cloud
    """
    context.session.fota.report(None, status, detail, job, group=group)


@step("{seconds:g} second[s] pass[es] in nRF Cloud")
@takes(Takes.NOTHING)
def advance(context: Context, seconds: float) -> None:
    """Let time pass for nRF Cloud: what is due happens at once, in order.

    The next batch of a rollout is due 10 seconds after the one before it.

        When `10` seconds pass in nRF Cloud
    """
    context.session.fota.advance(seconds)


@step("I call the nRF Cloud API `{request}`[ in the `{account}` account][ with]")
@takes(Takes.ANY_BLOCK)
def call(context: Context, request: str, account: str | None = None) -> None:
    """Send a request to nRF Cloud, as the service under test does, and keep its answer.

    - `request`: method, path and query
    - `account`: one of [accounts] in the settings, whose API key is sent
    - code block, optional: the body

        When I call the nRF Cloud API `PUT /v1/fota-jobs/${jobId}/cancel`
    """
    text = context.text
    kind = text.content_type if text is not None else ""
    context.session.fota.call(request, account, text, kind)

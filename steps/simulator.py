"""Steps on simulated devices, which update their firmware. See devices.md."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import Takes, takes

use_step_matcher("phrase")


@step(
    "the device `{device}` accepts its update[s][ over `{protocol}`][ in the `{account}` account]"
)
@takes(Takes.NOTHING)
def accept(
    context: Context, device: str, protocol: str | None = None, account: str | None = None
) -> None:
    """Simulate a device that downloads and installs each update it is told of, until the feature
    ends. nRF Cloud knows it from now on.

    - `protocol`: `MQTT` (the default), or `REST`: then it asks again and again

        Given the device `${fingerprint_deviceId}` accepts its updates
    """
    context.session.simulator.accept(protocol, account, device=device)


@step(
    "the device `{device}` rejects its update[s][ over `{protocol}`][ in the `{account}` account]"
)
@takes(Takes.NOTHING)
def reject(
    context: Context, device: str, protocol: str | None = None, account: str | None = None
) -> None:
    """Simulate a device that rejects each update: `Device rejected the update`.

    - `protocol`: as for one that accepts

        Given the device `${fingerprint_deviceId}` rejects its updates over `REST`
    """
    context.session.simulator.reject(protocol, account, device=device)


@step(
    "the device `{device}` fails its update[s] at the `{stage}`[ over `{protocol}`]"
    "[ in the `{account}` account]"
)
@takes(Takes.NOTHING)
def fail(
    context: Context,
    device: str,
    stage: str,
    protocol: str | None = None,
    account: str | None = None,
) -> None:
    """Simulate a device on which each update fails.

    - `stage`: `download` (`Error occurred while downloading the file`), `installation` (`Update
      could not be validated`), or `deadline` (`TIMED_OUT`: `Download did not complete in the
      allotted time`)
    - `protocol`: as for one that accepts

        Given the device `${fingerprint_deviceId}` fails its updates at the `download`
    """
    context.session.simulator.fail(stage, protocol, account, device=device)


@step("the devices of the group `{group}` accept their updates[ over `{protocol}`]")
@takes(Takes.NOTHING)
def accept_all(context: Context, group: str, protocol: str | None = None) -> None:
    """Simulate all devices that are in a group now, hundreds if need be.

    - `protocol`: as for a single device

        Given the devices of the group `fleet` accept their updates
    """
    context.session.simulator.accept(protocol, group=group)


@step("the devices of the group `{group}` reject their updates[ over `{protocol}`]")
@takes(Takes.NOTHING)
def reject_all(context: Context, group: str, protocol: str | None = None) -> None:
    """Simulate all devices of a group, each of which rejects its updates.

    Given the devices of the group `fleet` reject their updates
    """
    context.session.simulator.reject(protocol, group=group)


@step("the devices of the group `{group}` fail their updates at the `{stage}`[ over `{protocol}`]")
@takes(Takes.NOTHING)
def fail_all(context: Context, group: str, stage: str, protocol: str | None = None) -> None:
    """Simulate all devices of a group, on each of which updates fail.

    - `stage`, `protocol`: as for a single device

        Given the devices of the group `fleet` fail their updates at the `installation`
    """
    context.session.simulator.fail(stage, protocol, group=group)

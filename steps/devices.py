"""Steps that register devices with the service under test."""

from behave import step, use_step_matcher
from behave.runner import Context

from harness.bdd.declarations import DeviceName, Takes, takes

use_step_matcher("phrase")


@step("I have the fingerprint for a[n] `{model}` device[ in the `{account}` account] in `{name}`")
@takes(Takes.NOTHING)
def register(context: Context, model: str, name: DeviceName, account: str = "default") -> None:
    """Register a new device with the service under test, through the device registry.

    - `model`: the device's model, for example `PCA20065`
    - `account`: the nRF Cloud account it belongs to, one of [accounts] in the settings
    - `name`: the fingerprint is stored under this name, the device ID under `name_deviceId`

    Fails if the account is not configured, or the registry refuses the device.

        Given I have the fingerprint for a `PCA20065` device in `fingerprint`
    """
    context.session.devices.register(model, account, name)


@step("I have the fingerprint for an unsupported device in `{name}`")
@takes(Takes.NOTHING)
def register_unsupported(context: Context, name: DeviceName) -> None:
    """Register a new device of a model that the service under test does not support.

    - `name`: as for a supported device

        Given I have the fingerprint for an unsupported device in `fingerprint`
    """
    context.session.devices.register("unsupported", "default", name)

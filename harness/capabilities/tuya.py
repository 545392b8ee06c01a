"""Tuya's API as its clients see it: access keys, and calls that the twin signs."""

from __future__ import annotations

from collections.abc import Callable

from harness.capabilities.rest import Rest
from harness.capabilities.twins import Twins
from harness.capabilities.values import Values
from harness.errors import StepFailure
from mock_nrfcloud.sisters.tuya import HOST


class Tuya:
    """Tuya's API at a mock with this URL; `keep_secret` has a text hidden from then on."""

    def __init__(
        self,
        twins: Twins,
        rest: Rest,
        values: Values,
        mock_url: str,
        keep_secret: Callable[[str], None],
    ) -> None:
        self._twins = twins
        self._rest = rest
        self._values = values
        self._url = f"{mock_url}/{HOST}/"
        self._keep_secret = keep_secret

    def know(self, key_id: str, secret: str | None) -> None:
        """An access key is known; `secret` is an expression over the stored values."""
        value = None
        if secret is not None:
            value = self._values.look_up(secret, self._values.visible)
            if not isinstance(value, str):
                raise StepFailure(f"`{secret}` is no text", final=True)
            self._keep_secret(value)
        self._twins.do("tuya", do="key", id=key_id, secret=value)

    def call(self, action: str, parameters: object) -> None:
        """Send a call that is signed with the newest access key, and keep its answer.

        It is a POST, as the public client sends it: so no step sends the same nonce again.
        """
        if not isinstance(parameters, dict):
            raise StepFailure("the parameters are not a JSON object", final=True)
        for name, value in parameters.items():
            texts = value if isinstance(value, list) else [value]
            if not all(isinstance(each, str) for each in texts):
                raise StepFailure(f"{name} is neither a text nor a list of texts", final=True)
        method, whole = "POST", {"Action": action, **parameters}
        signed = self._twins.do("tuya", do="sign", method=method, parameters=whole)
        self._rest.send(method, f"{self._url}?{signed['query']}", None, "")

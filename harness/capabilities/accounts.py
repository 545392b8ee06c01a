"""The nRF Cloud accounts of the settings, as steps name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from harness.core.nearest import nearest
from harness.errors import StepFailure

DEFAULT: Final = "default"
"""The account that is meant where a step names none."""


def api_key(api_keys: Mapping[str, str], account: str) -> str:
    """The API key of an account. Raises StepFailure if it is not known."""
    if account in api_keys:
        return api_keys[account]
    near = nearest(account, api_keys)
    hint = f"did you mean “{near}”?" if near else "set it in the environment"
    raise StepFailure(f"the API key of the account “{account}” is not known: {hint}", final=True)

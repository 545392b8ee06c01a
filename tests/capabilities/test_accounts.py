from __future__ import annotations

import pytest

from harness.capabilities.accounts import api_key
from harness.errors import StepFailure

KEYS = {"default": "k1", "elite": "k2"}


def test_the_key_of_an_account() -> None:
    assert api_key(KEYS, "elite") == "k2"


@pytest.mark.parametrize(
    ("account", "hint"), [("elit", "did you mean “elite”?"), ("x", "set it in the environment")]
)
def test_a_key_that_is_not_known(account: str, hint: str) -> None:
    with pytest.raises(StepFailure) as failure:
        api_key(KEYS, account)
    assert failure.value.summary == f"the API key of the account “{account}” is not known: {hint}"
    assert failure.value.final

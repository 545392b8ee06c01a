"""The service gets made-up keys, and the upstream those that they stand for."""

from __future__ import annotations

from pathlib import Path

from multidict import CIMultiDict

from harness.recorder.keys import with_made_up_keys
from harness.settings import AccountSettings, Settings
from mock_nrfcloud.upstream import Keys

ENVIRON = {"NRFCLOUD_API_KEY": "the-first-key", "ACME_KEY": "the-other-key", "TOKEN": "a-token"}
ONE = {"default": AccountSettings("NRFCLOUD_API_KEY")}
TWO = {**ONE, "acme": AccountSettings("ACME_KEY")}


def sent(keys: Keys, key: str) -> str:
    headers = CIMultiDict({"Authorization": f"Bearer {key}"})
    keys.exchange(headers)
    return headers["Authorization"].removeprefix("Bearer ")


def test_each_account_has_a_made_up_key() -> None:
    made, keys, secrets = with_made_up_keys(
        Settings(accounts=TWO, root=Path(), secrets={**ENVIRON}), ENVIRON
    )
    first, other = made.secrets["NRFCLOUD_API_KEY"], made.secrets["ACME_KEY"]
    assert len({first, other, *ENVIRON.values()}) == 5
    assert made.secrets["TOKEN"] == "a-token"
    assert (sent(keys, first), sent(keys, other)) == ("the-first-key", "the-other-key")
    assert sent(keys, "unknown") == "unknown"
    assert secrets == {first, other, *ENVIRON.values()}


def test_one_account_has_the_key_for_whatever_is_sent() -> None:
    _, keys, _ = with_made_up_keys(Settings(accounts=ONE), ENVIRON)
    assert sent(keys, "unknown") == "the-first-key"


def test_without_a_key_nothing_is_exchanged_and_what_is_short_is_no_secret() -> None:
    made, keys, secrets = with_made_up_keys(
        Settings(accounts=ONE, secrets={"NRFCLOUD_API_KEY": "x"}), {"NRFCLOUD_API_KEY": ""}
    )
    assert made.secrets == {"NRFCLOUD_API_KEY": "x"}
    assert sent(keys, "x") == "x"
    assert not secrets

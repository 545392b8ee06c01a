"""API keys in a recording: the service gets made-up ones, the upstream the real ones. Pure, but for
chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_hex

from harness.core.secret_rules import SURE
from harness.settings import Settings
from mock_nrfcloud.upstream import Keys


def with_made_up_keys(
    settings: Settings, environ: Mapping[str, str]
) -> tuple[Settings, Keys, frozenset[str]]:
    """Settings of which the service gets made-up API keys, what these stand for, and all secrets
    (but for those that are so short that they are none)."""
    names = {account.api_key_env for account in settings.accounts.values()}
    real = {name: environ[name] for name in names if environ.get(name)}
    made_up = {name: token_hex(20) for name in real}
    only = next(iter(real.values())) if len(real) == 1 else None
    keys = Keys({made_up[name]: key for name, key in real.items()}, only)
    secrets = {**settings.secrets, **made_up}
    every = frozenset(each for each in (*secrets.values(), *real.values()) if len(each) >= SURE)
    return replace(settings, secrets=secrets), keys, every

"""Why a host cannot be reached, as an answer."""

from __future__ import annotations

from mock_nrfcloud.proxy.refusal import unreachable
from mock_nrfcloud.proxy.targets import Target


def test_a_host_that_is_silent_and_one_that_cannot_be_reached_differ() -> None:
    target = Target("::1", 443)
    silent, gone = unreachable(target, TimeoutError()), unreachable(target, OSError("no route"))
    assert (silent.status, str(silent)) == (504, "[::1]:443 does not answer")
    assert (gone.status, str(gone)) == (502, "[::1]:443 cannot be reached: no route")

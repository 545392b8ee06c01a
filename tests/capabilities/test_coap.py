from __future__ import annotations

import sys

import pytest

from harness.capabilities.coap import Coap
from harness.drivers.loop import LoopThread
from harness.errors import StepFailure
from mock_nrfcloud.client import InProcessMock


def test_what_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "mock_nrfcloud.coap.endpoint", raising=False)
    monkeypatch.setitem(sys.modules, "cbor2", None)
    with LoopThread() as loop:
        coap = Coap(loop, InProcessMock())
        with pytest.raises(StepFailure, match=r"CoAP needs cbor2: .* 'nrfcloud-bdd\[coap\]'"):
            coap.ask("d1", "POST", "/msg/d2c", [])
        coap.close()

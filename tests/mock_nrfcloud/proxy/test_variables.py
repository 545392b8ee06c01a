"""The variables that lead a program to a proxy."""

from __future__ import annotations

import urllib.request
from pathlib import Path

import pytest

from mock_nrfcloud.proxy.variables import variables


def test_python_finds_the_proxy_and_goes_past_it_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in variables("http://127.0.0.1:8080", Path("/ca.pem")).items():
        monkeypatch.setenv(name, value)
    assert urllib.request.getproxies()["https"] == "http://127.0.0.1:8080"
    assert urllib.request.proxy_bypass("127.0.0.1:3000")
    assert not urllib.request.proxy_bypass("api.nrfcloud.com")


def test_every_variable_is_in_the_manual() -> None:
    page = (Path(__file__).parents[3] / "docs" / "mock.md").read_text()
    for name in variables("http://127.0.0.1:8080", Path("/ca.pem")):
        assert name.upper() in page

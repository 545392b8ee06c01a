"""The world of a run that sends on what no stub answers."""

from __future__ import annotations

import urllib.error
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest

from harness.core.http_text import HttpResponse
from harness.errors import SettingsError, UsageError
from harness.recorder.completing import completing_world
from harness.settings import Settings, load
from mock_nrfcloud.client import Stub
from mock_nrfcloud.values import ROOT_HOST
from tests.recorder.cloud import cloud


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(tmp_path / "nrfcloud-bdd.toml", {}, {})


def test_a_stub_answers_before_the_upstream_does(settings: Settings) -> None:
    with cloud() as upstream:
        world = completing_world(settings, {}, {ROOT_HOST: upstream.url}).start()
        try:
            world.loop.call(world.mock.begin())
            stub = Stub("GET", "/v1/firmwares", HttpResponse(200, body=b"stubbed"))
            url = f"{world.mock.url}/v1/firmwares"
            with urllib.request.urlopen(url) as answer:
                assert b"v2.0.1" in answer.read()
            world.loop.call(world.mock.add(stub))
            with urllib.request.urlopen(url) as answer:
                assert answer.read() == b"stubbed"
        finally:
            world.close()


def test_without_an_upstream_nothing_is_sent_anywhere(settings: Settings) -> None:
    world = completing_world(settings, {}, {}).start()
    try:
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"{world.mock.url}/v1/firmwares")
    finally:
        world.close()


def test_a_mock_elsewhere_cannot_send_on(settings: Settings) -> None:
    elsewhere = replace(settings, mock=replace(settings.mock, url="http://127.0.0.1:9"))
    with pytest.raises(UsageError, match="needs a mock in the process of the run"):
        completing_world(elsewhere, {}, {ROOT_HOST: "http://127.0.0.1:1"})


def test_a_rule_that_is_no_jsonpath_is_told_before_anything_runs(settings: Settings) -> None:
    wrong = replace(settings, report=replace(settings.report, redact=("$[",)))
    with pytest.raises(SettingsError, match="is no JSONPath"):
        completing_world(wrong, {}, {})

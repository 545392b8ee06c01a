"""The flag `--upstream` of `record` and `run`."""

from __future__ import annotations

import argparse


def upstream(text: str) -> tuple[str, str]:
    """`[HOST=]URL` as host and URL."""
    from harness.errors import BddError  # late, as below: most runs have no upstream
    from mock_nrfcloud.proxy.targets import absolute_target
    from mock_nrfcloud.values import ROOT_HOST

    host, equals, url = text.partition("=")
    if not equals or "/" in host:
        host, url = ROOT_HOST, text
    try:
        absolute_target(url)
        is_url = url.startswith(("http://", "https://")) and not any(each in url for each in "?#@ ")
    except BddError:
        is_url = False
    if not is_url:
        raise argparse.ArgumentTypeError(f"{text!r} is no URL such as https://api.nrfcloud.com")
    return host.lower(), url.rstrip("/")

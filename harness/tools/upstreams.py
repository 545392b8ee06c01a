"""The flag `--upstream` of `record` and `run`."""

from __future__ import annotations

import argparse


def upstream(text: str) -> tuple[str, str]:
    """`[HOST=]URL` as host and URL."""
    host, equals, url = text.partition("=")
    if not equals or "/" in host:
        from mock_nrfcloud.values import ROOT_HOST  # late: most runs have no upstream

        host, url = ROOT_HOST, text
    if not url.startswith(("http://", "https://")) or any(each in url for each in "?#@ "):
        raise argparse.ArgumentTypeError(f"{text!r} is no URL such as https://api.nrfcloud.com")
    return host.lower(), url.rstrip("/")

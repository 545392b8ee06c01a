"""Workflow commands: lines of a log that GitHub Actions shows at the lines of files. Pure.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Mapping

from harness.core.showing import visible


def command(name: str, fields: Mapping[str, object], text: str) -> str:
    """A command (`error`, `warning`) with its fields (`file`, `line`, `col`, `title` …)."""
    written = ",".join(f"{key}={_property(str(value))}" for key, value in fields.items())
    return f"::{name} {written}::{_data(text)}"


def _data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")

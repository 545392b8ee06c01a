"""The step library, for what needs no editor."""

from __future__ import annotations

from tests.lint.conftest import library as library

"""What the tests of the FOTA twin have in common."""

from __future__ import annotations

import pytest

from tests.mock_nrfcloud.fota.playing import Played


@pytest.fixture
def played() -> Played:
    """A twin in a world of its own."""
    return Played()

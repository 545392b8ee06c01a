"""Behave's hooks. They come from the harness; put your own here, and call the harness's in them."""

from harness.session import (  # noqa: F401 - Behave finds hooks by their names
    after_all,
    after_feature,
    before_all,
    before_feature,
    before_scenario,
)

"""Placeholders of the settings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.core.braces import fill, fill_values
from harness.errors import SettingsError

KNOWN = {"port": "80", "service_url": "http://{host}", "mock_url": "http://m"}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("", ""),
        ("plain", "plain"),
        ("{port}:{port}", "80:80"),
        ("{{port}}", "{port}"),
        ("{{{port}}}", "{80}"),
        ("{{}}", "{}"),
        ("{service_url}", "http://{host}"),  # what was filled in is not looked at again
        ("${{x}}", "${x}"),
    ],
)
def test_fill(text: str, filled: str) -> None:
    assert fill(text, KNOWN) == filled


@given(st.text())
def test_doubled_braces_give_any_text(text: str) -> None:
    assert fill(text.replace("{", "{{").replace("}", "}}"), {}) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{servce_url}", "values.A: there is no {servce_url}: did you mean {service_url}?"),
        ("{x}", "values.A: there is no {x}: known here: port, service_url, mock_url"),
        ("{}", "values.A: there is no {}: known here: port, service_url, mock_url"),
        ("{port", "values.A: a single {: write {{ for a brace"),
        ("port}", "values.A: a single }: write }} for a brace"),
        ('{"a": {port}}', "values.A: a single {: write {{ for a brace"),
    ],
)
def test_what_cannot_be_filled(text: str, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        fill(text, KNOWN, "values.A")
    assert str(caught.value) == message


def test_an_error_without_a_key() -> None:
    with pytest.raises(SettingsError, match=r"^there is no \{x\}: known here: port"):
        fill("{x}", KNOWN)


def test_fill_values_goes_into_every_text_but_no_key() -> None:
    values = {"a": "{port}", "{port}": [1, None, True, {"b": "{port}!"}], "c": 2.5}
    assert fill_values(values, KNOWN) == {
        "a": "80",
        "{port}": [1, None, True, {"b": "80!"}],
        "c": 2.5,
    }


def test_fill_values_names_the_key() -> None:
    with pytest.raises(SettingsError, match=r"^values\.a\[1\]\.b: there is no \{x\}"):
        fill_values({"a": ["", {"b": "{x}"}]}, KNOWN)

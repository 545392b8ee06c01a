"""What is wrong with JSON, in words."""

from __future__ import annotations

import msgspec
import pytest

from mock_nrfcloud.wire import shapes
from mock_nrfcloud.wire.field_errors import field_error


@pytest.mark.parametrize(
    ("text", "path", "message"),
    [
        ("{}", "$", "Object missing required field `request`"),
        ("[]", "$", "Expected `object`, got `array`"),
        (
            '{"request": {"method": "GET", "urlPth": "/"}}',
            "$.request",
            'Object contains unknown field `urlPth`: did you mean "urlPath"?',
        ),
        (
            '{"request": {"method": "GET", "qqqq": "/"}}',
            "$.request",
            "Object contains unknown field `qqqq`",
        ),
        (
            '{"request": {"method": "GET"}, "response": {"status": 1000}}',
            "$.response.status",
            "Expected `int` <= 599",
        ),
    ],
)
def test_the_path_stands_apart(text: str, path: str, message: str) -> None:
    with pytest.raises(msgspec.ValidationError) as caught:
        msgspec.json.decode(text, type=shapes.NewMapping)
    assert field_error(caught.value) == shapes.FieldError(path=path, message=message)

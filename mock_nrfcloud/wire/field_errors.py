"""What is wrong with JSON that does not have the right shape, for a person. Pure."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct, ValidationError

from harness.core.nearest import did_you_mean
from mock_nrfcloud.wire import shapes

_MEMBERS: Final = {
    name
    for each in vars(shapes).values()
    if isinstance(each, type) and issubclass(each, Struct)
    for name in each.__struct_encode_fields__
}


def field_error(error: ValidationError) -> shapes.FieldError:
    """What msgspec says in one text, with the path apart."""
    message, _, path = str(error).partition(" - at `")
    if unknown := re.search(r"unknown field `(.*)`", message, re.DOTALL):
        near = did_you_mean(unknown[1], _MEMBERS)
        message += f": {near}" if near else ""
    return shapes.FieldError(path=path.removesuffix("`") or "$", message=message)

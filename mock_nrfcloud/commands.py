"""Commands to twins: from JSON to typed values. Pure.

A command is a JSON object whose `do` names its kind. Each twin has its kinds, as msgspec structs
that stand below `CommandKind`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct, ValidationError, convert

from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.twins import Command


class CommandKind(Struct, frozen=True, tag_field="do", tag=str.lower, forbid_unknown_fields=True):
    """A kind of command; `do` is the name of the class in lower case."""


T = TypeVar("T", bound=CommandKind)


def decoded(command: Command, kinds: Sequence[type[T]]) -> T:
    """A command as one of these kinds. Raises BddError that says what is wrong with it."""
    known = {str(kind.__struct_config__.tag): kind for kind in kinds}
    name = str(command.get("do", ""))
    kind = known.get(name)
    if kind is None:
        hint = did_you_mean(name, known) or f"there are: {', '.join(known)}"
        raise BddError(f'there is no command "do": {name[:100]!r}', hint=hint)
    try:
        return convert(command, kind)
    except ValidationError as error:
        message, _, path = str(error).partition(" - at `$.")
        where = f"{name}: " + (f"{path.removesuffix('`')}: " if path else "")
        unknown = re.search(r"unknown field `(.*)`", message, re.DOTALL)
        hint = did_you_mean(unknown[1], kind.__struct_encode_fields__) if unknown else ""
        raise BddError(where + message[:200], hint=hint) from None

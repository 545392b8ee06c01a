"""Commands to twins: from JSON to typed values. Pure.

A command is a JSON object whose `do` names its kind. Each twin has its kinds, as msgspec structs
that stand below `CommandKind`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct, ValidationError, convert, inspect, json

from harness.core.nearest import did_you_mean
from harness.errors import BddError
from mock_nrfcloud.twins import Command


class CommandKind(Struct, frozen=True, tag_field="do", tag=str.lower, forbid_unknown_fields=True):
    """A kind of command; `do` is the name of the class in lower case."""


T = TypeVar("T", bound=CommandKind)


def decoded(command: Command, kinds: Sequence[type[T]]) -> T:
    """A command as one of these kinds. Raises BddError that says what is wrong with it."""
    _check_json(command)
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
        member = path.removesuffix("`")
        where = f"{name}: " + (f"{member}: " if member else "")
        raise BddError(where + message[:200], hint=_hint(kind, member, message)) from None


def _check_json(command: Command) -> None:
    """Python's JSON reads more than others can write: what could not go to a mock elsewhere."""
    try:
        json.encode(command)
    except UnicodeEncodeError as error:
        what = f"there is half of a character, {error.object[error.start]!a}"
        raise BddError(what, hint="write whole characters") from None
    except RecursionError:
        raise BddError("it is nested too deeply") from None


def _hint(kind: type[CommandKind], member: str, message: str) -> str:
    """What to do about what msgspec says is wrong with a member."""
    wrong = re.search(r"(?:unknown field|enum value) [`'](.*)[`']", message, re.DOTALL)
    if wrong is None:
        return ""
    if not member:
        return did_you_mean(wrong[1], kind.__struct_encode_fields__)
    shape = inspect.type_info(kind)
    assert isinstance(shape, inspect.StructType)
    (chosen,) = [_choices(each.type) for each in shape.fields if each.encode_name == member] or [[]]
    return did_you_mean(wrong[1], chosen) or f"there are: {', '.join(chosen)}"


def _choices(shape: inspect.Type) -> list[str]:
    """What a member of few possible values can be."""
    match shape:
        case inspect.EnumType(cls=cls):
            return [str(each.value) for each in cls]
        case inspect.LiteralType(values=values):
            return [str(each) for each in values]
        case inspect.UnionType(types=types):
            return [each for part in types for each in _choices(part)]
    return []

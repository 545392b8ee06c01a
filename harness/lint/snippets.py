"""A step definition to begin with, for a step that has none. Pure."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_PARAMETER: Final = re.compile(
    r"(?<!`)(?P<ticks>`+)(?!`)(?P<code>.+?)(?<!`)(?P=ticks)(?!`)|\$\{\w+\}"
)
_VALUE: Final = re.compile(r"\s*\$\{([A-Za-z_]\w*)\}\s*", re.ASCII)
_SPECIAL: Final = re.compile(r"[\\.^$*+?{}\[\]|()]")


class _Part(NamedTuple):
    """Text of a title, and the parameter behind it, if there is one; whether that is code."""

    text: str
    name: str
    is_code: bool


def snippet(title: str, *, has_block: bool, has_table: bool) -> list[str]:
    """The lines of a Python file with a definition for the step; code spans are its parameters."""
    parts = list(_parts(title))
    names = [part.name for part in parts if part.name]
    if any(_marks(part.text) for part in parts):
        matcher, phrase = "re", "".join(map(_regex, parts)) + "$"
    else:
        matcher, phrase = "phrase", "".join(map(_phrase, parts))
    body = "raise NotImplementedError"
    if has_block or has_table:
        body += f"  # below the step: context.{'text' if has_block else 'table'}"
    return [
        "from behave import step, use_step_matcher",
        "",
        f'use_step_matcher("{matcher}")',
        "",
        "",
        f"@step({_literal(phrase)})",
        f"def {_function(parts, names)}({', '.join(('context', *names))}):",
        f"    {body}",
    ]


def _parts(title: str) -> Iterator[_Part]:
    taken: list[str] = ["context"]
    end = 0
    for span in _PARAMETER.finditer(title):
        value = _VALUE.fullmatch(span["code"] or span[0])
        base = value[1] if value and not keyword.iskeyword(value[1]) else "value"
        name, number = base, 2
        while name in taken:
            name, number = f"{base}_{number}", number + 1
        taken.append(name)
        yield _Part(title[end : span.start()], name, span["code"] is not None)
        end = span.end()
    yield _Part(title[end:], "", False)


def _marks(text: str) -> bool:
    """Whether a text has what means more in a phrase."""
    return any(mark in text for mark in "[]{}")


def _phrase(part: _Part) -> str:
    name = f"{{{part.name}}}" if part.name else ""
    return part.text + (f"`{name}`" if part.is_code else name)


def _regex(part: _Part) -> str:
    text = _SPECIAL.sub(lambda found: f"\\{found[0]}", part.text)
    if part.is_code:
        return f"{text}`(?P<{part.name}>[^`]+)`"
    return f"{text}(?P<{part.name}>.+)" if part.name else text


def _literal(text: str) -> str:
    if '"' in text or text.endswith("\\") or not text.isprintable():
        return repr(text)
    return f'r"{text}"' if "\\" in text else f'"{text}"'


def _function(parts: list[_Part], names: list[str]) -> str:
    text = "".join(part.text for part in parts).lower()
    words = re.sub(r"\W+", "_", text, flags=re.ASCII)[:40].strip("_")
    name = words if words.isidentifier() else f"step_{words}".strip("_")
    return f"{name}_" if keyword.iskeyword(name) or name in names else name

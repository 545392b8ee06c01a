"""Placeholders of the settings: `{name}` in a command, a URL, a value.

(Those of scenarios, `${…}`, are another thing: harness.core.template.) Pure. May import only the
errors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from harness.core.nearest import nearest
from harness.errors import SettingsError

_BRACES = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")


def fill(text: str, known: Mapping[str, str], key: str = "") -> str:
    """`text` with `{name}` replaced by what is known of that name; `{{` and `}}` are braces.

    Raises SettingsError that names `key`, the setting in which the text stands.
    """
    where = f"{key}: " if key else ""

    def replacement(match: re.Match[str]) -> str:
        found, name = match[0], match[1]
        if found in ("{{", "}}"):
            return found[0]
        if name is None:
            raise SettingsError(f"{where}a single {found}", hint=f"write {found * 2} for a brace")
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {{{near}}}?" if near else f"known here: {', '.join(known)}"
            raise SettingsError(f"{where}there is no {{{name}}}", hint=hint)
        return known[name]

    return _BRACES.sub(replacement, text)


def fill_values(values: object, known: Mapping[str, str], key: str = "values") -> object:
    """`fill` on every text of a JSON value, keys left as they are."""
    match values:
        case str():
            return fill(values, known, key)
        case Mapping():
            return {
                name: fill_values(each, known, f"{key}.{name}") for name, each in values.items()
            }
        case list():
            return [fill_values(each, known, f"{key}[{i}]") for i, each in enumerate(values)]
    return values

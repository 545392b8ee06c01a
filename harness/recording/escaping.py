"""Data written into code blocks so that it stands for itself: no part of it is a placeholder, a
variant, or a marker (docs/placeholders.md, docs/matching.md).

Pure. May import nothing but harness.core.
"""

from __future__ import annotations

import json
import re
from typing import Final

from harness.core.markers import MarkerError
from harness.core.markers import parse as parse_marker

_TAKEN: Final = re.compile(r"\$(?=\{)|<(?=variant\.)")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff]")
"""Control characters, and halves of a character (JSON may have one alone): no file has them."""
_NUMBER: Final = "$number{"


def plain(text: str) -> str:
    """Text outside of JSON: a head, a body that is no JSON."""
    text = _TAKEN.sub(r"${'\g<0>'}", text)
    return _CONTROL.sub(lambda found: f"${{'\\u{ord(found[0]):04x}'}}", text)


def json_string(text: str, *, begins: bool = False) -> str:
    """What stands between the quotes of a JSON string; `begins` if it is what the string begins
    with, and more follows."""
    inner = json.dumps(text, ensure_ascii=False)[1:-1]
    inner = _CONTROL.sub(lambda found: f"\\u{ord(found[0]):04x}", inner)
    inner = _TAKEN.sub(r"${'\g<0>'}", inner)
    if begins and inner.startswith(("#", _NUMBER)):
        return f"\\u{ord(inner[0]):04x}{inner[1:]}"
    return inner


def whole_json_string(text: str) -> str:
    """A string of JSON with its quotes."""
    return f'"{json_string(text, begins=is_marker(text) or text.startswith(_NUMBER))}"'


def is_marker(text: str) -> bool:
    """Whether a string in expected JSON would be taken for a marker, or for one that is wrong."""
    if not text.startswith("#"):
        return False
    try:
        return parse_marker(text) is not None
    except MarkerError:
        return True

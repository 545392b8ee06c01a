"""The bodies of messages as what they are: JSON, text, or bytes.

Pure. May import nothing but harness.core.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from harness.core.http_text import Pairs
from harness.recording.prettier import read_written

MAX_BODY: Final = 256 * 1024
"""Bytes of a body in a scenario; nobody reads more."""
OCTETS: Final = "application/octet-stream"


class Body(NamedTuple):
    """A body. `value` is a JSON value (see `read_written`), a str, or bytes.

    `problem` says why it is not all there, or not what its type says.
    """

    kind: Literal["none", "json", "text", "binary"]
    value: object = None
    problem: str = ""


def read_body(headers: Pairs, data: bytes | None) -> Body:
    """The body of a message with these headers."""
    if not data:
        return Body("none")
    problem = ""
    if len(data) > MAX_BODY:
        problem = f"only the first {MAX_BODY:,} of its {len(data):,} bytes are here"
        data = data[:MAX_BODY]
    declared = media_type(headers)
    if declared == OCTETS:
        return Body("binary", data, problem)
    try:
        text = data.decode(errors="ignore" if problem else "strict")
    except UnicodeDecodeError as error:
        return Body("binary", data, problem or _not_text(declared, error))
    if problem or not (is_json(declared) or (not declared and text.lstrip()[:1] in ("{", "["))):
        return Body("text", text, problem)
    try:
        return Body("json", read_written(text))
    except ValueError as error:
        return Body("text", text, f"it is labelled JSON, but is none: {error}" if declared else "")


def media_type(headers: Pairs) -> str:
    """The media type that the headers say, in lower case and without parameters."""
    value = next((value for name, value in headers if name.lower() == "content-type"), "")
    return value.partition(";")[0].strip().lower()


def is_json(declared: str) -> bool:
    """Whether a media type is that of JSON (`application/problem+json`, too)."""
    return declared == "application/json" or declared.endswith("+json")


def _not_text(declared: str, error: UnicodeDecodeError) -> str:
    if declared.startswith("text/") or is_json(declared):
        return f"it is labelled {declared}, but its byte {error.start} is not UTF-8"
    return ""

"""The bodies of messages as what they are: JSON, text, or bytes.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from typing import Final, Literal, NamedTuple

from harness.core.http_text import Pairs
from harness.recording.prettier import read_written

MAX_BODY: Final = 256 * 1024
"""Bytes of a body in a scenario; nobody reads more."""
OCTETS: Final = "application/octet-stream"


class Body(NamedTuple):
    """A body. `value` is a JSON value (see `read_written`), a str, or bytes.

    `problem` says why it is not all there, or not what its type says; it `is_exact` if a block can
    say what it was.
    """

    kind: Literal["none", "json", "text", "binary"]
    value: object = None
    problem: str = ""
    is_exact: bool = True


def read_body(headers: Pairs, data: bytes | None) -> Body:
    """The body of a message with these headers."""
    if not data:
        return Body("none")
    declared = media_type(headers)
    if len(data) > MAX_BODY:
        problem = f"only the first {MAX_BODY:,} of its {len(data):,} bytes are here"
        return _cut(declared, data[:MAX_BODY])._replace(problem=problem, is_exact=False)
    if declared == OCTETS:
        return Body("binary", data)
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return Body("binary", data, _not_text(declared, error), is_exact=False)
    if not (is_json(declared) or (not declared and text.lstrip()[:1] in ("{", "["))):
        return Body("text", text)
    try:
        return Body("json", read_written(text))
    except ValueError as error:
        return Body("text", text, f"it is labelled JSON, but is none: {error}" if declared else "")


def _cut(declared: str, data: bytes) -> Body:
    """The beginning of a body: text, if it can be."""
    try:
        # This bears that the last character is cut in the middle.
        text = getincrementaldecoder("utf-8")().decode(data)
    except UnicodeDecodeError:
        return Body("binary", data)
    return Body("binary", data) if declared == OCTETS else Body("text", text)


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
    return f"it is not text: its bytes can only be written as {OCTETS}"

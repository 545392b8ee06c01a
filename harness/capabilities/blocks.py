"""The code block of a step as the value that the step needs, or an error at its line.

Pure. What is wrong in a block is `final`: trying the step again cannot mend it.

Step files import this, also in a dry run, which reads no block: what HTTP needs is imported late.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from harness.core.json_text import JsonTextError, read_json
from harness.errors import StepFailure

if TYPE_CHECKING:
    from harness.core.http_text import HttpRequest, HttpResponse, HttpTextError

    Table = Any  # Behave's, which ships no types

SHOWN = 200
"""Characters of a line that a failure shows."""

MEDIA_TYPES = {
    "json": "application/json",
    "form": "application/x-www-form-urlencoded",
    "xml": "application/xml",
    "csv": "text/csv",
    "html": "text/html",
}


def need_block(block: str | None, what: str) -> str:
    """The block; raises StepFailure if there is none. `what` says what should be there."""
    if block is None:
        raise StepFailure(f"this step needs {what} below it", final=True)
    return block


def json_block(block: str | None) -> object:
    """The JSON value of the block (see `harness.core.json_text`)."""
    text = need_block(block, "a code block marked `json`")
    try:
        return read_json(text)
    except JsonTextError as error:
        raise StepFailure(error.what, final=True, position=error.position) from None


def expected_block(block: str | None) -> object:
    """The JSON value of the block, with its markers (see `harness.core.markers`)."""
    value = json_block(block)
    return _with_markers(block or "", value)


def expected_text(block: str | None) -> str:
    """The JSON text of the block, which has been tried: it tells markers from data (a twin's)."""
    expected_block(block)
    return str(block)  # nothing but a str: Behave's own kind is not known to what writes JSON


def _with_markers(text: str, value: object, before: str = "") -> object:
    """The value of a JSON text with its markers; `before` is what precedes it in the block."""
    from harness.core.markers import MarkerError, with_markers

    try:
        return with_markers(text, value)
    except MarkerError as error:
        before += text[: error.offset]
        position = before.count("\n") + 1, len(before) - before.rfind("\n")
        raise StepFailure(error.what, final=True, position=position) from None


def body_block(body: str | None, kind: str) -> tuple[bytes | None, str | None]:
    """A block as the bytes and the media type that are sent.

    `json` is checked; `form` has a `name=value` a line; a kind with a `/` is itself the media
    type. Anything else is text.
    """
    if body is None:
        return None, None
    name = kind.split(" ")[0].lower()
    if name == "json":
        json_block(body)
    if name == "form":
        from urllib.parse import urlencode

        body = urlencode(
            [_field(line, at) for at, line in enumerate(body.split("\n"), 1) if line.strip()]
        )
    media_type = name if "/" in name and name != "text/plain" else MEDIA_TYPES.get(name)
    # A lone surrogate has no UTF-8: it is sent as the escape that stands for it in JSON.
    return body.encode(errors="backslashreplace"), media_type or "text/plain; charset=utf-8"


def request_block(block: str | None) -> HttpRequest:
    """The HTTP request that the block writes out; a JSON body may have markers."""
    from harness.core.http_text import HttpTextError, json_value, parse_request

    text = need_block(block, "a code block with an HTTP request")
    try:
        request = parse_request(text)
    except HttpTextError as error:
        raise _malformed(error, "request") from None
    with suppress(ValueError):  # it need not be JSON
        value = json_value(request.body or b"")
        body = (request.body or b"").decode()
        _with_markers(body, value, text[: -len(body)])
    return request


def request_rows(table: Table | None) -> list[HttpRequest]:
    """The HTTP requests that a table has: `METHOD /path?query` in the column `request`, and, if
    there is one, a body in the column `body`, which has no markers. Cells may be code spans."""
    from harness.core.http_text import HttpTextError, parse_request

    columns = list(table.headings) if table is not None else []
    if table is None or not table.rows or "request" not in columns:
        raise StepFailure(
            "this step needs a table of requests below it: a column `request`, and perhaps `body`",
            final=True,
        )
    unknown = [name for name in columns if name not in ("request", "body")]
    if unknown:
        raise StepFailure(
            f"the table has the column `{unknown[0]}`: there are only `request` and `body`",
            final=True,
        )
    found = []
    for row in table.rows:
        cells = {name: row[name].strip("` ") for name in columns}
        body = f"\n\n{_plain(cells['body'])}" if cells.get("body") else ""
        try:
            found.append(parse_request(cells["request"] + body))
        except HttpTextError as error:
            hint = f": {error.hint}" if error.hint else ""
            what = f"`{cells['request'][:SHOWN]}` is no request: {error.what}{hint}"
            raise StepFailure(what, final=True) from None
    return found


def _plain(body: str) -> str:
    """The body of a cell. Nobody can tell what in a cell came from data: none of it is a marker."""
    from harness.core.http_text import json_value
    from harness.core.markers import as_literals

    with suppress(ValueError):  # it need not be JSON
        json_value(body.encode(errors="backslashreplace"))
        return as_literals(body, [(0, len(body))])
    return body


def response_block(block: str | None) -> HttpResponse:
    """The HTTP response that the block writes out."""
    from harness.core.http_text import HttpTextError, parse_response

    text = need_block(block, "a code block with an HTTP response")
    try:
        return parse_response(text)
    except HttpTextError as error:
        raise _malformed(error, "response") from None


def place_in_response(response: HttpResponse, path: str) -> tuple[int, int] | None:
    """Where a part of a response (`$.response.body.items[0]`) stands in the block that it was
    written in: the start line, a line for each header, an empty line, the body."""
    from harness.core.json_places import parts_of, position

    match parts_of(path):
        case ("response", "status"):
            return 1, len("HTTP/1.1 ") + 1
        case ("response", "headers", name):
            names = [each.lower() for each, _ in response.headers]
            return (names.index(str(name).lower()) + 2 if str(name).lower() in names else 1), 1
        case ("response", "body", *parts):
            try:
                response.json()
                line, column = position(response.text, parts)
            except ValueError:
                line, column = 1, 1
            return len(response.headers) + 2 + line, column
    return None


def _malformed(error: HttpTextError, what: str) -> StepFailure:
    return StepFailure(
        f"the HTTP {what} is malformed: {error.what}" + (f": {error.hint}" if error.hint else ""),
        final=True,
        position=(error.line, error.column),
    )


def _field(line: str, number: int) -> tuple[str, str]:
    name, equals, value = line.partition("=")
    if not equals:
        raise StepFailure(
            f"“{line.strip()[:SHOWN]}” is no field of a form: write `name=value` a line",
            final=True,
            position=(number, 1),
        )
    return name.strip(), value.strip()

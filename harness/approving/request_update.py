"""The smallest changes that make an expected HTTP request one that was seen.

Headers and query parameters that still hold stay as they are written; so does the body as far as
`json_update` leaves it.

Pure. May import nothing but harness.core and the rest of this package.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Final
from urllib.parse import quote, unquote

from harness.approving.changes import Changes, Span, cuts
from harness.approving.json_update import update_json
from harness.approving.literals import MAX, UnfitError
from harness.core.http_text import HttpRequest, json_value, parse_request_line
from harness.core.json_text import JsonTextError, read_json
from harness.core.markers import with_markers
from harness.core.matching import mismatches

_EMPTY_LINE: Final = re.compile(r"\n[^\S\n]*\n")
_UNFIT: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|^ {0,3}(?:```|~~~)", re.MULTILINE)
"""What a code block of a scenario file does not hold."""
_PATH_SAFE: Final = "!$&'()*+,;=:@~-._"
_QUERY_SAFE: Final = "/!$'()*,;:@~-._"


def update_request(changes: Changes, rendered: str, actual: HttpRequest, *, exact: bool) -> None:
    """Let the request, as it was rendered, be the `actual` one; its body matches or equals.

    Raises what `update_json` raises.
    """
    text = changes.source.filled
    empty = _EMPTY_LINE.search(text)
    head = text if empty is None else text[: empty.start()]
    words = [each.span() for each in re.finditer(r"\S+", head.split("\n", 1)[0])]
    method, (start, end) = words[0], words[1]
    if text[slice(*method)] != actual.method:
        changes.replace(*method, "method", lambda: changes.literals.text(actual.method))
    path_end = start + len(text[start:end].partition("?")[0])
    _update_path(changes, (start, path_end), actual.path)
    _update_query(changes, (path_end, end), actual)
    _update_headers(changes, head, actual)
    if empty is not None:
        _update_body(changes, rendered, empty.end(), actual, exact=exact)


def _update_path(changes: Changes, span: Span, actual: str) -> None:
    """Change the segments of the path that differ."""
    written, seen = changes.source.filled[slice(*span)].split("/"), actual.split("/")
    if len(written) != len(seen):
        changes.replace(*span, "path", lambda: "/".join(_quoted(changes, each) for each in seen))
        return
    start = span[0]
    for expected, segment in zip(written, seen, strict=True):
        end = start + len(expected)
        if unquote(expected) != segment:
            changes.replace(start, end, "path", partial(_quoted, changes, segment))
        start = end + 1


def _quoted(changes: Changes, segment: str) -> str:
    return changes.literals.text(segment, write=partial(quote, safe=_PATH_SAFE))


def _update_query(changes: Changes, span: Span, actual: HttpRequest) -> None:
    """Change the values of parameters, take out those that are not there, add new ones."""
    text = changes.source.filled[slice(*span)]
    left = list(actual.query)
    there: list[Span] = []
    other: list[tuple[Span, str]] = []
    at = span[0] + 1
    for written in text[1:].split("&") if text else ():
        there.append((at, at + len(written)))
        at += len(written) + 1
        pair = next(iter(parse_request_line(f"GET /?{written}")[2]), None)
        if pair in left:
            left.remove(pair)
        elif pair is not None:
            other.append((there[-1], pair[0]))
    gone: list[Span] = []
    for place, name in other:
        same = next((pair for pair in left if pair[0] == name), None)
        if same is None:
            changes.note(f"query {name}", "it is not there, so it is no longer expected")
            gone.append(place)
        else:
            left.remove(same)
            changes.replace(*place, f"query {name}", partial(_parameter, changes, *same))
    all_gone = len(gone) == len(there)
    for start, end in [span] if gone and all_gone else cuts(there, gone):
        changes.replace(start, end, "query", lambda: "")
    for index, (name, value) in enumerate(left):
        sign = "?" if all_gone and not index else "&"
        make = partial(_parameter, changes, name, value, sign)
        changes.replace(span[1], span[1], f"query {name}", make)


def _parameter(changes: Changes, name: str, value: str, sign: str = "") -> str:
    write = partial(quote, safe=_QUERY_SAFE)
    return f"{sign}{write(name)}={changes.literals.text(value, name, write)}"


def _update_headers(changes: Changes, head: str, actual: HttpRequest) -> None:
    """Change the values of the headers that are expected; those that are not there go."""
    at = head.find("\n")
    while at >= 0:
        end = head.find("\n", at + 1)
        end = len(head) if end < 0 else end
        name, _, value = head[at + 1 : end].partition(":")
        values = [each for key, each in actual.headers if key.lower() == name.lower()]
        where = f"header {name}"
        if name.lower() == "host":  # that is the mock's own
            pass
        elif not values:
            changes.note(where, "it is not there, so it is no longer expected")
            changes.replace(at, end, where, lambda: "")
        elif value.strip() not in values:
            start = end - len(value.lstrip())
            make = partial(changes.literals.text, values[0], name)
            changes.replace(start, start + len(value.strip()), where, make)
        at = end if end < len(head) else -1


def _update_body(
    changes: Changes, rendered: str, start: int, actual: HttpRequest, *, exact: bool
) -> None:
    text, write = changes.source.filled, changes.literals
    body = rendered[_body_start(rendered) :]
    try:
        seen = json_value(actual.body or b"{}")
    except ValueError:
        if body.encode(errors="backslashreplace") != actual.body:
            changes.replace(start, len(text), "body", partial(_plain, changes, actual))
        return
    try:
        expected = with_markers(body, read_json(body)) if body.strip() else {}
    except JsonTextError:
        changes.replace(start, len(text), "body", lambda: write.json(write.covered(seen)))
        return
    if body.strip():
        span = start + len(text[start:]) - len(text[start:].lstrip()), len(text.rstrip())
        update_json(changes, expected, seen, span, exact=exact)
    elif mismatches({}, seen, exact=exact):
        changes.replace(len(text), len(text), "body", lambda: write.json(write.covered(seen)))


def _body_start(text: str) -> int:
    empty = _EMPTY_LINE.search(text)
    return empty.end() if empty else len(text)


def _plain(changes: Changes, actual: HttpRequest) -> str:
    """The body as text, if it can stand in a code block."""
    try:
        text = (actual.body or b"").decode()
    except UnicodeDecodeError:
        raise UnfitError("it is no text") from None
    if _UNFIT.search(text) or len(text) > MAX:
        raise UnfitError("it does not fit a code block")
    return changes.literals.text(text)

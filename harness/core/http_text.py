"""HTTP messages written as text in a code block, and the values that they stand for.

    POST /v1/fota-jobs?dry=true HTTP/1.1        HTTP/1.1 200 OK
    Content-Type: application/json              Content-Type: application/json

    {"bundleId": "APP*1e29dfa3*v2.0.0"}         {"jobId": "bc631093"}

A start line, header lines, an empty line, the body. A request's version may be left out. A body
of nothing but hex digits stands for those bytes if the `Content-Type` is written and is
`application/octet-stream`.

Pure: no I/O. May import nothing but harness.errors.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NoReturn
from urllib.parse import parse_qsl, quote, unquote

from harness.errors import BddError

Pairs = tuple[tuple[str, str], ...]
"""Names and values in the order in which they were written; a name may occur more than once."""

_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, 5.6.2
_VERSION: Final = re.compile(r"HTTP/\d(\.\d)?")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")  # what a header's value may not hold
_REGEX: Final = re.compile(r"/.+/[a-z]*", re.DOTALL)
_HEX: Final = re.compile(r"[0-9a-fA-F]*")
_OCTETS: Final = "application/octet-stream"


class HttpTextError(BddError):
    """An HTTP block is malformed; `line` and `column` are 1-based positions in its text."""

    def __init__(self, what: str, line: int, column: int = 1, hint: str = "") -> None:
        super().__init__(what, None, hint)
        self.line = line
        self.column = column

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {super().__str__()}"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A request. `path` and `query` are percent-decoded; `body` is None if none was written."""

    method: str
    path: str
    query: Pairs = ()
    headers: Pairs = ()
    body: bytes | None = None

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, whatever its case."""
        return _header(self.headers, name)

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are shown as escapes."""
        return (self.body or b"").decode(errors="backslashreplace")

    def json(self) -> object:
        """The body as JSON (RFC 8259). Raises ValueError if it is not."""
        return json_value(self.body or b"")


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A response. An empty `reason` stands for the usual one."""

    status: int
    reason: str = ""
    headers: Pairs = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The value of the first header of that name, whatever its case."""
        return _header(self.headers, name)

    @property
    def text(self) -> str:
        """The body as text; bytes that are not UTF-8 are shown as escapes."""
        return self.body.decode(errors="backslashreplace")

    def json(self) -> object:
        """The body as JSON (RFC 8259). Raises ValueError if it is not."""
        return json_value(self.body)


def json_value(body: bytes) -> object:
    """A body as JSON (RFC 8259: no NaN, no Infinity). Raises ValueError that says what is wrong."""
    if not body.strip():
        raise ValueError("the body is empty, not JSON")
    try:
        return json.loads(body, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"the body is not JSON: {error}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"the body is not JSON: byte {error.start} is not UTF-8") from None
    except RecursionError:
        raise ValueError("the body is nested too deeply to be read as JSON") from None


def parse_request_line(text: str) -> tuple[str, str, Pairs]:
    """`POST /v1/fota-jobs?x=y` (a version may follow) as method, path and query.

    The path is percent-decoded as UTF-8; so are names and values of the query, where `+` is a
    space as in HTML forms, except in values written as a regular expression (`/a+b/i`).
    Raises HttpTextError.
    """
    words = [(word.group(), word.start() + 1) for word in re.finditer(r"\S+", text)]
    if len(words) > 2 and _VERSION.fullmatch(words[-1][0]):
        words.pop()
    if not words:
        _fail("the request line is empty", 1, 1, "write METHOD /path")
    method, column = words[0]
    if not _TOKEN.fullmatch(method) or method.startswith("HTTP/"):
        _fail(
            f"{method[:40]!r} is no method", 1, column, "write METHOD /path, as in GET /v1/devices"
        )
    if method != method.upper():
        _fail(f"the method {method!r} is not in upper case", 1, column, f"write {method.upper()}")
    if len(words) == 1:
        _fail("there is no path", 1, len(text.rstrip()) + 1, f"write {method} /path")
    target, column = words[1]
    if not target.startswith("/"):
        _fail(f"{target[:60]!r} is no path", 1, column, "a path begins with /")
    if len(words) > 2:
        _fail("there is a space in the path", 1, words[2][1], "write a space as %20")
    path, _, query = target.partition("?")
    return method, unquote(path), _parse_query(query)


def parse_target(target: str) -> tuple[str, Pairs]:
    """Path and query of a request as it is received (`/a%20b?x=y`), percent-decoded as UTF-8.

    In the query `+` is a space, as in HTML forms. What is not UTF-8 becomes U+FFFD.
    """
    path, _, query = target.partition("?")
    return unquote(path), parse_query(query)


def parse_query(query: str) -> Pairs:
    """The parameters of a query as it is received (without its `?`), decoded as above."""
    return tuple(parse_qsl(query, keep_blank_values=True)) if query else ()


def header_problem(name: str, value: str) -> str | None:
    """What is wrong with a header, if anything."""
    if not _TOKEN.fullmatch(name):
        return f"{name[:60]!r} is no name of a header"
    if _CONTROL.search(value):
        return f"there is a control character in the header {name}"
    return None


def parse_request(text: str) -> HttpRequest:
    """A request block. The body is None if no empty line follows the headers.

    Raises HttpTextError.
    """
    start, headers, body = _parse(text)
    method, path, query = parse_request_line(start)
    return HttpRequest(method, path, query, headers, body)


def parse_response(text: str) -> HttpResponse:
    """A response block. Raises HttpTextError."""
    start, headers, body = _parse(text)
    version, _, rest = start.partition(" ")
    if not _VERSION.fullmatch(version):
        hint = "a response begins like HTTP/1.1 200 OK"
        _fail(f"{version[:40]!r} is no HTTP version", 1, 1, hint)
    status, _, reason = rest.partition(" ")
    column = len(version) + 2
    if not re.fullmatch(r"[2-5][0-9]{2}", status, re.ASCII):
        hint = "write a number from 200 to 599, as in HTTP/1.1 200 OK"
        _fail(f"{status[:40]!r} is no status of a response", 1, column, hint)
    if control := _CONTROL.search(reason):
        column += len(status) + 1 + control.start()
        _fail("there is a control character in the reason", 1, column, "remove it")
    return HttpResponse(int(status), reason.strip(), headers, body or b"")


def format_request(request: HttpRequest) -> str:
    """A request as a block: `parse_request` reads the same request from it.

    (But for a body that is not UTF-8 text: that is shown with escapes, or as hex digits where
    its type is application/octet-stream.)
    """
    query = "&".join(f"{_quote_query(name)}={_quote_query(value)}" for name, value in request.query)
    target = quote(request.path, safe="/!$&'()*+,;=:@~-._") + ("?" + query if query else "")
    return _format(f"{request.method} {target} HTTP/1.1", request.headers, request.body)


def format_response(response: HttpResponse) -> str:
    """A response as a block: `parse_response` reads the same response from it.

    (For bodies that are not text see `format_request`.)
    """
    start = f"HTTP/1.1 {response.status} {response.reason}".rstrip()
    return _format(start, response.headers, response.body or None)


def _parse(text: str) -> tuple[str, Pairs, bytes | None]:
    """Start line, headers, body."""
    head, separator, body = _split_head(text)
    start, *lines = head
    if not start.strip():
        _fail("the first line is empty", 1, 1, "begin with the start line")
    headers = tuple(_parse_header(line, number) for number, line in enumerate(lines, 2))
    if not separator:
        return start, headers, None
    return start, headers, _body_bytes(body, headers, len(head) + 2)


def _split_head(text: str) -> tuple[list[str], bool, str]:
    """The lines up to the first empty one, whether there is one, and what follows it."""
    head: list[str] = []
    position = 0
    while position <= len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        line = text[position:end].removesuffix("\r")
        position = end + 1
        if head and not line.strip():
            return head, True, text[position:]
        head.append(line)
    return head, False, ""


def _parse_header(line: str, number: int) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not _TOKEN.fullmatch(name):
        hint = "a header is `Name: value`, and an empty line stands between headers and body"
        _fail(f"{line[:60]!r} is no header", number, 1, hint)
    if problem := header_problem(name, value):
        _fail(problem, number, len(name) + 2, "remove it")
    return name, value.strip(" \t")


def _body_bytes(body: str, headers: Pairs, line: int) -> bytes:
    digits = body.strip()
    if _is_octets(headers) and _HEX.fullmatch(digits):
        if len(digits) % 2:
            hint = "write two digits for each byte"
            _fail("the body has an odd number of hex digits", line, 1, hint)
        return bytes.fromhex(digits)
    # A lone surrogate has no UTF-8: it is sent as the escape that a person sees.
    return body.encode(errors="backslashreplace")


def _format(start: str, headers: Pairs, body: bytes | None) -> str:
    head = "\n".join((start, *(f"{name}: {value}".rstrip(" ") for name, value in headers)))
    if body is None:
        return head
    text = body.hex() if _is_octets(headers) else body.decode(errors="backslashreplace")
    return f"{head}\n\n{text}"


def _is_octets(headers: Pairs) -> bool:
    content_type = _header(headers, "Content-Type") or ""
    return content_type.partition(";")[0].strip().lower() == _OCTETS


def _header(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    name = name.lower()
    return next((value for each, value in headers if each.lower() == name), None)


def _parse_query(query: str) -> Pairs:
    pairs: list[tuple[str, str]] = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        if _REGEX.fullmatch(value):
            value = value.replace("+", "%2B")
        pairs += parse_qsl(f"{name}={value}", keep_blank_values=True) if part else ()
    return tuple(pairs)


def _quote_query(text: str) -> str:
    return quote(text, safe="/!$'()*,;:@~-._")


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"the body is not JSON: {name} is no JSON number")


def _fail(what: str, line: int, column: int, hint: str) -> NoReturn:
    raise HttpTextError(what, line, column, hint)

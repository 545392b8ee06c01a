"""What an operation of the admin API is, and the table of them.

The table is what requests are dispatched by and what the OpenAPI document is made from. Operations
are plain functions of what was asked; they know nothing of HTTP but the status that a refusal has.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from msgspec import Struct

from mock_nrfcloud.mqtt.serving import Mqtt
from mock_nrfcloud.space import Space
from mock_nrfcloud.spaces import Spaces
from mock_nrfcloud.wire import shapes

LOOK_SECONDS: Final = 1.0
"""After how long it is looked whether the client of a long poll is still there."""
T = TypeVar("T")


class Refusal(Exception):  # noqa: N818 - what it is
    """An operation cannot be done: the status, and what a person needs to know.

    `errors` say which members are wrong, `allow` which methods there are,
    `kind` is the type of the problem detail.
    """

    def __init__(
        self,
        status: int,
        title: str,
        detail: str = "",
        *,
        errors: Sequence[shapes.FieldError] = (),
        allow: str = "",
        kind: str = "about:blank",
    ) -> None:
        super().__init__(status, title, detail)
        self.status = status
        self.title = title
        self.detail = detail
        self.errors = list(errors)
        self.allow = allow
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Asked:
    """What an operation is asked for: `body` and `query` are of the types that it declares.

    `part` is the variable part of the path; `gone` tells whether the client has left meanwhile.
    """

    spaces: Spaces
    space: Space
    mqtt: Mqtt
    started: float
    gone: Callable[[], bool]
    part: str = ""
    body: Any = None
    query: Any = None

    async def while_there(self, wait: Coroutine[Any, Any, T]) -> T:
        """What a wait comes to. Raises Refusal if the client leaves before."""
        task = asyncio.ensure_future(wait)
        try:
            while not (await asyncio.wait({task}, timeout=LOOK_SECONDS))[0]:
                if self.gone():
                    raise Refusal(400, "The client has left")
            return task.result()
        finally:
            task.cancel()


Answer = Struct | bytes | None
Handler = Callable[[Asked], Awaitable[Answer]]


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation. `path` may end with a variable part in braces.

    `status` is that of success, with a body of the type `returns` (JSON, or bytes of the type
    `media`); `refusals` are statuses that it has besides those that all have.
    """

    method: str
    path: str
    handler: Handler
    returns: type[Struct] | None
    status: int
    body: type[Struct] | None
    query: type[Struct] | None
    refusals: Mapping[int, str]
    media: str

    @property
    def name(self) -> str:
        """A unique name in lower camel case."""
        first, *others = self.handler.__name__.split("_")
        return first + "".join(each.title() for each in others)

    @property
    def changes(self) -> bool:
        """Whether it changes something: a POST that is answered with 200 only looks it up."""
        return self.method != "GET" and (self.method, self.status) != ("POST", 200)

    @property
    def variable(self) -> str | None:
        """The name of the variable part of the path, which is its end."""
        return self.path.partition("{")[2].removesuffix("}") or None

    def part_of(self, path: str) -> str | None:
        """The variable part of a path of this operation; None if it is none of its paths."""
        start, brace, _ = self.path.partition("{")
        part = path.removeprefix(start)
        fits = brace and path.startswith(start) and part and "/" not in part
        return part if fits else None


@dataclass(frozen=True, slots=True)
class Table:
    """Operations, in the order in which they were added."""

    operations: list[Operation] = field(default_factory=list)

    def operation(
        self,
        method: str,
        path: str,
        returns: type[Struct] | None = None,
        *,
        status: int = 0,
        body: type[Struct] | None = None,
        query: type[Struct] | None = None,
        refusals: Mapping[int, str] | None = None,
        media: str = "application/json",
    ) -> Callable[[Handler], Handler]:
        """Add the decorated function; its docstring is what the document says of it."""
        success = status or (204 if returns is None and media == "application/json" else 200)

        def add(handler: Handler) -> Handler:
            self.operations.append(
                Operation(
                    method, path, handler, returns, success, body, query, refusals or {}, media
                )
            )
            return handler

        return add

    def find(self, method: str, path: str) -> tuple[Operation, str]:
        """The operation for a request, and the variable part of its path. Raises Refusal.

        A path that is written out goes before one with a variable part.
        """
        found = [(each, "") for each in self.operations if each.path == path]
        found = found or [
            (each, part) for each in self.operations if (part := each.part_of(path)) is not None
        ]
        for each, part in found:
            if each.method == method:
                return each, part
        if found:
            methods = ", ".join(each.method for each, _ in found)
            raise Refusal(405, f"This can only be asked with {methods}", allow=methods)
        raise Refusal(404, "There is nothing here", "what there is: /__admin/openapi.json")

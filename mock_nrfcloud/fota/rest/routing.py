"""Which operation of the REST API a request is for. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from mock_nrfcloud.fota.rest.call import Handler


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation; a `public` one needs no API key."""

    method: str
    path: str
    handler: Handler
    public: bool = False


class Operations:
    """Operations by method and path, in which a segment `{name}` stands for any."""

    def __init__(self, *others: Operations) -> None:
        self._operations: list[Operation] = []
        self._by_shape: dict[tuple[str, int], list[tuple[list[str], Operation]]] = {}
        for operation in chain.from_iterable(others):
            self._add(operation)

    def __iter__(self) -> Iterator[Operation]:
        return iter(self._operations)

    def operation(
        self, method: str, path: str, *, public: bool = False
    ) -> Callable[[Handler], Handler]:
        """Decorates what does an operation; of two that fit, the one that was added first does."""

        def add(handler: Handler) -> Handler:
            self._add(Operation(method, path, handler, public))
            return handler

        return add

    def find(self, method: str, path: str) -> tuple[Operation, Mapping[str, str]] | None:
        """The operation of a request and the named parts of its path."""
        segments = path.split("/")
        for pattern, operation in self._by_shape.get((method, len(segments)), ()):
            pairs = list(zip(pattern, segments, strict=True))
            if all(each == given or (each[:1] == "{" and given) for each, given in pairs):
                return operation, {each[1:-1]: given for each, given in pairs if each[:1] == "{"}
        return None

    def _add(self, operation: Operation) -> None:
        segments = operation.path.split("/")
        self._operations.append(operation)
        self._by_shape.setdefault((operation.method, len(segments)), []).append(
            (segments, operation)
        )

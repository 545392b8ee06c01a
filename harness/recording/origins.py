"""Where each value of a flow was first seen, and where it was used after that.

A value that nRF Cloud answers and that is asked with later is made up anew in each run; one that
the service answers is stored. Equality and order decide, the form only what can be made up.

Pure. May import nothing but harness.core and its own folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from harness.core.json_places import path_of
from harness.recording.exchanges import Exchange
from harness.recording.folding import Event
from harness.recording.provenance import TELLING

Value = str | int
Path = tuple[str | int, ...]

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_ULID: Final = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", re.ASCII)
_ID_NAME: Final = re.compile(r"(?:.*[a-z_])?I[Dd]|(?:.*_)?id")
_IDENTIFIER: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)
WORDS: Final = frozenset({"and", "or", "in", "true", "false", "null", "function"})
"""What JSONata does not, or not everywhere, take for a name."""
_WORD: Final = re.compile(r"[0-9A-Za-z]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value was first seen: in a request of the user, of the service, or in an answer of
    the cloud, of the service; `path` leads to it in the JSON body, if it stands in one."""

    by: Literal["user", "service", "cloud"]
    event: Event
    path: Path | None

    @property
    def place(self) -> str:
        """The place for a person."""
        what = "answer to" if self.path is not None else "request"
        at = f", {path_of(self.path)}" if self.path is not None else ""
        return f"the {what} {self.event.exchange.name}{at}"


@dataclass(frozen=True, slots=True)
class Use:
    """A value is asked with; `before` is the segment of the path before it, if it is one."""

    event: Event
    before: str

    @property
    def place(self) -> str:
        """The place for a person."""
        return f"the request {self.event.exchange.name}"


@dataclass(slots=True)
class Origins:
    """The origin of each value, and its first use after it was seen in an answer.

    `told` are the values that the service first used itself and then answered, with that answer.
    """

    first: dict[Value, Origin] = field(default_factory=dict)
    uses: dict[Value, Use] = field(default_factory=dict)
    told: dict[Value, Origin] = field(default_factory=dict)

    def made_by_service(self, value: Value) -> bool:
        """Whether nobody but the service can have made a value up."""
        origin = self.first.get(value)
        return origin is not None and origin.by == "service"


def trace(events: Iterable[Event], known: Callable[[Value], bool]) -> Origins:
    """Follow the values through what happened; `known` ones come from nowhere in it."""
    origins = Origins()
    moments = [
        (each.exchange.at if asks else each.exchange.end, index, asks, each)
        for index, each in enumerate(events)
        for asks in (True, False)
    ]
    for _, _, asks, event in sorted(moments, key=lambda moment: moment[:2]):
        if asks:
            _ask(origins, event, known)
        else:
            _answer(origins, event, known)
    return origins


def _ask(origins: Origins, event: Event, known: Callable[[Value], bool]) -> None:
    exchange = event.exchange
    by: Literal["user", "service"] = "user" if exchange.is_trigger else "service"
    for value, before in asked_with(exchange):
        if known(value):
            continue
        origin = origins.first.setdefault(value, Origin(by, event, None))
        if origin.path is not None and origin.event is not event:
            origins.uses.setdefault(value, Use(event, before))


def _answer(origins: Origins, event: Event, known: Callable[[Value], bool]) -> None:
    exchange = event.exchange
    by: Literal["service", "cloud"] = "service" if exchange.is_trigger else "cloud"
    for path, value in leaves(exchange.answered.value, exchange.answered.kind):
        if known(value) or not is_telling(value, path):
            continue
        origin = origins.first.setdefault(value, Origin(by, event, path))
        if by == "service" and origin.by == "service" and origin.path is None:
            origins.told.setdefault(value, Origin(by, event, path))


def asked_with(exchange: Exchange) -> Iterator[tuple[Value, str]]:
    """The values in a request: segments of its path (each with the one before), values of its
    query, texts and numbers of its JSON body."""
    before = ""
    for segment in exchange.request.path.split("/"):
        if segment:
            yield segment, before
        if segment.isdecimal() and len(segment) < 19 and not segment.startswith("0"):
            yield int(segment), before
        before = segment
    for _, value in exchange.request.query:
        for part in value.split(","):
            yield part, ""
    for _, each in leaves(exchange.asked.value, exchange.asked.kind):
        yield each, ""


def leaves(value: object, kind: str) -> Iterator[tuple[Path, Value]]:
    """The texts and whole numbers of a JSON body, each with the way to it."""
    if kind != "json":
        return
    waiting: list[tuple[Path, object]] = [((), value)]
    while waiting:
        path, each = waiting.pop()
        match each:
            case str():
                yield path, each
            case bool():
                continue
            case int():
                yield path, each
            case dict():
                waiting += [((*path, key), inner) for key, inner in reversed(each.items())]
            case list():
                inner = [((*path, index), item) for index, item in enumerate(each)]
                waiting += reversed(inner)


def is_telling(value: Value, path: Path) -> bool:
    """Whether a value is no chance find elsewhere: by its length, or as it is called an ID."""
    if len(str(value)) >= TELLING:
        return True
    name = str(path[-1]) if path else ""
    return bool(str(value)) and _ID_NAME.fullmatch(name) is not None


def is_id(value: Value, path: Path | None) -> bool:
    """Whether a value is called an ID, or has the form of one that is made up."""
    name = str(path[-1]) if path else ""
    return generator(value) is not None or _ID_NAME.fullmatch(name) is not None


def generator(value: Value) -> str | None:
    """What makes up such a value (see harness.core.generators), None if nothing does."""
    if isinstance(value, int):
        return None
    if _UUID.fullmatch(value):
        return "UUIDv4"
    return "ULID" if _ULID.fullmatch(value) else None


def expression(path: Path) -> str | None:
    """JSONata for the way to a value; None if it cannot stand in a step's title."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text = f"{text or '$'}[{part}]"
        elif _IDENTIFIER.fullmatch(part) and part not in WORDS:
            text = f"{text}.{part}" if text else part
        elif "'" in part or "`" in part or not part.isprintable():
            return None
        else:
            text = f"{text or '$'}.$lookup($, '{part}')"
    return text or "$"


class Names:
    """Names for stored values, each given once."""

    def __init__(self, taken: Iterable[str]) -> None:
        self._taken = dict.fromkeys(taken, 1)

    def give(self, path: Path, use: Use | None, who: str = "") -> str:
        """A name after the member that a value is, or (for a plain `id`) after what it is used for.

        If it is taken, `who` stands before it, or a number behind it.
        """
        member = next((each for each in reversed(path) if isinstance(each, str)), "value")
        if member.lower() == "id" and use and (words := _WORD.findall(use.before)):
            member = f"{_camel([*words[:-1], _singular(words[-1])])}Id"
        name = _camel(_WORD.findall(member)) or "value"
        if not name[0].isalpha():
            name = f"value{name}"
        if name in self._taken and who:
            name = f"{who}{name[0].upper()}{name[1:]}"
        return self.free(name)

    def free(self, name: str) -> str:
        """The name, with a number behind it if it is taken."""
        found = name
        while found in self._taken:
            self._taken[name] += 1
            found = f"{name}{self._taken[name]}"
        self._taken[found] = 1
        return found


def _camel(words: list[str]) -> str:
    if not words:
        return ""
    first, *others = words
    return first[0].lower() + first[1:] + "".join(word[0].upper() + word[1:] for word in others)


def _singular(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word

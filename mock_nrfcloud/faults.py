"""How an answer goes wrong: late, drop by drop, damaged, or not at all.

The faults as plain data, and what is done on the connection for each. Pure: no I/O, no clock;
chance is given. May import nothing but harness.core and harness.errors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum, StrEnum
from itertools import pairwise
from math import isfinite
from random import Random
from typing import Final

from harness.core.http_text import HttpResponse
from harness.errors import BddError

MAX_MILLISECONDS: Final = 600_000.0
"""The longest delay, and the longest time that an answer is dripped over."""
_MOST: Final = MAX_MILLISECONDS / 1000
MAX_CHUNKS: Final = 10_000
MAX_SIGMA: Final = 10.0

_GARBAGE: Final = bytes(range(0x80, 0xC0))  # no byte of it occurs in HTTP's own syntax, nor a line


@dataclass(frozen=True, slots=True)
class FixedDelay:
    """Always the same."""

    milliseconds: float

    def __str__(self) -> str:
        return f"{_seconds(self.milliseconds)} late"


@dataclass(frozen=True, slots=True)
class UniformDelay:
    """Anything between two bounds, in milliseconds, is as likely."""

    lower: float
    upper: float

    def drawn(self, chance: Random) -> float:
        """How long it is this time, in milliseconds."""
        return chance.uniform(self.lower, self.upper)

    def __str__(self) -> str:
        return f"{_seconds(self.lower)} to {_seconds(self.upper)} late"


@dataclass(frozen=True, slots=True)
class LogNormalDelay:
    """Mostly about the median, in milliseconds, with a long tail, as real networks have it.

    `sigma` is the standard deviation of the delay's logarithm. It is never longer than
    MAX_MILLISECONDS.
    """

    median: float
    sigma: float

    def drawn(self, chance: Random) -> float:
        """How long it is this time, in milliseconds."""
        return min(MAX_MILLISECONDS, self.median * chance.lognormvariate(0.0, self.sigma))

    def __str__(self) -> str:
        return f"about {_seconds(self.median)} late"


Delay = FixedDelay | UniformDelay | LogNormalDelay


@dataclass(frozen=True, slots=True)
class Drip:
    """The body arrives in so many parts, evenly over so many milliseconds.

    Where there is no body it is the head.
    """

    chunks: int
    milliseconds: float

    def __str__(self) -> str:
        return f"in {self.chunks} parts over {_seconds(self.milliseconds)}"


class Damage(StrEnum):
    """Why an answer does not arrive whole. The names are WireMock's where it has one."""

    RESET = "CONNECTION_RESET_BY_PEER"
    RESET_AFTER_HEADERS = "CONNECTION_RESET_AFTER_HEADERS"
    EMPTY = "EMPTY_RESPONSE"
    TRUNCATED = "TRUNCATED_BODY"
    MALFORMED_JSON = "MALFORMED_JSON"
    MALFORMED_CHUNK = "MALFORMED_RESPONSE_CHUNK"
    GARBAGE = "RANDOM_DATA_THEN_CLOSE"

    @property
    def words(self) -> str:
        """What a person calls it."""
        return _WORDS[self]


_WORDS: Final = {
    Damage.RESET: "reset before the headers",
    Damage.RESET_AFTER_HEADERS: "reset after the headers",
    Damage.EMPTY: "empty",
    Damage.TRUNCATED: "truncated",
    Damage.MALFORMED_JSON: "malformed JSON",
    Damage.MALFORMED_CHUNK: "a malformed chunk",
    Damage.GARBAGE: "garbage",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to an answer: it is late, then it drips, then it is damaged."""

    delay: Delay | None = None
    drip: Drip | None = None
    damage: Damage | None = None

    def settled(self, chance: Random) -> Fault:
        """With the delay that it has this time."""
        if self.delay is None or isinstance(self.delay, FixedDelay):
            return self
        return replace(self, delay=FixedDelay(self.delay.drawn(chance)))

    def __str__(self) -> str:
        parts = [self.delay, self.drip, self.damage.words if self.damage else None]
        return ", ".join(str(each) for each in parts if each)


@dataclass(frozen=True, slots=True)
class Send:
    """These bytes go out."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pause:
    """Nothing goes out for so many seconds."""

    seconds: float


class End(Enum):
    """The connection ends: with all that was sent, or at once, which the other side sees."""

    CLOSE = "close"
    RESET = "reset"


Action = Send | Pause | End


def check(fault: Fault) -> None:
    """Raises BddError for a fault that cannot be played: times are bounded."""
    match fault.delay:
        case FixedDelay(milliseconds):
            _check("delay", milliseconds / 1000, 0, _MOST, " s")
        case UniformDelay(lower, upper):
            _check("delay", lower / 1000, 0, _MOST, " s")
            _check("delay", upper / 1000, 0, _MOST, " s")
            if lower > upper:
                what = f"in {fault.delay} the lower bound is above the upper"
                raise BddError(what, hint="exchange them")
        case LogNormalDelay(median, sigma):
            _check("median of a delay", median / 1000, 0, _MOST, " s")
            _check("sigma of a delay", sigma, 0, MAX_SIGMA)
    if fault.drip:
        _check("number of parts", fault.drip.chunks, 1, MAX_CHUNKS)
        _check("time to drip in", fault.drip.milliseconds / 1000, 0, _MOST, " s")


def sent(response: HttpResponse, fault: Fault | None) -> HttpResponse:
    """The response that is sent in place of this one.

    JSON is malformed by its last character: no JSON ends with a comma.
    """
    if fault is None or fault.damage is not Damage.MALFORMED_JSON:
        return response
    return replace(response, body=response.body.rstrip()[:-1] + b",")


def actions(head: bytes, body: bytes, fault: Fault) -> list[Action]:
    """What is done on a connection with an answer; the connection stays if there is no `End`."""
    head, body, end = _damaged(head, body, fault.damage)
    done: list[Action] = []
    if fault.delay:
        assert isinstance(fault.delay, FixedDelay), "the fault is settled"
        done.append(Pause(fault.delay.milliseconds / 1000))
    if fault.drip and (head or body):
        whole, dripped = (head, body) if body else (b"", head)
        done += [Send(whole)] if whole else []
        parts = _parts(dripped, fault.drip.chunks)
        for part in parts:
            done += [Pause(fault.drip.milliseconds / 1000 / len(parts)), Send(part)]
    elif head:
        done.append(Send(head + body))
    return [*done, end] if end else done


def _damaged(head: bytes, body: bytes, damage: Damage | None) -> tuple[bytes, bytes, End | None]:
    """What is left of an answer, and how the connection ends."""
    match damage:
        case Damage.RESET:
            return b"", b"", End.RESET
        case Damage.RESET_AFTER_HEADERS:
            return head, b"", End.RESET
        case Damage.EMPTY:
            return b"", b"", End.CLOSE
        case Damage.MALFORMED_CHUNK:
            status, _, _ = head.partition(b"\r\n")
            return status + b"\r\nTransfer-Encoding: chunked\r\n\r\n", _GARBAGE, End.CLOSE
        case Damage.GARBAGE:
            return _GARBAGE, b"", End.CLOSE
        case Damage.TRUNCATED | Damage.MALFORMED_JSON if not body:
            return head[: len(head) // 2], b"", End.CLOSE
        case Damage.TRUNCATED:
            return head, body[: len(body) // 2], End.CLOSE
    return head, body, None


def _parts(data: bytes, number: int) -> list[bytes]:
    """About equal parts, none of them empty: at most one for each byte."""
    number = min(number, len(data))
    edges = [len(data) * each // number for each in range(number + 1)]
    return [data[start:end] for start, end in pairwise(edges)]


def _check(what: str, value: float, least: float, most: float, unit: str = "") -> None:
    if not (isfinite(value) and least <= value <= most):
        hint = f"take {least:g} to {most:,.0f}{unit}"
        raise BddError(f"{value:g}{unit} is no {what} that can be played", hint=hint)


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3g} s"

"""What may be a message, and what one may subscribe to (MQTT 3.1.1, 4.7). Pure."""

from __future__ import annotations

from typing import Final

from harness.errors import BddError

MAX_BYTES: Final = 65_535
MAX_MESSAGE: Final = 128 * 1024
"""Bytes of the largest message; AWS IoT, on which nRF Cloud stands, takes no larger ones."""


def check_message(topic: str, payload: bytes) -> None:
    """Raises BddError if that cannot be published."""
    check_topic(topic)
    if len(payload) > MAX_MESSAGE:
        raise BddError(f"the message has {len(payload):,} bytes, and {MAX_MESSAGE:,} may be")


def check_topic(topic: str) -> None:
    """Raises BddError if nothing can be published to it."""
    if "+" in topic or "#" in topic:
        raise BddError(f"{topic[:200]!r} is no topic to publish to: it has a wildcard")
    _check(topic)


def check_filter(topics: str) -> None:
    """Raises BddError if one cannot subscribe to it."""
    _check(topics)
    *levels, last = topics.split("/")
    if any(each != "+" and ("+" in each or "#" in each) for each in levels) or (
        last not in ("+", "#") and ("+" in last or "#" in last)
    ):
        hint = "+ and # are whole levels, and # is the last"
        raise BddError(f"{topics[:200]!r} is no topic to listen to", hint=hint)


def _check(topic: str) -> None:
    if not topic or "\0" in topic or len(topic.encode(errors="surrogatepass")) > MAX_BYTES:
        raise BddError(
            f"{topic[:200]!r} is no topic: take 1 to {MAX_BYTES:,} bytes, none of them 0"
        )

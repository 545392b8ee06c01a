"""Moments as they stand in JSON: ISO 8601 text, and seconds since 1970; and the clock."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The only clock of the service."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """`2026-01-31T12:00:00.000Z`"""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def from_seconds(seconds: int) -> datetime | None:
    """The moment so many seconds after 1970, or None if no calendar has it."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def seconds_of(text: object) -> int | None:
    """Whole seconds since 1970 of ISO 8601 text (UTC if it names no zone), None of all else."""
    if not isinstance(text, str):
        return None
    try:
        moment = datetime.fromisoformat(text)
        return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None

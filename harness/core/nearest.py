"""Near misses, for error texts. Pure."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """The candidate nearest to `word`; empty if none is near."""
    # Imported late: only errors need it, and the command line has to start quickly.
    from difflib import get_close_matches

    # Long words cost difflib seconds and are no typing errors.
    near = get_close_matches(word[:200], [name for name in known if len(name) <= 200], n=1)
    return near[0] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`did you mean "…"?` with the candidate nearest to `word`; empty if none is near."""
    near = nearest(word, known)
    return f'did you mean "{near}"?' if near else ""

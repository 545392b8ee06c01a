"""Near misses, for error texts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


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


def nearest_phrases(title: str, phrases: Iterable[str]) -> list[str]:
    """The phrases of step definitions that are most like a title, at most three."""
    return list(_nearest_phrases(_bare(title)[:500], tuple(phrases)))


@lru_cache(maxsize=256)
def _nearest_phrases(title: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    # A sentence that is missing is missing in many places, and difflib is slow.
    from difflib import get_close_matches

    bare = {_bare(phrase): phrase for phrase in phrases}
    return tuple(bare[near] for near in get_close_matches(title, list(bare), n=3, cutoff=0.5))


def _bare(phrase: str) -> str:
    """A phrase or title without its parameters, so that the sentences can be compared."""
    without_code = re.sub(r"`[^`]*`", "`…`", phrase)
    return re.sub(r"\[([^\]]*)\]|\{[^}]*\}", r"\1", without_code)

"""Values as they are written into a scenario file: known ones as their placeholders, and never a
secret.

Pure. May import nothing but harness.core and harness.recording.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from harness.core.redaction import REDACTED, SECRET_HEADERS, SECRET_NAMES
from harness.core.showing import printable
from harness.recording import escaping
from harness.recording.prettier import format_json
from harness.recording.provenance import Block, Replacer

MAX: Final = 20_000
"""Characters of a value that is written into a file."""
_SECRET: Final = "it is secret, and no stored value"


class UnfitError(Exception):
    """A value that is not written into a file; the text says why."""


@dataclass(frozen=True, slots=True)
class Literals:
    """Writes values into a block of a kind; the replacer knows the stored ones."""

    replacer: Replacer
    block: Block

    def text(self, value: str, name: str = "", write: Callable[[str], str] = escaping.plain) -> str:
        """A text, of a parameter or header of this name; `write` gives how it is written.

        Raises UnfitError.
        """

        def literal(text: str) -> str:
            if REDACTED in text or _names_secret(name):
                raise UnfitError(_SECRET)
            return write(text)

        pieces = self.replacer.pieces(value, name, literal)
        # A value that cannot stand there as it is cannot stand there as a placeholder either.
        return _bounded(
            "".join(
                each
                if isinstance(each, str)
                else f"${{{each.expression}}}"
                if write(str(each.value)) == each.value
                else literal(str(each.value))
                for each in pieces
            )
        )

    def json(self, value: object, name: str = "", *, indent: str = "", column: int = 0) -> str:
        """A JSON value of a member of this name, which begins at a column of a line that is
        indented so. Raises UnfitError."""
        self._check(value, name)
        try:
            laid_out = format_json(
                self.replacer.json(value, self.block, name), depth=len(indent) // 2, before=column
            )
        except ValueError as error:
            raise UnfitError(str(error)) from None
        if REDACTED in laid_out:
            raise UnfitError(_SECRET)
        return _bounded(printable(laid_out))

    def _check(self, value: object, name: str) -> None:
        """Raises UnfitError for what is secret by its name, or no JSON that can be written."""
        if isinstance(value, dict):
            for key, item in value.items():
                self._check(item, key)
        elif isinstance(value, list):
            for item in value:
                self._check(item, name)
        elif isinstance(value, str):
            if _names_secret(name):
                self.text(value, name)
        elif isinstance(value, float) and not math.isfinite(value):
            raise UnfitError("JSON has no such number")


def _names_secret(name: str) -> bool:
    return name.lower() in SECRET_NAMES or name.lower() in SECRET_HEADERS


def _bounded(text: str) -> str:
    if len(text) > MAX:
        raise UnfitError(f"it has more than {MAX:,} characters")
    return text

"""Values as they are written into a scenario file: known ones as their placeholders, and never a
secret.

Pure. May import nothing but harness.core and harness.recording.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from harness.core.redaction import REDACTED, SECRET_HEADERS, SECRET_NAMES
from harness.core.showing import printable
from harness.recording import escaping
from harness.recording.bodies import Body
from harness.recording.prettier import format_json
from harness.recording.provenance import Block, Known, Replacer
from harness.recording.secrets import Covering

MAX: Final = 20_000
"""Characters of a value that is written into a file."""
_SECRET: Final = "it is secret, and no stored value"


class UnfitError(Exception):
    """A value that is not written into a file; the text says why."""


@dataclass(frozen=True, slots=True)
class Literals:
    """Writes values into a block of a kind. The replacer knows the stored ones, the covering finds
    what is secret."""

    replacer: Replacer
    covering: Covering
    block: Block

    def covered(self, value: object) -> object:
        """A JSON value in which all that is secret by its place is covered."""
        body = self.covering.body(Body("json", value), "")
        self.covering.seal()
        return body.value

    def shown(self, text: str) -> str:
        """A text without secrets."""
        return self.replacer.covered(text)

    def text(self, value: str, name: str = "", write: Callable[[str], str] = escaping.plain) -> str:
        """A text, of a parameter or header of this name; `write` gives how it is written.

        Raises UnfitError.
        """

        def literal(text: str) -> str:
            if REDACTED in text or name.lower() in SECRET_NAMES | SECRET_HEADERS:
                raise UnfitError(_SECRET)
            return write(text)

        def placeholder(known: Known) -> str:
            text = str(known.value)
            # What cannot stand there as it is cannot stand there as a placeholder either.
            return f"${{{known.expression}}}" if write(text) == text else literal(self.shown(text))

        pieces = self.replacer.pieces(value, name, literal)
        return _bounded(
            "".join(each if isinstance(each, str) else placeholder(each) for each in pieces)
        )

    def json(self, covered: object, *, indent: str = "", column: int = 0) -> str:
        """A JSON value (see `covered`) that begins at a column of a line that is indented so.

        Raises UnfitError.
        """
        try:
            json.dumps(covered, allow_nan=False)
            written = self.replacer.json(covered, self.block, "")
            text = format_json(written, depth=len(indent) // 2, before=column)
        except ValueError:
            raise UnfitError("it has numbers that JSON has not, or is nested too deeply") from None
        if REDACTED in text:
            raise UnfitError(_SECRET)
        return _bounded(printable(text))


def _bounded(text: str) -> str:
    if len(text) > MAX:
        raise UnfitError(f"it has more than {MAX:,} characters")
    return text

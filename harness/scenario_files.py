"""Reads scenario files: from a path to a document. May import the core and the errors only."""

from __future__ import annotations

import os
import stat

from harness.core.document import Document
from harness.core.markdown import decode, parse
from harness.errors import Place, ScenarioFileError

MAX_BYTES = 20_000_000
"""A larger file is no scenario file; it is not read."""


def load(file: str) -> Document:
    """Read and parse a file; raises ScenarioFileError, also if it cannot be read."""
    return parse(decode(read_bytes(file), file), file)


def read_bytes(file: str) -> bytes:
    """What a file holds; raises ScenarioFileError if it cannot be read."""
    try:
        if not stat.S_ISREG(os.stat(file).st_mode):
            # Opening a pipe would wait for somebody who writes to it.
            raise ScenarioFileError("cannot be read: it is no regular file", Place(file, 1))
        with open(file, "rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioFileError(f"cannot be read: {reason}", Place(file, 1)) from error
    if len(data) > MAX_BYTES:
        raise ScenarioFileError(f"more than {MAX_BYTES:,} bytes", Place(file, 1))
    return data

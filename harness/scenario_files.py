"""Scenario files: from a path to a document, and changed ones back.

May import the core and the errors only.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress

from harness.core.document import Document
from harness.core.markdown import decode, parse
from harness.errors import Place, ScenarioFileError

MARKDOWN = ".feature.md"
"""How the name of a scenario file ends."""
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


def replace_bytes(file: str, data: bytes) -> None:
    """Let a file that is there hold this, all at once; raises ScenarioFileError.

    Then it is as it was. A link stays one.
    """
    from tempfile import NamedTemporaryFile  # late: reading is to start quickly

    path, temporary = os.path.realpath(file), ""
    try:
        folder, name = os.path.split(path)
        with NamedTemporaryFile(dir=folder, prefix=f".{name}.", delete=False) as stream:
            temporary = stream.name
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
            os.fchmod(stream.fileno(), stat.S_IMODE(os.stat(path).st_mode))
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)
        raise ScenarioFileError(f"cannot be written: {error.strerror}", Place(file, 1)) from error

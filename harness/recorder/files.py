"""Writes what was recorded: all at once, over nothing that it was not told to, and losing nothing.

Touches the file that it is given, and a temporary one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from harness.errors import UsageError

SUFFIX = ".feature.md"


def check(path: Path, *, force: bool) -> None:
    """Whether the file can be written, before anything is recorded. Raises UsageError."""
    if not path.name.endswith(SUFFIX):
        raise UsageError(f"{path} is no scenario file", hint=f"its name ends with {SUFFIX}")
    if not path.parent.is_dir():
        raise UsageError(f"{path}: its folder is not there", hint="make it first")
    if path.exists() and not force:
        raise _is_there(path)


def write(path: Path, text: str, *, force: bool) -> None:
    """Write a file as a whole. Raises UsageError; then the file is as it was."""
    temporary = ""
    try:
        with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            temporary = file.name
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
            os.fchmod(file.fileno(), 0o644)
        if force:
            os.replace(temporary, path)
        else:
            os.link(temporary, path)  # unlike a rename, this never replaces a file
    except FileExistsError:
        raise _is_there(path) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    finally:
        with suppress(OSError):
            os.unlink(temporary)


def rescue(text: str) -> Path:
    """Write to a file of its own in the folder for temporary files. Raises OSError."""
    with NamedTemporaryFile(prefix="recorded-", suffix=SUFFIX, delete=False) as file:
        file.write(text.encode())
    return Path(file.name)


def _is_there(path: Path) -> UsageError:
    return UsageError(f"{path} is there already", hint="--force replaces it")

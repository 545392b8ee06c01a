"""What a person is told of a recording, as long as there is somebody who reads it.

Touches the stream that it is given.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TextIO


def tell(text: str, to: TextIO) -> None:
    """Print it at once, if that can be done: Ctrl-C ends a `tee` too, and a recording goes on."""
    with suppress(OSError):
        print(text, file=to, flush=True)

"""Which feature stores a value of which name, as far as its sentences tell.

Pure. For hints only: a step that stores something ends in "into `NAME`" or "in `NAME`".
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from harness.core.document import Document

_STORES = re.compile(r"\b(?:into|in) `(\w+)`$")


def stored_by(documents: Iterable[Document], name: str) -> list[str]:
    """The titles of the features that store `name`; `NAME_deviceId` comes with `NAME`."""
    names = {name, name.removesuffix("_deviceId")}
    return [
        document.title
        for document in documents
        if any(
            found and found[1] in names
            for found in (_STORES.search(step.title) for step in document.steps())
        )
    ]

"""Recordings of what has been: from a journal file, from a mock that runs, from an HTTP archive.

Reads files, and asks mocks by their admin API. Nothing is left out in silence.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from harness.core.redaction import Redactor
from harness.errors import BddError, UsageError
from harness.recorder.seen import observed
from harness.recording.model import Observed, Recording
from harness.recording.sources.choosing import Choice, choose
from harness.recording.sources.har import read_har
from harness.settings import Settings
from mock_nrfcloud.journal_file import read as read_journal
from mock_nrfcloud.remote import RemoteMock

MAX_BYTES = 256 * 1024 * 1024
"""Bytes of an archive, and of all bodies that are taken from a journal."""

_SQLITE = b"SQLite format 3\x00"
_URLS = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the calls are: a path or the URL of a mock, and what of them is wanted.

    `namespace` is one of a journal; "" is the root, None all of a file and the root of a mock.
    """

    place: str
    namespace: str | None = None
    choice: Choice = field(default_factory=Choice)


def recording(source: Source, settings: Settings, environ: Mapping[str, str]) -> Recording:
    """What was recorded there. Raises BddError."""
    values = {
        name: text
        for name, text in settings.values.items()
        if isinstance(text, str) and "{" not in text  # those are known in a run only
    }
    if source.place.startswith(_URLS):
        token = environ.get(settings.mock.admin_token_env)
        calls = asyncio.run(_asked(source, token))
    else:
        calls = _read(source, values.get("APIURL", ""))
    chosen = choose(sorted(calls, key=lambda each: each.at), source.choice)
    return Recording(chosen, values=values, secrets=frozenset(settings.secrets.values()))


async def _asked(source: Source, token: str | None) -> list[Observed]:
    mock = RemoteMock(source.place, token, redactor=Redactor())
    async with mock.looking_at(source.namespace or ""):
        return [observed(call, "cloud") for call in await mock.calls()]


def _read(source: Source, service_url: str) -> list[Observed]:
    path = Path(source.place)
    try:
        with path.open("rb") as file:
            start = file.read(len(_SQLITE))
            size = os.fstat(file.fileno()).st_size
            is_journal = start == _SQLITE
            data = b"" if is_journal else start + file.read(MAX_BYTES)
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    if is_journal:
        return list(_journal(path, source))
    if size > MAX_BYTES or len(data) > MAX_BYTES:
        raise _too_large(path)
    if source.namespace is not None:
        raise UsageError(f"{path} is no journal: it has no namespaces")
    return list(read_har(data, str(path), service_url))


def _journal(path: Path, source: Source) -> Iterator[Observed]:
    size = 0
    for name, call in read_journal(path):
        if source.namespace not in (None, name):
            continue
        seen = observed(call, "cloud")
        if not choose((seen,), Choice(source.choice.since, source.choice.until)):
            continue
        size += len(call.request.body or b"") + len(call.response.body)
        if size > MAX_BYTES:
            raise _too_large(path)
        yield seen


def _too_large(path: Path) -> BddError:
    return UsageError(
        f"{path}: more than {MAX_BYTES:,} bytes are wanted of it",
        hint="choose less of it with --since and --until",
    )

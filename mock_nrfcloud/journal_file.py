"""The journal in an SQLite file: what was answered is there after a crash, and can be read later.

A request is committed before its answer is sent, together with those that arrive at the same
moment; so a mock that is killed has lost nothing that it answered (when the power fails, the last
requests may be missing). It takes no memory
for the requests. The file has the real values, so that they can be matched: only its owner may
read it. What is shown of it is redacted elsewhere.

A file goes on where it ended: numbers are not used twice. Only one mock writes to a file at a time.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl

from harness.core.http_text import HttpRequest, HttpResponse
from harness.core.showing import printable
from harness.errors import BddError
from mock_nrfcloud.journal import Batch, JournalError, Seen, Waits
from mock_nrfcloud.routes import Answer
from mock_nrfcloud.values import Call, Violation

APPLICATION: Final = 0x6E524643
"""Marks the files of this mock (SQLite's application_id)."""
VERSION: Final = 3
"""Of the schema (SQLite's user_version)."""

_SCHEMA: Final = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
CREATE TABLE namespaces (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, first INTEGER NOT NULL DEFAULT 1
);
INSERT INTO namespaces (id, name) VALUES (1, '');
CREATE TABLE requests (
  namespace INTEGER NOT NULL REFERENCES namespaces, number INTEGER NOT NULL,
  at REAL NOT NULL, took REAL NOT NULL,
  method TEXT NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL, query TEXT NOT NULL,
  headers BLOB NOT NULL, body BLOB NOT NULL,
  stub TEXT NOT NULL, status INTEGER NOT NULL, reason TEXT NOT NULL,
  response_headers TEXT NOT NULL, response_body BLOB NOT NULL,
  fault TEXT NOT NULL,
  problems TEXT NOT NULL,
  PRIMARY KEY (namespace, number)
) WITHOUT ROWID;
"""
_TYPES: Final = (
    int,
    int,
    float,
    float,
    *[str] * 4,
    bytes,
    bytes,
    str,
    int,
    str,
    str,
    bytes,
    str,
    str,
)
"""Those of its columns."""
_INSERT: Final = f"INSERT INTO requests VALUES ({', '.join('?' * 17)})"
_SELECT: Final = "SELECT * FROM requests WHERE namespace = ? AND number >= ? AND number < ?"
_BOUNDS: Final = """
SELECT first, coalesce((SELECT max(number) FROM requests WHERE namespace = id), first - 1)
FROM namespaces WHERE id = ?
"""
_ROOT: Final = 1
_TRIM_EVERY: Final = 1000  # requests, after which those that are too many are deleted


class JournalFile:
    """A file with the journals of all namespaces. Raises BddError if it cannot be used.

    `max_entries` is how many requests it keeps of each namespace (about: it is trimmed now and
    then), None for all. With it the requests of a namespace leave with the namespace; else they
    stay, to be read later.
    """

    def __init__(self, path: Path, max_entries: int | None = None) -> None:
        self.max_entries = max_entries
        self.batch: Batch | None = None
        self._lock = _locked(path)
        try:
            self.database = _opened(path)
            if max_entries is not None:
                self.database.execute("DELETE FROM requests WHERE namespace != ?", (_ROOT,))
        except BddError:
            os.close(self._lock)
            raise

    def journal(self, name: str) -> FileJournal:
        """The journal of a namespace, "" for the root. That of the root goes on; others are new."""
        if not name:
            return FileJournal(self, _ROOT)
        added = self.database.execute("INSERT INTO namespaces (name) VALUES (?)", (name,))
        assert added.lastrowid is not None
        return FileJournal(self, added.lastrowid)

    def insert(self, row: tuple[Any, ...]) -> None:
        """Add a request to the batch, which is committed as soon as those of now are in it."""
        if self.batch is None:
            self.database.execute("BEGIN")
            self.batch = Batch()
            asyncio.get_running_loop().call_soon(self._commit)
        try:
            self.database.execute(_INSERT, row)
        except UnicodeEncodeError:  # bytes that are not UTF-8 came in as half surrogate pairs
            written = [printable(each) if isinstance(each, str) else each for each in row]
            self.database.execute(_INSERT, written)
        except sqlite3.Error as error:
            if not self.database.in_transaction:  # a full disk undoes all of the batch
                self.batch.error = str(error)
            raise

    def close(self) -> None:
        """Close the file."""
        if self.batch is not None:
            self._commit()
        self.database.close()
        os.close(self._lock)  # last: closing a file drops the locks that SQLite has on it

    def _commit(self) -> None:
        if (batch := self.batch) is None:
            return
        self.batch = None
        try:
            if not batch.error:
                self.database.execute("COMMIT")
        except sqlite3.Error as error:
            batch.error = str(error)
            with suppress(sqlite3.Error):
                self.database.execute("ROLLBACK")
        batch.written.set()


class FileJournal:
    """The journal of one namespace in a file."""

    def __init__(self, file: JournalFile, namespace: int) -> None:
        self._file = file
        self._database = file.database
        self._namespace = namespace
        self.waits = Waits()
        self.size = 0
        self.first, last = self._database.execute(_BOUNDS, (namespace,)).fetchone()
        self.next: int = last + 1

    def record(self, seen: Seen, answer: Answer) -> None:
        response = answer.response
        lines = b"\r\n".join([b"%b: %b" % pair for pair in seen.headers])
        answered = "\r\n".join([f"{name}: {value}" for name, value in response.headers])
        row = (
            self._namespace, self.next, *seen[:-2], lines, seen.body,
            answer.stub, response.status, response.reason, answered, response.body,
            "" if answer.fault is None else str(answer.fault),
            json.dumps([(each.path, each.what) for each in answer.problems]),
        )  # fmt: skip
        try:
            self._file.insert(row)
        except sqlite3.Error as error:
            raise JournalError(str(error)) from None
        self.next += 1
        most = self._file.max_entries
        if most is not None and self.next % _TRIM_EVERY == 0:
            self._forget(self.next - most)
        if self.waits.watching:
            self.waits.wake()
        if self.waits.waiting:
            self.waits.tell(_call(row))

    @property
    def batch(self) -> Batch | None:
        return self._file.batch

    def calls(self, since: int = 1, until: int | None = None) -> Iterator[Call]:
        end = self.next if until is None else until
        rows = self._database.execute(_SELECT, (self._namespace, max(since, self.first), end))
        return map(_call, rows)

    def clear(self) -> None:
        self._forget(self.next)

    def close(self) -> None:
        if self._namespace != _ROOT and self._file.max_entries is not None:
            self.clear()

    def _forget(self, before: int) -> None:
        """The requests with a smaller number. The file knows, so that no number is used again."""
        self.first = max(self.first, before)
        parameters = (self.first, self._namespace)
        self._database.execute("UPDATE namespaces SET first = ? WHERE id = ?", parameters)
        gone = "DELETE FROM requests WHERE number < ? AND namespace = ?"
        self._database.execute(gone, parameters)


def read(path: Path) -> Iterator[tuple[str, Call]]:
    """The requests in a file, each with the name of its namespace, as they were received.

    A mock may write to the file meanwhile. Raises BddError.
    """
    if not path.exists():
        raise BddError(f"{path} is not there", hint="name a file that a mock has written")
    with _told(path), closing(_connected(path, "ro")) as database:
        _check(path, database)
        yield from (
            (name, _checked(row))
            for name, *row in database.execute(
                "SELECT name, requests.* FROM requests JOIN namespaces ON namespace = id"
                " ORDER BY at, namespace, number"
            )
        )


def _locked(path: Path) -> int:
    """The file, made if it is not there, which nobody else may write to meanwhile."""
    with _told(path):
        file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(file)
        raise BddError(f"the journal {path} is used by another mock", hint="name another") from None
    return file


def _opened(path: Path) -> sqlite3.Connection:
    with _told(path):
        database = _connected(path, "rw")
        try:
            if not path.stat().st_size:
                database.execute("PRAGMA journal_mode = WAL")
                database.executescript(_SCHEMA)
            _check(path, database)
            database.execute("PRAGMA synchronous = NORMAL")
        except BaseException:
            database.close()
            raise
    return database


def _check(path: Path, database: sqlite3.Connection) -> None:
    if database.execute("PRAGMA application_id").fetchone() != (APPLICATION,):
        raise BddError(f"{path} is no journal of a mock", hint="name another file")
    if database.execute("PRAGMA user_version").fetchone() != (VERSION,):
        what = f"the journal {path} was written by another version of the mock"
        raise BddError(what, hint="name another file")


def _connected(path: Path, mode: str) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, isolation_level=None)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What keeps a file from being used, in one sentence."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise BddError(f"the journal {path} cannot be used: {error}") from None
    except OSError as error:
        raise BddError(f"the journal {path} cannot be used: {error.strerror}") from None


def _checked(row: Sequence[Any]) -> Call:
    """A row of a file from anywhere, which SQLite lets have anything in its columns."""
    if tuple(map(type, row)) == _TYPES:
        with suppress(TypeError, ValueError):
            return _call(row)
    raise sqlite3.DataError(f"its request {row[1]} is damaged")


def _call(row: Sequence[Any]) -> Call:
    _, number, at, took, method, host, path, query, lines, body, *answered = row
    stub, status, reason, response_lines, response_body, fault, problems = answered
    text = lines.decode(errors="surrogateescape")
    pairs = tuple(parse_qsl(query, keep_blank_values=True))
    request = HttpRequest(method, path, pairs, _headers(text), body)
    response = HttpResponse(status, reason, _headers(response_lines), response_body)
    violations = tuple(Violation(*each) for each in json.loads(problems))
    return Call(number, at, took, host, request, response, stub, fault, violations)


def _headers(lines: str) -> tuple[tuple[str, str], ...]:
    found = (line.partition(": ") for line in lines.split("\r\n") if line)
    return tuple((name, value) for name, _, value in found)

"""What the service remembers: devices, jobs, and what it has learnt. SQLite, a file or memory.

Every call is one short transaction that does not wait for anything, so that a read, a decision
and a write with no `await` between them are atomic within the service.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

from reference_service.devices import Device
from reference_service.fota import Job, Status
from reference_service.fota_older import Execution
from reference_service.location import Location
from reference_service.shadow import LwM2MObject

AnyJob = Job | Execution

KEPT_JOBS: Final = 100
"""Of the jobs of a device that have ended, this many are kept."""

_SCHEMA_VERSION: Final = 1
_SCHEMA: Final = f"""
BEGIN EXCLUSIVE;
CREATE TABLE devices (
    id TEXT PRIMARY KEY, fingerprint TEXT UNIQUE NOT NULL,
    model TEXT NOT NULL, account TEXT NOT NULL
);
CREATE TABLE jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, device TEXT NOT NULL,
    older INTEGER NOT NULL, running INTEGER NOT NULL, document TEXT NOT NULL
);
CREATE INDEX jobs_of_device ON jobs (device, number);
CREATE TABLE knowledge (
    device TEXT NOT NULL, subject TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (device, subject)
);
PRAGMA user_version = {_SCHEMA_VERSION};
COMMIT;
"""


class StoreError(Exception):
    """The file cannot be used; the text says why."""


class FingerprintTaken(Exception):  # noqa: N818 - a refusal, not a fault
    """Another device has this fingerprint."""


class Store:
    """The service's memory. Close it at the end."""

    def __init__(self, path: str = ":memory:") -> None:
        """Open or create the file. Raises StoreError if it is not ours or is in use."""
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=1)
        except sqlite3.Error as error:
            raise StoreError(f"cannot open the state file {path}: {error}") from None
        try:
            self._prepare(path)
        except sqlite3.Error as error:
            self._db.close()
            raise StoreError(f"cannot use the state file {path}: {error}") from None
        except StoreError:
            self._db.close()
            raise

    def _prepare(self, path: str) -> None:
        # One process at a time: jobs must not be driven twice.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        (found,) = self._db.execute("PRAGMA user_version").fetchone()
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if found == 0 and tables == 0:
            self._db.executescript(_SCHEMA)
        elif found != _SCHEMA_VERSION:
            raise StoreError(f"{path} was not written by this version: name another state file")

    def close(self) -> None:
        self._db.close()

    def register(self, device: Device) -> None:
        """Remember a device, or change what is known of it. Raises FingerprintTaken."""
        try:
            self._db.execute(
                "INSERT INTO devices VALUES (:id, :fingerprint, :model, :account)"
                " ON CONFLICT (id) DO UPDATE SET fingerprint = :fingerprint, model = :model,"
                " account = :account",
                asdict(device),
            )
        except sqlite3.IntegrityError:
            raise FingerprintTaken from None

    def device(self, device_id: str) -> Device | None:
        return self._device("id", device_id)

    def device_with(self, fingerprint: str) -> Device | None:
        return self._device("fingerprint", fingerprint)

    def _device(self, column: str, value: str) -> Device | None:
        row = self._db.execute(
            f"SELECT id, fingerprint, model, account FROM devices WHERE {column} = ?", (value,)
        ).fetchone()
        return Device(*row) if row else None

    def add_job(self, job: AnyJob) -> None:
        """Remember a new job, and forget the oldest that have ended beyond KEPT_JOBS."""
        self._db.execute(
            "INSERT INTO jobs (id, device, older, running, document) VALUES (?, ?, ?, ?, ?)",
            (job.id, job.device_id, isinstance(job, Execution), job.running, _dump(job)),
        )
        self._db.execute(
            "DELETE FROM jobs WHERE device = ?1 AND NOT running AND number NOT IN"
            " (SELECT number FROM jobs WHERE device = ?1 AND NOT running"
            " ORDER BY number DESC LIMIT ?2)",
            (job.device_id, KEPT_JOBS),
        )

    def save_job(self, job: AnyJob) -> None:
        self._db.execute(
            "UPDATE jobs SET running = ?, document = ? WHERE id = ?",
            (job.running, _dump(job), job.id),
        )

    def job(self, job_id: str) -> AnyJob | None:
        found = self._jobs("WHERE id = ?", (job_id,))
        return found[0] if found else None

    def jobs(self, device_id: str, limit: int) -> list[AnyJob]:
        """The device's jobs of the generation of its newest one, newest first."""
        return self._jobs(
            "WHERE device = ?1 AND older = (SELECT older FROM jobs WHERE device = ?1"
            " ORDER BY number DESC LIMIT 1) ORDER BY number DESC LIMIT ?2",
            (device_id, limit),
        )

    def running_jobs(self, device_id: str | None = None) -> list[AnyJob]:
        """Those that have not ended, oldest first; of one device, or of all."""
        return self._jobs(
            "WHERE running AND device = ifnull(?, device) ORDER BY number", (device_id,)
        )

    def _jobs(self, clauses: str, values: tuple[object, ...]) -> list[AnyJob]:
        rows = self._db.execute(f"SELECT older, document FROM jobs {clauses}", values)
        return [_load(older, document) for older, document in rows.fetchall()]

    def learn_shadow(self, device_id: str, state: dict[str, object]) -> None:
        self._learn(device_id, "shadow", state)

    def shadow(self, device_id: str) -> dict[str, object] | None:
        state: dict[str, object] | None = self._known(device_id, "shadow")
        return state

    def learn_wanted(self, device_id: str, objects: Iterable[LwM2MObject]) -> None:
        self._learn(device_id, "wanted", list(objects))

    def wanted(self, device_id: str) -> list[LwM2MObject]:
        """The objects that were set for the device through this service."""
        objects: list[LwM2MObject] | None = self._known(device_id, "wanted")
        return objects or []

    def learn_location(self, device_id: str, location: Location) -> None:
        self._learn(device_id, "location", asdict(location))

    def location(self, device_id: str) -> Location | None:
        fields = self._known(device_id, "location")
        return Location(**fields) if fields else None

    def _learn(self, device_id: str, subject: str, value: object) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO knowledge VALUES (?, ?, ?)",
            (device_id, subject, json.dumps(value)),
        )

    def _known(self, device_id: str, subject: str):  # type: ignore[no-untyped-def] # JSON, as learnt
        row = self._db.execute(
            "SELECT document FROM knowledge WHERE device = ? AND subject = ?", (device_id, subject)
        ).fetchone()
        return json.loads(row[0]) if row else None


def _dump(job: AnyJob) -> str:
    return json.dumps(asdict(job))


def _load(older: int, document: str) -> AnyJob:
    fields = json.loads(document)
    if older:
        return Execution(**fields)
    return Job(**fields | {"status": Status(fields["status"]), "applied": tuple(fields["applied"])})

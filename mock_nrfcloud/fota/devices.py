"""What happens to the devices of an account, besides updates. Pure but for the agenda's clock."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, Final

from mock_nrfcloud.fota.agenda import Agenda
from mock_nrfcloud.fota.assumptions import BULK_SECONDS
from mock_nrfcloud.fota.entities import BulkOperation, Device, Object, Row
from mock_nrfcloud.fota.errors import ApiError, check_room, invalid, unknown
from mock_nrfcloud.fota.shadow import patched
from mock_nrfcloud.fota.shelf import numbers
from mock_nrfcloud.fota.team import Team

ID: Final = re.compile(r"[a-z0-9:_-]{1,128}", re.IGNORECASE)
"""What the ID of a device looks like."""
TAG: Final = re.compile(r"[a-zA-Z0-9_.@:#-]+")
"""What a tag looks like that a client gives to a device."""


class Devices:
    """The devices of an account."""

    def __init__(self, team: Team, agenda: Agenda) -> None:
        self._team = team
        self._agenda = agenda

    def get(self, device_id: str) -> Device:
        """The device of that ID. Raises ApiError if there is none."""
        if (device := self._team.devices.get(device_id)) is None:
            raise unknown("Device", device_id)
        return device

    def new(self, device_id: str) -> Device:
        """A device that is there once it is changed. Raises ApiError if none can have that ID."""
        if not ID.fullmatch(device_id):
            raise invalid(f"{device_id[:200]!r} is no device ID")
        check_room(self._team.devices, "devices")
        now = self._agenda.now()
        return Device(device_id, next(numbers), now, now, name=device_id)

    def change(self, device: Device, **changes: Any) -> Device:
        """A device with other values of these names."""
        device = replace(device, updated_at=self._agenda.now(), **changes)
        self._team.devices.put(device)
        return device

    def patch(
        self,
        device: Device,
        *,
        reported: Object,
        desired: Object,
        version: int | None = None,
    ) -> Device:
        """A device with changes to its state. Raises ApiError, see `patched`."""
        now = self._agenda.now()
        shadow = patched(device.shadow, now, reported=reported, desired=desired, version=version)
        return self.change(device, shadow=shadow)

    def add_later(self, operation: BulkOperation) -> None:
        """Have devices added when the bulk operation is done. Raises ApiError if there are too
        many."""
        check_room(self._team.bulk, "bulk operations")
        self._team.bulk.put(operation)
        self._agenda.add(BULK_SECONDS, self._team.name, "bulk", operation.id)

    def add_now(self, operation_id: str) -> None:
        """The time has come to do a bulk operation; what there is already stays."""
        operation = self._team.bulk.get(operation_id)
        if operation is None or operation.completed_at is not None:
            return  # another feature has gone on with it
        failed = False
        try:
            for row in operation.rows:
                self._add(row)
        except ApiError:
            failed = True
        now = self._agenda.now()
        operation = replace(operation, completed_at=now, updated_at=now, failed=failed)
        self._team.bulk.put(operation)

    def _add(self, row: Row) -> None:
        if self._team.devices.get(row.device_id) is None:
            device = self.change(self.new(row.device_id), sub_type=row.sub_type, tags=row.tags)
            service = {"device": {"serviceInfo": {"fota_v2": list(row.types)}}}
            self.patch(device, reported=service if row.types else {}, desired={})

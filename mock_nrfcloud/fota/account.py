"""One account with all that acts on it. Pure but for what it is given."""

from __future__ import annotations

from collections.abc import Callable

from mock_nrfcloud.fota.agenda import Agenda, Due
from mock_nrfcloud.fota.devices import Devices
from mock_nrfcloud.fota.jobs import Jobs
from mock_nrfcloud.fota.team import Team


class Account:
    """The state of an account, and the rules by which it changes."""

    def __init__(self, name: str, agenda: Agenda, publish: Callable[[str, bytes], None]) -> None:
        self.team = Team(name)
        self.agenda = agenda
        self.publish = publish
        self.jobs = Jobs(self.team, agenda, publish)
        self.devices = Devices(self.team, agenda)

    def happen(self, due: Due) -> None:
        """What was to be done later."""
        match due.what:
            case "roll out":
                self.jobs.roll_out(due.id)
            case "purge":
                self.jobs.purge(due.id)
            case "bulk":
                self.devices.add_now(due.id)

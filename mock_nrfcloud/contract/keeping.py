"""What becomes of stubs and calls that are not as the documents say: a note, or a refusal.

Each space has a keeper of its own; the documents are those of the mock.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from harness.core.http_text import HttpRequest
from harness.errors import BddError
from mock_nrfcloud.values import ContractError, Stub, Violation, request_text

if TYPE_CHECKING:
    from mock_nrfcloud.contract.checking import Contract

Check = Literal["warn", "strict"]

MAX_NOTES: Final = 1000
"""How many notes are kept; the oldest leave first."""


class Keeper:
    """Holds the stubs and calls of one space against a contract, and keeps notes.

    `strict`: a stub with a problem is refused, and so should be a call.
    """

    def __init__(self, contract: Contract, check: Check) -> None:
        self._contract = contract
        self._notes: dict[str, None] = {}
        self.strict = check == "strict"

    @property
    def notes(self) -> list[str]:
        """What was not as the documents say, in a line each, the oldest first."""
        return list(self._notes)

    def stub(self, stub: Stub) -> tuple[Violation, ...]:
        """The problems of a stub. Raises ContractError for them if it is strict."""
        problems = self._contract.stub(stub)
        if problems and self.strict:
            raise ContractError(problems)
        self._note(str(stub), problems)
        return problems

    def call(self, host: str, request: HttpRequest) -> tuple[Violation, ...]:
        """The problems of a call."""
        problems = self._contract.call(host, request)
        if problems:
            asked = request_text(request.method, host, request.path, request.query)
            self._note(asked, problems)
        return problems

    def _note(self, of: str, problems: Sequence[Violation]) -> None:
        for each in problems:
            self._notes.setdefault(f"{of}: {each}")
        while len(self._notes) > MAX_NOTES:
            del self._notes[next(iter(self._notes))]


def load_contract(paths: Sequence[Path]) -> Contract | None:
    """What these documents say, None without any. Raises BddError."""
    if not paths:
        return None
    try:
        # late: it is an extra, and slow
        from mock_nrfcloud.contract.checking import Contract
        from mock_nrfcloud.contract.document import read_document
    except ImportError as error:
        what = f"OpenAPI documents cannot be read: {error.name} is missing"
        raise BddError(what, hint="pip install 'nrfcloud-bdd[openapi]'") from None
    return Contract([read_document(path) for path in paths])

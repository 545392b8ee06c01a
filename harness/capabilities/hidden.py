"""The secrets of one feature: those that were known before, and those that its messages have."""

from __future__ import annotations

from threading import Lock

from harness.core.redaction import Redactor
from harness.core.secret_rules import Rules


class Hidden:
    """What is hidden wherever it shows. May be told of new secrets in any thread."""

    def __init__(self, values: frozenset[str], rules: Rules) -> None:
        self.values = values
        self._rules = rules
        self._redactor = Redactor(values)
        self._changing = Lock()

    def redactor(self) -> Redactor:
        """What hides the secrets known by now."""
        return self._redactor

    def keep(self, *secrets: str) -> None:
        """Hide these from now on."""
        with self._changing:
            if not self.values.issuperset(secrets):
                self.values |= frozenset(secrets)
                self._redactor = Redactor(self.values)

    def learn(self, *messages: bytes | str) -> None:
        """Hide from now on what is secret in these messages by the rules."""
        self.keep(*(secret for each in messages for secret in self._rules.texts(each)))

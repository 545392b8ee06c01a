"""What a run proposes to change in a scenario file, so that a step that failed holds.

Pure. May import nothing but harness.errors.
"""

from __future__ import annotations

from dataclasses import dataclass

from harness.errors import Fix


@dataclass(frozen=True, slots=True)
class Proposal:
    """How a step is to be changed. Nothing in here is secret.

    `notes` tell what stays as it is although it does not hold, and what is no longer expected.
    """

    fixes: tuple[Fix, ...] = ()
    notes: tuple[str, ...] = ()

"""A step in a file, what it saw, and the file as it is proposed: for tests of this folder."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from harness.approving.propose import propose
from harness.core.fixes import applied
from harness.core.markdown import parse
from harness.core.placeholders import Where
from harness.core.rendering import render_step
from harness.core.secret_rules import Rules
from harness.core.template import parse_template
from harness.errors import Seen

VALUES: Mapping[str, object] = {
    "deviceId": "oob-350006660000001",
    "jobId": "bc631093-7f7c-4c1b-aa63-a68c759bcd5c",
    "oldId": "01234567-7f7c-4c1b-aa63-a68c759bcd5c",
    "fingerprint": "92b.y7i24q",
    "ts": 1700000000000,
    "device": {"id": "oob-350006660000001", "model": "thingy"},
}
SECRETS = ("92b.y7i24q", "an-api-key-of-somebody")


def changed(
    block: str,
    seen: object,
    *,
    language: str = "json",
    exact: bool = False,
    title: str = "this holds",
    indent: str = "",
    instead_of: str = "",
    shared: bool = False,
    variant: Mapping[str, Any] | None = None,
    rules: Sequence[str] = (),
) -> tuple[str, tuple[str, ...]]:
    """The block (or the title, if that is what changes) as it is proposed, and the notes."""
    code = textwrap.indent(textwrap.dedent(block).removeprefix("\n"), indent)
    head = f"# F\n\n## S\n\nThen {title}\n\n{indent}```{language}\n"
    text = f"{head}{code}\n{indent}```\n\nAnd then that\n"
    step = parse(text, "f").scenarios[0].steps[0]
    rendered = render_step(step, "f", VALUES, now=0, variant=variant)
    proposal = propose(
        step,
        rendered,
        Seen(seen, exact, instead_of),
        values=VALUES,
        secrets=SECRETS,
        rules=Rules(rules),
        variant=variant,
        shared=shared,
    )
    new = applied(text, proposal.fixes)
    assert parse(new, "f").scenarios[0].steps[1].title == "then that"
    if instead_of:
        return new.split("\n")[4].removeprefix("Then "), proposal.notes
    assert new.startswith(head)
    return new.removeprefix(head).removesuffix(f"\n{indent}```\n\nAnd then that\n"), proposal.notes


def read(block: str) -> object:
    """The JSON value of a block once its placeholders are filled."""
    return json.loads(parse_template(block, Where.JSON).render(VALUES, now=0).text)

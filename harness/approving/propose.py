"""From a step that failed and what it saw to a proposal: how its file can be changed.

Pure. May import nothing but harness.core, harness.errors, harness.recording and the rest of this
package.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from harness.approving.changes import Changes, Edit
from harness.approving.json_update import update_json
from harness.approving.literals import Literals
from harness.approving.request_update import update_request
from harness.approving.source import make_source
from harness.core.bounded import TooMuchError
from harness.core.document import CodeBlock, Step
from harness.core.http_text import HttpRequest
from harness.core.json_text import read_json
from harness.core.markers import with_markers
from harness.core.placeholders import Where
from harness.core.proposal import Proposal
from harness.core.rendering import RenderedStep, block_kind
from harness.core.secret_rules import Rules
from harness.errors import Fix, Seen
from harness.recording.provenance import Block, Replacer, stored
from harness.recording.secrets import Covering


def propose(
    step: Step,
    rendered: RenderedStep,
    seen: Seen,
    *,
    values: Mapping[str, object],
    secrets: Iterable[str],
    rules: Rules,
    variant: Mapping[str, object] | None = None,
    shared: bool = False,
) -> Proposal:
    """How the step is to be changed so that it holds for what it saw.

    `values` are the stored ones; `secrets`, and what the `rules` lead to, are not written. `shared`
    says that the step runs for several rows or variants.
    """
    known = stored(values)
    covering = Covering(rules, {str(each.value) for each in known}, secrets=secrets)
    covering.seal()  # what is known to be secret is so in titles and heads, too
    replacer = Replacer(known, covering.all_of)
    if seen.instead_of:
        source = make_source(step.title, Where.TITLE, rendered.title_parts, variant)
        changes = Changes(source, Literals(replacer, covering, "http"), shared)
        _update_title(changes, seen)
        fixes = tuple(
            Fix(*step.position(each.start), each.end - each.start, each.text)
            for each in changes.edits
            if step.position(each.start)[0] == step.position(each.end)[0]
        )
        return Proposal(fixes, _notes(changes))
    block = step.code_block
    if block is None or rendered.text is None:
        return Proposal()
    where = block_kind(block)
    source = make_source(block.code, where, rendered.text_parts, variant)
    kind: Block = "json" if where is Where.JSON else "http"
    changes = Changes(source, Literals(replacer, covering, kind), shared)
    try:
        if isinstance(seen.value, HttpRequest):
            update_request(changes, rendered.text, seen.value, exact=seen.exact)
        else:
            _update_block(changes, rendered.text, seen)
    except (TooMuchError, RecursionError):
        return Proposal(notes=("what was seen is too large, or nested too deeply, to compare",))
    return Proposal(tuple(_fix_block(block, each) for each in changes.edits), _notes(changes))


def _update_title(changes: Changes, seen: Seen) -> None:
    """Change the last parameter that says what is expected."""
    text = changes.source.filled
    start = text.rfind(f"`{seen.instead_of}`") + 1
    value = str(seen.value)
    if not start:
        return
    if "`" in value or not value.isprintable() or not value.strip():
        changes.note("", "what was seen cannot stand in a title")
        return
    end = start + len(seen.instead_of)
    changes.replace(start, end, "", lambda: changes.literals.text(value))


def _update_block(changes: Changes, rendered: str, seen: Seen) -> None:
    text = changes.source.filled
    span = len(text) - len(text.lstrip()), len(text.rstrip())
    expected = with_markers(rendered, read_json(rendered))
    update_json(changes, expected, seen.value, span, exact=seen.exact)


def _fix_block(block: CodeBlock, edit: Edit) -> Fix:
    """The edit as a change of the file, in which the block may be indented."""
    first, last = (block.code.count("\n", 0, each) for each in (edit.start, edit.end))
    indent = " " * (block.indents[first] if first < len(block.indents) else 0)
    removed = edit.end - edit.start + sum(block.indents[first + 1 : last + 1])
    return Fix(*block.position(edit.start), removed, edit.text.replace("\n", f"\n{indent}"))


def _notes(changes: Changes) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(changes.literals.shown, changes.notes)))

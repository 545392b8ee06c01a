"""How fast `nrfcloud-bdd lsp` answers: what an editor waits for, on a file of the seeds' size.

    python benchmarks/bench_lsp.py

Method: a real client over stdio and the real command, in a project with one file made here, as long
as the scenarios that the project was born from. Each request is sent 50 times, each time after a
change of the text; the time is from sending it to its answer, the change included. The worst of
them counts.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench_lint import made
from lsprotocol import types as lsp

from tests.lsp.editor import Editor, editing
from tests.project import make_project

TIMES = 50
TARGET = 0.05
FILE = "features/a.feature.md"


def worst(editor: Editor, lines: int, ask: Callable[[], object]) -> float:
    """The longest time of a request, in seconds."""
    taken = []
    where = lsp.Range(lsp.Position(lines - 1, 18), lsp.Position(lines - 1, 19))
    for number in range(TIMES):
        start = perf_counter()
        editor.type(FILE, lsp.TextDocumentContentChangePartial(where, "dn"[number % 2]))
        ask()
        taken.append(perf_counter() - start)
    return max(taken)


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    text = made(1) + "\nGiven I have a rand\n"
    lines = text.count("\n")
    with tempfile.TemporaryDirectory() as folder:
        make_project(Path(folder), {"a.feature.md": text})
        with editing(Path(folder)) as editor:
            editor.open(FILE)
            client, document = editor.client, editor.document(FILE)
            at = lsp.Position(text[: text.index("And I have")].count("\n"), 8)
            asked: dict[str, Callable[[], object]] = {
                "diagnostics": lambda: editor.wrong(FILE),
                "completion": lambda: editor.offered(FILE, lines - 1, 19),
                "hover": lambda: editor.wait(
                    client.text_document_hover_async(lsp.HoverParams(document, at))
                ),
                "definition": lambda: editor.wait(
                    client.text_document_definition_async(lsp.DefinitionParams(document, at))
                ),
            }
            found = {what: worst(editor, lines, ask) for what, ask in asked.items()}
    print(f"a file of {lines} lines, {len(text)} characters")
    for what, taken in found.items():
        print(f"{what}: {taken * 1000:.1f} ms (target: {TARGET * 1000:.0f} ms)")
    return 0 if max(found.values()) <= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())

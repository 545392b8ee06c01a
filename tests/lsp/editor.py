"""An editor: a real client of the Language Server Protocol, which starts the real command."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

T = TypeVar("T")

SNIPPETS = lsp.TextDocumentClientCapabilities(
    completion=lsp.CompletionClientCapabilities(
        completion_item=lsp.ClientCompletionItemOptions(snippet_support=True)
    )
)
WATCHING = lsp.WorkspaceClientCapabilities(
    did_change_watched_files=lsp.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True)
)


class Editor:
    """What an editor does with a project; it waits for each answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop, client: LanguageClient, root: Path) -> None:
        self._loop = loop
        self.client = client
        self.root = root
        self.published: list[lsp.PublishDiagnosticsParams] = []
        self.messages: list[lsp.ShowMessageParams] = []
        self.watchers: list[lsp.RegistrationParams] = []
        self.texts: dict[str, str] = {}
        self._versions: dict[str, int] = {}
        for method, kept in (
            (lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, self.published),
            (lsp.WINDOW_SHOW_MESSAGE, self.messages),
            (lsp.CLIENT_REGISTER_CAPABILITY, self.watchers),
        ):
            client.feature(method)(partial(_keep, kept))

    def wait(self, work: Coroutine[Any, Any, T]) -> T:
        """Until it is done."""
        return self._loop.run_until_complete(asyncio.wait_for(work, 60))

    def uri(self, file: str) -> str:
        return (self.root / file).as_uri()

    def document(self, file: str) -> lsp.TextDocumentIdentifier:
        return lsp.TextDocumentIdentifier(self.uri(file))

    def open(self, file: str, text: str | None = None) -> list[lsp.Diagnostic]:
        """Open a file (`text` is unsaved); returns what is wrong with it."""
        if text is None:
            text = (self.root / file).read_bytes().decode()
        item = lsp.TextDocumentItem(self.uri(file), "markdown", 1, text)
        self._versions[file] = 1
        self.texts[file] = text
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return self.wrong(file)

    def type(self, file: str, *changes: Any) -> int:
        """Change the text; returns its new version."""
        version = self._versions[file] = self._versions[file] + 1
        document = lsp.VersionedTextDocumentIdentifier(version, self.uri(file))
        self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(document, changes))
        return version

    def replace(self, file: str, text: str) -> list[lsp.Diagnostic]:
        """Replace all of the text; returns what is wrong with it."""
        self.texts[file] = text
        self.type(file, lsp.TextDocumentContentChangeWholeDocument(text))
        return self.wrong(file)

    def wrong(self, file: str) -> list[lsp.Diagnostic]:
        """What is wrong with the newest version of a file."""
        # Whatever is asked now is answered after what was sent before is dealt with.
        ask = lsp.DocumentSymbolParams(self.document(file))
        self.wait(self.client.text_document_document_symbol_async(ask))
        newest = [said for said in self.published if said.uri == self.uri(file)][-1]
        assert newest.version == self._versions.get(file)
        return list(newest.diagnostics)

    def offered(self, file: str, line: int, character: int) -> list[lsp.CompletionItem]:
        """What can be written at a position."""
        at = lsp.CompletionParams(self.document(file), lsp.Position(line, character))
        answer = self.wait(self.client.text_document_completion_async(at))
        assert isinstance(answer, lsp.CompletionList)
        return list(answer.items)

    def changed(self, *files: str) -> None:
        """Tell the server that files have changed on disk."""
        changes = [lsp.FileEvent(self.uri(file), lsp.FileChangeType.Changed) for file in files]
        self.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams(changes))


def _keep(kept: list[Any], params: object) -> None:
    kept.append(params)


@contextmanager
def editing(root: Path, encodings: list[str] | None = None) -> Iterator[Editor]:
    """An editor on a project; `encodings` are those that it offers."""
    loop = asyncio.new_event_loop()
    editor = Editor(loop, LanguageClient("editor", "1"), root)
    client = editor.client
    capabilities = lsp.ClientCapabilities(
        workspace=WATCHING,
        text_document=SNIPPETS,
        general=lsp.GeneralClientCapabilities(position_encodings=encodings) if encodings else None,
    )
    command = [sys.executable, "-m", "harness.tools.cli", "lsp"]
    editor.wait(client.start_io(*command, cwd=root))
    try:
        hello = lsp.InitializeParams(capabilities=capabilities, root_uri=root.as_uri())
        editor.wait(client.initialize_async(hello))
        client.initialized(lsp.InitializedParams())
        yield editor
        editor.wait(client.shutdown_async(None))
    finally:
        client.exit(None)
        editor.wait(client.stop())
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()

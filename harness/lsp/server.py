"""The state of the language server: the texts of open files, and the project around them.

pygls speaks the protocol; what is answered is decided elsewhere. Everything happens on one thread,
and what is published is computed in one go, so that it is never of an older text.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from importlib.metadata import version

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import from_fs_path, to_fs_path

from harness.core.markdown import decode, read
from harness.errors import ScenarioFileError
from harness.lsp import converting
from harness.lsp.rename import Source
from harness.lsp.suite import Suite
from harness.lsp.text import Text
from harness.lsp.values import Occurrence, values_of
from harness.scenario_files import read_bytes


class _Protocol(LanguageServerProtocol):
    """pygls's, without its own copies of changed texts: it ends lines where the protocol does not
    (at U+2028, say), and moves the positions that it is given accordingly."""

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(
        self, params: lsp.DidChangeTextDocumentParams
    ) -> Iterator[object]:
        yield self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE], (params,), None


class ScenarioServer(LanguageServer):
    """The server of one project: the working directory."""

    suite: Suite

    def __init__(self) -> None:
        super().__init__("nrfcloud-bdd", version("nrfcloud-bdd"), protocol_cls=_Protocol)
        self.root = os.getcwd()
        self.texts: dict[str, Text] = {}
        self.versions: dict[str, int] = {}
        self._published: set[str] = set()
        self._waiting: asyncio.Handle | None = None

    def load(self) -> None:
        """Load the project, anew if its code or settings have changed."""
        self.suite = Suite({file: text.source for file, text in self.texts.items()})
        if self.suite.wrong:
            message = lsp.ShowMessageParams(lsp.MessageType.Error, self.suite.wrong)
            self.window_show_message(message)
        self.publish_soon()

    def write(self, file: str, text: Text | None) -> None:
        """The text of an open file, or None when it is closed."""
        if text is None:
            del self.texts[file], self.suite.written[file]
            self.suite.look_around()
        else:
            self.texts[file] = text
            self.suite.written[file] = text.source
        self.suite.look_at(file)
        self.publish_soon()

    def publish_soon(self) -> None:
        """Publish what is wrong once all that has arrived by now is handled."""
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = asyncio.get_running_loop().call_soon(self._publish)

    def _publish(self) -> None:
        self._waiting = None
        found = self.suite.problems()
        for file in {*found, *self._published}:
            text = self.text(file)
            diagnostics = [converting.diagnostic(problem, text) for problem in found.get(file, ())]
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(self.uri(file), diagnostics, self.versions.get(file))
            )
        self._published = {file for file, problems in found.items() if problems}

    def file(self, uri: str) -> str:
        """The name of a file, from the project's folder."""
        return os.path.relpath(to_fs_path(uri) or uri, self.root)

    def uri(self, file: str) -> str:
        """The protocol's name of a file."""
        return from_fs_path(os.path.normpath(os.path.join(self.root, file))) or file

    def text(self, file: str) -> Text:
        """The text of a file: as it is being written, else as it is on disk."""
        if file in self.texts:
            return self.texts[file]
        try:
            source = decode(read_bytes(file), file)
        except ScenarioFileError:
            source = ""
        return Text(source, self.encoding)

    @property
    def encoding(self) -> str:
        """In what characters are counted, as agreed with the editor."""
        return self.server_capabilities.position_encoding or "utf-16"

    def source(self, file: str) -> Source | None:
        """A file as it is written, with the names in it; None if it cannot be read."""
        lines = self.text(file).lines
        document = read("\n".join(lines), file).document
        if document is None:
            return None
        return Source(lines, document, values_of(document, lines, file, self.suite.library))

    def value_at(self, uri: str, position: lsp.Position) -> Occurrence | None:
        """The name of a value at a position."""
        file = self.file(uri)
        source = self.source(file)
        return source.values.at(*converting.place(self.text(file), position)) if source else None

"""The language server: from the protocol to the functions of this package, and back.

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

from harness.bdd.selection import MARKDOWN
from harness.core.document import Document
from harness.core.markdown import decode, read
from harness.errors import ScenarioFileError
from harness.lint.problems import Problem, Severity
from harness.lsp import completion, symbols
from harness.lsp.completion import Kind, Offer
from harness.lsp.known import known_at
from harness.lsp.steps import step_at, uses
from harness.lsp.suite import Suite
from harness.lsp.text import Text
from harness.lsp.values import values_of
from harness.scenario_files import read_bytes

_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
}
_KINDS = {
    Kind.KEYWORD: lsp.CompletionItemKind.Keyword,
    Kind.STEP: lsp.CompletionItemKind.Function,
    Kind.VALUE: lsp.CompletionItemKind.Variable,
    Kind.TITLE: lsp.CompletionItemKind.Reference,
}
_SYMBOLS = {
    "Feature": lsp.SymbolKind.File,
    "Rule": lsp.SymbolKind.Namespace,
    "Examples": lsp.SymbolKind.Array,
}
_WATCHED = (f"**/*{MARKDOWN}", "**/*.py", "**/nrfcloud-bdd.toml", "**/behave.ini")


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
            diagnostics = [_diagnostic(problem, text) for problem in found.get(file, ())]
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

    def opened(self, uri: str) -> tuple[str, Text, Document | None]:
        """A file, its text, and its document as far as it can be read."""
        file = self.file(uri)
        text = self.text(file)
        return file, text, read(text.source, file).document


server = ScenarioServer()


@server.feature(lsp.INITIALIZED)
def initialized(ls: ScenarioServer, _: lsp.InitializedParams) -> None:
    """Go to the project, load it, and ask to be told of its files."""
    if ls.workspace.root_path:
        ls.root = ls.workspace.root_path
        os.chdir(ls.root)
    ls.load()
    files = ls.client_capabilities.workspace and (
        ls.client_capabilities.workspace.did_change_watched_files
    )
    if files and files.dynamic_registration:
        watchers = [lsp.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES
        ls.client_register_capability(
            lsp.RegistrationParams([lsp.Registration("files", method, options)])
        )


@server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)
def did_open(ls: ScenarioServer, params: lsp.DidOpenTextDocumentParams) -> None:
    """A file is open: from now on its text is the editor's."""
    if params.text_document.uri.endswith(MARKDOWN):
        file = ls.file(params.text_document.uri)
        ls.versions[file] = params.text_document.version
        ls.write(file, Text(params.text_document.text, ls.encoding))


@server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)
def did_change(ls: ScenarioServer, params: lsp.DidChangeTextDocumentParams) -> None:
    """Somebody has typed."""
    file = ls.file(params.text_document.uri)
    if (text := ls.texts.get(file)) is None:
        return
    for change in params.content_changes:
        if isinstance(change, lsp.TextDocumentContentChangePartial):
            start, end = change.range.start, change.range.end
            text = text.replaced(
                (start.line, start.character), (end.line, end.character), change.text
            )
        else:
            text = Text(change.text, ls.encoding)
    ls.versions[file] = params.text_document.version
    ls.write(file, text)


@server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)
def did_close(ls: ScenarioServer, params: lsp.DidCloseTextDocumentParams) -> None:
    """A file is closed: its text is that on disk again."""
    file = ls.file(params.text_document.uri)
    if file in ls.texts:
        del ls.versions[file]
        ls.write(file, None)


@server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def did_change_files(ls: ScenarioServer, params: lsp.DidChangeWatchedFilesParams) -> None:
    """Files have changed on disk."""
    files = [ls.file(change.uri) for change in params.changes]
    if all(file.endswith(MARKDOWN) for file in files):
        ls.suite.look_around()
        for file in files:
            ls.suite.look_at(file)
        ls.publish_soon()
    else:
        ls.load()


@server.feature(
    lsp.TEXT_DOCUMENT_COMPLETION,
    lsp.CompletionOptions(trigger_characters=[" ", "{", ".", "`", '"', "-"]),
)
def complete(ls: ScenarioServer, params: lsp.CompletionParams) -> lsp.CompletionList:
    """What can be written here."""
    file, text, document = ls.opened(params.text_document.uri)
    line, column = _place(text, params.position)
    known = known_at(ls.suite, file, document, text.lines, line)
    found = completion.offers(text.lines, line, column, known)
    typed = text.lines[line - 1]
    items = [
        _item(offer, number, text, line, typed, with_snippets=_takes_snippets(ls))
        for number, offer in enumerate(found)
    ]
    return lsp.CompletionList(is_incomplete=True, items=items)


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def hover(ls: ScenarioServer, params: lsp.HoverParams) -> lsp.Hover | None:
    """The documentation of the step here."""
    file, text, document = ls.opened(params.text_document.uri)
    line, _ = _place(text, params.position)
    step = step_at(document, line) if document else None
    if step is None or document is None:
        return None
    about = [
        f"{entry.title}\n\n{entry.about}"
        for use in uses(step, document, file, ls.suite.library)
        if (entry := ls.suite.entry(use.definition))
    ]
    if not about:
        return None
    content = lsp.MarkupContent(lsp.MarkupKind.Markdown, "\n\n---\n\n".join(about))
    return lsp.Hover(content)


@server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
def definition(ls: ScenarioServer, params: lsp.DefinitionParams) -> list[lsp.Location]:
    """Where the value here is stored, else where the step here is defined."""
    file, text, document = ls.opened(params.text_document.uri)
    line, column = _place(text, params.position)
    if document is None:
        return []
    values = values_of(document, text.lines, file, ls.suite.library)
    here = values.at(line, column)
    if here is not None and not here.suffixes:
        places = [each for name, each in values.stored() if name == here.name]
        if places:
            return [
                lsp.Location(ls.uri(file), _range(text, *each.place, len(each.name)))
                for each in places
            ]
    step = step_at(document, line)
    return [
        lsp.Location(ls.uri(use.definition.file), _line(use.definition.line))
        for use in (uses(step, document, file, ls.suite.library) if step else ())
    ]


@server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def document_symbols(
    ls: ScenarioServer, params: lsp.DocumentSymbolParams
) -> list[lsp.DocumentSymbol]:
    """The outline of the file."""
    _, text, document = ls.opened(params.text_document.uri)
    if document is None:
        return []
    return [_symbol(symbols.outline(document, len(text.lines)), text)]


def _place(text: Text, position: lsp.Position) -> tuple[int, int]:
    return text.place(position.line, position.character)


def _position(text: Text, line: int, column: int) -> lsp.Position:
    return lsp.Position(*text.position(line, column))


def _range(text: Text, line: int, column: int, length: int) -> lsp.Range:
    return lsp.Range(_position(text, line, column), _position(text, line, column + length))


def _line(line: int) -> lsp.Range:
    return lsp.Range(lsp.Position(line - 1, 0), lsp.Position(line - 1, 0))


def _diagnostic(problem: Problem, text: Text) -> lsp.Diagnostic:
    """A problem, marked to the end of its line where no end is known."""
    line, column = problem.place.line, problem.place.column
    written = text.lines[line - 1].rstrip() if line <= len(text.lines) else ""
    end = problem.end or (line, max(len(written), column) + 1)
    return lsp.Diagnostic(
        lsp.Range(_position(text, line, column), _position(text, *end)),
        "\n".join((problem.text, *problem.details)),
        severity=_SEVERITIES[problem.severity],
        code=problem.code,
        source="nrfcloud-bdd",
    )


def _item(
    offer: Offer, number: int, text: Text, line: int, typed: str, *, with_snippets: bool
) -> lsp.CompletionItem:
    """An offer; which fit what is typed is decided here, so the editor keeps them all in order."""
    is_snippet = bool(offer.snippet) and with_snippets
    length = offer.end - offer.start
    return lsp.CompletionItem(
        offer.label,
        kind=_KINDS[offer.kind],
        detail=offer.detail or None,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, offer.about)
        if offer.about
        else None,
        sort_text=f"{number:05}",
        filter_text=typed[offer.start - 1 : offer.end - 1] or offer.label,
        insert_text_format=lsp.InsertTextFormat.Snippet
        if is_snippet
        else lsp.InsertTextFormat.PlainText,
        text_edit=lsp.TextEdit(
            _range(text, line, offer.start, length), offer.snippet if is_snippet else offer.plain
        ),
    )


def _takes_snippets(ls: ScenarioServer) -> bool:
    about = ls.client_capabilities.text_document
    item = about and about.completion and about.completion.completion_item
    return bool(item and item.snippet_support)


def _symbol(symbol: symbols.Symbol, text: Text) -> lsp.DocumentSymbol:
    written = text.lines[symbol.line - 1]
    end = _position(text, symbol.last, len(text.lines[symbol.last - 1]) + 1)
    return lsp.DocumentSymbol(
        symbol.name,
        _SYMBOLS.get(symbol.detail, lsp.SymbolKind.Method),
        lsp.Range(lsp.Position(symbol.line - 1, 0), end),
        _range(text, symbol.line, 1, len(written)),
        symbol.detail,
        children=[_symbol(each, text) for each in symbol.children],
    )

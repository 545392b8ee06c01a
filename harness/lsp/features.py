"""What the server answers: each request of the protocol, handed to the function that knows."""

from __future__ import annotations

import os

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from harness.core.definitions import Use
from harness.errors import BddError
from harness.lsp import completion, converting, symbols
from harness.lsp.known import known_at
from harness.lsp.rename import rename
from harness.lsp.server import ScenarioServer
from harness.lsp.steps import step_at, uses
from harness.lsp.text import Text
from harness.scenario_files import MARKDOWN

_WATCHED = (f"**/*{MARKDOWN}", "**/*.py", "**/nrfcloud-bdd.toml", "**/behave.ini")

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
    file = ls.file(params.text_document.uri)
    text = ls.text(file)
    line, column = converting.place(text, params.position)
    known = known_at(ls.suite, file, ls.source(file), line)
    items = [
        converting.item(offer, number, text, line, with_snippets=_takes_snippets(ls))
        for number, offer in enumerate(completion.offers(text.lines, line, column, known))
    ]
    return lsp.CompletionList(is_incomplete=True, items=items)


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def hover(ls: ScenarioServer, params: lsp.HoverParams) -> lsp.Hover | None:
    """The documentation of the step here."""
    entries = [
        ls.suite.entry(use.definition)
        for use in _uses_at(ls, params.text_document.uri, params.position)
    ]
    if not entries:
        return None
    about = "\n\n---\n\n".join(f"{entry.title}\n\n{entry.about}" for entry in entries)
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, about))


@server.feature(lsp.TEXT_DOCUMENT_DEFINITION)
def definition(ls: ScenarioServer, params: lsp.DefinitionParams) -> list[lsp.Location]:
    """Where the value here is stored, else where the step here is defined."""
    uri = params.text_document.uri
    text, source = ls.text(ls.file(uri)), ls.source(ls.file(uri))
    here = ls.value_at(uri, params.position)
    places = [
        lsp.Location(uri, converting.range_of(text, *stored.place, len(stored.name)))
        for name, stored in (source.values.stored() if source else ())
        if here is not None and name == here.name and not here.suffixes
    ]
    return places or [
        lsp.Location(ls.uri(use.definition.file), converting.line_of(use.definition.line))
        for use in _uses_at(ls, params.text_document.uri, params.position)
    ]


def _uses_at(ls: ScenarioServer, uri: str, position: lsp.Position) -> tuple[Use, ...]:
    """The definitions that match the step at a position."""
    file = ls.file(uri)
    line, _ = converting.place(ls.text(file), position)
    source = ls.source(file)
    step = step_at(source.document, line) if source else None
    return uses(step, source.document, file, ls.suite.library) if source and step else ()


@server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)
def prepare_rename(ls: ScenarioServer, params: lsp.PrepareRenameParams) -> lsp.Range | None:
    """The name here, if it is that of a value."""
    here = ls.value_at(params.text_document.uri, params.position)
    text = ls.text(ls.file(params.text_document.uri))
    return converting.range_of(text, *here.place, len(here.name)) if here else None


@server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))
def rename_value(ls: ScenarioServer, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
    """Rename the value here, or say why that is not safe."""
    here = ls.value_at(params.text_document.uri, params.position)
    if here is None:
        return None
    file, suite = ls.file(params.text_document.uri), ls.suite
    try:
        edits = rename(
            file, here.name, params.new_name, suite.files, suite.needs(), suite.values, ls.source
        )
    except BddError as error:
        raise JsonRpcException(str(error), lsp.LSPErrorCodes.RequestFailed) from None
    changes: dict[str, list[lsp.TextEdit]] = {}
    for (name, line, column), old, new in edits:
        where = converting.range_of(ls.text(name), line, column, len(old))
        changes.setdefault(ls.uri(name), []).append(lsp.TextEdit(where, new))
    return lsp.WorkspaceEdit(changes)


@server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
def document_symbols(
    ls: ScenarioServer, params: lsp.DocumentSymbolParams
) -> list[lsp.DocumentSymbol]:
    """The outline of the file."""
    file = ls.file(params.text_document.uri)
    source, text = ls.source(file), ls.text(file)
    if source is None:
        return []
    return [converting.outlined(symbols.outline(source.document, len(text.lines)), text)]


def _takes_snippets(ls: ScenarioServer) -> bool:
    about = ls.client_capabilities.text_document
    item = about and about.completion and about.completion.completion_item
    return bool(item and item.snippet_support)

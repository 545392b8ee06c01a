"""Between our values and the types of the Language Server Protocol. Pure."""

from __future__ import annotations

from lsprotocol import types as lsp

from harness.lint.problems import Problem, Severity
from harness.lsp.completion import Kind, Offer
from harness.lsp.symbols import Symbol
from harness.lsp.text import Text

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


def place(text: Text, position: lsp.Position) -> tuple[int, int]:
    """Line and column of a position."""
    return text.place(position.line, position.character)


def position(text: Text, line: int, column: int) -> lsp.Position:
    """The position of a line and column."""
    return lsp.Position(*text.position(line, column))


def range_of(text: Text, line: int, column: int, length: int) -> lsp.Range:
    """So many characters from a line and column on."""
    return lsp.Range(position(text, line, column), position(text, line, column + length))


def line_of(line: int) -> lsp.Range:
    """The beginning of a line."""
    return lsp.Range(lsp.Position(line - 1, 0), lsp.Position(line - 1, 0))


def diagnostic(problem: Problem, text: Text) -> lsp.Diagnostic:
    """A problem, marked to the end of its line where no end is known."""
    line, column = problem.place.line, problem.place.column
    written = text.lines[line - 1].rstrip() if line <= len(text.lines) else ""
    end = problem.end or (line, max(len(written), column) + 1)
    return lsp.Diagnostic(
        lsp.Range(position(text, line, column), position(text, *end)),
        "\n".join((problem.text, *problem.details)),
        severity=_SEVERITIES[problem.severity],
        code=problem.code,
        source="nrfcloud-bdd",
    )


def item(
    offer: Offer, number: int, text: Text, line: int, *, with_snippets: bool
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
        filter_text=text.lines[line - 1][offer.start - 1 : offer.end - 1] or offer.label,
        insert_text_format=lsp.InsertTextFormat.Snippet
        if is_snippet
        else lsp.InsertTextFormat.PlainText,
        text_edit=lsp.TextEdit(
            range_of(text, line, offer.start, length), offer.snippet if is_snippet else offer.plain
        ),
    )


def outlined(symbol: Symbol, text: Text) -> lsp.DocumentSymbol:
    """A heading with all that is below it."""
    written = text.lines[symbol.line - 1]
    end = position(text, symbol.last, len(text.lines[symbol.last - 1]) + 1)
    return lsp.DocumentSymbol(
        symbol.name,
        _SYMBOLS.get(symbol.detail, lsp.SymbolKind.Method),
        lsp.Range(lsp.Position(symbol.line - 1, 0), end),
        range_of(text, symbol.line, 1, len(written)),
        symbol.detail,
        children=[outlined(each, text) for each in symbol.children],
    )

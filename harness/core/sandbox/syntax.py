"""Compiling JSONata, and telling from the syntax what an expression reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.core.nearest import nearest
from harness.core.sandbox.functions import BUILT_INS
from harness.core.sandbox.library import JException, Jsonata, Tokenizer, Tree
from harness.core.sandbox.patterns import Pattern

_OPEN_QUOTES = ("S0101", "S0105")
"""A string, or a name in backticks, that does not end."""

_WANTED = {name: function.wanted() for name, function in BUILT_INS.items()}


class Unclosed(JException):  # type: ignore[misc]
    """The text ended before the `}` that ends the expression."""


class UnknownFunction(JException):  # type: ignore[misc]
    """A call of a function that does not exist; `hint` says what to do."""

    @property
    def hint(self) -> str:
        if self.current == "eval":
            return "it would run what the network sends"
        near = nearest(self.current, BUILT_INS)
        return f"did you mean ${near}()?" if near else "it is neither built in nor a variable"


def parse(source: str, *, until_brace: bool = False) -> tuple[Tree, int]:
    """Compile an expression: its syntax tree, and the offset where it ended.

    With `until_brace` the text goes on after the expression, which ends before the first `}`
    that JSONata's grammar has no use for. Raises Unclosed if there is none; JException, or
    whatever Python raises inside the library, if this is not JSONata.
    """
    try:
        return _parse(source, until_brace)
    except JException as error:
        first = source.find("}") + 1
        if until_brace and error.error in _OPEN_QUOTES and 0 < first < len(source):
            # The library reads one token ahead, so that quote may stand behind the expression
            # (titles have placeholders in backticks): say what is wrong within it.
            _parse(source[:first], until_brace)
        raise


def _parse(source: str, until_brace: bool) -> tuple[Tree, int]:
    ours = Jsonata.get_parser()  # this thread's
    # What the last expression left behind.
    ours.ancestry, ours.ancestor_label, ours.ancestor_index = [], 0, 0
    ours.source = source
    ours.lexer = Tokenizer(source, Pattern)
    ours.advance()
    tree = ours.expression(0)
    node = ours.node
    if until_brace and node.id == "(end)":
        raise Unclosed("S0203", len(source), "}")
    if node.id != ("}" if until_brace else "(end)"):
        raise JException("S0201", node.position, node.value)
    end = node.position - 1 if until_brace else len(source)
    tree = ours.process_ast(tree)
    if tree.type == "parent" or tree.seeking_parent is not None:
        raise JException("S0217", tree.position, tree.type)
    return tree, end


@dataclass(frozen=True, slots=True)
class Reading:
    """What an expression reads: top-level names of the data; `all` if that may not be all."""

    names: frozenset[str]
    all: bool


def read(tree: Tree) -> Reading:
    """What an expression reads, as far as its syntax tells.

    Raises UnknownFunction for a call of what is neither built in nor a variable.
    """
    reader = _Reader()
    waiting = [(tree, True)]
    while waiting:
        node, of_data = waiting.pop()
        waiting += reader.visit(node, of_data)
    known = reader.variables | BUILT_INS.keys()
    for call in reader.called:
        if call.value not in known:
            raise UnknownFunction(
                f"there is no function ${call.value}()", call.position, call.value
            )
    return Reading(frozenset(reader.names), reader.reads_all)


class _Reader:
    """Collects what the nodes of a tree read.

    A node is evaluated with either the whole data as its context or an item of it (`of_data`
    says which): only in the former is a name a top-level name.
    """

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.reads_all = False
        self.variables: set[str] = set()
        self.called: list[Tree] = []

    def visit(self, node: Tree, of_data: bool) -> Iterator[tuple[Tree, bool]]:
        """Note what the node itself reads, and yield its parts."""
        if node.type == "path":
            yield from self._path(node, of_data)
        elif node.type == "name" and of_data:
            self.names.add(node.value)
        elif node.type == "variable":
            self._variable(node, of_data)
        elif node.type in ("wildcard", "descendant"):
            self.reads_all |= of_data
        elif node.type == "parent":
            self.reads_all = True
        elif node.type == "bind":
            self.variables.add(node.lhs.value)
        elif node.type == "lambda":
            self.variables.update(argument.value for argument in node.arguments)
        yield from ((part, of_data) for part in self._call(node))
        yield from ((part, of_data) for part in _same_context(node))
        yield from ((part, False) for part in self._item_context(node))

    def _path(self, node: Tree, of_data: bool) -> Iterator[tuple[Tree, bool]]:
        first, *rest = node.steps
        of_root = first.type == "variable" and (
            first.value == "$" or (first.value == "" and of_data)
        )
        if of_root and rest and rest[0].type == "name" and not (first.predicate or first.stages):
            self.names.add(rest[0].value)
        else:
            yield first, of_data
        yield from ((step, False) for step in rest)

    def _variable(self, node: Tree, of_data: bool) -> None:
        # A built-in function as a value may be called elsewhere, and without an argument.
        is_context = node.value == "$" or (node.value == "" and of_data)
        self.reads_all |= is_context or bool(_WANTED.get(node.value))

    def _call(self, node: Tree) -> Iterator[Tree]:
        if node.type not in ("function", "partial"):
            return
        procedure = node.procedure
        if procedure.type == "variable":
            self.called.append(procedure)
            self.reads_all |= len(node.arguments) < _WANTED.get(procedure.value, 0)
        else:
            yield procedure
        yield from node.arguments

    def _item_context(self, node: Tree) -> Iterator[Tree]:
        self.variables.update(name for name in (node.focus, node.index) if isinstance(name, str))
        # After `@$x` the context stays what it was before the step: it may be the whole data.
        self.reads_all |= node.focus is not None
        for stage in (*(node.predicate or ()), *(node.stages or ())):
            if stage.type == "index":
                self.variables.add(stage.value)
            else:
                yield stage.expr
        for pair in node.group.lhs_object if node.group is not None else ():
            yield from pair
        yield from (term.expression for term in node.terms or ())
        yield from (part for part in (node.pattern, node.update, node.delete) if part is not None)


def _same_context(node: Tree) -> Iterator[Tree]:
    parts = (node.lhs, node.rhs, node.expression, node.condition, node.then, node._else, node.body)
    yield from (part for part in parts if part is not None)
    yield from node.expressions or ()
    for pair in node.lhs_object or ():
        yield from pair

"""One evaluation of one expression.

The library has state that outlives an evaluation: the expression compiled last on a thread lends
its time to all others, bindings stay in their environment, errors leak depth. Here every
evaluation is an object of its own with an environment of its own, and the thread's current one
only while it runs: expressions can be shared by threads, and evaluations nest.
"""

from __future__ import annotations

from typing import Any

from harness.core.sandbox.functions import BUILT_INS, BuiltIns
from harness.core.sandbox.library import (
    JException,
    Jsonata,
    Tree,
    Utils,
    enter,
    is_function,
    leave,
)
from harness.core.sandbox.purse import Exceeded, Limits, Purse, purse

# ruff: noqa: A002 - the library names its parameters, and calls some of them by name


_LIMITS = Limits()


def evaluate(
    tree: Tree, missing: object, data: object, *, now: int, limits: Limits | None = None
) -> object:
    """The value of a compiled expression as plain JSON values; `missing` if there is none.

    `data` is any JSON value, and copied: the library writes into what it is given. `now` is in
    milliseconds since the epoch. Raises JException (Exceeded among them), and whatever Python
    raises inside the library.
    """
    evaluation = Evaluation(now, limits or _LIMITS)
    result = evaluation.run(tree, enter(data))
    if result is None:
        return missing
    if is_function(result):
        raise JException("its value is a function, not JSON", -1)
    evaluation.purse.spend_on_tree(result)
    return leave(result)


class Frame(Jsonata.Frame):  # type: ignore[misc]
    """The variables of a scope. Unlike the library's, its lookup does not recurse, and binding
    a built-in function does not rename it for everyone."""

    def bind(self, name: str, val: object) -> None:
        self.bindings[name] = val

    def lookup(self, name: str) -> object:
        frame = self
        while frame is not None:
            if name in frame.bindings:
                return frame.bindings[name]
            frame = frame.parent
        return None


_GLOBAL = Frame(None)
_GLOBAL.bindings.update(BUILT_INS)
# The library asks for these two at every node: "none" should be quick to find.
_GLOBAL.bindings.update(__evaluate_entry=None, __evaluate_exit=None)


class Evaluation(Jsonata):  # type: ignore[misc]
    """One evaluation: its purse, its time, where it is. Most methods stand in for the library's."""

    def __init__(self, now: int, limits: Limits) -> None:
        # Not super().__init__(): that compiles, and makes itself the thread's current one.
        self.parser = Jsonata.get_parser()  # this thread's: `f(?, 1)` parses
        self.timestamp = now
        self.input = None
        self.environment = None
        self.purse = Purse(limits)
        self._depth = 0
        self._tuples_at = 0

    def run(self, tree: Tree, data: object) -> object:
        """The value in the library's own types, None if there is none."""
        environment: Any = Frame(_GLOBAL)
        environment.bind("$", data)
        if isinstance(data, list):
            wrapped = Utils.create_sequence(data)
            wrapped.outer_wrapper = True
            data = wrapped
        outer = getattr(Jsonata.CURRENT, "jsonata", None)
        Jsonata.CURRENT.jsonata = self
        try:
            return self.eval(tree, data, environment)
        finally:
            if outer is None:
                del Jsonata.CURRENT.jsonata
            else:
                Jsonata.CURRENT.jsonata = outer

    def eval(self, expr: Tree, input: object, environment: Frame) -> object:
        self.purse.spend(1)
        outer = self.input, self.environment
        self._depth += 1
        try:
            if self._depth > self.purse.limits.depth:
                raise RecursionError
            result = self._eval(expr, input, environment)
            if self._depth == self._tuples_at and isinstance(result, list):
                self.purse.spend(len(result) << 2)
        except RecursionError:
            raise Exceeded("it is nested too deeply, or calls itself without end") from None
        finally:
            self._depth -= 1
            self.input, self.environment = outer
        if isinstance(result, str | list):
            self.purse.spend_on(result)
        return result

    def create_frame(self, enclosing_environment: Frame | None = None) -> Frame:
        return Frame(enclosing_environment)

    def apply_inner(self, proc: Tree, args: Any, input: Any, environment: Frame) -> object:
        # The library would print the value to standard output.
        if not self.is_function_like(proc):
            raise JException("T1006", -1)
        return super().apply_inner(proc, args, input, environment)

    def evaluate_range_expression(self, lhs: Any, rhs: Any) -> object:
        most = self.purse.limits.range
        if isinstance(lhs, int) and isinstance(rhs, int) and rhs - lhs >= most:
            raise Exceeded(f"it builds a range of more than {most:,} numbers")
        return super().evaluate_range_expression(lhs, rhs)

    def evaluate_string_concat(self, lhs: Any, rhs: Any) -> str:
        text = "".join(BuiltIns.string(part, None) or "" for part in (lhs, rhs))
        self.purse.allow(len(text))
        return text

    def evaluate_equality_expression(self, lhs: Any, rhs: Any, op: str) -> object:
        self.purse.spend_on_tree(lhs)
        return super().evaluate_equality_expression(lhs, rhs, op)

    def evaluate_includes_expression(self, lhs: Any, rhs: Any) -> object:
        self.purse.spend_on_tree(lhs, rhs)
        return super().evaluate_includes_expression(lhs, rhs)

    def evaluate_descendants(self, expr: Tree, input: Any) -> object:
        self.purse.spend_on_tree(input)
        return super().evaluate_descendants(expr, input)

    def evaluate_group_expression(self, expr: Tree, input: Any, environment: Frame) -> object:
        if isinstance(input, list):
            self.purse.spend(len(input) ** 2 >> 12)  # for each item the library copies its group
        return super().evaluate_group_expression(expr, input, environment)

    def evaluate_tuple_step(self, expr: Tree, input: Any, bindings: Any, outer: Frame) -> object:
        # A join makes a dictionary for each item of what is evaluated next.
        before, self._tuples_at = self._tuples_at, self._depth + 1
        try:
            return super().evaluate_tuple_step(expr, input, bindings, outer)
        finally:
            self._tuples_at = before

    def evaluate_transform_expression(self, expr: Tree, input: Any, environment: Frame) -> object:  # noqa: ARG002 - the library's signature
        return Jsonata.JFunction(_Transformer(self, expr, environment), "<(oa):o>")


class _Transformer(Jsonata.Transformer):  # type: ignore[misc]
    """The function that `|...|...|` makes. It copies the whole of its argument."""

    def call(self, input: object, args: Any) -> object:
        purse().spend_on_tree(*args)
        return super().call(input, args)

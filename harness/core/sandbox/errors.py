"""Errors of expressions, and the library's errors in words for the author of an expression.

They never show stored strings: those may be secret. Importing this does not import the library.
"""

from __future__ import annotations

import re
from typing import Any


class ExpressionError(Exception):
    """An expression that is not JSONata, or that cannot be evaluated.

    `offset` is a place in the expression, if one is known.
    """

    def __init__(self, what: str, offset: int | None = None, hint: str = "") -> None:
        super().__init__(what, offset, hint)
        self.what = what
        self.offset = offset
        self.hint = hint

    def __str__(self) -> str:
        return ": ".join(part for part in (self.what, self.hint) if part)


class LimitExceeded(ExpressionError):  # noqa: N818 - the name says what happened
    """The expression asks for more than it may use up."""


_PHRASES = {
    "S0201": "{} is not expected here",
    "S0203": "{} is missing at the end",
    "S0207": "it ends where a value should follow",
    "S0211": "{} is not expected here",
    "T0410": "argument {} of {} has the wrong type",
    "T0411": "an argument is left out, and the context ({}) does not fit as argument {}",
    "D3137": "{}",
    "D3141": "{}",
}
# Errors of evaluation that quote the expression, or what its author wrote as a message.
_QUOTING = frozenset({"T1005", "T1007", "D3137", "D3141"})


def explain(error: Exception, source: str, otherwise: str) -> ExpressionError:
    """What the library raised for an expression; `otherwise` is said of what it did not foresee."""
    from harness.core.sandbox.library import JException
    from harness.core.sandbox.purse import Exceeded
    from harness.core.sandbox.syntax import Unclosed, UnknownFunction

    match error:
        case Exceeded():
            return LimitExceeded(error.text)
        case RecursionError() | MemoryError():
            return LimitExceeded("it is nested too deeply, or needs too much memory")
        case Unclosed():
            return ExpressionError("it is not closed", len(source), "end it with }")
        case ZeroDivisionError():
            return ExpressionError("it divides by zero")
        case OverflowError():
            return ExpressionError("a number is out of range")
        case UnknownFunction():
            return ExpressionError(*_message(error, source, otherwise), error.hint)
        case JException():
            return ExpressionError(*_message(error, source, otherwise))
    return ExpressionError(otherwise)


def _message(error: Any, source: str, otherwise: str) -> tuple[str, int | None]:
    code = error.error
    arguments = [error.current, error.expected, error.extra]
    offset = min(error.location, len(source)) if error.location > 0 else None
    if offset is not None and source.endswith(str(error.current), 0, offset):
        offset -= len(str(error.current))  # the library points behind the word
    if "(end)" in arguments and code != "S0203":
        code = "S0207"
    if code == "T0410" and error.current is None:
        return "null is no argument for this function", offset
    template = _PHRASES.get(code) or error.error_codes.get(code)
    if template is None:
        # A sentence already, or the name of something that should not have happened.
        return (code if " " in code else otherwise), offset
    is_quoting = code.startswith("S") or code in _QUOTING
    shown = [str(each) if is_quoting else _describe(each) for each in arguments]
    # The library says "Object" where JSONata's own messages say "function".
    template = re.sub(r"\bObject\b", "function", template)
    filled = re.sub(r"{{{?\w+}?}}|{}", lambda _: shown.pop(0) if shown else "?", template)
    return (filled if code in _QUOTING else filled[:1].lower() + filled[1:]), offset


def _describe(argument: object) -> str:
    """A value in a message: functions and operators by name, other strings not at all."""
    from harness.core.sandbox.functions import BUILT_INS
    from harness.core.sandbox.library import Tokenizer, is_function

    match argument:
        case bool():
            return "true" if argument else "false"
        case int() | float():
            return f"{argument:.15g}"
        case str():
            name = f"${argument}()" if argument in BUILT_INS else "a string"
            return argument if argument in Tokenizer.operators else name
        case list():
            return "an array"
        case dict():
            return "an object"
    return "a function" if is_function(argument) else "null"

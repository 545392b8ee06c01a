"""The library's errors in words."""

from __future__ import annotations

import pytest

from harness.core.sandbox.errors import ExpressionError, LimitExceeded, explain
from harness.core.sandbox.library import JException, Utils
from harness.core.sandbox.purse import Exceeded
from harness.core.sandbox.syntax import Unclosed


@pytest.mark.parametrize(
    ("error", "what", "offset"),
    [
        (JException("S0201", 3, "b"), "b is not expected here", 2),
        (JException("S0202", 3, ")", "b"), "expected ), got b", 3),
        (JException("T2001", -1, "+", "S3CRET"), "the left side of the + operator", None),
        (JException("T2009", 0, "S3CRET", 1, ">"), "the values a string and 1 either side", None),
        (JException("T2008", 2, True, ["S3CRET"]), "the expressions within an order-by", 2),
        (JException("D1001", 0, {"a": "S3CRET"}), "number out of range: an object", None),
        (JException("D1001", 0, Utils.NULL_VALUE), "number out of range: null", None),
        (JException("T1003", 0, ["S3CRET"]), "key in object structure must evaluate to", None),
        (JException("T0410", -1, 1, "sum"), "argument 1 of $sum() has the wrong type", None),
        (JException("T0410", -1), "null is no argument for this function", None),
        (JException("D3137", -1, "What the author says"), "What the author says", None),
        (
            JException("T1005", 4, "sum"),
            "Attempted to invoke a non-function. Did you mean $sum?",
            4,
        ),
        (JException("Unexpected", 2), "otherwise", 2),
        (JException("a whole sentence", -1), "a whole sentence", None),
        (Unclosed("S0203", 3, "}"), "it is not closed", 4),
        (ZeroDivisionError(), "it divides by zero", None),
        (OverflowError(), "a number is out of range", None),
        (KeyError("S3CRET"), "otherwise", None),
    ],
)
def test_explain(error: Exception, what: str, offset: int | None) -> None:
    explained = explain(error, "a b;", "otherwise")
    assert explained.what.startswith(what)
    assert explained.offset == offset
    assert "S3CRET" not in repr(explained)
    assert not isinstance(explained, LimitExceeded)


@pytest.mark.parametrize("error", [Exceeded("it is long"), RecursionError(), MemoryError()])
def test_limits(error: Exception) -> None:
    explained = explain(error, "", "")
    assert isinstance(explained, LimitExceeded)
    assert explained.what.startswith("it is")


def test_the_text_of_an_error_is_what_and_what_to_do() -> None:
    assert str(ExpressionError("this is wrong", 1, "do that")) == "this is wrong: do that"
    assert str(ExpressionError("this is wrong")) == "this is wrong"

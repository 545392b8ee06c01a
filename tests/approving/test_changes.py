"""Items taken out of a list, with what separates them."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st

from harness.approving.changes import cuts


@given(st.lists(st.booleans(), min_size=1, max_size=8))
def test_what_is_left_is_a_list(kept: list[bool]) -> None:
    assume(any(kept))
    names = [str(index) for index in range(len(kept))]
    text = " , ".join(names)
    items = [(text.index(name), text.index(name) + len(name)) for name in names]
    gone = [item for item, stays in zip(items, kept, strict=True) if not stays]
    for start, end in reversed(list(cuts(items, gone))):
        text = text[:start] + text[end:]
    assert text == " , ".join(name for name, stays in zip(names, kept, strict=True) if stays)

"""What is renamed with a value, and when that is refused. What an editor gets is in test_server."""

from __future__ import annotations

import pytest

from harness.bdd.declarations import RegisteredLibrary
from harness.core.markdown import read
from harness.errors import BddError
from harness.lint.examine import examine
from harness.lint.suite import needs_of, titles_of
from harness.lsp.rename import Source, rename
from harness.lsp.values import values_of

STORE = "Given I store `1` into `x`"


def feature(title: str, needs: str, *steps: str) -> str:
    body = "\n\n".join(steps)
    return f"---\nneeds: [{needs}]\n---\n# {title}\n\n## S\n\n{body}\n"


def edits(library: RegisteredLibrary, old: str, new: str, **texts: str) -> list[tuple[str, str]]:
    """The changed names of a rename that begins in the file `a`, each with its file."""

    def source(file: str) -> Source | None:
        lines, document = texts[file].split("\n"), read(texts[file], file).document
        if document is None:
            return None
        return Source(lines, document, values_of(document, lines, file, library))

    files = {file: examine(text, file, library, {"url": "u"}) for file, text in texts.items()}
    needs = needs_of(files, titles_of(files))[0]
    found = rename("a", old, new, files, needs, {"url": "u"}, source)
    return [(each.place.file, each.new) for each in found]


def test_only_features_that_are_connected_share_a_value(library: RegisteredLibrary) -> None:
    b = feature("B", "A", "Given I wait for `1` seconds")
    c = feature("C", "B", "Given I store `x` into `z`")
    d = feature("D", "", STORE)
    found = edits(library, "x", "y", a=feature("A", "", STORE), b=b, c=c, d=d)
    assert found == [("a", "y"), ("c", "y")]


def test_what_is_stored_together_is_renamed_together(library: RegisteredLibrary) -> None:
    device = "Given I have the fingerprint for a `PCA20065` device in `tracker`"
    a = feature("A", "", device, "And I store `tracker_deviceId & tracker` into `both`")
    assert edits(library, "tracker", "t", a=a) == [("a", "t"), ("a", "t"), ("a", "t_deviceId")]
    with pytest.raises(BddError, match="stored together with `tracker`: rename `tracker`"):
        edits(library, "tracker_deviceId", "t", a=a)


def test_the_cell_of_a_row_is_another_value(library: RegisteredLibrary) -> None:
    a = feature("A", "", STORE) + (
        "\n## Scenario Outline: O\n\nGiven I store `x` into `z`\n\n"
        "### Examples\n\n| x |\n| - |\n| 1 |\n"
    )
    assert edits(library, "x", "y", a=a) == [("a", "y")]


@pytest.mark.parametrize(
    ("steps", "old", "new", "why"),
    [
        (STORE, "x", "null", "“null” cannot name a value"),
        (STORE, "x", "url", "`url` is a value of the settings"),
        (f"{STORE}\n\nAnd I store `2` into `y`", "x", "y", "there is a `y` already"),
        (f"{STORE}\n\nAnd I store `$keys($)` into `z`", "x", "y", "may read values of any name"),
        (f"{STORE}\n\nAnd I store `<variant.v>` into `z`", "x", "y", "an error, which may hide"),
        (f"{STORE}\n\nAnd I frobnicate `x`", "x", "y", "an error, which may hide a use"),
        (
            f"{STORE}\n\nAnd I store `x & '${{x}}'` into `z`",
            "x",
            "y",
            "by what is not written as such",
        ),
        ("Given I wait for `1` seconds", "x", "y", "no step stores `x`"),
    ],
)
def test_what_is_not_sure_is_refused(
    library: RegisteredLibrary, steps: str, old: str, new: str, why: str
) -> None:
    with pytest.raises(BddError, match=why):
        edits(library, old, new, a=feature("A", "", steps))

"""The scanner sees what CommonMark sees, in everything that it accepts."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from harness.core.markdown import decode, parse
from harness.core.scanner import scan
from harness.errors import ScenarioFileError
from tests.core.commonmark import seen_by_commonmark, seen_by_us

ROOT = Path(__file__).resolve().parents[2]
GOOD = sorted((ROOT / "tests/syntax/good").glob("*.feature.md"))
SEEDS = sorted((ROOT / "../shared/seeds").glob("*.feature.md"))

PIECES = (
    "# A #", "## B", "### Examples", "#", "#x", "####### x", "   # x", "    # x",
    "Given a job", "And b|c", "When", "Soon `x", "  Then y", "     And y", "Then a\\", "Given\xa0x",
    "> q", "> - a", "> ```", ">", "  > q", "    > q", "> a\\", ">> b", "> [a]: b", "> <!--",
    "```", "```json", "~~~", "````", "   ```", "    ```", "``` `", "~~~ `", "``", "``` js on ",
    "| a | b |", "| - | - |", "| 1 | 2 |", "|-|", "|a|", "a | b", "-|-", "- | -", ":-:|-", "|",
    "||", "| 1 | \\| |", "| \\\\| |", "| `|` |", "|:-|-:|", "--|", "  | a |", "    | a |", "| |",
    "<!-- c -->", "<!--", "-->", "<!-->", "<!--->", "<!-- a --> b", "  <!-- c -->",
    "    <!-- c -->", "<b>", "</b>", "<div>", "<?x", "<!DOCTYPE", "<variant.x> y", "<x y", "<https://example.com>",
    "`@a`", "`@a` `@b`", "`@a`x", "`@a b`",
    "- x", "+ a", "* a", "1. x", "2) x", "1234567890. a", "-", "+", "---", "===", "***", "_ _ _",
    "    x", "\tx", "  \tx", "text", "x  ", "\\", "[a]: b", "![i](j)", "*a*", "&amp;", ":",
    " ", "\t", "\xa0", "\u2028", "\x85", "\x0b", "\x0c", "\x1c",
)  # fmt: skip

texts = st.lists(
    st.tuples(
        st.sampled_from(PIECES) | st.text("#>-|`~* \t<!=Given\\1.:@", max_size=6),
        st.sampled_from(["\n", "\n\n"]),
    ),
    max_size=8,
).map(lambda pairs: "".join(piece + end for piece, end in pairs))


def same_blocks(text: str, start: int = 0) -> bool:
    """Compare the blocks; false if the scanner does not accept the text."""
    lines = text.split("\n")
    try:
        blocks = list(scan(lines, start, "made.feature.md"))
    except ScenarioFileError:
        return False
    ours = seen_by_us(blocks, lines)
    assert ours == seen_by_commonmark("\n".join(lines[start:]), start + 1)
    return True


def body(text: str) -> int:
    """Where the text below the front matter begins."""
    lines = text.split("\n")
    return lines.index("---", 1) + 1 if lines[0].strip() == "---" else 0


def with_line_feeds(path: Path) -> str:
    text = decode(path.read_bytes(), path.name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "\n".join(line.rstrip(" \t") if line[:3] == "---" else line for line in text.split("\n"))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.name)
def test_the_golden_files(path: Path) -> None:
    text = with_line_feeds(path)
    assert same_blocks(text, body(text))


@pytest.mark.skipif(not SEEDS, reason="the seeds are not there")
def test_the_seeds() -> None:
    for path in SEEDS:
        text = with_line_feeds(path)
        assert same_blocks(text, body(text))


@given(texts)
@example("## A\n\n| |\n|-|\n|\n")
@example("|\n|-|\n")
@example(">\n\nGiven a\n")
@example("Given a | b\n:-:|-\n")
@example("Given a\n:-:\n")
@example("> ```\n# A\n")
@example("<!-->\n-->\n")
def test_made_up_files(text: str) -> None:
    same_blocks(text)


@given(st.data())
def test_golden_files_with_a_change(data: st.DataObject) -> None:
    text = with_line_feeds(data.draw(st.sampled_from(GOOD)))
    lines = text.split("\n")[body(text) :]
    at = data.draw(st.integers(0, len(lines) - 1))
    match data.draw(st.sampled_from(["cut", "put", "join", "indent", "swap"])):
        case "cut":
            del lines[at]
        case "put":
            lines.insert(at, data.draw(st.sampled_from(PIECES)))
        case "join":
            lines[at : at + 2] = [" ".join(lines[at : at + 2])]
        case "indent":
            lines[at] = data.draw(st.sampled_from([" ", "   ", "    ", "\t"])) + lines[at]
        case "swap":
            other = data.draw(st.integers(0, len(lines) - 1))
            lines[at], lines[other] = lines[other], lines[at]
    same_blocks("\n".join(lines))


@pytest.mark.parametrize(
    "text",
    [
        "# A\n\n## B\n\nGiven " + "x" * 1_000_000,
        "# " + "#" * 1_000_000,
        "# x" + " #" * 500_000,
        "#" * 1_000_000,
        "-" * 1_000_000,
        "- " * 500_000 + "x",
        "-" + " " * 1_000_000 + "x",
        "`" * 1_000_000,
        "`@a` " * 200_000 + "x",
        "`@" * 500_000,
        ">" * 1_000_000,
        "> " * 500_000,
        "# A\n\n" + "> a\n" * 100_000,
        "# A\n\n" + "> a\n\n" * 100_000,
        "<!-- a -->\n" * 100_000 + "# A\n\n## B\n",
        "`@a`\n\n" * 100_000 + "# A\n\n## B\n",
        "`@a`\n" * 100_000 + "# A\n\n## B\n",
        "<!--" * 250_000,
        "<!--\n" * 100_000,
        "<" * 1_000_000,
        "<a" + "b" * 1_000_000,
        "[" * 1_000_000,
        "|" * 500_000 + "\n" + "|-" * 250_000,
        "# A\n\n## B\n\nGiven a\n\n|" + "a|" * 20_000 + "\n|" + "-|" * 20_000,
        "# A\n\n## B\n\nGiven a\n\n| a |\n|-|\n" + "| 1 |\n" * 100_000,
        "# A\n\n## B\n\n" + "Given a\n\n" * 50_000,
        "# A\n\n## B\n\nGiven a\n" + "b\n" * 100_000,
        "# A\n\n## B\n\nGiven a\n\n" + " ```\n" + " b\n" * 100_000 + " ```\n",
        "# A\n\n## B\n\nGiven a\n\n```\n" + "`` ```x\n" * 100_000,
        "# A\n\n" + "## B\n" * 100_000,
        "\n" * 1_000_000,
        " " * 1_000_000,
        "\\" * 1_000_000 + "|\n|-|",
        "G" * 1_000_000,
    ],
    ids=lambda text: f"{text[:6]!r}-{len(text)}",
)
def test_hostile_files_take_no_more_steps_than_they_have_characters(text: str) -> None:
    # A parser that looked at them again and again would take minutes: the test would hang.
    message = ""
    try:
        parse(text, "hostile.feature.md")
    except ScenarioFileError as error:
        message = str(error)
    assert len(message) < 500

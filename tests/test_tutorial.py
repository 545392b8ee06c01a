"""The tutorial is true: its files are written and its commands run, in order, in one shell.

A block that is a file is written, and a `diff` changes one. What stands in a `text` block below
commands is what they print.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.in_process import ROOT
from tests.installed import environment
from tests.pages import Block, blocks

PAGE = ROOT / "docs" / "tutorial.md"
EXAMPLE = ROOT / "examples" / "own-service"
MARK = "--- block"


def script(page: list[Block]) -> Iterator[str]:
    """What the reader does, as lines of bash; each list of commands ends with a mark."""
    texts: dict[str, str] = {}
    for number, block in enumerate(page):
        if block.file is not None:
            texts[block.file] = text = changed(texts, block)
            # The reader's editor, which knows where the project is.
            path = f'"$PROJECT"/{shlex.quote(block.file)}'
            yield f'mkdir -p "$(dirname {path})" && printf %s {shlex.quote(text)} > {path}'
        elif block.language == "console":
            yield " && ".join(block.text.splitlines())
            yield f'echo "{MARK} {number} $?"'


def changed(texts: dict[str, str], block: Block) -> str:
    """The new text of a file: the block, or the text with the change in the block."""
    if block.language != "diff":
        return block.text
    assert block.file is not None
    old, new = (
        "".join(line[1:] for line in block.text.splitlines(keepends=True) if line[0] in (" ", sign))
        for sign in "-+"
    )
    assert texts[block.file].count(old) == 1
    return texts[block.file].replace(old, new)


def alike(text: str) -> str:
    """A text without what differs between two runs."""
    text = re.sub(r"127\.0\.0\.1:\d+", "HOST", text)
    text = re.sub(r"oob-\d{15}", "DEVICE", text)
    text = re.sub(r"\d+min \d+\.\d+s", "TIME", text)
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def run(page: list[Block], folder: Path) -> dict[int, tuple[str, int]]:
    """Do all that the page says in a folder with a clone; by block, what it printed, its status."""
    (folder / "nrfcloud-bdd").symlink_to(ROOT)
    done = subprocess.run(
        ["bash", "-c", "\n".join(script(page))],
        cwd=folder,
        env={**environment(folder / "dependencies"), "PROJECT": str(folder / "trackers")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
    )
    parts = re.split(rf"^{MARK} (\d+) (\d+)\n", done.stdout, flags=re.M)
    triples = zip(parts[::3], parts[1::3], parts[2::3], strict=False)
    return {int(number): (output, int(status)) for output, number, status in triples}


def test_the_tutorial_does_what_it_says(tmp_path: Path) -> None:
    page = blocks(PAGE)
    ran = run(page, tmp_path)
    assert list(ran) == [at for at, block in enumerate(page) if block.language == "console"]
    for at, (output, status) in ran.items():
        following = page[at + 1]
        shown = following.text if following.language == "text" and not following.file else None
        assert shown is None or alike(output) == alike(shown)
        fails = "Failing scenarios:" in (shown or "")
        assert status == int(fails), output
    assert files(tmp_path / "trackers") == files(EXAMPLE)


def files(folder: Path) -> dict[str, str]:
    """What a project consists of."""
    made = {".venv", "reports", "__pycache__"}
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not made & set(path.relative_to(folder).parts)
    }

"""`nrfcloud-bdd init`: a project that passes at once, from the files in `harness/template/`.

It writes files that are not there, and nothing else.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import harness
from harness.errors import UsageError

EXAMPLE = """example:
  nrfcloud-bdd init acceptance
"""

TEMPLATE = Path(harness.__file__).parent / "template"
# A .gitignore in the package would hide files of the package itself.
RENAMED = {"gitignore": ".gitignore"}


def main(argv: list[str]) -> int:
    """Write the project; returns 0, or 2 if something is in its way."""
    options = make_parser().parse_args(argv)
    try:
        write_project(options.folder)
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"A project is in {options.folder}. Try it:\n  cd {options.folder}\n  behave")
    return 0


def make_parser() -> argparse.ArgumentParser:
    """The flags."""
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd init",
        description="Write a project that passes at once. Files that are there are left alone.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="made if it is not there")
    return parser


def write_project(folder: Path) -> None:
    """Copy the template. Raises UsageError if one of its files is there, or cannot be written."""
    texts = {
        folder / RENAMED.get(name, name): (TEMPLATE / name).read_text(encoding="utf-8")
        for name in template_files()
    }
    present = [str(path) for path in texts if path.exists() or path.is_symlink()]
    if present:
        raise UsageError(
            f"{', '.join(present)}: there already", None, "choose another folder, or remove them"
        )
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise UsageError(f"{error.filename}: it cannot be written: {error.strerror}") from None


def template_files() -> list[str]:
    """The files of the template, from its folder on."""
    return sorted(
        path.relative_to(TEMPLATE).as_posix()
        for path in TEMPLATE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    )

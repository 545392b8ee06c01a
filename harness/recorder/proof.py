"""The proof of a recording: its scenarios are run by the real runner, with a service and a mock of
their own, as anybody would run them.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.errors import UsageError

SECONDS = 600.0
"""How long the scenarios may take."""
SHOWN_LINES = 80
"""Lines that are shown of what a run has printed, from the first failure on."""

GRACE = 15.0
"""Seconds that it gets to stop what it has started."""


def prove(text: str, root: Path, environ: Mapping[str, str]) -> str:
    """What the run has printed of its failure if the scenarios do not pass, else "".

    `root` is the folder of the project. It is run in a folder of its own within it: the files of
    the project have no part in it. Raises UsageError if there can be none.
    """
    try:
        with TemporaryDirectory(prefix=".recorded-", dir=root) as folder:
            file = Path(folder) / "recorded.feature.md"
            file.write_text(text, encoding="utf-8")
            status, printed = _run(file, root, environ)
    except subprocess.TimeoutExpired:
        return f"The scenarios had not ended after {SECONDS:g} s."
    except OSError as error:
        raise UsageError(f"{root}: nothing can be run there: {error.strerror}") from None
    if not status:
        return ""
    shown = printed.replace(f"{Path(folder).name}/", "").partition("\nFailing scenarios:")[0]
    lines = shown.splitlines()
    first = next((n for n, line in enumerate(lines) if "ASSERT FAILED" in line), 1)
    return "\n".join(lines[max(0, first - 1) :][:SHOWN_LINES]).rstrip()


def _run(file: Path, root: Path, environ: Mapping[str, str]) -> tuple[int, str]:
    """The exit status, and what was printed."""
    command = [sys.executable, "-m", "harness.tools.cli", "run", str(file)]
    command += ["--report", str(file.parent), "--no-color", "--format", "plain"]
    with subprocess.Popen(
        command,
        cwd=root,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    ) as process:
        try:
            printed, _ = process.communicate(timeout=SECONDS)
        except BaseException:
            process.terminate()  # so that it stops the service, too
            with suppress(subprocess.TimeoutExpired):
                process.communicate(timeout=GRACE)
            process.kill()
            raise
    return process.returncode, printed

"""Problems as a person, a program or GitHub reads them. Pure: the lines of files are given."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from harness.core.github import command
from harness.core.showing import UNPRINTABLE, visible
from harness.lint.problems import CHECKS, Problem, Severity

Lines = Callable[[str], Sequence[str]]
"""From a file to its lines; none if it cannot be read."""

WIDTH = 120
"""Characters of a line that are shown."""

_COLORS = {Severity.ERROR: "\x1b[31m", Severity.WARNING: "\x1b[33m"}
_BOLD, _PLAIN = "\x1b[1m", "\x1b[0m"


def human(problems: Sequence[Problem], lines_of: Lines, *, color: bool) -> str:
    """As compilers print them: the place, what is wrong, what to do, the line with a mark."""
    shown: list[str] = []
    file = ""
    lines: Sequence[str] = ()
    for problem in problems:
        if problem.place.file != file:
            file, lines = problem.place.file, lines_of(problem.place.file)
        place, severity = visible(str(problem.place)), problem.severity.value
        if color:
            place = f"{_BOLD}{place}{_PLAIN}"
            severity = f"{_COLORS[problem.severity]}{severity}{_PLAIN}"
        shown.append(f"{place}: {severity}: {visible(problem.text)} [{problem.code}]")
        shown += _marked(problem, lines)
        shown += [f"    {visible(line)}".rstrip() for line in problem.details]
    return "".join(f"{line}\n" for line in shown)


def summary(problems: Sequence[Problem], files: int) -> str:
    """How many there are, in one line."""
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    counts = f"{_count(errors, 'error')} and {_count(len(problems) - errors, 'warning')}"
    return f"{_count(files, 'file')}: {counts}" if problems else f"{_count(files, 'file')}: clean"


def as_json(problems: Sequence[Problem], files: int) -> str:
    """One JSON document; docs/lint.md has its schema."""
    found = [_record(problem) for problem in problems]
    return json.dumps({"version": 1, "files": files, "problems": found}, indent=1) + "\n"


def github(problems: Sequence[Problem], folder: str = "") -> str:
    """Workflow commands, which GitHub shows at the lines of a pull request. `folder` is that of the
    files' names, from the top of the repository: GitHub takes paths from there.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "".join(f"{_command(problem, folder)}\n" for problem in problems)


def table() -> str:
    """The table of all checks, as docs/lint.md has it."""
    rows = (f"| `{code}` | {level.value} | {what} |" for code, (level, what) in CHECKS.items())
    return "\n".join(("| code | | what is wrong |", "|---|---|---|", *rows))


def _marked(problem: Problem, lines: Sequence[str]) -> Iterator[str]:
    """The line, and a mark below what is wrong; a long line is cut around it."""
    place = problem.place
    if not 0 < place.line <= len(lines):
        return
    line = lines[place.line - 1]
    begin = min(place.column - 1, len(line))
    if problem.end is not None and problem.end[0] == place.line:
        end = max(problem.end[1] - 1, begin + 1)
    else:
        end = begin + 1
    first = max(0, begin - WIDTH // 2) if len(line) > WIDTH else 0
    shown = line[first : first + WIDTH]
    marks = "^" * max(1, min(end, first + len(shown)) - begin)
    yield f"    {UNPRINTABLE.sub(' ', shown)}".rstrip()
    yield f"    {' ' * (begin - first)}{marks}"


def _record(problem: Problem) -> dict[str, object]:
    place, end, fix = problem.place, problem.end, problem.fix
    return {
        "file": place.file,
        "line": place.line,
        "column": place.column,
        "end": end and {"line": end[0], "column": end[1]},
        "severity": problem.severity.value,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint or None,
        "details": list(problem.details),
        "fix": fix and fix._asdict(),
    }


def _command(problem: Problem, folder: str) -> str:
    place, end = problem.place, problem.end
    file = PurePath(folder, place.file).as_posix()
    fields: dict[str, object] = {"file": file, "line": place.line, "col": place.column}
    if end is not None:
        fields["endLine"] = end[0]
        if end[0] == place.line:
            fields["endColumn"] = end[1]
    fields["title"] = problem.code
    return command(problem.severity.value, fields, "\n".join((problem.text, *problem.details)))


def _count(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number:,} {what}s"

"""`nrfcloud-bdd record`: from what a service really did to scenarios that pass."""

from __future__ import annotations

import argparse
import math
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from harness.core.showing import visible
from harness.errors import BddError, UsageError
from harness.interrupts import like_ctrl_c, told_by_socket
from harness.settings import FILE_NAME, Settings, load
from harness.tools import record_options
from harness.tools.record_options import make_parser as make_parser

if TYPE_CHECKING:
    from harness.recording.model import Composed, Recording

PASSED, FAILED, WRONG = 0, 1, 2


def main(argv: list[str]) -> int:
    """Record, compose, prove, write; returns the exit status."""
    options = make_parser().parse_args(argv)
    try:
        with like_ctrl_c():
            return _record(options)
    except BddError as error:
        print(error, file=sys.stderr)
        return WRONG


def _record(options: argparse.Namespace) -> int:
    # Late: --help and the completion of shells need nothing of this.
    from harness.core.secret_rules import Rules
    from harness.recorder import files
    from harness.recording.compose import compose
    from harness.recording.model import Options

    record_options.check(options)
    settings = load(Path(FILE_NAME), os.environ, {})
    Rules(settings.report.redact)  # what is wrong with them is told before anything is recorded
    if options.out is not None:
        files.check(options.out, force=options.force)
    recordings = [each for each in _recordings(options, settings) if each.observed]
    if not recordings:
        _tell("Nothing was recorded, so nothing is written.")
        return FAILED
    recording, other = recordings[0], recordings[1] if len(recordings) > 1 else None
    how = Options(
        title=options.title or _title(options.out),
        silence=options.silence,
        allow=frozenset(options.allow),
        redact=settings.report.redact,
    )
    try:
        with told_by_socket():  # it takes seconds at most, and Ctrl-C would lose what was recorded
            composed = compose(recording, how, other=other)
    except BddError as error:
        _tell(str(error))
        return FAILED
    draft = _why_draft(composed.text, options, settings)
    with told_by_socket():
        if draft:
            composed = compose(recording, replace(how, draft=draft), other=other)
        _explain(composed)
    written = _deliver(composed.text, options)
    return written or (FAILED if draft and not options.no_proof else PASSED)


def _title(out: Path | None) -> str:
    """A title after the name of the file: `fota-abort.feature.md` is "Fota abort"."""
    words = out.name.partition(".")[0].replace("-", " ").replace("_", " ") if out else ""
    return words[:1].upper() + words[1:] or "Recorded"


def _recordings(options: argparse.Namespace, settings: Settings) -> list[Recording]:
    """What was recorded, two times if that is asked for. Raises BddError."""
    if options.source is not None:
        from harness.recorder.sources import Source, recording
        from harness.recording.sources.choosing import Choice

        choice = Choice(
            options.since or -math.inf,
            options.until or math.inf,
            tuple(options.path),
            tuple(options.device),
        )
        source = Source(options.source, options.namespace, choice)
        return [recording(source, settings, os.environ)]
    from harness.recorder.live import record
    from harness.recorder.plan import Plan

    plan = Plan(
        upstreams=dict(options.upstream),
        on_miss=options.on_miss,
        seed=options.seed,
        devices=tuple(map(record_options.new_device, options.device)),
        port=options.port,
        driver_port=options.driver_port,
    )
    if not options.twice:
        return [record(settings, os.environ, plan, sys.stdout, sys.stderr)]
    recordings = []
    for which in ("first", "second"):
        _tell(f"This is the {which} of two recordings of the same.")
        try:
            recordings.append(record(settings, os.environ, plan, sys.stdout, sys.stderr))
        except (BddError, KeyboardInterrupt) as error:
            if not recordings:
                raise
            _tell(f"There is no second recording: {str(error) or 'interrupted'}")
    return recordings


def _why_draft(text: str, options: argparse.Namespace, settings: Settings) -> str:
    """Why the scenarios are not known to pass, "" if they do; a person is told."""
    if options.no_proof:
        _tell("The scenarios are not run (--no-proof): the file is a draft.")
        return "It has not been run."
    from harness.recorder.proof import prove

    _tell("Running the scenarios, with a service and a mock of their own …")
    keys = {account.api_key_env for account in settings.accounts.values()}
    # The real keys have no part in it: there is no upstream.
    environ = {name: value for name, value in os.environ.items() if name not in keys}
    try:
        failure = prove(text, Path.cwd(), environ)
    except KeyboardInterrupt:
        failure = "The run was interrupted."
    except UsageError as error:
        failure = str(error)
    if failure:
        _tell(f"They do not pass, so the file is a draft:\n{failure}")
        return "It did not pass when it was recorded."
    _tell("They pass.")
    return ""


def _explain(composed: Composed) -> None:
    """Say what was replaced, and what a person should know."""
    for each in composed.replacements:
        places = ", ".join(each.where)
        _tell(visible(f"{each.value} -> {each.placeholder}: {each.reason} ({places})"))
    for note in composed.notes:
        _tell(visible(f"Note: {note}"))


def _tell(text: str) -> None:
    from harness.recorder.telling import tell

    tell(text, sys.stderr)


def _deliver(text: str, options: argparse.Namespace) -> int:
    """Write the text where it is wanted, or else somewhere: it is never lost."""
    from harness.recorder import files

    try:
        if options.out is not None:
            files.write(options.out, text, force=options.force)
            _tell(f"Written: {options.out}")
        else:
            if hasattr(sys.stdout, "reconfigure"):
                sys.stdout.reconfigure(encoding="utf-8")  # as scenario files are
            print(text, end="", flush=True)
    except (UsageError, OSError, KeyboardInterrupt) as error:
        _tell(str(error) or "Interrupted.")
    else:
        return PASSED
    try:
        _tell(f"It is kept in {files.rescue(text)}")
    except OSError:
        _tell("There is no room for it elsewhere. This is it:")
        print(text, end="", file=sys.stderr if options.out is None else sys.stdout)
    return WRONG

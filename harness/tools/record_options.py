"""The flags of `nrfcloud-bdd record`, and what does not go together."""

from __future__ import annotations

import argparse
import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from harness.errors import UsageError
from harness.recorder.plan import NewDevice
from harness.settings import DEFAULT_ACCOUNT
from harness.tools.upstreams import upstream
from mock_nrfcloud.arguments import port

EXAMPLE = """examples:
  nrfcloud-bdd record --upstream https://api.nrfcloud.com --device PCA20065 \\
    --out features/upgrade.feature.md
  nrfcloud-bdd record --upstream http://127.0.0.1:8080 --on-miss --seed stubs.json
  nrfcloud-bdd record --from journal.sqlite --since 2026-11-20T12:00:00Z

The first line on stdout says where the service is driven. Ctrl-C ends the recording.
Exit status: 0 the scenarios pass, 1 they do not or there are none, 2 wrong use or settings.
"""

_ONLY_LIVE = ("on_miss", "seed", "twice", "port", "driver_port")
_ONLY_BEFORE = ("since", "until", "path", "namespace")


def make_parser() -> argparse.ArgumentParser:
    """The flags."""
    parser = argparse.ArgumentParser(
        prog="nrfcloud-bdd record",
        description="Write a scenario file from what the service really did.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--out", type=Path, metavar="FILE", help="a *.feature.md file (default: stdout)")
    add("--force", action="store_true", help="replace the file if it is there")
    add("--title", help="of the feature (default: from the name of the file)")
    add(
        "--silence",
        type=_seconds,
        default=3.0,
        metavar="SECONDS",
        help="a pause that begins a scenario, where none is marked (default: 3)",
    )
    add(
        "--allow",
        action="append",
        choices=("imei", "iccid"),
        default=[],
        help="write these identities as they are; may be repeated",
    )
    add("--no-proof", action="store_true", help="do not run the scenarios: the file is a draft")
    add(
        "--device",
        action="append",
        default=[],
        metavar="DEVICE",
        help="MODEL[@ACCOUNT][=NAME]: register a device whose fingerprint is known as NAME"
        " (default: fingerprint); with --from, an ID: only what names it; may be repeated",
    )
    _add_live(parser.add_argument_group("a recording that begins now"))
    _add_before(parser.add_argument_group("a recording of what has been"))
    return parser


def _add_live(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--upstream",
        type=upstream,
        action="append",
        default=[],
        metavar="[HOST=]URL",
        help="what answers as nRF Cloud, or as another host; may be repeated",
    )
    add("--on-miss", action="store_true", help="ask it only what no stub answers")
    add("--seed", type=Path, metavar="FILE", help="a JSON file of stubs, for --on-miss")
    add("--twice", action="store_true", help="record the same two times, to see what changes")
    add(
        "--port",
        type=port,
        default=0,
        help="where the service finds nRF Cloud (default: a free port)",
    )
    add(
        "--driver-port",
        type=port,
        default=0,
        metavar="PORT",
        help="where the service is driven (default: a free port)",
    )


def _add_before(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add(
        "--from",
        dest="source",
        metavar="SOURCE",
        help="a journal file of the mock, the URL of one that runs, or a HAR file",
    )
    add("--since", type=_time, metavar="TIME", help="not what was before (ISO 8601)")
    add("--until", type=_time, metavar="TIME", help="not what was after")
    add(
        "--path",
        action="append",
        default=[],
        metavar="PATH",
        help="only what is below it, or like it where it has a *; may be repeated",
    )
    add("--namespace", metavar="NAME", help="only this namespace of the journal")


def check(options: argparse.Namespace) -> None:
    """Raises UsageError for flags that do not go together."""
    if (options.source is None) == (not options.upstream):
        hint = "--upstream records now, --from takes what has been"
        raise UsageError("give either --upstream or --from", hint=hint)
    live = options.source is None
    for name in _ONLY_BEFORE if live else _ONLY_LIVE:
        if getattr(options, name):
            flag = "--" + name.replace("_", "-")
            raise UsageError(f"{flag} does not go with {'--upstream' if live else '--from'}")
    if options.seed and not options.on_miss:
        raise UsageError("--seed is given without --on-miss", hint="give both")
    if twice := _twice([host for host, _ in options.upstream]):
        raise UsageError(f"there are two upstreams for {twice}", hint="leave one out")
    if live and (twice := _twice([new_device(each).name for each in options.device])):
        raise UsageError(f"there are two devices named {twice}", hint="write MODEL=NAME")


def _twice(names: list[str]) -> str:
    """The first name that stands there twice, "" if none does."""
    return next((name for name in names if names.count(name) > 1), "")


def new_device(text: str) -> NewDevice:
    """`MODEL[@ACCOUNT][=NAME]`. Raises UsageError."""
    found = re.fullmatch(r"([^@=]+)(?:@([^@=]+))?(?:=([A-Za-z_]\w*))?", text, re.ASCII)
    if found is None:
        hint = "write MODEL, MODEL=NAME or MODEL@ACCOUNT=NAME, as PCA20065=tracker"
        raise UsageError(f"--device {text}", hint=hint)
    model, account, name = found.groups()
    return NewDevice(model, account or DEFAULT_ACCOUNT, name or "fingerprint")


def _seconds(text: str) -> float:
    with suppress(ValueError):
        if 0 < (seconds := float(text)) < 1e6:
            return seconds
    raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")


def _time(text: str) -> float:
    """Seconds since 1970; a time without a zone is local."""
    try:
        return datetime.fromisoformat(text).astimezone().timestamp()
    except (ValueError, OverflowError):
        example = "2026-11-20T12:00:00Z"
        raise argparse.ArgumentTypeError(f"{text!r} is no time such as {example}") from None

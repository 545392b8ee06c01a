"""What docs/tuya.md says is so: the commands, the codes, the diagram, and the call from a shell."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from mock_nrfcloud.commands import decoded
from mock_nrfcloud.sisters.tuya import commands
from mock_nrfcloud.sisters.tuya.refusals import OF_THE_API, OF_THE_GATEWAY
from mock_nrfcloud.sisters.tuya.tasks import TRANSITIONS
from tests.mock_nrfcloud.standalone import running

PAGE = (Path(__file__).parents[4] / "docs/tuya.md").read_text()
ANSWERS = ('{"reply":', '{"code":')


def test_the_diagram_is_drawn_from_the_table() -> None:
    (diagram,) = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", PAGE, re.DOTALL)
    drawn = [f"  {before} --> {after}\n" for before in TRANSITIONS for after in TRANSITIONS[before]]
    assert diagram == "".join(drawn)


def test_the_commands_that_are_shown_can_be_given_and_are_all() -> None:
    shown = [json.loads(each) for each in re.findall(r"^\| `(\{.*?\})` \|", PAGE, re.MULTILINE)]
    assert [type(decoded(each, commands.COMMANDS)) for each in shown] == list(commands.COMMANDS)


def test_the_codes_are_all() -> None:
    assert set(re.findall(r"^\| `(iot\..*?)` \|", PAGE, re.MULTILINE)) == set(OF_THE_API)
    found = re.findall(r"^\| (4\d\d) \| `(.*?)` \|", PAGE, re.MULTILINE)
    assert {code: int(status) for status, code in found} == OF_THE_GATEWAY


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
def test_the_call_from_a_shell_works() -> None:
    blocks = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
    lines = [line for line in "".join(blocks).splitlines() if not line.startswith(ANSWERS)]
    script = "\n".join(line.removeprefix("$ ") for line in lines)
    with running("--twin", "tuya") as mock:
        task = {"do": "task", "product": "p", "firmware": "168", "device": "d1"}
        mock.ask("/__admin/twins/tuya", {"command": task})
        script = script.replace("http://127.0.0.1:8080", mock.url)
        done = subprocess.run(
            ["sh", "-ec", script], capture_output=True, text=True, timeout=60, check=True
        )
    assert '"success": true' in done.stdout

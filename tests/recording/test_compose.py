"""Scenarios as they come out: golden files, which are linted and formatted as any other."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.markdown import parse
from harness.errors import BddError
from harness.recording.compose import compose
from harness.recording.model import Mark, Options, Recording
from harness.tools.cli import main
from tests.recording import calls
from tests.recording.calls import BEGIN, recording

GOLDEN = Path(__file__).parent / "golden"

RECORDINGS = {
    "abort": (recording(*calls.scheduling(), *calls.aborting()), Options("Abort a job")),
    "upgrade": (
        Recording(
            (*calls.scheduling(), *calls.upgrading()),
            (Mark(BEGIN, "A job is scheduled"), Mark(BEGIN + 12, "The device has upgraded")),
            (calls.DEVICE,),
            calls.VALUES,
        ),
        Options("Upgrade a device", draft="it did not pass -- see the log"),
    ),
    "by-itself": (
        recording(*calls.upgrading()[:2], values={}),
        Options("What a journal has", allow=frozenset({"iccid"})),
    ),
}


@pytest.mark.parametrize("name", RECORDINGS)
def test_what_comes_out(name: str) -> None:
    made, options = RECORDINGS[name]
    composed = compose(made, options)
    lines = [f"{each.placeholder}: {each.value}: {each.reason}" for each in composed.replacements]
    golden = GOLDEN / f"{name}.feature.md"
    assert composed.text == golden.read_text()
    assert "\n".join((*lines, *composed.notes, "")) == (GOLDEN / f"{name}.txt").read_text()


def test_all_that_comes_out_is_clean(capsys: pytest.CaptureFixture[str]) -> None:
    configured = ("-D", "APIURL=http://127.0.0.1:3000", "-D", "mockURL=http://127.0.0.1:8080")
    assert main(["lint", *configured, str(GOLDEN)]) == 0
    said = capsys.readouterr().out
    assert said.endswith("3 files: 0 errors and 1 warning\n"), said
    assert "[draft]" in said


def test_nothing_recorded_is_said() -> None:
    with pytest.raises(BddError, match="nothing was recorded"):
        compose(recording(), Options())


def test_a_draft_says_so_where_a_reader_begins() -> None:
    document = parse((GOLDEN / "upgrade.feature.md").read_text(), "upgrade.feature.md")
    assert document.comment == "Draft: it did not pass - - see the log"

"""How steps fail: each file in golden/ is a feature and, after `=====`, how it fails.

`UPDATE_GOLDEN=1 pytest tests/steps/test_golden.py` writes the texts anew: read every one of them
as the person who gets it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.steps.library import definitions, name_of
from tests.steps.stage import Stage

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
SEPARATOR = "\n=====\n"

CANNOT_FAIL = {
    "values.store_email": "nothing of it is up to the one who writes it, but the name",
    "aws_iot.behave": "there is nothing that could be wrong with it",
    "faults.end": "there is nothing that could be wrong with it",
    "fota.behave": "there is nothing that could be wrong with it",
}


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_failure_reads_as_it_should(file: Path, stage: Stage) -> None:
    feature, _, expected = file.read_text(encoding="utf-8").partition(SEPARATOR)
    failure = stage.failure(feature + "\n")
    assert failure, "it did not fail"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_text(f"{feature}{SEPARATOR}{failure}\n", encoding="utf-8")
    else:
        assert failure + "\n" == expected


def test_every_definition_fails_somewhere() -> None:
    failing = set()
    for file in GOLDEN:
        feature = file.read_text(encoding="utf-8").partition(SEPARATOR)[0]
        # The last step is the one that fails: no other reaches its end.
        title = re.split(r"^(?:Given|When|Then|And|Soon) ", feature, flags=re.MULTILINE)[-1]
        title = " ".join(title.partition("\n\n")[0].split())
        failing |= {name_of(item) for item in definitions() if item.match(title)}
    assert {name_of(item) for item in definitions()} == failing | set(CANNOT_FAIL)


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_a_failure_says_where_it_is(file: Path) -> None:
    feature, _, failure = file.read_text(encoding="utf-8").partition(SEPARATOR)
    place = re.match(r"case\.feature\.md:(\d+):(\d+): \S", failure)
    assert place, failure
    lines = feature.split("\n")
    last_step = max(
        number
        for number, line in enumerate(lines, 1)
        if re.match("(Given|When|Then|And|Soon) ", line)
    )
    assert last_step <= int(place[1]) <= len(lines)
    assert 1 <= int(place[2]) <= len(lines[int(place[1]) - 1])
    assert "Traceback" not in failure

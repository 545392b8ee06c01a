"""`nrfcloud-bdd approve` after runs by the real command."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.in_process import ROOT
from tests.project import USUAL, Done, Project, make_project
from tests.test_docs import blocks

SETTINGS = """
    [values]
    APIURL = "{mock_url}"
"""

STORY = """
    ---
    needs: [The device]
    ---

    # The job

    ## Background

    Given this nRF Cloud API request is queued for a `POST /v1/fota-jobs` request

    ```
    HTTP/1.1 201 Created
    Content-Type: application/json

    {"jobId": "${jobId}", "status": "QUEUED", "target": {"ids": ["${deviceId}"]}, "token": "s3cr3t"}
    ```

    ## It is made

    When I `POST` `${APIURL}/v1/fota-jobs` with

    ```json
    { "bundleId": "APP*1", "deviceIds": ["${deviceId}"] }
    ```

    Then the status code of the last response should be `200`

    And the last response should match

    ```json
    {
      "jobId":  "${jobId}",
      "status": "DONE", "target": { "ids": [ "#regex oob-.+", "another" ] }
    }
    ```

    And the nRF Cloud API should have been called with

    ```
    POST /v1/fota-jobs?dry=true HTTP/1.1
    Content-Type: application/json

    { "bundleId": "APP*2", "deviceIds": [ "${deviceId}" ] }
    ```
"""

NEEDED = """
    # The device

    ## It is there

    Given I store `"oob-350006660000001"` into `deviceId`

    And I have a random UUIDv4 in `jobId`
"""

APPROVED = (
    STORY.replace("be `200`", "be `201`")
    .replace('"status": "DONE"', '"status": "QUEUED"')
    .replace(', "another" ]', " ]")
    .replace("?dry=true", "")
    .replace("APP*2", "APP*1")
)

VALUE = """
    # A value

    ## It is stored

    Given I store `{"a": 1, "b": "x"}` into `thing`

    Then `thing` should match

    ```json
    { "a": 2 }
    ```
"""


def project(folder: Path, **features: str) -> Project:
    """A project with these features; its service is the mock, which answers what is queued."""
    made = make_project(folder, {f"{name}.feature.md": text for name, text in features.items()})
    made.write("nrfcloud-bdd.toml", SETTINGS)
    return made


def command(made: Project, *arguments: str, env: Mapping[str, str] | None = None) -> Done:
    return made.run("harness.tools.cli", *arguments, env=env)


def feature(made: Project, name: str) -> Path:
    return made.folder / "features" / f"{name}.feature.md"


def test_after_approving_the_next_run_passes_and_nothing_is_left_to_approve(
    tmp_path: Path,
) -> None:
    made = project(tmp_path, device=NEEDED, job=STORY)
    for _ in range(3):  # a story stops at its first failure
        assert command(made, "run", "--retry-scale", "0.1").status == 1
        done = command(made, "approve", "--yes")
        assert (done.status, done.out.splitlines()[-1]) == (0, "1 file changed.")
    assert command(made, "run").status == 0
    expected = make_project(tmp_path / "other", {"job.feature.md": APPROVED})
    assert feature(made, "job").read_text() == feature(expected, "job").read_text()
    before = {path: path.read_bytes() for path in made.folder.rglob("*.feature.md")}
    done = command(made, "approve", "--yes")
    assert (done.status, done.out, done.err) == (0, "There is nothing to approve.\n", "")
    assert {path: path.read_bytes() for path in made.folder.rglob("*.feature.md")} == before


def test_the_difference_is_shown_and_without_a_terminal_nobody_is_asked(tmp_path: Path) -> None:
    made = project(tmp_path, value=VALUE)
    command(made, "run")
    before = feature(made, "value").read_bytes()
    done = command(made, "approve", "--check", "features")
    assert done.status == 1
    assert done.out == (
        "--- a/features/value.feature.md\n"
        "+++ b/features/value.feature.md\n"
        "@@ -7,5 +7,5 @@\n"
        " Then `thing` should match\n"
        " \n"
        " ```json\n"
        '-{ "a": 2 }\n'
        '+{ "a": 1 }\n'
        " ```\n"
    )
    done = command(made, "approve")
    assert (done.status, done.out) == (2, "")
    assert done.err == "there is nobody to ask: give --yes, or --check to only look\n"
    assert feature(made, "value").read_bytes() == before


@pytest.mark.parametrize(("answer", "changed"), [("y", 2), ("n", 0), ("what?\ny\nn", 1), ("q", 0)])
def test_a_person_is_asked_for_each_file(tmp_path: Path, answer: str, changed: int) -> None:
    made = project(tmp_path, one=VALUE, two=VALUE.replace("A value", "Another"))
    command(made, "run")
    out = at_a_terminal(made, "approve", answer="\n".join([answer, *([answer] * 3)]))
    assert f"{changed} file{'' if changed == 1 else 's'} changed." in out
    texts = [feature(made, name).read_text() for name in ("one", "two")]
    assert sum('{ "a": 1 }' in text for text in texts) == changed
    assert "\x1b[32m+" in out


def at_a_terminal(made: Project, *arguments: str, answer: str) -> str:
    """What the command shows to somebody who types this."""
    leader, follower = pty.openpty()
    env = {**os.environ, **USUAL, "NO_COLOR": ""}
    with subprocess.Popen(
        [sys.executable, "-m", "harness.tools.cli", *arguments],
        cwd=made.folder,
        env=env,
        stdin=follower,
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        os.write(leader, f"{answer}\n".encode())
        shown = b""
        while True:
            try:
                part = os.read(leader, 65536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            shown += part
    os.close(leader)
    assert process.returncode == 0
    return shown.decode()


def test_a_file_that_has_changed_since_the_run_is_left_alone(tmp_path: Path) -> None:
    made = project(tmp_path, one=VALUE, two=VALUE.replace("A value", "Another"))
    command(made, "run")
    path = feature(made, "one")
    path.write_bytes(before := path.read_bytes() + b"\n")
    done = command(made, "approve", "--yes")
    assert done.status == 1
    assert done.err == (
        "features/one.feature.md:1:1: it has changed since the run: it is left alone: run it again"
        "\n"
    )
    assert path.read_bytes() == before
    assert '{ "a": 1 }' in feature(made, "two").read_text()


def test_line_ends_a_byte_order_mark_an_indented_fence_and_the_mode_stay(tmp_path: Path) -> None:
    made = project(tmp_path, value=VALUE)
    path = feature(made, "value")
    text = path.read_text().replace("```json", "  ```json").replace("{ ", '  { "b": "x", ')
    path.write_bytes(old := b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    path.chmod(0o640)
    command(made, "run")
    assert command(made, "approve", "--yes").status == 0
    assert path.read_bytes() == old.replace(b"2", b"1")
    assert path.stat().st_mode & 0o777 == 0o640
    assert command(made, "run").status == 0


OUTLINE = """
    # Rows

    ## Scenario Outline: It is `${row}`

    Given I store `{"n": $number(row), "all": "same"}` into `thing`

    Then `thing` should match

    ```json
    { "all": "SAME" }
    ```

    And `thing` should match

    ```json
    { "n": 1 }
    ```

    ### Examples

    | row |
    | --- |
    | 1   |
    | 2   |
"""


def test_what_held_in_another_row_stays(tmp_path: Path) -> None:
    made = project(tmp_path, rows=OUTLINE)
    command(made, "run")
    assert command(made, "approve", "--yes").status == 0
    before = feature(made, "rows").read_bytes()
    assert b'"all": "same" }' in before
    assert command(made, "run").status == 1
    done = command(made, "approve", "--yes")
    assert (done.status, feature(made, "rows").read_bytes()) == (0, before)
    assert done.out == (
        "features/rows.feature.md:13:1: nothing is changed, since it held for another row or"
        " variant\nThere is nothing to approve.\n"
    )


VARIANTS = """
    ---
    variants:
      - nw: ltem
      - nw: nbiot
    ---

    # Variants

    ## It is there

    Given I store `{"nw": "<variant.nw>", "n": 1}` into `thing`

    Then `thing` should match

    ```json
    { "nw": "<variant.nw>", "n": 2 }
    ```

    And `thing` should match

    ```json
    { "nw": "x" }
    ```
"""


def test_variants_that_saw_the_same_and_different_things(tmp_path: Path) -> None:
    made = project(tmp_path, variants=VARIANTS)
    command(made, "run")
    assert command(made, "approve", "--yes").status == 0
    assert '{ "nw": "<variant.nw>", "n": 1 }' in feature(made, "variants").read_text()
    command(made, "run")
    done = command(made, "approve", "--yes")
    assert done.out.splitlines() == [
        "features/variants.feature.md:19:1: nothing is changed, since other rows or variants saw"
        " something else",
        "There is nothing to approve.",
    ]


def test_jobs_propose_what_one_process_does(tmp_path: Path) -> None:
    made = project(tmp_path, one=VALUE, two=VALUE.replace("A value", "Another"))
    command(made, "run", "--jobs", "2")
    assert command(made, "approve", "--yes").out.splitlines()[-1] == "2 files changed."
    assert command(made, "run", "--jobs", "2").status == 0


def edited(made: Project, **changes: object) -> None:
    """Change the first feature in the results of the run."""
    path = made.folder / "reports" / "results.json"
    results = json.loads(path.read_bytes())
    results["features"][0] |= changes
    path.write_text(json.dumps(results))


def test_results_that_no_run_has_written_are_refused(tmp_path: Path) -> None:
    made = project(tmp_path / "inner", value=VALUE)
    assert (
        "cannot be read: No such file or directory: run the scenarios first"
        in command(made, "approve").err
    )
    command(made, "run")
    outside = tmp_path / "victim.feature.md"
    outside.write_bytes(before := feature(made, "value").read_bytes())
    (made.folder / "features" / "link.feature.md").symlink_to(outside)
    for name in ("../victim.feature.md", str(outside), "features/link.feature.md", "steps/own.py"):
        edited(made, file=name)
        done = command(made, "approve", "--yes")
        assert done.status == 2
        assert f"{name} is no scenario file below here" in done.err
    assert outside.read_bytes() == before
    edited(made, file="features/value.feature.md")
    results = made.folder / "reports" / "results.json"
    good = json.loads(results.read_bytes())
    for bad in (b"", b"[" * 100_000, b"{}", json.dumps({**good, "version": 99}).encode()):
        results.write_bytes(bad)
        done = command(made, "approve", "--yes")
        assert done.status == 2
        assert "these are no results of a run" in done.err
    assert command(made, "approve", "--from", "nothing.json").status == 2
    assert command(made, "approve", "nothing").status == 2


def test_proposals_that_do_not_fit_the_file_are_refused(tmp_path: Path) -> None:
    made = project(tmp_path, value=VALUE)
    command(made, "run")
    path = made.folder / "reports" / "results.json"
    before = feature(made, "value").read_bytes()
    good = path.read_text()
    for fix in ('[99,1,0,"x"]', '[10,1,99999999,""]', '[1,1,3,""]'):
        path.write_text(good.replace('[10,8,1,"1"]', fix))
        assert path.read_text() != good
        done = command(made, "approve", "--yes")
        assert (done.status, done.out) == (1, "0 files changed.\n")
        assert done.err.startswith("features/value.feature.md:1:")
    assert feature(made, "value").read_bytes() == before


def test_no_secret_reaches_the_proposals(tmp_path: Path) -> None:
    secret = STORY.replace('"jobId":  "${jobId}",', '"token": "another", "jobId": "x",')
    made = project(tmp_path, device=NEEDED, job=secret.replace("`200`", "`201`"))
    command(made, "run")
    done = command(made, "approve", "--yes")
    assert "token: it is secret, and no stored value, so it stays as it is" in done.out
    assert '"token": "another", "jobId": "${jobId}",' in feature(made, "job").read_text()
    for path in made.folder.glob("reports/*.*"):
        if path.name != "results.json":
            continue
        proposals = [
            step.get("proposal")
            for scenario in json.loads(path.read_bytes())["features"][-1]["scenarios"]
            for step in scenario["steps"]
        ]
        assert "s3cr3t" not in json.dumps(proposals)


def test_the_example_of_the_page(tmp_path: Path) -> None:
    page = ROOT / "docs" / "approving.md"
    (scenario,), (shown,) = blocks(page, "markdown"), blocks(page, "diff")
    made = project(tmp_path, approving=scenario)
    command(made, "run")
    assert command(made, "approve", "--check").out == shown
    command(made, "approve", "--yes")
    assert command(made, "run").status == 0

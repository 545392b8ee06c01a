"""A service or settings with which a run cannot begin: said in plain words, with status 2."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bad_input.live import COMMANDS, live, refused_by_both, steps, troubled_project
from tests.project import make_project

FEATURES = {"f.feature.md": steps("F", "Given I note `it ran`")}


def test_a_service_that_ends_at_once_shows_its_last_lines(tmp_path: Path) -> None:
    said = refused_by_both(troubled_project(tmp_path, FEATURES, "exits"))
    assert "The service did not start: it ended with exit status 3 before it was ready" in said
    assert "line 30" in said
    assert "line 10\n" not in said, "only the last lines"


@pytest.mark.parametrize(
    ("behaviour", "why"),
    [("never-ready", "/health is answered with 404"), ("never-listens", "refused the connection")],
)
def test_a_service_that_never_gets_ready(tmp_path: Path, behaviour: str, why: str) -> None:
    project = troubled_project(tmp_path, FEATURES, behaviour, service="ready_timeout = 1.5")
    with live(project, *COMMANDS["run"]) as run:
        done = run.done()
        assert run.family() == []
    assert (done.status, done.out) == (2, "")
    assert "it was not ready within 1.5 s: GET http://127.0.0.1:" in done.err
    assert why in done.err
    assert "Traceback" not in done.text


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            '[service]\ncommand = "no-such-program {port}"',
            "service.command: there is no program 'no-such-program': is it installed",
        ),
        (
            '[service]\ncommand = "{python} x.py {port}"\ncwd = "nowhere"',
            "service.cwd: there is no folder",
        ),
        (
            '[service]\ncomand = "x"',
            'there is no key "service.comand": did you mean "service.command"?',
        ),
        ("[run]\nrequest_timeout = true", "nrfcloud-bdd.toml:2:1: run.request_timeout"),
        ("[values]\nA = \n", "nrfcloud-bdd.toml:2:"),
        ('[values]\nA = "{servce_url}"', "{servce_url}"),
        ('[mock]\nexhausted = "often"', "nrfcloud-bdd.toml:2:1: mock.exhausted"),
        ('[service]\nurl = "http://127.0.0.1:1"\nready_timeout = 0.2', "refused the connection"),
    ],
    ids=["program", "folder", "key", "type", "toml", "value", "choice", "unreachable"],
)
def test_settings_that_are_wrong(tmp_path: Path, settings: str, said: str) -> None:
    project = make_project(tmp_path, FEATURES)
    project.write("nrfcloud-bdd.toml", settings)
    assert said in refused_by_both(project)


def test_a_service_that_dies_between_two_features(tmp_path: Path) -> None:
    """Its last words come with the first failure; the rest says that it is gone."""
    features = {
        "a.feature.md": steps("A", "When I `GET` `${APIURL}/dies`"),
        "b.feature.md": steps("B", "When I `GET` `${APIURL}/text`"),
        "c.feature.md": steps("C", "Given I note `needs no service`"),
    }
    with live(troubled_project(tmp_path, features), *COMMANDS["run"]) as run:
        done = run.done()
        assert run.family() == []
    assert done.status == 1
    assert "1 scenario passed, 2 failed" in done.out
    assert done.out.count("The service ended with exit status 7.") == 2
    assert done.out.count("the disk is full") == 1
    assert (tmp_path / "noted.txt").read_text() == "needs no service\n"

"""Recordings of what has been: which calls are taken, and from where not more than is good."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.errors import BddError
from harness.recorder import sources
from harness.recorder.sources import Source, recording
from harness.recording.model import Recording
from harness.recording.sources.choosing import Choice
from harness.settings import Settings
from tests.mock_nrfcloud.standalone import running

SETTINGS = Settings(values={"APIURL": "http://s.example", "mockURL": "{mock_url}", "n": 1})


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal with a call in the root, and one in the namespace `mine`."""
    file = tmp_path_factory.mktemp("journal") / "journal.sqlite"
    with running("--journal", str(file)) as mock:
        assert mock.ask("/__admin/namespaces/mine", {}, "PUT")[0] == 201
        assert mock.ask("/root")[0] == 404
        assert mock.ask("/__ns/mine/own", {"a": "b" * 100})[0] == 404
    return file


def of(place: object, namespace: str | None = None, choice: Choice | None = None) -> Recording:
    source = Source(str(place), namespace, choice or Choice())
    return recording(source, SETTINGS, {})


def paths(found: Recording) -> list[str]:
    return [each.request.path for each in found.observed]


def test_all_of_a_journal_or_what_is_wanted_of_it(journal: Path) -> None:
    assert paths(of(journal)) == ["/root", "/own"]
    assert paths(of(journal, "mine")) == ["/own"]
    assert paths(of(journal, "")) == ["/root"]
    assert paths(of(journal, choice=Choice(paths=("/ro*",)))) == ["/root"]
    assert paths(of(journal, choice=Choice(until=0.0))) == []


def test_values_are_those_that_are_known_without_a_run(journal: Path) -> None:
    assert of(journal).values == {"APIURL": "http://s.example"}


def test_a_journal_of_which_too_much_is_wanted(
    journal: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 200)
    with pytest.raises(BddError, match="more than 200 bytes are wanted of it: choose less of it"):
        of(journal)
    assert of(journal, choice=Choice(until=0.0)).observed == ()


def test_an_archive_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MAX_BYTES", 20)
    file = tmp_path / "a.har"
    file.write_text('{"log": {"entries": []}}')
    with pytest.raises(BddError, match="more than 20 bytes are wanted of it"):
        of(file)


def test_an_archive_has_no_namespaces(tmp_path: Path) -> None:
    file = tmp_path / "a.har"
    file.write_text('{"log": {"entries": []}}')
    assert of(file).observed == ()
    with pytest.raises(BddError, match="is no journal: it has no namespaces"):
        of(file, "mine")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:1", r"the mock at http://127\.0\.0\.1:1: Cannot connect"),
        ("http://me:secret@127.0.0.1:1", "the URL of the mock has a user name in it"),
    ],
)
def test_a_mock_that_cannot_be_asked(url: str, why: str) -> None:
    with pytest.raises(BddError, match=why) as raised:
        of(url)
    assert "secret" not in str(raised.value)

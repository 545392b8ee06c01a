"""Behave's hooks, called as Behave calls them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from behave.parser import parse_feature

from harness import session
from harness.bdd.building import build_feature
from harness.bdd.model import MarkdownFeature
from harness.core.markdown import parse
from harness.errors import SettingsError
from harness.stories import Run


class FakeContext:
    """As much of Behave's context as the hooks need."""

    def __init__(self, folder: Path, **userdata: str) -> None:
        self.logging = 0
        self.config = SimpleNamespace(
            base_dir=str(folder), userdata=userdata, setup_logging=self._setup_logging
        )

    def _setup_logging(self) -> None:
        self.logging += 1

    def __contains__(self, name: str) -> bool:
        return name in vars(self)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


@pytest.fixture
def context(tmp_path: Path) -> Iterator[FakeContext]:
    """A context in which a run has begun, with nothing but the mock."""
    before = set(threading.enumerate())  # other tests of this process may have worlds of their own
    started = FakeContext(tmp_path, name="value")
    session.before_all(started)
    yield started
    session.after_all(started)
    assert set(threading.enumerate()) <= before


def feature(title: str, front_matter: str = "") -> MarkdownFeature:
    text = f"{front_matter}# {title}\n\n## One\n\nGiven it\n\n## Two\n\nGiven it\n"
    config = SimpleNamespace(scenario_outline_annotation_schema="")
    return build_feature(f"{title}.feature.md", parse(text, "f"), config)


def play(context: FakeContext, played: MarkdownFeature) -> list[object]:
    """The session that each scenario of a feature gets."""
    sessions = []
    session.before_feature(context, played)
    for scenario in played.walk_scenarios():
        session.before_scenario(context, scenario)
        sessions.append(context.session)
    session.after_feature(context, played)
    return sessions


def test_everything_that_environment_py_takes_is_a_hook_of_behave() -> None:
    hooks = {"before_all", "after_all"} | {
        f"{when}_{what}"
        for when in ("before", "after")
        for what in ("feature", "rule", "scenario", "step", "tag")
    }
    assert set(session.__all__) <= hooks
    assert all(callable(getattr(session, name)) for name in session.__all__)


def test_a_run_begins_with_the_values_that_were_given(context: FakeContext) -> None:
    assert isinstance(context.run_state, Run)
    assert context.run_state.world.values["name"] == "value"
    assert context.logging == 1


def test_a_story_has_one_session(context: FakeContext) -> None:
    one, two = play(context, feature("F"))
    assert one is two
    assert context.run_state.session is None


def test_each_variant_has_its_own_session(context: FakeContext) -> None:
    first, again, second, last = play(
        context, feature("F", "---\nvariants: [{v: 1}, {v: 2}]\n---\n\n")
    )
    assert first is again
    assert second is last
    assert first is not second


def test_what_a_story_leaves_is_seen_by_those_that_need_it_only(context: FakeContext) -> None:
    needed, needing, other = feature("A"), feature("B"), feature("C")
    needing.stories[0].inherits = needed.stories
    session.before_scenario(context, needed.scenarios[0])
    context.session.values.store("x", 1)
    session.after_feature(context, needed)
    for played, stored in ((needing, True), (other, False)):
        session.before_scenario(context, played.scenarios[0])
        assert ("x" in context.session.values.stored) is stored
        session.after_feature(context, played)


def test_a_plain_feature_has_a_session_of_its_own(context: FakeContext) -> None:
    sessions = []
    for name in "PQ":
        plain = parse_feature(
            f"Feature: {name}\n  Scenario: S\n    Given it\n", filename="p.feature"
        )
        session.before_feature(context, plain)
        sessions.append(context.session)
        session.before_scenario(context, plain.scenarios[0])
        assert context.session is sessions[-1]
        session.after_feature(context, plain)
    assert sessions[0] is not sessions[1]
    assert sessions[0].story is None


def test_what_keeps_the_run_from_starting_is_kept_for_the_runner(tmp_path: Path) -> None:
    (tmp_path / session.SETTINGS_FILE).write_text("[service]\ncomand = 'x'\n")
    failed = FakeContext(tmp_path)
    session.before_all(failed)
    assert isinstance(failed.start_error, SettingsError)
    assert "comand" in str(failed.start_error)
    assert "run_state" not in failed
    session.after_all(failed)


def test_the_world_stops_though_the_last_story_cannot_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = FakeContext(tmp_path)
    before = set(threading.enumerate())
    session.before_all(broken)

    def fail(_run: Run) -> None:
        raise RuntimeError("it cannot be closed")

    monkeypatch.setattr(Run, "close_session", fail)
    with pytest.raises(RuntimeError, match="it cannot be closed"):
        session.after_all(broken)
    assert set(threading.enumerate()) <= before

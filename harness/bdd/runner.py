"""The runner that behave.ini names: Markdown scenarios through Behave's own engine.

It finds the files, plans them, builds Behave's model and hands it to Behave. Stopping a story at
its first failure and skipping for failed `needs` live in the model, not in hooks that a user may
replace.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.formatter._registry import make_formatters
from behave.model import Feature
from behave.pathutil import select_subdirectories
from behave.runner import Context, Runner, the_step_registry
from behave.runner_util import load_step_modules, parse_features
from behave.step_registry import AmbiguousStep

import harness
from harness.bdd import phrases, selection
from harness.bdd.calls import SteppingRegistry
from harness.bdd.capture import Capture
from harness.bdd.model import MarkdownFeature, build_feature
from harness.core.document import Document
from harness.core.plan import Plan, SuiteFile, inherited, make_plan, shard
from harness.core.rendering import check_step
from harness.errors import BddError, Place, ScenarioFileError
from harness.scenario_files import load


class MarkdownRunner(Runner):  # type: ignore[misc]  # Behave ships no types
    """Behave's runner for `*.feature.md` files, with plain `*.feature` files beside them.

    `shards` are (I, N): only the Ith of N parts of the plan, one cut after another; `forbid_only`
    makes `run: only` an error.
    """

    shards: Sequence[tuple[int, int]] = ()
    forbid_only = False

    def __init__(self, config: Configuration) -> None:
        super().__init__(config)
        self.step_registry = SteppingRegistry(the_step_registry, self)
        self.capture_controller = Capture(config)

    def setup_paths(self) -> None:
        """Find the project: the nearest folder at or above the first path that has step
        definitions or an environment file, else the working directory."""
        self.config.paths = self.config.paths or [self.DEFAULT_DIRECTORY]
        first = str(self.config.paths[0]).removeprefix("@").split(":")[0]
        start = Path(os.path.abspath(first))
        marks = (self.config.steps_dir, self.config.environment_file)
        folders = [start, *start.parents]
        project = next(
            (folder for folder in folders if any((folder / mark).exists() for mark in marks)),
            Path.cwd(),
        )
        self.base_dir = self.config.base_dir = str(project)
        for folder in dict.fromkeys((self.base_dir, os.getcwd())):
            self.path_manager.add(folder)

    def load_step_definitions(self, extra_step_paths: Sequence[str] | None = None) -> None:
        """The step library, then the project's own definitions."""
        phrases.register()
        folders = [library_folder(), Path(self.base_dir) / self.config.steps_dir]
        if self.config.use_nested_step_modules:
            folders += select_subdirectories(str(folders[-1]))
        paths = [str(folder.resolve()) for folder in folders if folder.is_dir()]
        try:
            load_step_modules(list(dict.fromkeys([*paths, *(extra_step_paths or ())])))
        except AmbiguousStep as error:
            raise ConfigError(f"two step definitions would match the same step: {error}") from None

    def run(self) -> bool:
        """Behave's, but Ctrl-C ends it without a traceback wherever it comes."""
        try:
            return bool(super().run())
        except KeyboardInterrupt:
            print("\nABORTED: By user.")
            return True

    def run_with_paths(self) -> bool:
        """Read, plan, choose, and run; true if anything failed (Behave's convention)."""
        self.context = Context(self)
        try:
            self._load_code()
            self.features.extend(self._features())
        except BddError as error:
            raise ConfigError(str(error)) from error
        if self.shards and not self.features:
            print("This shard is empty: there is nothing to run.")
            return False
        self.formatters = make_formatters(self.config, self.config.outputs)
        return bool(self.run_model())

    def _load_code(self) -> None:
        """Load environment.py and the step definitions; what they raise is shown as their own."""
        try:
            self.load_hooks()
            self.load_step_definitions()
        except (BddError, ConfigError):
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the project's code, any error
            raise ConfigError(_python_error(error)) from None

    def run_hook(self, hook_name: str, *args: object) -> bool:
        """Behave's, but what keeps the run from starting at all ends it with a plain message."""
        passed = bool(super().run_hook(hook_name, *args))
        if hook_name == "before_all":
            error: BddError | None = getattr(self.context, "start_error", None)
            if error is not None:
                raise ConfigError(str(error)) from error
        return passed

    def _features(self) -> list[Feature]:
        chosen = selection.choose(self.config, self.config.paths)
        if not chosen.files:
            where = ", ".join(str(path) for path in self.config.paths)
            raise ConfigError(f"{where}: no scenario files (*{selection.MARKDOWN}) in there")
        suite, broken = read_suite(chosen)
        documents = {item.file: item.document for item in suite}
        built = {file: self._build(file, documents[file]) for file in chosen.markdown}
        picked = {
            file: selection.pick(feature, self.config, chosen.files[file])
            for file, feature in built.items()
        }
        wanted = [file for file, result in picked.items() if result.runs]
        if self.forbid_only:
            _forbid_only(suite)
        plan = _plan(suite, wanted, broken)
        for index, count in self.shards:
            kept = shard(plan, index, count)
            plan = Plan(tuple(item for item in plan.features if item.file in kept))
        features = self._planned(plan, built, [item.document for item in suite])
        plain = parse_features(chosen.gherkin, language=self.config.lang)
        for index, count in self.shards:
            plain = plain[index - 1 :: count]
        for feature in plain:
            selection.pick_gherkin(feature, self.config)
        _say_what_else_runs(plan, picked)
        selection.release(self.config)
        left_out = [feature for file, feature in built.items() if file not in wanted]
        if self.shards:
            left_out = []
        return [*features, *left_out, *plain]

    def _build(self, file: str, document: Document) -> MarkdownFeature:
        return build_feature(file, document, self.config)

    def _planned(
        self, plan: Plan, built: dict[str, MarkdownFeature], suite: Sequence[Document]
    ) -> list[MarkdownFeature]:
        """The planned features in their order, whole where another one needs them."""
        needed = {need for planned in plan.features for need in planned.needs}
        features: dict[str, MarkdownFeature] = {}
        for planned in plan.features:
            file = planned.file
            whole = file in needed or file not in built
            feature = self._build(file, planned.document) if whole else built[file]
            feature.needed = [features[need] for need in planned.needs]
            for story in feature.stories:
                story.suite = suite
                story.inherits = [
                    features[other].story_like(story) for other in inherited(plan, file)
                ]
            if planned.skip is not None:
                feature.skip_because(planned.skip)
            features[file] = feature
        selection.start_stories(features.values())
        _check_placeholders(features.values())
        return list(features.values())


def _python_error(error: BaseException) -> str:
    """The traceback of an error in a file that Behave has executed, from that file on."""
    shown = traceback.TracebackException.from_exception(error)
    executed = max(
        (index for index, frame in enumerate(shown.stack) if frame.name == "exec_file"), default=-1
    )
    shown.stack = traceback.StackSummary.from_list(shown.stack[executed + 1 :])
    return "a Python file of the project cannot be loaded:\n" + "".join(shown.format()).rstrip()


def library_folder() -> Path:
    """The step library: inside the installed package, or beside it in a clone."""
    package = Path(harness.__file__).parent
    installed = package / "library"
    return installed if installed.is_dir() else package.parent / "steps"


def read_suite(chosen: selection.Chosen) -> tuple[list[SuiteFile], list[str]]:
    """Parse the suite. Every chosen file that is wrong is reported, in one ConfigError.

    A file that was not chosen and is wrong must not keep others from running: what is wrong
    with those is returned beside the suite.
    """
    suite: list[SuiteFile] = []
    errors: dict[str, str] = {}
    for file in chosen.suite:
        try:
            suite.append(SuiteFile(file, load(file)))
        except ScenarioFileError as error:
            errors[file] = str(error)
    fatal = [error for file, error in errors.items() if file in chosen.files]
    if fatal:
        raise ConfigError("\n".join(fatal))
    return suite, list(errors.values())


def _plan(suite: list[SuiteFile], wanted: list[str], broken: list[str]) -> Plan:
    if not wanted:
        return Plan(())
    try:
        return make_plan(suite, wanted)
    except ScenarioFileError as error:
        # The feature that is missing may stand in one of the files that could not be read.
        raise ConfigError("\n".join([str(error), *broken])) from error


def _check_placeholders(features: Iterable[MarkdownFeature]) -> None:
    """What is wrong with placeholders whatever their values is wrong before anything runs."""
    errors: dict[str, None] = {}
    for feature in features:
        for story in feature.stories if not feature.should_skip else ():
            for step in story.document.steps():
                errors |= dict.fromkeys(map(str, check_step(step, story.file, story.variant)))
    if errors:
        raise ConfigError("\n".join(errors))


def _forbid_only(suite: Sequence[SuiteFile]) -> None:
    errors = [
        str(
            ScenarioFileError(
                "the feature is marked `run: only`, which is forbidden here",
                Place(item.file, *item.document.front_matter.run_at),
                "remove it before you share the file",
            )
        )
        for item in suite
        if item.document.front_matter.run == "only"
    ]
    if errors:
        raise ConfigError("\n".join(errors))


def _say_what_else_runs(plan: Plan, picked: Mapping[str, selection.Picked]) -> None:
    """Choosing a part of a suite also runs what it stands on; a person should know."""
    running = [item for item in plan.features if item.skip is None]
    needs = {need for item in running for need in item.needs}
    pulled_in, needed = 0, []
    for item in running:
        if not item.requested or (item.file in needs and not picked[item.file].whole):
            needed.append(f"“{item.document.title}”")
        else:
            pulled_in += picked[item.file].pulled_in
    notes = []
    if pulled_in:
        notes.append(f"{pulled_in} scenario(s) that come before a chosen one in its feature")
    if needed:
        notes.append(f"what the chosen features need: {', '.join(needed)}")
    for note in notes:
        print(f"Also running {note}", file=sys.stderr)

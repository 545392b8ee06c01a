"""The runner that behave.ini names: Markdown scenarios through Behave's own engine.

It finds the project, loads its code, and hands Behave the features that `suite` assembles.
Stopping a story at its first failure and skipping for failed `needs` live in the model, not in
hooks that a user may replace.
"""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from behave.configuration import Configuration
from behave.exception import ConfigError
from behave.formatter._registry import make_formatters
from behave.pathutil import select_subdirectories
from behave.runner import Context, Runner, the_step_registry
from behave.runner_util import load_step_modules
from behave.step_registry import AmbiguousStep

from harness.bdd import phrases
from harness.bdd.calls import SteppingRegistry
from harness.bdd.capture import Capture
from harness.bdd.model import MarkdownScenario
from harness.bdd.phrases import library_folder
from harness.bdd.progress import Progress, live_line
from harness.bdd.suite import assemble
from harness.errors import BddError, Place


class CodeError(ConfigError):  # type: ignore[misc]  # Behave ships no types
    """A Python file of the project cannot be loaded: `what` is wrong at `place`."""

    def __init__(self, error: BaseException, text: str) -> None:
        super().__init__(text)
        self.what, self.place = _where_raised(error)


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
            text = f"two step definitions would match the same step: {error}"
            raise CodeError(error, text) from None

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
            with _no_garbage():
                self.load_code()
                self.features.extend(assemble(self.config, self.shards, self.forbid_only))
        except BddError as error:
            raise ConfigError(str(error)) from error
        if self.shards and not self.features:
            print("This shard is empty: there is nothing to run.")
            return False
        with live_line() as line:
            # The first: the line is gone before the others tell how a step has ended.
            # Unless steps print into the line.
            progress = [Progress(self.config, line)] if line and self.config.capture_stdout else []
            self.formatters = [*progress, *make_formatters(self.config, self.config.outputs)]
            failed = bool(self.run_model())
        self._say_what_was_skipped()
        return failed

    def scenario_ended(self, scenario: MarkdownScenario) -> None:
        """A scenario has ended, with its hooks and its clean-up; for runners that go on only when
        they are told to. Behave has no event for it."""

    def _say_what_was_skipped(self) -> None:
        """Features that were asked for and did not run; Behave only counts them."""
        for feature in self.features:
            if feature.skip_reason and not self.config.dry_run:
                print(f"Skipped “{feature.name}”: {feature.skip_reason}", file=sys.stderr)

    def load_code(self) -> None:
        """Load environment.py and the step definitions; what they raise is shown as their own.

        Raises ConfigError, as CodeError if a file cannot be loaded.
        """
        try:
            self.load_hooks()
            self.load_step_definitions()
        except (BddError, ConfigError):
            raise
        except (Exception, SystemExit) as error:  # noqa: BLE001 - the project's code, any error
            raise CodeError(error, _python_error(error)) from None

    def run_hook(self, hook_name: str, *args: object) -> bool:
        """Behave's, but what keeps the run from starting at all ends it with a plain message."""
        passed = bool(super().run_hook(hook_name, *args))
        if hook_name == "before_all":
            error: BddError | None = getattr(self.context, "start_error", None)
            if error is not None:
                raise ConfigError(str(error)) from error
        return passed


def forget_code() -> None:
    """Forget the step definitions that were loaded, so that they can be loaded anew."""
    the_step_registry.clear()


@contextmanager
def _no_garbage() -> Iterator[None]:
    """What is loaded and read stays: looking for garbage in it, now or later, only takes time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def _python_error(error: BaseException) -> str:
    """The traceback of an error in a file that Behave has executed, from that file on."""
    shown = traceback.TracebackException.from_exception(error)
    executed = max(
        (index for index, frame in enumerate(shown.stack) if frame.name == "exec_file"), default=-1
    )
    shown.stack = traceback.StackSummary.from_list(shown.stack[executed + 1 :])
    return "a Python file of the project cannot be loaded:\n" + "".join(shown.format()).rstrip()


def _where_raised(error: BaseException) -> tuple[str, Place]:
    """What was raised, and the last place of the executed file, or of what it imports."""
    what = f"{type(error).__name__}: " + " ".join(str(error).split())
    if isinstance(error, SyntaxError) and error.filename:
        place = Place(error.filename, error.lineno or 1, error.offset or 1)
        return f"{type(error).__name__}: {error.msg}", place
    frames = traceback.extract_tb(error.__traceback__)
    below = [index for index, frame in enumerate(frames) if frame.name == "exec_file"]
    frame = frames[min(below[-1] + 1, len(frames) - 1)] if below else frames[-1]
    return what, Place(frame.filename, frame.lineno or 1, (frame.colno or 0) + 1)

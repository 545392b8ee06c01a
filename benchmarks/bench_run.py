"""How long whole runs take beside plain Behave: ratios within one run, on suites made up here.

    python benchmarks/bench_run.py

Method: both sides are processes of their own that take turns (ours, theirs, ours, theirs …), so
that a busy machine slows both; a ratio is the median of the ratios of each turn. What is compared
is processor time, all threads and the system's part included: neither side waits for anything.
The reference is
Behave with its own runner, on the same features as Gherkin, with as many step definitions: the
regular expressions of our phrases, by Behave's `re` matcher. Both use the formatter "null".
What a step costs is taken between two hooks of the feature, without start-up.
Absolute figures (memory, the seeds) depend on the machine.
Exit status 1 if a target is missed.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from behave.configuration import Configuration
from behave.parser import parse_feature
from behave.runner_util import load_step_modules
from behave.step_registry import registry
from bench_parse import FILES, as_gherkin, as_markdown, best

from harness.bdd import phrases
from harness.bdd.building import build_feature
from harness.bdd.phrases import library_folder
from harness.core.markdown import parse

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT.parent / "shared" / "seeds"
TURNS = 9
STEPS = 1_000
SCENARIOS = 2_000
POLL_INTERVAL = "--poll-interval 0.2"

NOTHING = "I do nothing with `{what}`"
LOGGING = "I log `{what}`"
OTHERS = (
    "there is a `{request}` answer",
    "`{expression}` of the last response matches",
    "I receive this message",
)
"""Phrases of the made-up suite that are not in the step library."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured figure and the most that it may be."""

    what: str
    measured: float
    target: float


def run(command: Sequence[str], folder: Path) -> resource.struct_rusage:
    """What a process that passes has used; compiled modules are kept, as they are in use."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    with (
        tempfile.TemporaryFile("w+") as output,
        subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT
        ) as process,
    ):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        assert process.returncode == 0, output.read()
    return usage


def processor_time(usage: resource.struct_rusage) -> float:
    return usage.ru_utime + usage.ru_stime


@dataclass(frozen=True, slots=True)
class Side:
    """A project, ours or theirs, run by `behave` in a process of its own."""

    folder: Path

    def run(self, *arguments: str) -> float:
        """Seconds of processor time that the process took."""
        command = [sys.executable, "-m", "behave", "-f", "null", "--no-summary", *arguments]
        return processor_time(run(command, self.folder))

    def steps(self, name: str) -> float:
        """Seconds that a feature's steps took, by its hooks."""
        self.run(f"features/{name}")
        return float((self.folder / "took").read_text())


# --- the two projects ----------------------------------------------------------------------------

CLOCK = """
from pathlib import Path
from time import process_time

def before_feature(context, feature):
    {before}
    context.began = process_time()

def after_feature(context, feature):
    Path("took").write_text(str(process_time() - context.began))
    {after}
"""

OUR_HOOKS = "from harness import session\nfrom harness.session import *\n" + CLOCK.format(
    before="session.before_feature(context, feature)",
    after="session.after_feature(context, feature)",
)
THEIR_HOOKS = (
    CLOCK.format(before="pass", after="pass")
    + """
def before_all(context):
    context.config.setup_logging()

def before_scenario(context, scenario):
    pass
"""
)

STEP_CODE = '''
import logging
from behave import step, use_step_matcher
use_step_matcher("{matcher}")

def nothing(context, **_):
    """A trivial step."""

def log(context, **_):
    logging.getLogger("own").info("%s", "x" * 80)

for phrase in {nothing}:
    step(phrase)(nothing)
for phrase in {logging}:
    step(phrase)(log)
'''


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def made(count: int, phrase: str, scenarios: int = 1) -> list[list[str]]:
    """The sentences of each of so many scenarios, `count` in all."""
    each = count // scenarios
    return [
        [phrase.replace("{what}", f"{number}.{index}") for index in range(each)]
        for number in range(scenarios)
    ]


def markdown_of(title: str, scenarios: Sequence[Sequence[str]]) -> str:
    lines = [f"# {title}"]
    for number, steps in enumerate(scenarios):
        lines += [f"## Scenario {number}", *(f"Given {step}" for step in steps)]
    return "\n\n".join(lines) + "\n"


def gherkin_of(title: str, scenarios: Sequence[Sequence[str]]) -> str:
    lines = [f"Feature: {title}"]
    for number, steps in enumerate(scenarios):
        lines += [f"  Scenario: Scenario {number}", *(f"    Given {step}" for step in steps)]
    return "\n".join(lines) + "\n"


FEATURES = {
    "trivial": made(STEPS, NOTHING, scenarios=20),
    "few_logs": made(250, LOGGING),
    "many_logs": made(2_000, LOGGING),
}


def make_ours(folder: Path) -> Side:
    write(
        folder / "behave.ini",
        "[behave]\nrunner = harness.bdd.runner:MarkdownRunner\npaths = features\n",
    )
    write(folder / "environment.py", OUR_HOOKS)
    code = STEP_CODE.format(matcher="phrase", nothing=(NOTHING, *OTHERS), logging=(LOGGING,))
    write(folder / "steps" / "own.py", code)
    for name, scenarios in FEATURES.items():
        write(folder / "features" / f"{name}.feature.md", markdown_of(name, scenarios))
    for number in range(FILES):
        write(folder / "suite" / f"{number}.feature.md", as_markdown(number))
    return Side(folder)


def make_theirs(folder: Path) -> Side:
    phrases.register()
    load_step_modules([str(library_folder())])
    library = [item.regex_pattern for kind in registry.steps.values() for item in kind]
    own = [_regex(phrase) for phrase in (NOTHING, *OTHERS)]
    code = STEP_CODE.format(matcher="re", nothing=[*library, *own], logging=[_regex(LOGGING)])
    write(folder / "steps" / "own.py", code)
    write(folder / "environment.py", THEIR_HOOKS)
    for name, scenarios in FEATURES.items():
        write(folder / "features" / f"{name}.feature", gherkin_of(name, scenarios))
    for number in range(FILES):
        write(folder / "suite" / f"{number}.feature", as_gherkin(number))
    write(folder / "suite" / "steps" / "own.py", code)
    write(folder / "suite" / "environment.py", THEIR_HOOKS)
    return Side(folder)


def _regex(phrase: str) -> str:
    return str(phrases.PhraseMatcher(print, phrase).regex_pattern)


# --- the figures ---------------------------------------------------------------------------------


def turns(ours: Callable[[], float], theirs: Callable[[], float], what: str) -> float:
    """The median ratio of both sides, which take turns. The first turn is not counted."""
    taken = [(ours(), theirs()) for _ in range(TURNS + 1)][1:]
    first, second = (median(times) * 1000 for times in zip(*taken, strict=True))
    print(f"{what}: {first:.1f} ms, beside {second:.1f} ms")
    return median(our / their for our, their in taken)


def model_ratio() -> float:
    """Parsing and Behave's model objects over Behave's parser, which makes those too."""
    config = Configuration([], load_config=False)
    markdown = [as_markdown(number) for number in range(FILES)]
    gherkin = [as_gherkin(number) for number in range(FILES)]
    name = "made.feature.md"
    ours, theirs = best(
        lambda: [build_feature(name, parse(text, name), config) for text in markdown],
        lambda: [parse_feature(text, filename="made.feature") for text in gherkin],
    )
    print(f"parse and model: {ours * 1000:.1f} ms, beside {theirs * 1000:.1f} ms")
    return ours / theirs


def most_memory(folder: Path) -> float:
    """MiB that a process took at its most, for a suite of 2,000 scenarios in 20 files."""
    for number in range(20):
        scenarios = made(SCENARIOS * 4 // 20, NOTHING, scenarios=SCENARIOS // 20)
        write(folder / "big" / f"{number}.feature.md", markdown_of(f"Part {number}", scenarios))
    command = [sys.executable, "-m", "harness.tools.cli", "run", "-f", "progress", "big"]
    return run(command, folder).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)


def seeds_seconds() -> float:
    """Wall time of both seeds, start-up included, with the project's own settings."""
    assert POLL_INTERVAL in (ROOT / "nrfcloud-bdd.toml").read_text()
    command = [sys.executable, "-m", "harness.tools.cli", "run", "-f", "null", str(SEEDS)]
    times = []
    for _ in range(3):
        start = perf_counter()
        run(command, ROOT)
        times.append(perf_counter() - start)
    return median(times)


def figures(folder: Path) -> Iterator[Figure]:
    """Measure everything."""
    ours, theirs = make_ours(folder / "ours"), make_theirs(folder / "theirs")
    yield Figure(f"parse {FILES} files with Behave's model / Behave", model_ratio(), 0.9)
    dry = turns(
        lambda: ours.run("--dry-run", "suite"),
        lambda: theirs.run("--dry-run", "suite"),
        f"dry run of {FILES} files",
    )
    yield Figure("dry run of a suite, whole process / Behave", dry, 1.3)
    steps = turns(
        lambda: ours.steps("trivial.feature.md"),
        lambda: theirs.steps("trivial.feature"),
        f"{STEPS:,} trivial steps",
    )
    yield Figure(f"{STEPS:,} trivial steps / Behave", steps, 1.3)
    growth = turns(
        lambda: ours.steps("many_logs.feature.md") / 2_000,
        lambda: ours.steps("few_logs.feature.md") / 250,
        "a logging step of 2,000 in a scenario, and of 250",
    )
    yield Figure("a logging step, of 2,000 / of 250", growth, 1.5)
    yield Figure(f"{SCENARIOS:,} scenarios, most memory, MiB", most_memory(ours.folder), 200.0)
    if SEEDS.is_dir():
        yield Figure("both seeds, whole process, s", seeds_seconds(), 3.0)
    else:
        print("skipped: the seeds are not there")


def main() -> int:
    """Measure, print the table, and tell whether all targets are met."""
    with tempfile.TemporaryDirectory() as folder:
        measured = list(figures(Path(folder).resolve()))
    return tell(measured)


def tell(measured: Sequence[Figure]) -> int:
    """Print the table; 1 if a target is missed."""
    missed = 0
    print(f"\n{'what':<46} {'measured':>8} {'target':>9}  ok")
    for figure in measured:
        ok = figure.measured <= figure.target
        missed += not ok
        print(
            f"{figure.what:<46} {figure.measured:8.2f} <= {figure.target:6.2f}"
            f"  {'yes' if ok else 'NO'}"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())

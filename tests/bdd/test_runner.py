"""The dialect's rules about what runs when, seen through the real `behave` command."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.project import make_project

STORY = """
    # Story

    ## Background

    Given I note `background`

    ## One

    Given I note `one`

    ## Two

    `@slow`

    Given I note `two`

    ## Three

    Given I note `three`
    """.replace("    ## Two\n\n    `@slow`\n", "    `@slow`\n\n    ## Two\n")


def features(*stories: tuple[str, str, str]) -> dict[str, str]:
    """Files of one scenario: (title, front matter, step)."""
    return {
        f"{title}.feature.md": "\n".join(
            [*(["---", matter, "---", ""] if matter else []), f"# {title}", "", "## S", "", step]
        )
        + "\n"
        for title, matter, step in stories
    }


def test_background_runs_once_and_scenarios_in_order(tmp_path: Path) -> None:
    done = make_project(tmp_path, {"story.feature.md": STORY}).behave()
    assert done.status == 0, done.text
    assert done.noted == ["background", "one", "two", "three"]
    assert "3 scenarios passed, 0 failed" in done.out


@pytest.mark.parametrize(
    ("arguments", "noted", "pulled_in"),
    [
        (["--name", "Two"], ["background", "one", "two"], 1),
        (["--tags", "slow"], ["background", "one", "two"], 1),
        (["--tags", "not slow"], ["background", "one", "two", "three"], 1),
        (["features/story.feature.md:7"], ["background", "one"], 0),
        (["features/story.feature.md:16"], ["background", "one", "two"], 1),
        (["features/story.feature.md:2"], ["background", "one", "two", "three"], 0),
        (["features/story.feature.md:999"], ["background", "one", "two", "three"], 2),
        (["--tags", "unknown"], [], 0),
    ],
)
def test_choosing_a_scenario_runs_what_stands_before_it(
    tmp_path: Path, arguments: list[str], noted: list[str], pulled_in: int
) -> None:
    done = make_project(tmp_path, {"story.feature.md": STORY}).behave(*arguments)
    assert (done.status, done.noted) == (0, noted), done.text
    note = f"Also running {pulled_in} scenario(s) that come before" if pulled_in else ""
    assert note in done.err
    assert bool(note) == ("Also running" in done.err)


def test_a_failure_ends_the_story_and_skips_who_needs_it(tmp_path: Path) -> None:
    files = features(("Needy", "needs: [Story]", "Given I note `needy`"))
    files["story.feature.md"] = STORY.replace("Given I note `two`", "Given it fails")
    files |= features(("Other", "", "Given I note `other`"))
    done = make_project(tmp_path, files).behave("--no-skipped", "-f", "plain")
    assert done.status == 1
    assert sorted(done.noted) == ["background", "one", "other"]
    assert "1 scenario passed" not in done.out
    assert "2 scenarios passed, 1 failed, 2 skipped" in done.out
    assert "Skipped “Needy”: it needs “Story”, which did not pass" in done.err


def test_the_steps_after_a_failure_are_not_called_undefined(tmp_path: Path) -> None:
    text = """
        # F

        ## S

        Given it fails

        Given I note `${nothing}`

        Given I wait for ${never} seconds
        """
    done = make_project(tmp_path, {"f.feature.md": text}).behave()
    assert done.status == 1
    assert "undefined" not in done.text


def test_needs_give_order_and_values(tmp_path: Path) -> None:
    files = features(
        ("A", "needs:\n  - B", "Given I note `${b}`"),
        ("B", "needs:\n  - C", "Given I store `c & 'b'` into `b`"),
        ("C", "", "Given I store `'c'` into `c`"),
        ("D", "", "Given I note `${b}`"),
    )
    done = make_project(tmp_path, files).behave()
    assert done.noted == ["cb"]
    assert done.status == 1
    assert "features/D.feature.md:5:15: " in done.out
    assert "`b` is stored by “B”: add that feature to `needs`" in done.out


def test_of_two_needs_the_later_wins(tmp_path: Path) -> None:
    files = features(
        ("A", "needs: [C, B]", "Given I note `${x}`"),
        ("B", "", "Given I store `'b'` into `x`"),
        ("C", "", "Given I store `'c'` into `x`"),
    )
    assert make_project(tmp_path, files).behave().noted == ["b"]


def test_naming_one_file_finds_what_it_needs_beside_it(tmp_path: Path) -> None:
    files = features(
        ("A", "needs: [B]", "Given I note `a`"),
        ("B", "", "Given I note `b`"),
        ("C", "", "Given I note `c`"),
    )
    project = make_project(tmp_path, files)
    done = project.behave("features/A.feature.md")
    assert done.noted == ["b", "a"]
    assert "Also running what the chosen features need: “B”" in done.err
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("A", "B"):
        (tmp_path / f"features/{name}.feature.md").rename(elsewhere / f"{name}.feature.md")
    assert project.behave("elsewhere/A.feature.md").noted == ["b", "a"]


def test_order_first_and_last(tmp_path: Path) -> None:
    files = features(
        ("A", "order: last", "Given I note `a`"),
        ("B", "", "Given I note `b`"),
        ("C", "order: first", "Given I note `c`"),
    )
    assert make_project(tmp_path, files).behave().noted == ["c", "b", "a"]


def test_run_only_and_never(tmp_path: Path) -> None:
    files = features(
        ("A", "", "Given I note `a`"),
        ("B", "run: only\nneeds: [C]", "Given I note `b`"),
        ("C", "", "Given I note `c`"),
        ("D", "run: never", "Given I note `d`"),
    )
    project = make_project(tmp_path, files)
    assert project.behave().noted == ["c", "b"]
    assert project.behave("features/A.feature.md").noted == ["a"]
    assert project.behave("features/D.feature.md").noted == []
    forbidden = project.run("harness.tools.cli", "run", "--forbid-only")
    assert (forbidden.status, forbidden.noted) == (2, [])
    assert forbidden.err.startswith(
        "features/B.feature.md:2:6: the feature is marked `run: only`, which is forbidden here: "
    )


def test_what_else_runs_is_said_of_what_runs(tmp_path: Path) -> None:
    files = features(
        ("Needy", "needs: [Story]", "Given I note `needy`"),
        ("Never", "run: never", "Given I note `never`"),
        ("Idle", "needs: [Never]", "Given I note `idle`"),
    )
    project = make_project(tmp_path, files | {"story.feature.md": STORY})
    done = project.behave("features/story.feature.md:7", "features/Needy.feature.md")
    assert done.noted == ["background", "one", "two", "three", "needy"]
    assert done.err == "Also running what the chosen features need: “Story”\n"
    both = project.behave("features/story.feature.md", "features/Needy.feature.md")
    assert (both.noted, both.err) == (done.noted, "")
    idle = project.behave("features/Idle.feature.md")
    assert (idle.noted, "Also running" in idle.err) == ([], False)


VARIANTS = """
    ---
    variants:
      - nw: ltem
        n: 1
      - nw: nbiot
        n: 2
    ---

    # Networks

    ## Background

    Given I store `"<variant.nw>"` into `network`

    ## Over <variant.nw>

    Given I note `${network}`

    ## Rule: Numbers

    ### Number

    Given I note `${<variant.n> + 1}`
    """


def test_each_variant_is_a_story_of_its_own(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"v.feature.md": VARIANTS})
    done = project.behave("-f", "plain", "--junit", "--junit-directory", "junit")
    assert done.status == 0, done.text
    assert done.noted == ["ltem", "2", "nbiot", "3"]
    cases = ElementTree.parse(next((tmp_path / "junit").iterdir())).findall("testcase")
    assert [case.get("name") for case in cases] == [
        "Over ltem -- nw=ltem, n=1",
        "Number -- nw=ltem, n=1",
        "Over nbiot -- nw=nbiot, n=2",
        "Number -- nw=nbiot, n=2",
    ]


def test_a_failing_variant_does_not_stop_the_others(tmp_path: Path) -> None:
    text = VARIANTS.replace('`"<variant.nw>"` into `network`', "`{'<variant.nw>': 1}` into `n`")
    text = text.replace("${network}", "${n.nbiot}")
    done = make_project(tmp_path, {"v.feature.md": text}).behave()
    assert done.status == 1
    assert done.noted == ["1", "3"]


def test_a_needed_variant_is_that_of_the_same_name(tmp_path: Path) -> None:
    files = {"v.feature.md": VARIANTS}
    files["same.feature.md"] = """
        ---
        needs: [Networks]
        variants:
          - nw: ltem
            n: 1
        ---

        # Same

        ## S

        Given I note `same ${network}`
        """
    files |= features(("Without", "needs: [Networks]", "Given I note `last ${network}`"))
    noted = make_project(tmp_path, files).behave().noted
    assert "same ltem" in noted
    assert "last nbiot" in noted


OUTLINE = """
    # Outlines

    ## Background

    Given I store `'kept'` into `query`

    ## Scenario Outline: Ask ${query}

    Given I note `${query = null ? 'nothing' : query}`

    And I note `${$number(n) + 1}`

    ### Examples: good ones

    | query | n |
    | ----- | - |
    | a     | 1 |
    |       | 2 |

    ## After

    Given I note `${query}`
    """


def test_rows_are_laid_over_the_stored_values(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"o.feature.md": OUTLINE})
    done = project.behave("-f", "plain")
    assert done.status == 0, done.text
    assert done.noted == ["a", "2", "nothing", "3", "kept"]
    assert "Ask a -- @1.1 good ones" in done.out
    assert project.behave("features/o.feature.md:17").noted == ["a", "2"]
    assert project.behave("features/o.feature.md:18").noted == ["a", "2", "nothing", "3"]
    assert project.behave("features/o.feature.md:7").noted == ["a", "2", "nothing", "3"]


def test_background_alone_runs_by_itself(tmp_path: Path) -> None:
    text = "# F\n\n## Background\n\nGiven I note `alone`\n"
    assert make_project(tmp_path, {"f.feature.md": text}).behave().noted == ["alone"]


def test_failed_scenarios_run_again_from_a_rerun_file(tmp_path: Path) -> None:
    text = STORY.replace("Given I note `two`", "Given it fails")
    project = make_project(tmp_path, {"story.feature.md": text})
    project.behave("-f", "rerun", "-o", "rerun.txt", "-f", "plain")
    assert "features/story.feature.md:13" in (tmp_path / "rerun.txt").read_text()
    again = project.behave("@rerun.txt")
    assert again.noted == ["background", "one"]
    assert again.status == 1


def test_a_dry_run_matches_with_samples_and_starts_nothing(tmp_path: Path) -> None:
    text = """
        ---
        exampleContext:
          n: 3
        ---

        # F

        ## S

        Given I wait for ${n} seconds

        Given nobody defined this

        Given I note `${unknown}`
        """
    project = make_project(tmp_path, {"f.feature.md": text})
    project.write("nrfcloud-bdd.toml", '[service]\ncommand = "no-such-command"\n')
    done = project.behave("--dry-run")
    assert "no-such-command" not in done.text
    assert done.err.count("raise StepNotImplementedError") == 1
    assert "Given nobody defined this" in done.err
    assert done.noted == []


def test_soon_repeats_a_step_that_allows_it(tmp_path: Path) -> None:
    text = "# F\n\n## S\n\n{} the third try succeeds\n"
    soon = make_project(tmp_path / "soon", {"f.feature.md": text.format("Soon")}).behave()
    assert soon.status == 0, soon.text
    then = make_project(tmp_path / "then", {"f.feature.md": text.format("Then")}).behave()
    assert then.status == 1
    assert "features/f.feature.md:5:1: this is try 1" in then.out
    spent = make_project(tmp_path / "spent", {"f.feature.md": text.format("Soon")})
    done = spent.behave("-D", "retry_scale=0.001")
    assert done.status == 1
    assert "Tried 2 times in " in done.out


def test_an_undefined_step_names_the_nearest_phrases(tmp_path: Path) -> None:
    text = "# F\n\n## S\n\nGiven I have a randm UUIDv4 in `x`\n"
    done = make_project(tmp_path, {"f.feature.md": text}).behave()
    assert done.status == 1
    assert "features/f.feature.md:5:1: no step definition matches" in done.out
    assert "I have a[n] random {kind} in `{name}`" in done.out


def test_two_definitions_for_a_step_are_an_error(tmp_path: Path) -> None:
    project = make_project(tmp_path, features(("F", "", "Given I note `x`")))
    project.write(
        "steps/more.py",
        """
        from behave import given

        @given("I note {anything}")
        def other(context, anything): ...
        """,
    )
    done = project.behave()
    assert done.status == 1
    assert "2 step definitions match this step" in done.out
    assert "steps/own.py" in done.out
    assert "steps/more.py" in done.out


def test_plain_gherkin_runs_beside(tmp_path: Path) -> None:
    files = features(("A", "", "Given I note `markdown`"))
    files["b.feature"] = """
        Feature: B
          @x
          Scenario: S
            Given I note `plain`
          Scenario: T
            Given I note `again ${x}`
        """
    project = make_project(tmp_path, files)
    assert project.behave().noted == ["markdown", "plain", "again ${x}"]
    assert project.behave("--tags", "x").noted == ["plain"]
    assert project.behave("features/b.feature:5").noted == ["again ${x}"]


def test_hooks_of_a_user_and_nested_steps(tmp_path: Path) -> None:
    project = make_project(tmp_path, features(("F", "", "Given nested")))
    project.write(
        "environment.py",
        """
        from harness import session
        from harness.session import *

        def before_scenario(context, scenario):
            session.before_scenario(context, scenario)
            context.execute_steps("Given I note `hook`")
        """,
    )
    project.write(
        "steps/nested.py",
        """
        from behave import step

        @step("nested")
        def nested(context):
            context.execute_steps("Given I store `1` into `x`")
            context.execute_steps(f"Given I note `{context.session.values.stored['x']}`")
        """,
    )
    done = project.behave()
    assert done.status == 0, done.text
    assert done.noted == ["hook", "1"]


def test_without_the_hooks_of_the_session_the_error_says_so(tmp_path: Path) -> None:
    project = make_project(tmp_path, features(("F", "", "Given I note `x`")))
    project.write("environment.py", "")
    done = project.behave()
    assert done.status == 1
    assert "from harness.session import *" in done.out


def test_stop_ends_the_run_after_the_first_failure(tmp_path: Path) -> None:
    files = features(("A", "", "Given it fails"), ("B", "", "Given I note `b`"))
    assert make_project(tmp_path, files).behave("--stop").noted == []


def test_json_shows_true_lines(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"story.feature.md": STORY})
    project.behave("-f", "json", "-o", "out.json")
    feature = json.loads((tmp_path / "out.json").read_text())[0]
    assert feature["location"] == "features/story.feature.md:1"
    scenarios = [item for item in feature["elements"] if item["type"] == "scenario"]
    assert [item["location"].split(":")[1] for item in scenarios] == ["7", "13", "17"]
    assert scenarios[0]["steps"][0]["location"] == "features/story.feature.md:5"


@pytest.mark.parametrize(
    ("name", "output"),
    [
        ("allure_behave.formatter:AllureFormatter", "allure"),
        ("behave_html_pretty_formatter:PrettyHTMLFormatter", "report.html"),
        ("progress3", "progress.txt"),
        ("json.pretty", "pretty.json"),
    ],
)
def test_formatters_of_others_work(tmp_path: Path, name: str, output: str) -> None:
    files = {"o.feature.md": OUTLINE, "v.feature.md": VARIANTS}
    files |= features(("Failing", "", "Given it fails"))
    project = make_project(tmp_path, files)
    done = project.behave("-f", name, "-o", output)
    assert done.status == 1, done.text
    assert "6 scenarios passed, 1 failed" in done.out or "7 scenarios passed, 1 failed" in done.out
    assert "Traceback" not in done.text
    written = tmp_path / output
    text = "".join(
        path.read_text() for path in (written.iterdir() if written.is_dir() else [written])
    )
    assert "it was told to" in text or name == "progress3"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["features/none.feature.md"], "features/none.feature.md: no such file"),
        (["environment.py"], "environment.py: not a scenario file"),
        (["@none.txt"], "none.txt: no such file"),
        (["empty"], "empty: no scenario files"),
        (["--exclude", "F", "features"], "features: no scenario files"),
    ],
)
def test_paths_that_name_nothing_are_errors(
    tmp_path: Path, arguments: list[str], message: str
) -> None:
    project = make_project(tmp_path, features(("F", "", "Given I note `x`")))
    (tmp_path / "empty").mkdir()
    done = project.behave(*arguments)
    assert (done.status, done.noted) == (1, [])
    assert message in done.out
    assert "Traceback" not in done.text
    mine = project.run("harness.tools.cli", "run", *arguments)
    assert mine.status == 2
    assert message in mine.err


def test_every_chosen_file_that_is_wrong_is_reported(tmp_path: Path) -> None:
    files = features(("A", "", "Given I note `a`"))
    files |= {"b.feature.md": "# B\n\ntext\n", "c.feature.md": "# C\n\n## S\n\nAnd x\n"}
    project = make_project(tmp_path, files)
    done = project.behave()
    assert (done.status, done.noted) == (1, [])
    assert "features/b.feature.md:3:1: " in done.out
    assert "features/c.feature.md:5:1: " in done.out
    assert project.behave("features/A.feature.md").noted == ["a"]
    (tmp_path / "features/A.feature.md").write_text(
        "---\nneeds: [B]\n---\n\n# A\n\n## S\n\nGiven I note `a`\n"
    )
    needy = project.behave("features/A.feature.md")
    assert needy.status == 1
    assert "features/A.feature.md:2:" in needy.out
    assert "features/b.feature.md:3:1: " in needy.out


def test_invalid_expressions_are_errors_before_anything_runs(tmp_path: Path) -> None:
    files = features(("A", "", "Given I note `first`"), ("B", "", "Given I note `${1 +}`"))
    files["c.feature.md"] = """
        ---
        variants:
          - nw: ltem
        ---

        # C

        ## S

        Given I note `<variant.nwx>`

        Given I note `x`

        ```json
        { "a": "${$nothing()}" }
        ```
        """
    done = make_project(tmp_path, files).behave()
    assert (done.status, done.noted) == (1, [])
    for place in ("B.feature.md:5:", "c.feature.md:10:15: ", "c.feature.md:15:"):
        assert place in done.out
    assert "did you mean <variant.nw>?" in done.out


def test_row_values_are_seen_by_the_expressions_of_steps(tmp_path: Path) -> None:
    text = OUTLINE.replace(
        "And I note `${$number(n) + 1}`", "And I store `$number(n) + 1` into `m`"
    )
    text = text.replace("Given I note `${query}`", "Given I note `${m}`")
    done = make_project(tmp_path, {"o.feature.md": text}).behave()
    assert done.noted == ["a", "nothing", "3"], done.text


def test_cells_of_examples_are_evaluated_once_a_row(tmp_path: Path) -> None:
    text = """
        ---
        variants:
          - nw: ltem
        ---

        # F

        ## Background

        Given I store `'stored'` into `x`

        ## Scenario Outline: S

        Given I store `$count([1..3])` into `x`

        And I note `${a} ${b}`

        ### Examples

        | a                        | b            |
        | ------------------------ | ------------ |
        | ${x} over <variant.nw>   | ${$millis()} |

        ## After

        Given I note `${x}`
        """
    done = make_project(tmp_path, {"f.feature.md": text}).behave()
    assert done.status == 0, done.text
    assert done.noted[0].startswith("stored over ltem 1")
    assert done.noted[1] == "3"


def test_wrong_placeholders_in_examples_are_errors_before_anything_runs(tmp_path: Path) -> None:
    text = OUTLINE.replace("| a     | 1 |", "| ${1 +} | 1 |")
    done = make_project(tmp_path, {"o.feature.md": text}).behave()
    assert (done.status, done.noted) == (1, [])
    assert "features/o.feature.md:17:3: " in done.out


def test_choosing_nothing_is_said(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"story.feature.md": STORY})
    done = project.behave("--tags", "typo")
    assert (done.status, done.noted) == (0, [])
    assert "Nothing is chosen: no scenario fits" in done.err

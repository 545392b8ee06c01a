"""How headings become names: with what is known before the run, or as an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.project import make_project

HEADINGS = """
    ---
    variants:
      - nw: ltem
    ---

    # Headings

    ## Rule: <variant.nw> ${stored}

    ### Scenario Outline: Over <variant.nw> with ${a} and ${stored}

    Given I note `${a}`

    #### Examples: ${a} of <variant.nw>

    | a |
    | - |
    | 1 |
    """


def test_headings_show_what_is_known_before_the_run(tmp_path: Path) -> None:
    done = make_project(tmp_path, {"h.feature.md": HEADINGS}).behave("-f", "plain")
    assert done.status == 0, done.text
    assert "Rule: nw=ltem — ltem ${stored}\n" in done.out
    assert "Over ltem with 1 and ${stored} -- @1.1 1 of ltem -- nw=ltem\n" in done.out


@pytest.mark.parametrize(
    ("heading", "what"),
    [
        ("${stored} <variant.nx>", "the variant has no nx: it has: nw"),
        ("Over ${1 +}", "invalid placeholder"),
    ],
)
def test_headings_that_are_wrong_whatever_the_values(
    tmp_path: Path, heading: str, what: str
) -> None:
    text = f"---\nvariants: [{{ nw: ltem }}]\n---\n\n# H\n\n## {heading}\n\nGiven I note `x`\n"
    project = make_project(tmp_path, {"h.feature.md": text})
    done = project.behave()
    assert (done.status, done.noted) == (1, [])
    assert f"features/h.feature.md:7:1: {what}" in done.out

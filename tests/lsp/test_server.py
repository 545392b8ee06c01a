"""The language server as an editor sees it: a real client, the real command, over stdio."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from tests.lint.test_golden import BAD
from tests.lsp.editor import Editor, editing
from tests.project import Project, make_project

FILE = "features/a.feature.md"
GOOD = "# A\n\n## B\n\nGiven I store `1` into `x`\n\nWhen I note `${x}`\n"
SAMPLED = "---\nexampleContext:\n  x: 1\n---\n\n" + GOOD


def codes(diagnostics: list[lsp.Diagnostic]) -> list[object]:
    return [each.code for each in diagnostics]


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> object:
    where = lsp.Range(lsp.Position(*start), lsp.Position(*end))
    return lsp.TextDocumentContentChangePartial(where, text)


def test_every_error_of_lint_is_a_diagnostic_at_the_same_place() -> None:
    document = json.loads(Project(BAD).run("harness.tools.cli", "lint", "--format=json", ".").out)
    found = []
    with editing(BAD, ["utf-32"]) as editor:
        files = sorted(path.name for path in BAD.glob("*.feature.md"))
        files.remove("unreadable.feature.md")  # as text that an editor has, it can be read
        for file in files:
            editor.open(file)
        newest = {file: editor.wrong(file) for file in files}
    for file, diagnostics in newest.items():
        for each in diagnostics:
            start = each.range.start
            severity = str(each.severity and each.severity.name).lower()
            found.append((file, start.line + 1, start.character + 1, severity, each.code,
                          each.message))  # fmt: skip
    expected = [
        (
            each["file"],
            each["line"],
            each["column"],
            each["severity"],
            each["code"],
            "\n".join((": ".join(filter(None, (each["message"], each["hint"]))), *each["details"])),
        )
        for each in document["problems"]
        if each["file"] != "unreadable.feature.md"
    ]
    assert sorted(found) == sorted(expected)


def test_what_is_typed_is_looked_at_with_the_suite_around_it(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.feature.md": SAMPLED})
    needing = "---\nneeds: [A]\nexampleContext: {x: 1}\n---\n\n# C\n\n## D\n\nGiven I note `${x}`\n"
    with editing(tmp_path) as editor:
        assert codes(editor.open("features/new.feature.md", needing)) == []
        text = needing.replace("[A]", "[B]")
        assert codes(editor.replace("features/new.feature.md", text)) == ["unknown-need"]
        # The other file, too, is as it is being written, not as on disk.
        editor.open(FILE)
        editor.replace(FILE, SAMPLED.replace("# A", "# B"))
        assert codes(editor.wrong("features/new.feature.md")) == []


def test_many_changes_end_with_what_is_wrong_with_the_last(tmp_path: Path) -> None:
    make_project(tmp_path, {"a.feature.md": SAMPLED})
    with editing(tmp_path) as editor:
        editor.open(FILE)
        for letter in "abcdefghij":
            last = editor.type(FILE, edit((6, 0), (6, 0), f"Guven {letter}\n\n"))
        assert codes(editor.wrong(FILE)) == ["syntax"] * 10
        versions = [said.version or 0 for said in editor.published]
        assert versions[-1] == last
        assert versions == sorted(versions)


@pytest.mark.parametrize(("encoding", "width"), [("utf-8", 4), ("utf-16", 2), ("utf-32", 1)])
def test_positions_are_counted_as_agreed(tmp_path: Path, encoding: str, width: int) -> None:
    make_project(tmp_path, {"a.feature.md": "# A\n\n## B\n\nGiven I note `😀 \u2028${y}`\n"})
    with editing(tmp_path, [encoding]) as editor:
        (problem,) = [each for each in editor.open(FILE) if each.code == "no-source"]
        before = len("Given I note `") + width + 1 + {4: 3, 2: 1, 1: 1}[width]
        assert problem.range.start == lsp.Position(4, before)
        # `y` is replaced by what is no JSONata.
        editor.type(FILE, edit((4, before + 2), (4, before + 3), "x y"))
        (problem,) = editor.wrong(FILE)
        assert problem.code == "invalid-placeholder"
        assert "y is not expected here" in problem.message


def test_files_are_watched(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": SAMPLED + "\nThen it is new\n"})
    with editing(tmp_path) as editor:
        assert codes(editor.open(FILE)) == ["undefined-step"]
        (asked,) = editor.watchers
        assert [each.method for each in asked.registrations] == ["workspace/didChangeWatchedFiles"]
        own = (tmp_path / "steps" / "own.py").read_text()
        project.write("steps/own.py", own + '\n\n@step("it is new")\ndef new(context): ...\n')
        editor.changed("steps/own.py")
        assert codes(editor.wrong(FILE)) == []
        project.write("steps/own.py", own + "\n\nnonsense()\n")
        editor.changed("steps/own.py")
        assert codes(editor.wrong("steps/own.py")) == ["step-file"]
        project.write("steps/own.py", own)
        project.write("features/b.feature.md", SAMPLED)
        editor.changed("steps/own.py", "features/b.feature.md")
        assert codes(editor.wrong(FILE)) == ["same-title", "undefined-step"]
        assert codes(editor.wrong("steps/own.py")) == []


def test_what_step_files_print_does_not_garble_the_protocol(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": SAMPLED})
    project.write("steps/loud.py", "import os\nprint('loud')\nos.system('echo louder')\n")
    with editing(tmp_path) as editor:
        assert codes(editor.open(FILE)) == []


def test_wrong_settings_are_told(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": SAMPLED})
    project.write("nrfcloud-bdd.toml", "[valuse]\n")
    with editing(tmp_path) as editor:
        assert codes(editor.open(FILE)) == []
        (said,) = editor.messages
        assert "nrfcloud-bdd.toml:1:" in said.message


def test_a_broken_behave_ini_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    project = make_project(tmp_path, {"a.feature.md": SAMPLED})
    project.write("behave.ini", "[behave\n")
    with editing(tmp_path) as editor:
        assert codes(editor.open(FILE)) == []
        (said,) = editor.messages
        assert "behave.ini" in said.message


@pytest.fixture(scope="module")
def editor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    folder = tmp_path_factory.mktemp("project")
    make_project(folder, {"a.feature.md": SAMPLED})
    with editing(folder) as editor:
        editor.open(FILE)
        yield editor


def test_phrases_are_offered_as_snippets(editor: Editor) -> None:
    editor.replace(FILE, GOOD + "\nThen I no\n")
    item = editor.offered(FILE, 8, 9)[0]
    assert item.label == "I note `text`"
    assert isinstance(item.text_edit, lsp.TextEdit)
    assert item.text_edit.new_text == "I note `${1:text}`"
    assert item.text_edit.range == lsp.Range(lsp.Position(8, 5), lsp.Position(8, 9))
    assert item.insert_text_format is lsp.InsertTextFormat.Snippet


def test_hover_shows_what_a_step_does(editor: Editor) -> None:
    editor.replace(FILE, GOOD)
    at = lsp.HoverParams(editor.document(FILE), lsp.Position(4, 10))
    answer = editor.wait(editor.client.text_document_hover_async(at))
    assert answer is not None
    assert isinstance(answer.contents, lsp.MarkupContent)
    assert answer.contents.value.startswith("`` I store `{expression}` into `{name}` ``\n\nStore")
    nothing = lsp.HoverParams(editor.document(FILE), lsp.Position(0, 0))
    assert editor.wait(editor.client.text_document_hover_async(nothing)) is None


def test_the_definition_of_a_step_and_of_a_value(editor: Editor) -> None:
    editor.replace(FILE, GOOD)

    def defined(line: int, character: int) -> list[tuple[str, int]]:
        at = lsp.DefinitionParams(editor.document(FILE), lsp.Position(line, character))
        answer = editor.wait(editor.client.text_document_definition_async(at))
        assert isinstance(answer, list)
        return [(each.uri, each.range.start.line) for each in answer]  # type: ignore[union-attr]

    assert defined(6, 3) == [(editor.uri("steps/own.py"), 9)]
    assert defined(6, 15) == [(editor.uri(FILE), 4)]
    assert defined(1, 0) == []


def test_the_outline(editor: Editor) -> None:
    editor.replace(FILE, GOOD)
    at = lsp.DocumentSymbolParams(editor.document(FILE))
    answer = editor.wait(editor.client.text_document_document_symbol_async(at))
    assert answer
    (feature,) = answer
    assert isinstance(feature, lsp.DocumentSymbol)
    assert [each.name for each in feature.children or ()] == ["B"]


def test_nothing_that_is_half_typed_is_an_error(editor: Editor) -> None:
    text = (
        SAMPLED
        + '\n```json\n{"a": "${x}"}\n```\n\n## Scenario Outline: O\n\n### Examples\n\n| a |\n'
    )
    for end in range(0, len(text), 3):
        editor.type(FILE, lsp.TextDocumentContentChangeWholeDocument(text[:end]))
        line = text.count("\n", 0, end)
        character = end - text.rfind("\n", 0, end) - 1
        editor.offered(FILE, line, character)
        position, document = lsp.Position(line, character), editor.document(FILE)
        client = editor.client
        editor.wait(client.text_document_hover_async(lsp.HoverParams(document, position)))
        editor.wait(client.text_document_definition_async(lsp.DefinitionParams(document, position)))
        editor.wait(client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document)))


def test_without_pygls_it_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['pygls'] = None; from harness.tools.cli import main;"
        "sys.exit(main(['lsp']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == "the language server needs pygls: pip install 'nrfcloud-bdd[lsp]'\n"


def renamed(editor: Editor, line: int, character: int, name: str) -> dict[str, str]:
    """The texts of the changed files, by the last part of their name."""
    at, document = lsp.Position(line, character), editor.document(FILE)
    answer = editor.wait(
        editor.client.text_document_rename_async(lsp.RenameParams(document, at, name))
    )
    assert answer is not None
    assert answer.changes
    texts = {}
    for uri, edits in answer.changes.items():
        file = uri.rsplit("/", 1)[1]
        lines = editor.texts.get(f"features/{file}", "").split("\n")
        for each in sorted(edits, key=lambda one: -one.range.start.character):
            start, end = each.range.start, each.range.end
            old = lines[start.line]
            lines[start.line] = old[: start.character] + each.new_text + old[end.character :]
        texts[file] = "\n".join(lines)
    return texts


def test_a_value_is_renamed_wherever_it_is_the_same(tmp_path: Path) -> None:
    a = (
        "---\nexampleContext:\n  job: {id: 1}\n---\n\n# A\n\n## B ${job.id}\n\n"
        "Given I store `{'id': 'job'}` into `job`\n\n"
        "When I store `{'job': job.id, 'x': [job][id = 'job']}` into `y`\n\n"
        "Then `y` should equal\n\n"
        '```json\n{"job": "${job.id}", "x": ["😀 ${$string(job)}", "$number{job.id}"]}\n```\n'
    )
    b = "---\nneeds: [A]\n---\n# B\n\n## C\n\nGiven I store `job` into `z`\n"
    c = "# C\n\n## D\n\nGiven I store `1` into `job`\n"
    make_project(tmp_path, {"a.feature.md": a, "b.feature.md": b, "c.feature.md": c})
    with editing(tmp_path, ["utf-32"]) as editor:
        for file in "abc":
            editor.open(f"features/{file}.feature.md")
        texts = renamed(editor, 9, 38, "task")
        assert texts["b.feature.md"] == b.replace("`job`", "`task`")
        assert set(texts) == {"a.feature.md", "b.feature.md"}
        assert texts["a.feature.md"] == (
            a.replace("  job:", "  task:")
            .replace("{job", "{task")
            .replace("`job`", "`task`")
            .replace(": job.", ": task.")
            .replace("[job]", "[task]")
            .replace("(job)", "(task)")
        )


def test_what_is_not_surely_the_same_is_not_renamed(editor: Editor) -> None:
    editor.replace(FILE, GOOD)
    with pytest.raises(JsonRpcException, match="“two words” cannot name a value"):
        renamed(editor, 6, 15, "two words")
    nowhere = lsp.PrepareRenameParams(editor.document(FILE), lsp.Position(2, 3))
    assert editor.wait(editor.client.text_document_prepare_rename_async(nowhere)) is None
    here = lsp.PrepareRenameParams(editor.document(FILE), lsp.Position(6, 15))
    found = editor.wait(editor.client.text_document_prepare_rename_async(here))
    assert found == lsp.Range(lsp.Position(6, 15), lsp.Position(6, 16))

"""OpenAPI documents: what they speak of, and where they are wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from harness.errors import BddError
from mock_nrfcloud.contract import document as module
from mock_nrfcloud.contract.document import read_document
from tests.mock_nrfcloud.contract.documents import NRFCLOUD, document

HEAD = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n"


def test_what_a_document_speaks_of(tmp_path: Path) -> None:
    nrfcloud = read_document(NRFCLOUD)
    assert (nrfcloud.hosts, nrfcloud.bases) == ({"api.nrfcloud.com"}, ("/v1",))
    assert nrfcloud.version == "3.1"
    servers = [
        {"url": "https://{where}.example.com/api/", "variables": {"where": {"default": "EU"}}},
        {"url": "https://us.example.com/api"},
        {"url": "//[oops"},
    ]
    third_party = document(tmp_path, servers=servers)
    assert third_party.hosts == {"eu.example.com", "us.example.com", "api.nrfcloud.com"}
    assert third_party.bases == ("/api", "")
    assert document(tmp_path, servers=[{"url": "/v1"}]).hosts == {"api.nrfcloud.com"}
    assert document(tmp_path).bases == ("",)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{\n  oops", ":2:3: this is not JSON: Expecting property name enclosed in"),
        ("a.json", '{"a": ' + "9" * 5000 + "}", ":1:1: this is not JSON: Exceeds the limit"),
        ("a.json", "[" * 100_000, ":1:1: it is nested too deeply"),
        ("a.json", "\xff", ":1:1: it is not UTF-8: save as UTF-8"),
        ("a.json", "[]", ":1:1: this is no OpenAPI document: it begins with"),
        ("a.yaml", "", ":1:1: this is no OpenAPI document: it begins with"),
        ("a.yaml", "a: [", ":2:1: invalid YAML"),
        ("a.yaml", "a: &a [1]\nb: [*c]\n", ":2:5: `*c` stands for nothing here"),
        ("a.yml", "openapi: 2.0.0", ":1:10: OpenAPI 2.0.0 is not known here: take a document of"),
        ("a.yaml", HEAD + "x:\n  $ref: b.yaml#/c", ":4:9: 'b.yaml#/c' does not lead to a place in"),
        ("a.yaml", HEAD + "x:\n  $ref: http://h/", ":4:9: 'http://h/' does not lead to a place"),
        ("a.yaml", HEAD + "x:\n  $ref: '#/infos'", ":4:9: '#/infos' leads nowhere: did you mean"),
        ("a.yaml", HEAD + "x: [{$ref: '#/x/1'}]", ":3:12: '#/x/1' leads nowhere"),
        ("a.yaml", HEAD + "x: [{$ref: '#/x/0'}]", ":3:12: '#/x/0' leads to itself"),
        ("a.yaml", HEAD + "x: {$id: 'http://h'}", ":3:10: $id is not known here: leave it out"),
        ("a.yaml", HEAD + "x: {pattern: '('}", ":3:14: '(' is no regular expression: missing )"),
        (
            "a.yaml",
            HEAD + "x: {patternProperties: {'^(a+)+$': {}}}",
            ":3:24: the pattern '^(a+)+$' could take for ever: write it without a repeated group",
        ),
        (
            "a.yaml",
            HEAD + "paths:\n  /a/{b}{c}{d}: {}",
            ":4:17: a segment of the path has more than two parameters",
        ),
        ("a.yaml", HEAD + "paths:\n  /a/{b: {}", ":4:10: a brace of the path is left open"),
        ("a.json", json.dumps({"openapi": "3.1.0", "x": []})[:-2] + "[" * 200 + "]" * 201 + "}",
         ": it has more than 100 levels"),
    ],
)  # fmt: skip
def test_where_it_is_wrong(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(BddError) as caught:
        read_document(path)
    assert message in str(caught.value)
    assert str(caught.value).startswith(f"{path}:")


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BddError, match=r"no\.json:1:1: cannot be read: No such file"):
        read_document(tmp_path / "no.json")
    monkeypatch.setattr(module, "MAX_FILE", 10)
    with pytest.raises(BddError, match=r"openapi\.yaml:1:1: it is larger than 10 bytes"):
        read_document(NRFCLOUD)


def test_properties_may_have_the_names_of_keywords(tmp_path: Path) -> None:
    named = {"$ref": {"type": "string"}, "pattern": {"type": "string"}, "$id": {}}
    components = {"schemas": {"A": {"properties": named}}}
    assert document(tmp_path, components=components).content["components"] == components

"""Files of stubs: what they say, and where they are wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.http_text import HttpRequest
from harness.errors import BddError
from mock_nrfcloud.seeds import plant, read_seed
from mock_nrfcloud.space import Space
from mock_nrfcloud.values import ROOT_HOST

GOOD = """\
{
  "hosts": ["h.example"],
  "mappings": [
    {"request": {"method": "GET", "url": "/x"}, "response": {"jsonBody": {"a": 1}}},
    {
      "kind": "kept",
      "request": {"method": "GET", "urlPath": "/y"}
    }
  ],
  "shadows": {"a": {"items": [], "total": 0}},
  "twins": {
    "nrfcloud": [
      {"do": "device", "id": "d1"}
    ]
  }
}
"""


def test_what_a_file_says(tmp_path: Path) -> None:
    path = tmp_path / "stubs.json"
    path.write_text(GOOD)
    space = Space()
    plant(read_seed(path), space, str(path))
    answer = space.store.answer(ROOT_HOST, HttpRequest("GET", "/x"))
    assert answer
    assert answer.response.body == b'{"a": 1}'
    assert [left.stub.kind for left in space.store.held()] == ["queued", "kept"]
    assert list(space.store.shadows) == ["a"]
    assert space.store.hosts == [ROOT_HOST, "h.example"]
    reply = space.twins.start("nrfcloud").command({"do": "state", "device": "d1"})
    assert reply["holds"]


def test_hosts_that_are_known_stay_known(tmp_path: Path) -> None:
    path = tmp_path / "stubs.json"
    path.write_text('{"hosts": ["h.example"]}')
    space = Space(hosts=["upstream.example"])
    plant(read_seed(path), space, str(path))
    assert space.store.hosts == [ROOT_HOST, "h.example", "upstream.example"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"/y"}', '"/y"}}', "8:5: this is not JSON: Expecting ',' delimiter"),
        ('"/y"', "NaN", "1:1: this is not JSON"),
        ('"/y"', '"\\ud800"', "1:1: this is not JSON"),
        ('"GET", "urlPath"', '1, "urlPath"', "7:29: $.mappings[1].request.method: Expected `str`"),
        (
            '"kind"',
            '"kid"',
            "5:5: $.mappings[1]: Object contains unknown field `kid`: did you mean",
        ),
        ('"urlPath": "/y"', '"url": "/a b c"', "5:5: there is a space in the path"),
        ('"urlPath": "/y"', '"url": "/?a=/(/"', "5:5: the query parameter a is no valid"),
        ('"items": []', '"items": 1', "10:14: the shadow data for a has no array"),
        ('"nrfcloud"', '"nrfclod"', "12:16: there is no twin 'nrfclod': did you mean"),
        ('"device", "id"', '"device", "di"', "13:7: device: Object contains unknown field `di`"),
        (
            '"mappings"',
            '"mapings"',
            "1:1: $: Object contains unknown field `mapings`: did you mean",
        ),
    ],
)
def test_where_a_file_is_wrong(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert GOOD.count(old) == 1
    path = tmp_path / "stubs.json"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(BddError) as caught:
        plant(read_seed(path), Space(), str(path))
    assert str(caught.value).startswith(f"{path}:{message}")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "1:1: this is not JSON"),
        (b"{}\n\xff", "2:1: it is not UTF-8"),
        (b"[" * 100_000, "1:1: it is nested too deeply"),
        (b"[]", "1:1: $: Expected `object`, got `array`"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "stubs.json"
    path.write_bytes(data)
    with pytest.raises(BddError) as caught:
        read_seed(path)
    assert str(caught.value).startswith(f"{path}:{message}")


def test_what_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BddError, match="cannot be read: No such file"):
        read_seed(tmp_path / "nothing.json")
    monkeypatch.setattr("mock_nrfcloud.seeds.MAX_FILE", 3)
    (tmp_path / "large.json").write_text("{  }")
    with pytest.raises(BddError, match="larger than 3 bytes"):
        read_seed(tmp_path / "large.json")

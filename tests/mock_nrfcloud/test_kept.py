"""What is kept of a body: its beginning, unpacked, and the truth about the rest."""

from __future__ import annotations

import gzip
import importlib.util
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_nrfcloud import kept
from mock_nrfcloud.kept import KEPT, Kept, codings

PACKED = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "X-GZip": gzip.compress,
    "deflate": zlib.compress,
    " br ": brotli.compress,
}


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


def of(chunks: list[bytes], coding: str = "") -> tuple[bytes, str]:
    body = Kept()
    for chunk in chunks:
        body.add(chunk)
    return body.body(coding)


@pytest.mark.parametrize("coding", PACKED)
@given(st.lists(st.binary(max_size=50), max_size=5))
def test_a_body_is_unpacked(coding: str, chunks: list[bytes]) -> None:
    body = b"".join(chunks)
    packed = PACKED[coding](body)
    assert of([packed[:7], packed[7:]], coding) == (body, "")


@given(st.binary(max_size=100))
def test_deflate_without_its_head_is_unpacked(body: bytes) -> None:
    assert of([raw_deflate(body)], "deflate") == (body, "")


def test_all_members_of_gzip_are_unpacked() -> None:
    packed = gzip.compress(b"one") + gzip.compress(b"two")
    assert of([packed], "gzip") == (b"onetwo", "")
    body, note = of([packed + b"more"], "gzip")
    assert (body, "is cut after 6 unpacked ones" in note) == (b"onetwo", True)
    body, note = of([gzip.compress(b"x" * KEPT) * 2], "gzip")
    assert (body, "is cut after" in note) == (b"x" * KEPT, True)


def test_of_a_large_body_the_beginning_is_kept() -> None:
    chunk = b"x" * 1_000_000
    assert of([chunk] * 100) == (
        b"x" * KEPT,
        f"a body of 100,000,000 bytes is cut after {KEPT:,}",
    )


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br"])
def test_a_bomb_is_cut(coding: str) -> None:
    packed = PACKED.get(coding, brotli.compress)(b"x" * 50_000_000)
    body, note = of([packed], coding)
    assert body == b"x" * KEPT
    assert note == (
        f"a body of {len(packed):,} bytes ({coding}) is cut after {KEPT:,} unpacked ones"
    )


def test_a_packed_body_that_is_cut_is_unpacked_as_far_as_it_goes() -> None:
    packed = gzip.compress(b"abc" * 1000)
    body, note = of([packed[:-20]], "gzip")
    assert body != b"abc" * 1000
    assert (b"abc" * 1000).startswith(body)
    assert "is cut after" in note


@pytest.mark.parametrize(
    ("coding", "why"),
    [
        ("gzip", "it is not gzip: Error -3 while decompressing data: incorrect header check"),
        ("br", "it is not br: "),
        ("zstd", "zstd cannot be unpacked here"),
        ("gzip, br", "gzip, br cannot be unpacked here"),
    ],
)
def test_what_cannot_be_unpacked_is_left_out(coding: str, why: str) -> None:
    body, note = of([b"\xff\xfenot packed"], coding)
    assert body == b""
    assert note.startswith(f"a body of 12 bytes is left out: {why}")


def test_without_brotli_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "find_spec", lambda _: None)
    assert "br" not in codings()
    assert of([b"x"], "br") == (
        b"",
        "a body of 1 bytes is left out: br cannot be unpacked here: pip install"
        " 'nrfcloud-bdd[record]'",
    )
    assert importlib.util.find_spec("brotli")

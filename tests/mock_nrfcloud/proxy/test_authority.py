"""The authority's bundle, and files that are not its own."""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

import pytest

from harness.errors import BddError, UsageError
from mock_nrfcloud.proxy import authority as module
from mock_nrfcloud.proxy.authority import Authority


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def test_the_bundle_is_there_as_long_as_it_is_needed(tmp_path: Path, authority: Authority) -> None:
    path = tmp_path / "ca.pem"
    with authority.bundle(path):
        assert path.stat().st_mode & 0o777 == 0o644
        assert b"PRIVATE KEY" not in path.read_bytes()
        context = ssl.create_default_context(cafile=str(path))
        (found,) = context.get_ca_certs()
        assert "mock_nrfcloud" in str(found["subject"])
        assert [path] == list(tmp_path.iterdir())
    assert not path.exists()


def test_a_forwarding_proxy_has_clients_trust_what_the_machine_does(
    tmp_path: Path, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, other = tmp_path / "ca.pem", tmp_path / "other.pem"
    other.write_bytes(Authority().certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    with authority.bundle(path, forwards=True):
        assert len(ssl.create_default_context(cafile=str(path)).get_ca_certs()) == 2


def test_a_file_that_was_left_behind_is_replaced(tmp_path: Path, authority: Authority) -> None:
    path = tmp_path / "ca.pem"
    with authority.bundle(path):
        left = path.read_bytes()
    path.write_bytes(left)
    with Authority().bundle(path):
        assert path.read_bytes() != left
    path.touch()
    with authority.bundle(path):
        assert path.read_bytes() == left


def test_what_another_mock_has_written_since_stays(tmp_path: Path, authority: Authority) -> None:
    path = tmp_path / "ca.pem"
    with Authority().bundle(path):
        with authority.bundle(path):
            theirs = path.read_bytes()
            path.write_bytes(theirs + b"\n")
        assert path.exists()


def test_a_file_of_somebody_else_is_not_written_over(tmp_path: Path, authority: Authority) -> None:
    path = tmp_path / "ca-certificates.crt"
    path.write_text("precious")
    with pytest.raises(UsageError, match="has something else in it"), authority.bundle(path):
        pass
    assert path.read_text() == "precious"


@pytest.mark.parametrize(("name", "reason"), [("no/ca.pem", "No such file"), (".", "directory")])
def test_a_place_that_cannot_be_written(
    tmp_path: Path, authority: Authority, name: str, reason: str
) -> None:
    with pytest.raises(UsageError, match=reason), authority.bundle(tmp_path / name):
        pass
    assert list(tmp_path.iterdir()) == []


def test_certificates_are_kept_but_not_all_of_them(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert authority.context("a.example") is authority.context("a.example")
    monkeypatch.setattr(module, "MAX_CERTIFICATES", 1)
    small = Authority()
    first = small.context("a.example")
    small.context("b.example")
    assert small.context("a.example") is not first


def test_a_name_that_no_certificate_can_have(authority: Authority) -> None:
    with pytest.raises(BddError, match="no certificate can be made for 'my_service'"):
        authority.context("my_service")


def test_without_trustme(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    with pytest.raises(UsageError, match=r"pip install 'nrfcloud-bdd\[proxy\]'"):
        Authority()

"""Who may use the admin API."""

from __future__ import annotations

from base64 import b64encode

import pytest
from multidict import CIMultiDict

from mock_nrfcloud.admin.guard import Guard, is_loopback
from mock_nrfcloud.admin.table import Refusal

LOOPBACK = ["127.0.0.1", "127.9.9.9:8080", "localhost", "LOCALHOST:1", "localhost.", "[::1]:80"]
ELSEWHERE = ["", "evil.example", "127.0.0.1.evil.example", "localhost.evil", "10.0.0.1", "[", "::1"]


def refused(token: str | None, **headers: str) -> int | None:
    given = CIMultiDict({name.replace("_", "-"): value for name, value in headers.items()})
    try:
        Guard(token).check(given)
    except Refusal as refusal:
        return refusal.status
    return None


@pytest.mark.parametrize("host", LOOPBACK)
def test_this_machine_needs_no_token(host: str) -> None:
    assert refused(None, Host=host) is None


@pytest.mark.parametrize("host", ELSEWHERE)
def test_other_names_are_refused_without_a_token(host: str) -> None:
    assert refused(None, Host=host) == 403
    assert refused("t", Host=host, Authorization="Bearer t") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9"},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_pages_of_others_are_refused_even_with_the_token(headers: dict[str, str]) -> None:
    assert refused(None, Host="localhost:8080", **headers) == 403
    assert refused("t", Host="localhost:8080", Authorization="Bearer t", **headers) == 403


def test_our_own_page_may() -> None:
    own = {"Origin": "http://localhost:8080", "Sec_Fetch_Site": "same-origin"}
    assert refused(None, Host="localhost:8080", **own) is None


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Bearer",
        "Bearer wrong",
        "Basic t0ken",
        "t0ken",
        "Bearer ü",
        "Basic",
        "Basic ü",
        f"Basic {b64encode(b't0ken').decode()}",
        f"Basic {b64encode(b't0ken:').decode()}",
        f"Basic {b64encode(b'a:t0ken2').decode()}",
    ],
)
def test_a_wrong_token_is_refused(given: str) -> None:
    assert refused("t0ken", Host="localhost", Authorization=given) == 401
    assert refused("t0ken", Host="localhost") == 401
    assert refused("t0ken", Host="localhost", Authorization="bearer  t0ken ") is None
    assert refused("\udcff", Host="localhost", Authorization="Bearer \udcff") is None


@pytest.mark.parametrize("token", ["t0ken", "with:colon", "ü"])
def test_the_token_may_be_the_password_of_anybody(token: str) -> None:
    for user in ("", "admin"):
        given = b64encode(f"{user}:{token}".encode()).decode()
        assert refused(token, Host="localhost", Authorization=f"Basic {given}") is None
        assert refused("other", Host="localhost", Authorization=f"basic {given}") == 401


def test_what_is_loopback() -> None:
    assert is_loopback("::1")
    assert not is_loopback("0.0.0.0")

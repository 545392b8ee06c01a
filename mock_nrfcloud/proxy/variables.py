"""The environment variables that lead a program to a proxy, and let it trust it. Pure."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_BUNDLES: Final = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "AWS_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
)


def variables(proxy: str, ca_cert: Path) -> dict[str, str]:
    """The variables for a proxy's URL and CA bundle; requests to this machine go past it."""
    found = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "NO_PROXY": "localhost,127.0.0.1,::1"}
    # Each case has programs that look at no other, or look there first.
    found |= {name.lower(): value for name, value in found.items()}
    return {**found, **dict.fromkeys(_BUNDLES, str(ca_cert)), "NODE_USE_ENV_PROXY": "1"}

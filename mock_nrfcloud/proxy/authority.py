"""The made-up certificate authority of a proxy, what it issues, and the bundle that clients trust.

The key of the authority never leaves the process. (That of a certificate is in a file of a few
microseconds that only its owner can read, since Python's TLS takes keys from files.)
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from harness.errors import BddError, UsageError

MAX_CERTIFICATES: Final = 256
"""How many hosts' certificates are kept; those that were not used for the longest time leave."""

_MARK: Final = b"# Made by the proxy of mock_nrfcloud; removed when that ends.\n"


class Authority:
    """Issues certificates to any host; its own is `certificate` (PEM).

    Raises UsageError if there is no trustme.
    """

    def __init__(self) -> None:
        try:
            import trustme  # late: it takes a tenth of a second, and few need it
        except ImportError:
            raise UsageError(
                "a proxy needs trustme", hint="install it with: pip install 'nrfcloud-bdd[proxy]'"
            ) from None
        self._ca = trustme.CA(organization_name="mock_nrfcloud")
        self.certificate: Final = self._ca.cert_pem.bytes()
        self.context = lru_cache(MAX_CERTIFICATES)(self._context)

    def _context(self, host: str) -> ssl.SSLContext:
        """How TLS is served as a host (a name or an IP address). Raises BddError."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_alpn_protocols(["http/1.1"])
        try:
            self._ca.issue_cert(host).configure_cert(context)
        except ValueError as error:  # such as an underscore in it
            raise BddError(f"no certificate can be made for {host!r}: {error}") from None
        return context

    @contextmanager
    def bundle(self, path: Path, *, forwards: bool = False) -> Iterator[None]:
        """While this lasts, the certificate of the authority is in a file (PEM) for clients.

        If the proxy `forwards`, those that this machine trusts are there too: clients that take
        the file in place of these meet both. Raises UsageError.
        """
        content = _MARK + self.certificate
        if forwards and (trusted := ssl.get_default_verify_paths().cafile):
            content += Path(trusted).read_bytes()
        try:
            _write(path, content)
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"the CA bundle {path} cannot be written: {reason}") from None
        try:
            yield
        finally:
            with suppress(OSError):  # it is gone already, or its folder is
                if path.read_bytes() == content:
                    path.unlink()


def _write(path: Path, content: bytes) -> None:
    """All at once, but not over a file of somebody else's."""
    if path.exists() and path.stat().st_size and not path.read_bytes().startswith(_MARK):
        raise UsageError(f"{path} has something else in it", hint="name another file")
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(content)
            os.fchmod(file.fileno(), 0o644)
            os.replace(file.name, path)
        except OSError:
            os.unlink(file.name)
            raise

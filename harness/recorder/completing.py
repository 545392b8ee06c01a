"""The world of a run that completes scenarios: what no stub answers may be sent on."""

from __future__ import annotations

from collections.abc import Mapping

from harness.errors import UsageError
from harness.settings import Settings
from harness.world import World


def completing_world(
    settings: Settings, environ: Mapping[str, str], upstreams: Mapping[str, str]
) -> World:
    """A world that is not started yet; `upstreams` are URLs by host. Raises BddError."""
    if not upstreams:
        return World(settings, environ)
    if settings.mock.url is not None:
        hint = "leave out [mock] url"
        raise UsageError("--upstream needs a mock in the process of the run", hint=hint)
    from mock_nrfcloud.upstream import Upstream  # late: few runs need it

    return World(settings, environ, beyond=Upstream(upstreams, on_miss=True))

"""A world without a process: the mock, and a peer in place of the service under test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.settings import load
from harness.world import World
from tests.steps.peer import Peer
from tests.steps.stage import Stage

SETTINGS = """
[values]
APIURL = "{service_url}"
webSocketURI = "{service_ws}/device"
mockURL = "{mock_url}"
live = "{service_ws}"

[service]
url = "PEER"

[accounts.elite]
api_key_env = "ELITE_KEY"

[accounts.keyless]
api_key_env = "NO_SUCH_KEY"
"""

ENVIRONMENT = {
    "NRFCLOUD_API_KEY": "key-of-the-default-account",
    "ELITE_KEY": "key-of-the-elite-account",
    "REFERENCE_SERVICE_ADMIN_TOKEN": "the-admin-token",
}


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    folder: Path = tmp_path_factory.mktemp("stage")
    with Peer() as peer:
        file = folder / "nrfcloud-bdd.toml"
        file.write_text(SETTINGS.replace("PEER", peer.url))
        world = World(load(file, ENVIRONMENT, {}), ENVIRONMENT).start()
        try:
            yield Stage(world, peer, folder)
        finally:
            world.close()

"""Who looks at the night school's pages."""

import pytest
from django.test import Client

from tests.world import World


@pytest.fixture
def desk(world: World, client: Client) -> Client:
    """张晓燕 of 文兴 at her desk."""
    client.force_login(world.zhang)
    return client

"""Colleagues beside the fixed cast, for tests about duties and accounts."""

from contextlib import contextmanager
from typing import Any

import pytest

from communities.models import Duty, User
from core.refusals import Refused
from tests.world import World, staff

Role = Duty.Role


def system_admin(world: World, username: str = "sysadmin") -> User:
    return staff(username, "苏系统", Role.SYSTEM_ADMIN, sub_district=world.street)


def auditor(world: World) -> User:
    return staff("auditor", "沈审计", Role.AUDITOR, sub_district=world.street)


def second_admin(world: World) -> User:
    return staff("admin2", "何二", Role.STREET_ADMIN, sub_district=world.street)


def plain(world: World, username: str = "newcomer", **how: Any) -> User:
    """A worker of 永安 who does not work in 文兴."""
    return staff(username, "新同事", Role.WORKER, community=world.yongan, **how)


@contextmanager
def refused(code: str) -> Any:
    with pytest.raises(Refused) as info:
        yield
    assert info.value.code == code

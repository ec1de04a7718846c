"""Three communities' rows and everybody's browser, laid once for a whole file; each request is undone before the next.

文兴 is `own`, 永安 `sister` (the same sub-district), 华林 `other`. What a request wrote is told by PostgreSQL's own counters, and
only where they moved is the picture of the database compared: a refusal that took back what it had begun has changed nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from http.cookies import SimpleCookie
from typing import Any, cast as typed

from django.db import connection, transaction
from django.db.models import Max
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from communities.models import Community, Duty, User
from notifications.models import Message
from tests import world as cast
from tests.access.canaries import readable
from tests.access.doors import Route
from tests.access.rows import UNTOUCHED, Rows, lay, picture
from tests.database import reset
from tests.world import World, award, staff

Role = Duty.Role
PLACES = ("own", "sister", "other")
COUNTERS = "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables WHERE schemaname = 'public'"


@dataclass
class Asked:
    """An answer, and the tables that are not as they were."""

    response: HttpResponse
    written: set[str]
    path: str
    content: bytes
    told: list[str]

    @property
    def text(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def read(self) -> str:
        """As somebody reads it: files are opened."""
        return readable(self.content, self.path)


class Ground:
    def __init__(self) -> None:
        world = cast.build()
        self.rows: dict[str, Rows] = {"own": lay(world)}
        self.rows["sister"] = lay(elsewhere(world, world.yongan, "永"))
        self.rows["other"] = lay(elsewhere(world, world.hualin, "华", far=self.rows["own"].far))
        self.cookies = {
            role: _signed_in(who) for role, who in (people(self.rows["own"]) | caregivers(self.rows)).items()
        }
        self.before = picture()
        self.newest = Message.objects.aggregate(newest=Max("pk"))["newest"] or 0

    def ask(
        self,
        role: str,
        method: str,
        name: str,
        route: Route,
        place: str = "own",
        *,
        query: str = "",
        watched: bool = True,
    ) -> Asked:
        """What `role` gets for the row of `place`, a POST with the route's own data; `watched` for what it writes. Undone afterwards."""
        rows, browser = self.rows[place], Client(raise_request_exception=False)
        browser.cookies = SimpleCookie(self.cookies[role])
        with undone():
            address = reverse(name, kwargs=route.args(rows)) + query
            data: Any = route.form(rows) if route.form and method == "POST" else None
            counted = _counted() if watched else {}
            response = (
                getattr(browser, method.lower())(address, data) if data else getattr(browser, method.lower())(address)
            )
            content = b"".join(typed(Any, response))
            written = self._written(counted) if watched else set()
            return Asked(response, written, address, content, self._told() if method == "POST" else [])

    def _told(self) -> list[str]:
        """The messages that the request wrote."""
        if connection.needs_rollback:
            return []
        return [f"{one.title}{one.body}" for one in Message.objects.filter(pk__gt=self.newest)]

    def _written(self, counted: dict[str, int]) -> set[str]:
        if connection.needs_rollback:
            return set()
        now = _counted()
        if not [name for name, count in now.items() if count != counted.get(name, 0) and name not in UNTOUCHED]:
            return set()
        after = picture()
        return {name for name in after if after[name] != self.before[name]}


@contextmanager
def standing(prepare: Callable[[Ground], object] = id) -> Iterator[Ground]:
    """A ground that is committed, so that no transaction stays open for a whole file, and taken up again afterwards."""
    try:
        with transaction.atomic():
            ground = Ground()
            prepare(ground)
        yield ground
    finally:
        reset()


@contextmanager
def undone() -> Iterator[None]:
    """Everything inside is rolled back; to the product it looks like no transaction at all, as in Django's TestCase."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


def people(rows: Rows) -> dict[str, User | None]:
    """Who tries every door."""
    world = rows.world
    return {
        "visitor": None, "resident": world.wang.account, "neighbour": world.zhou.account, "helper": rows.helper.account,
        "worker": world.zhang, "head": world.chen, "neighbour worker": world.qian, "admin": world.he, "far": rows.far,
        "finance": staff("money", "财务", Role.FINANCE, community=world.wenxing),
        "street finance": staff("street-money", "街道财务", Role.FINANCE, sub_district=world.street),
        "supervisor": staff("watch", "监督员", Role.SUPERVISOR, community=world.wenxing),
        "auditor": staff("audit", "审计员", Role.AUDITOR, sub_district=world.street),
        "owner": rows.shop.owner.account, "clerk": rows.shop.clerk.account, "rival": rows.shop.rival.account,
        "system admin": staff("system-admin", "系统管理员", Role.SYSTEM_ADMIN, sub_district=world.street),
    }  # fmt: skip


def caregivers(rows: dict[str, Rows]) -> dict[str, User | None]:
    """Who works with children: a teacher on duty, who heads the centre, and a teacher of the neighbours' centre."""
    own = rows["own"].care
    return {"caregiver": own.teacher, "care lead": own.lead, "care rival": rows["sister"].care.teacher}


def elsewhere(world: World, place: Community, mark: str, far: User | None = None) -> World:
    """The same cast in another community, under other names."""
    number = 1 + (mark == "华")
    there = replace(
        world, street=place.sub_district, wenxing=place,
        wang=cast.resident(place, f"{mark}秀兰", f"1381111000{number}", date(1968, 5, 2)),
        li=cast.resident(place, f"{mark}建国", f"1391111000{number}", date(1980, 1, 9)),
        zhao=cast.resident(place, f"{mark}玉珍", "", date(1944, 3, 3)),
        sun=cast.resident(place, f"{mark}桂芳", f"1361111000{number}", confirmed=False),
        zhang=world.qian if far is None else staff(f"worker-{number}", f"{mark}员", Role.WORKER, community=place),
        chen=staff(f"head-{number}", f"{mark}主任", Role.HEAD, community=place), he=far or world.he,
    )  # fmt: skip
    for person, amount in ((there.wang, 80), (there.zhao, 200)):
        award(person, amount, by=world.system)
    return there


def _signed_in(who: User | None) -> dict[str, str]:
    browser = Client()
    if who is not None:
        browser.force_login(who)
    return {name: morsel.value for name, morsel in browser.cookies.items()}


def _counted() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTERS)
        return dict(cursor.fetchall())

"""Candidates as tests need them: an application at any stage, a call with rivals, a notice that has ended."""

from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import time_machine

from communities import notices, publishing
from communities.models import Community, Notice, User
from core import clock
from partners.agreements import licences
from partners.joining import applying, calling, checking, choosing, creditcode, handing_in, scoring
from partners.joining.applying import PromiseLine, Service, Subject
from partners.joining.handing_in import Pledge
from partners.models import Application, Call, Clerk, Partner
from tests.partners.shops import phone
from tests.world import World

PROMISE = PromiseLine("免费理发", 2, 10, "8折")
SERVICE = Service("理发", "老人", (PROMISE,), "大厅一角", "持证上岗", "责任险")
PLEDGE = Pledge(pledged=True, kinship=False)
_serial = count(1)


def code() -> str:
    """A new valid one."""
    body = f"92140213MA0{next(_serial):06d}"
    return body + creditcode.check_character(body)


def subject(**fields: Any) -> Subject:
    said = {
        "name": f"小店{next(_serial)}", "kind": "merchant", "trade": "beauty", "credit_code": code(), "legal_person": "马店主",
        "registered_address": "水泊寺街1号", "contact": "马店主", "contact_phone": "0352-1234567",
    }  # fmt: skip
    return Subject(**(said | fields))


def begun(world: World, call: Call | None = None, at: datetime | None = None, **fields: Any) -> Application:
    """All three steps but the last button, by a phone of its own."""
    place = call.community if call else world.wenxing
    made = applying.begin(community=place, call=call, subject=subject(**fields), by=phone("马店主"), at=at)
    return applying.say_what(application=made, service=SERVICE, by=made.by)


def submitted(world: World, call: Call | None = None, at: datetime | None = None, **fields: Any) -> Application:
    made = begun(world, call, at, **fields)
    return handing_in.submit(application=made, pledge=PLEDGE, by=made.by, at=at)


def looked_up(made: Application, by: User) -> None:
    for register in checking.needed(made.partner):
        checking.look_up(
            application=made, register=register, nothing_found=True, looked_on=clock.today(), reference="截1", by=by
        )


def checked(world: World, call: Call | None = None, at: datetime | None = None, **fields: Any) -> Application:
    made = submitted(world, call, at, **fields)
    looked_up(made, world.zhang)
    return checking.let_stand(application=made, by=world.zhang)


def proposed(world: World, **fields: Any) -> Application:
    return choosing.propose(application=checked(world, **fields), by=world.chen)


def shown(world: World, *made: Application) -> Notice:
    draft = choosing.show(applications=made, by=world.zhang)
    return publishing.publish(notice=draft, by=world.chen)


def over(notice: Notice) -> datetime:
    """The morning after the window of `notice`."""
    return clock.at(notices.last_days([notice])[notice.pk] + timedelta(days=1), time(9))


def admitted(world: World, **fields: Any) -> Application:
    made = proposed(world, **fields)
    with time_machine.travel(over(shown(world, made)), tick=False):
        return choosing.admit(application=made, by=world.chen)


def plan(**fields: Any) -> calling.Plan:
    today = clock.today()
    said = {
        "title": "招一家理发店",
        "text": "为老人理发",
        "opens_on": today,
        "closes_on": today + timedelta(days=6),
        "places": 1,
    }
    return calling.Plan(**(said | fields))


def call(world: World, community: Community | None = None, **fields: Any) -> Call:
    made = calling.draft(community=community or world.wenxing, plan=plan(**fields), by=world.zhang)
    return calling.publish(call=made, seen=made.digest, by=world.he)


def scored(world: World, rivals: int = 3, **fields: Any) -> tuple[Call, list[Application]]:
    """A call that three reviewers are marking; to be called on the day after it closed."""
    made = call(world, **fields)
    standing = [checked(world, made) for _ in range(rivals)]
    with time_machine.travel(after(made), tick=False):
        scoring.begin(call=made, reviewers=[world.zhang, world.chen, world.he], by=world.chen)
    made.refresh_from_db()
    return made, standing


def chosen(world: World) -> Application:
    """The best of a call, with everybody's marks, shown to everybody and admitted."""
    made, (best,) = scored(world, rivals=1)
    for who in (world.zhang, world.chen, world.he):
        scoring.mark(application=best, marks=(20, 20, 15, 10, 5, 3), by=who)
    choosing.propose_ranked(call=made, by=world.chen)
    with time_machine.travel(over(shown(world, best)), tick=False):
        return choosing.admit(application=best, by=world.chen)


def after(made: Call) -> datetime:
    return clock.at(made.closes_on + timedelta(days=1), time(9))


def licence(made: Application, until: date | None = None, kind: str = "hygiene") -> Any:
    return licences.send(partner=made.partner, sent=licences.Sent(kind, "证1", "区局", until), by=made.by)


def owner_of(partner: Partner) -> User:
    return Clerk.objects.current().get(partner=partner, slot=0).account

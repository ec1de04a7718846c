"""Hours in the book without the way through activities: what stars and certificates count."""

from datetime import datetime, timedelta

from activities import barring, certificates, hours, starring
from activities.models import Certificate, CertificateRequest, Participation, Service, Star, StarBar
from communities.models import Community, Notice, Resident
from communities.publishing import end, publish
from core import clock
from points.pricing import HALF_HOUR
from tests import world as cast
from tests.world import World

LONGEST = 20  # hours of one record
REASON = "10月8日没有到场，签到由他人代签"


def served(
    world: World,
    resident: Resident,
    amount: float,
    *,
    community: Community | None = None,
    ago: int = 2,
    **fields: object,
) -> list[Service]:
    """`amount` hours recorded by 张晓燕 and confirmed by 陈志强, a record a day back from `ago` days before."""
    place, left, rows = community or world.wenxing, int(amount * 60), []
    day = clock.now().replace(hour=1, minute=0, second=0, microsecond=0) - timedelta(days=ago)
    while left > 0:
        minutes = min(left, LONGEST * 60)
        while Service.objects.of(resident).filter(on=clock.local(day).date()).exists():
            day -= timedelta(days=1)
        rows.append(_record(world, resident, place, day, minutes, fields))
        left -= minutes
    return rows


def _record(
    world: World, resident: Resident, place: Community, day: datetime, minutes: int, fields: dict[str, object]
) -> Service:  # fmt: skip
    to = day + timedelta(minutes=minutes)
    activity = cast.activity(place, starts_at=day, lasts=minutes, **fields)
    part = Participation.objects.create(
        activity=activity, resident=resident, by=world.zhang, status=Participation.Status.CONFIRMED, arrived_at=day,
        arrived_how="desk", left_at=to, left_how="desk", served_from=day, served_to=to, minutes=minutes, points=0,
        recorded_by=world.zhang, recorded_at=to, confirmed_by=world.chen, confirmed_at=to,
        over_reason="抢险连续值守" if minutes > 480 else "",
    )  # fmt: skip
    made = hours.enter(participation=part, by=world.chen, at=to)
    assert made and made.credited == minutes // HALF_HOUR * HALF_HOUR
    return made


def struck(service: Service, world: World) -> None:
    """The record is corrected away."""
    hours.void(service=service, reason="没有到场", by=world.he, at=clock.now())


def reached(world: World, resident: Resident | None = None, amount: float = 100) -> Star:
    """`resident` (王秀兰) has served `amount` hours, and the sweep has seen it."""
    who = resident or world.wang
    served(world, who, amount)
    starring.sweep(clock.now())
    return Star.objects.of(who).reached().get()


def shown(world: World, *stars: Star) -> Notice:
    """On a notice that runs, as 张晓燕 prepared and 陈志强 published it."""
    return publish(notice=starring.show(stars=stars, by=world.zhang), by=world.chen)


def over(notice: Notice) -> Notice:
    """Its window has passed without an objection."""
    at = clock.now() + timedelta(days=40)
    assert end(notice=notice, at=at)
    return notice


def barred(world: World, resident: Resident | None = None) -> StarBar:
    """王秀兰 is kept from new stars by two people."""
    return barring.approve(bar=proposed(world, resident), by=world.chen)


def proposed(world: World, resident: Resident | None = None) -> StarBar:
    return barring.propose(resident=resident or world.wang, reason=REASON, by=world.zhang)


def asked(world: World, resident: Resident | None = None, amount: float = 2.5) -> CertificateRequest:
    """王秀兰 has served, and 张晓燕 wrote down at the counter that she wants a certificate."""
    who, today = resident or world.wang, clock.today()
    served(world, who, amount)
    return certificates.ask(
        resident=who, community=world.wenxing, from_on=today - timedelta(days=365), to_on=today, by=world.zhang
    )  # fmt: skip


def issued(world: World, resident: Resident | None = None, amount: float = 2.5) -> Certificate:
    """And 陈志强 issued it."""
    return certificates.issue(request=asked(world, resident, amount), by=world.chen)

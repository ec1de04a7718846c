"""沙龙和讲座: a series of salons with what came of it, a lecture by a partner, and a draft that nobody sees yet."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import QuerySet

from activities import ending, follow_ups, planning, series, signup
from activities.models import Activity, FollowUp, Participation
from activities.recording import record
from activities.reviewing import confirm
from communities.models import Community, Resident, User
from core import clock
from demo import cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.places import STREET, WENXING
from demo.volunteering import REGULARS, grown
from partners.models import Partner
from venues.models import Room

Kind = Activity.Kind
SALON, LECTURE, TO_COME, DRAFT = "邻里创业沙龙", "居家安全讲座", "省力收纳讲座", "楼道堆物清理"
BEGINS = time(13)  # between the weekly activities of the morning and of the afternoon
MINUTES, CAPACITY, GUESTS, COMING_GUESTS = 90, 16, 7, 5
PLANNED, SALONS, LECTURED = -42, (-35, -21, -7, 7), -12
SPEAKER = "康乐家政服务部"  # a partner of this community
JOB = "1人经对接到颐和居家养老服务站上班"
STARTED = "2人合伙开了修鞋配钥匙摊，社区帮着办了手续"


def past(asked: Asked) -> Iterator[Affair]:
    """What earned points, in the days before; the salon after today is of the same series."""
    yield Affair(asked.at(PLANNED), _held(SALON).exists, partial(_announce_salons, asked))
    for number, days in enumerate(SALONS[:-1]):
        yield Affair(_morning_after(asked, days), _came(asked, SALON, days), partial(_write, asked, SALON, days))
        if number < 2:
            over = _held(SALON).filter(starts_at=asked.at(days, BEGINS), status=Activity.Status.FINISHED)
            yield Affair(asked.at(days + 3), over.exists, partial(_finish, asked, days, number))
    yield Affair(asked.at(LECTURED - 7), _held(LECTURE).exists, partial(_lecture, LECTURE, asked.at(LECTURED, BEGINS)))
    yield Affair(
        _morning_after(asked, LECTURED), _came(asked, LECTURE, LECTURED), partial(_write, asked, LECTURE, LECTURED)
    )


def coming(asked: Asked) -> Iterator[Affair]:
    """What a visitor may sign up for, and what a colleague has begun to write."""
    yield Affair(asked.at(-3), _held(TO_COME).exists, partial(_lecture, TO_COME, asked.at(4, BEGINS)))
    yield Affair(asked.at(-1), _held(DRAFT).exists, lambda at: planning.draft(activity=_draft(asked), by=_worker()))


def _held(title: str) -> QuerySet[Activity]:
    return Activity.objects.filter(title=title, community__name=WENXING.name)


def _morning_after(asked: Asked, days: int) -> datetime:
    return asked.at(days + 1, time(9, 40))


def _came(asked: Asked, title: str, days: int) -> Callable[[], bool]:
    seen = Participation.objects.filter(activity__title=title, activity__starts_at=asked.at(days, BEGINS))
    return seen.filter(status=Participation.Status.CONFIRMED).exists


def _announce_salons(asked: Asked, at: datetime) -> None:
    first = planning.plan(activity=_meeting(SALON, Kind.SALON, asked.at(SALONS[0], BEGINS)), by=_worker(), at=at)
    days = [asked.day + timedelta(days=days) for days in SALONS[1:]]
    series.repeat(activity=first, days=days, title=SALON, publish=True, by=_worker(), at=at)
    for one in _guests(asked, SALON)[:COMING_GUESTS]:
        signup.sign_up(activity_id=_at(SALON, asked.at(SALONS[-1], BEGINS)).pk, resident=one, by=_hand(one), at=at)


def _lecture(title: str, starts_at: datetime, at: datetime) -> None:
    speaker = Partner.objects.filter(name=SPEAKER, sub_district__name=STREET)
    planning.plan(activity=_meeting(title, Kind.LECT, starts_at), providers=speaker, by=_worker(), at=at)


def _meeting(title: str, kind: Activity.Kind, starts_at: datetime) -> Activity:
    here = Community.objects.get(name=WENXING.name, sub_district__name=STREET)
    salon = kind == Kind.SALON
    said = "请创业的邻居讲讲经过，现场对接岗位和项目" if salon else "家政师傅来讲，边讲边示范，讲完现场答疑"
    return Activity(
        community=here, kind=kind, title=title, place=f"{WENXING.name}2楼大厅", content=said, risk="人多时有序进出，留意台阶",
        room=Room.objects.get(community=here, name="书画室"), audience="想创业、找工作的居民" if salon else "全体居民",
        leader=cast.WORKER.name, leader_phone=WENXING.phone, min_age=18, capacity=CAPACITY, starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=MINUTES),
    )  # fmt: skip


def _draft(asked: Asked) -> Activity:
    starts_at = asked.at(12, time(9))
    return Activity(
        community=Community.objects.get(name=WENXING.name, sub_district__name=STREET), kind=Kind.ENV, title=DRAFT,
        place="天和城3号楼前", content="和楼长一起劝导、清理楼道堆物", risk="搬重物请两人一起，注意台阶，戴好手套",
        leader=cast.WORKER.name, min_age=18, capacity=12, starts_at=starts_at, ends_at=starts_at + timedelta(hours=2),
    )  # fmt: skip


def _write(asked: Asked, title: str, days: int, at: datetime) -> None:
    """Signed up the day before, written down by the worker when it was over, confirmed by the head: points, no hours."""
    activity = _at(title, asked.at(days, BEGINS))
    for one in _guests(asked, f"{title}:{days}"):
        mine = signup.sign_up(activity_id=activity.pk, resident=one, by=_hand(one), at=asked.at(days - 1))
        ended = activity.ends_at + timedelta(minutes=10)
        mine = record(participation=mine, minutes=MINUTES, by=_worker(), at=ended)
        confirm(participation=mine, minutes=MINUTES, by=colleague(cast.HEAD), at=at)


def _finish(asked: Asked, days: int, number: int, at: datetime) -> None:
    activity = _at(SALON, asked.at(days, BEGINS))
    ending.finish(activity=activity, summary="三位邻居分享了经过，现场留了联系方式。", by=_worker(), at=at)
    kind, text = ((FollowUp.Kind.JOB, JOB), (FollowUp.Kind.START_UP, STARTED))[number]
    follow_ups.note(activity=activity, kind=kind, text=text, on=clock.local(at).date(), by=_worker())


def _guests(asked: Asked, what: str) -> list[Resident]:
    """Some grown-ups of 文兴 who are nobody that the pages speak of."""
    here = Resident.objects.filter(community__name=WENXING.name, status=Resident.Status.CONFIRMED)
    people = [one for one in grown(here, asked.day) if one.name not in REGULARS]
    return asked.dice(what).sample(people, min(GUESTS, len(people)))


def _at(title: str, starts_at: datetime) -> Activity:
    return _held(title).get(starts_at=starts_at)


def _hand(one: Resident) -> User:
    return one.account or _worker()


def _worker() -> User:
    return colleague(cast.WORKER)

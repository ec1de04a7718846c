"""表彰、培训、走访: who is registered as a volunteer, what they learnt, who was honoured, and who was called on at the door."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import QuerySet

from activities import announcing, honours, planning, signup, trainings, visiting, volunteers
from activities.models import Activity, Award, Honour, Participation, Training, Visit, Volunteer
from activities.recording import record
from activities.reviewing import confirm
from activities.trainings import Lesson
from activities.volunteers import Facts
from communities import publishing
from communities.models import Community, Consent, Estate, Notice, Resident
from core import clock
from demo import cast
from demo.affairs import Affair, colleague, person
from demo.asked import Asked
from demo.places import STREET, WENXING

SATURDAY = 5
Kind, Level, Sex = Activity.Kind, Honour.Level, Volunteer.Sex
NOTICE, FLOOD = "表彰和长时间服务积分公示", "暴雨后清淤排险"
PATROL = ("夜间巡逻与消防常识", "灭火器使用、疏散、反光背心和对讲机", "平城区消防救援大队", 120)
CARE = ("助老探访入门", "怎样聊天、怎样量血压、遇到急病先做什么", "同心社区诊所", 90)
REGISTERED = (
    (cast.WANG, Sex.FEMALE, "会剪头发", (Kind.ENV, Kind.ELD)),
    (cast.SON, Sex.MALE, "电工，能修小家电", (Kind.PAT, Kind.PRO)),
    (cast.MOTHER, Sex.FEMALE, "", (Kind.ELD,)),
    (cast.ELDER, Sex.FEMALE, "退休教师", (Kind.CIV,)),
)
BENCH, ALONE, SHOP = (
    "天和城3号楼前的长椅断了一条腿，老人坐着不稳。",
    "独居，身体尚好，想有人陪着去一趟医院拿药。",
    "新开的早点铺愿意为值守的志愿者留热水。",
)


def past(asked: Asked) -> Iterator[Affair]:
    """Nothing where visitors have changed who is who."""
    cited = {one for one, *_ in REGISTERED} | {cast.NO_PHONE, cast.PARENT}
    known = [Resident.objects.filter(name=one.name, phone=one.phone).exists() for one in cited]
    if not all(known):
        return
    yield Affair(asked.at(-52), Volunteer.objects.exists, _register)
    yield _trained(asked, -50, PATROL, cast.SON, cast.WANG)
    yield _trained(asked, -18, CARE, cast.WANG, cast.MOTHER, cast.ELDER)
    yield from _helped(asked)
    yield from _honoured(asked)
    yield from _visited(asked)


def last() -> QuerySet[Visit]:
    """What is written last: when it is there, everything is."""
    return Visit.objects.filter(text=BENCH)


def _register(at: datetime) -> None:
    """On paper, at the counter; two have their number of the national system already."""
    for serial, (known, sex, skills, kinds) in enumerate(REGISTERED, 1):
        facts = Facts(sex.value, skills, [kind.value for kind in kinds])
        made = volunteers.register(
            resident=person(known), facts=facts, by=colleague(cast.WORKER), way=Consent.Way.SIGNATURE
        )
        Volunteer.objects.filter(pk=made.pk).update(at=at)
        Consent.objects.filter(pk=made.consent_id).update(given_at=at)
        if serial < 3:
            number = f"1402130000{serial:04}"
            volunteers.enter_number(resident=made.resident, number=number, by=colleague(cast.WORKER))


def _trained(asked: Asked, days: int, said: tuple[str, str, str, int], *people: cast.Known) -> Affair:
    name, content, host, minutes = said
    lesson = Lesson(name, content, host, minutes, asked.day + timedelta(days=days))

    def enter(at: datetime) -> None:
        here = Community.objects.get(name=WENXING.name, sub_district__name=STREET)
        pupils = [person(one) for one in people]
        trainings.enter(community=here, residents=pupils, lesson=lesson, by=colleague(cast.WORKER), at=at)

    return Affair(asked.at(days, time(17)), Training.objects.filter(name=name).exists, enter)


def _helped(asked: Asked) -> Iterator[Affair]:
    """A long day of emergency service: more than a hundred points, which wait for the notice; the hours are there at once."""
    days = next(days for days in (-4, -5, -6) if asked.at(days).weekday() < SATURDAY)  # no weekly activity then
    done = Participation.objects.filter(activity__title=FLOOD, status=Participation.Status.CONFIRMED)
    yield Affair(asked.at(days + 1, time(9, 30)), done.exists, partial(_help, asked.at(days, time(8, 30))))


def _help(starts_at: datetime, at: datetime) -> None:
    before, by = starts_at - timedelta(hours=14), colleague(cast.WORKER)
    activity = Activity(
        community=Community.objects.get(name=WENXING.name, sub_district__name=STREET), kind=Kind.EMG, title=FLOOD,
        place="平安里大门口", content="清理积水、排查地下车库", risk="听从现场指挥，不进深水，穿胶鞋", dangerous=True,
        insurance="PICC-SBS-0107", equipment="铁锹、雨衣、胶鞋由社区准备", min_age=18, leader=cast.HEAD.name, capacity=10,
        starts_at=starts_at, ends_at=starts_at + timedelta(hours=7),
    )  # fmt: skip
    planned = planning.plan(activity=activity, by=by, at=before)
    for known in (cast.SON, cast.PARENT):
        one = person(known)
        mine = signup.sign_up(activity_id=planned.pk, resident=one, by=one.account or by, at=before)
        mine = record(participation=mine, minutes=planned.minutes, by=by, at=planned.ends_at)
        confirm(participation=mine, minutes=planned.minutes, by=colleague(cast.HEAD), at=at)


def _honoured(asked: Asked) -> Iterator[Affair]:
    """One on the notice that runs, one that is not on a notice yet, one that waits for the second colleague."""
    star, helper, sorter = "社区志愿之星", "见义助人好邻居", "文明家庭"
    yield _recorded(asked, -12, cast.WANG, star, Level.STREET)
    yield _approved(asked, -10, star)
    yield Affair(asked.at(-2, time(9)), Notice.objects.filter(title=NOTICE).exists, _show)
    yield _recorded(asked, -3, cast.SON, helper, Level.DISTRICT)
    yield _approved(asked, -1, helper)
    yield _recorded(asked, -1, cast.MOTHER, sorter, Level.STREET)


def _recorded(asked: Asked, days: int, who: cast.Known, name: str, level: Honour.Level) -> Affair:
    granted_by = {Level.STREET: STREET, Level.DISTRICT: "平城区文明办"}[level]

    def write(at: datetime) -> None:
        honours.record(
            resident=person(who), name=name, on=asked.day + timedelta(days=days - 2), granted_by=granted_by, level=level,
            evidence="证书原件已看，复印件在社区档案柜", by=colleague(cast.WORKER), at=at,
        )  # fmt: skip

    return Affair(asked.at(days, time(11)), Honour.objects.filter(name=name).exists, write)


def _approved(asked: Asked, days: int, name: str) -> Affair:
    waiting = Honour.objects.filter(name=name, status=Honour.Status.RECORDED)

    def approve(at: datetime) -> None:
        honours.approve(honour=waiting.get(), by=colleague(cast.HEAD), at=at)

    return Affair(asked.at(days, time(15)), lambda: not waiting.exists(), approve)


def _show(at: datetime) -> None:
    """Prepared by one, published by another: its window runs."""
    waits = Award.objects.waiting().filter(community__name=WENXING.name)
    made = announcing.prepare(awards=waits, title=NOTICE, by=colleague(cast.WORKER), at=at)
    publishing.publish(notice=made, by=colleague(cast.HEAD), at=at + timedelta(hours=1))


def _visited(asked: Asked) -> Iterator[Affair]:
    yield _called(asked, -6, SHOP, "", settled=False)
    yield _called(asked, -4, ALONE, "找一位志愿者下周陪同取药", settled=True, who=cast.NO_PHONE)
    yield _called(asked, -1, BENCH, "联系物业修长椅", settled=False)


def _called(
    asked: Asked, days: int, text: str, follow_up: str, *, settled: bool, who: cast.Known | None = None
) -> Affair:  # fmt: skip
    return Affair(
        asked.at(days, time(17, 30)),
        Visit.objects.filter(text=text).exists,
        partial(_note, text, follow_up, settled, who),
    )


def _note(text: str, follow_up: str, settled: bool, who: cast.Known | None, at: datetime) -> None:
    here = Community.objects.get(name=WENXING.name, sub_district__name=STREET)
    seen = person(who) if who else None
    estate = seen.estate if seen else Estate.objects.get(community=here, name="天和城")
    visit = Visit(
        community=here, resident=seen, estate=estate, text=text, follow_up=follow_up, on=clock.local(at).date()
    )
    made = visiting.note(visit=visit, by=colleague(cast.WORKER), at=at)
    if settled:
        visiting.settle(visit=made, by=colleague(cast.WORKER), at=at + timedelta(days=2))

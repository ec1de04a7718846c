"""What else a counter knows: households that agreed, helpers, cards, notices, and somebody who asks about the own data."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, QuerySet

from communities import cards, helping, notices, objections, publishing, purposes, rights
from communities.models import Card, Community, Consent, Helper, Household, Notice, Resident, RightsRequest, User
from demo import cast
from demo.asked import Asked
from demo.places import STREET, WENXING

HOMES = 12  # households with two adults or more who agreed to be one
SHOWN = 0.5  # of the residents of 文兴: who let a notice show their name
LISTED = 24
CARDS = (cast.NO_PHONE, cast.ELDER, cast.MOTHER)
OVER, RUNNING = "9月志愿服务记录公示", "本季度志愿服务记录公示"
ASKED = "手机号登记对了，小区写错了，我住文兴苑，请改过来。"


@dataclass(frozen=True)
class Affair:
    """One thing that happened at `at`; `there` says whether it did."""

    at: datetime
    there: Callable[[], bool]
    act: Callable[[datetime], object]

    def is_there(self) -> bool:
        return self.there()

    def write(self) -> None:
        self.act(self.at)


def past(asked: Asked) -> list[Affair]:
    """Everything of this file, in no order; nothing where visitors have changed who is who."""
    if not _known():
        return []
    return [
        Affair(asked.at(-150), _consented, lambda at: _consent(asked, at)),
        Affair(asked.at(-60), Helper.objects.filter(account__phone=cast.DAUGHTER.phone).exists, _appoint),
        Affair(asked.at(-45), Card.objects.filter(resident__name=cast.MOTHER.name).exists, _issue),
        Affair(asked.at(-22), _is_shown(OVER), lambda at: _ended(asked, at)),
        Affair(asked.at(-2), _is_shown(RUNNING), lambda at: _running(asked, at)),
        Affair(asked.at(-1, time(15)), last().exists, lambda _: _ask()),
    ]


def last() -> QuerySet[RightsRequest]:
    """What is written last: when it is there, everything is."""
    return RightsRequest.objects.filter(resident__name=cast.ELDER.name)


def colleague(one: cast.Colleague) -> User:
    return User.objects.get(username=one.username)


def person(known: cast.Known) -> Resident:
    return Resident.objects.select_related("account", "community").get(name=known.name, phone=known.phone)


def _known() -> bool:
    asked = {(one.name, one.phone) for one in (cast.WANG, cast.SON, *CARDS)}
    confirmed = Resident.objects.filter(status=Resident.Status.CONFIRMED, name__in=[name for name, _ in asked])
    return asked <= set(confirmed.values_list("name", "phone"))


def _consented() -> bool:
    return Consent.objects.filter(purpose=Consent.Purpose.HOUSEHOLD).exists()


def _consent(asked: Asked, at: datetime) -> None:
    """Plain rows in bulk, as the paper forms of one afternoon."""
    worker, adults = colleague(cast.WORKER), list(_adults(asked))
    homes = (
        Household.objects.filter(members__in=adults)
        .annotate(people=Count("members"))
        .filter(people__gte=2)
        .order_by("pk")[:HOMES]
    )
    family = [one for one in adults if one.household_id in {home.pk for home in homes}]
    shown = asked.dice("notice").sample(adults, int(len(adults) * SHOWN))
    given = [(one, Consent.Purpose.HOUSEHOLD) for one in family] + [(one, Consent.Purpose.NOTICE) for one in shown]
    Consent.objects.bulk_create(
        Consent(
            resident=one, purpose=purpose, version=purposes.TEXTS[purpose].version, way=Consent.Way.SIGNATURE, by=worker, given_at=at
        )
        for one, purpose in given
    )  # fmt: skip


def _adults(asked: Asked) -> Iterator[Resident]:
    here = Resident.objects.filter(community=_community(), status=Resident.Status.CONFIRMED).order_by("pk")
    return (one for one in here if (one.age_on(asked.day) or 0) >= 18)


def _community() -> Community:
    return Community.objects.get(name=WENXING.name, sub_district__name=STREET)


def _appoint(at: datetime) -> None:
    """The neighbour on the phone that serves two already, and a daughter who lives elsewhere."""
    for one in cast.HELPERS:
        if helping.refusal_for(person(one.helps), colleague(cast.WORKER)) or _helps(one):
            continue
        made = helping.appoint(
            resident=person(one.helps), phone=one.phone, name=one.name, relation=one.relation, by=colleague(cast.WORKER),
            way=Consent.Way.SIGNATURE,
        )  # fmt: skip
        Helper.objects.filter(pk=made.pk).update(at=at)
        Consent.objects.filter(pk=made.consent_id).update(given_at=at)
        User.objects.filter(pk=made.account_id, last_login=None).update(last_login=at)


def _helps(one: cast.Relative) -> bool:
    return Helper.objects.current().filter(account__phone=one.phone, resident=person(one.helps)).exists()


def _issue(at: datetime) -> None:
    for known in CARDS:
        if cards.card_of(person(known)):
            continue
        made = cards.issue(resident=person(known), by=colleague(cast.WORKER))
        Card.objects.filter(pk=made.pk).update(issued_at=at)


def _is_shown(title: str) -> Callable[[], bool]:
    return Notice.objects.filter(title=title).exists


def _running(asked: Asked, at: datetime, title: str = RUNNING) -> Notice:
    """Hours of service of some who volunteer; who did not agree is counted and not named."""
    adults = list(_adults(asked))
    dice = asked.dice(title)
    lines = [
        notices.Line(f"志愿服务{dice.randrange(4, 40)}小时", one)
        for one in dice.sample(adults, min(LISTED, len(adults)))
    ]
    said = "公示期内有不同意见，请在手机上提出，或到社区窗口、打社区电话。"
    made = notices.prepare(
        community=_community(), title=title, text=said, lines=lines, by=colleague(cast.WORKER), at=at
    )
    return publishing.publish(notice=made, by=colleague(cast.HEAD), at=at + timedelta(hours=1))


def _ended(asked: Asked, at: datetime) -> None:
    """Somebody asked about the whole list, was answered by the sub-district, and the window passed."""
    notice, heroine = _running(asked, at, OVER), person(cast.WANG)
    objection = objections.file(
        notice=notice, text="请问没有列出姓名的人，时长算进去了吗？", by=heroine.account or colleague(cast.WORKER), resident=heroine,
        at=at + timedelta(days=1),
    )  # fmt: skip
    objections.answer(
        objection=objection, upheld=False, by=colleague(cast.ADMIN), at=at + timedelta(days=2),
        text="算进去了。没有同意公示姓名的，只计入人数，时长照常记录，可在“我的活动”里查看。",
    )  # fmt: skip
    publishing.end(notice=notice, at=asked.at(-8))


def _ask() -> None:
    elder = person(cast.ELDER)
    rights.file(resident=elder, kind=RightsRequest.Kind.CORRECT, text=ASKED, by=elder.account or colleague(cast.WORKER))

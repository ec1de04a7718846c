"""What is read about stars: the desk's lists, what waits for whom, what may be appealed, and one's own way to the next star."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.urls import reverse

from activities import barring, ladders, starring, terms
from activities.models import Service, Star, StarBar
from activities.models.stars import StarBarQuerySet, StarQuerySet
from communities import todo
from communities.appeals import Decision
from communities.handover import Holder
from communities.kin import Kin, kin_of
from communities.models import Community, Courier, NoticeItem, Objection, Resident, User
from core import clock

PAGE = 50
MONTHS = 6  # of one's own trend
Ladder, Status = Star.Ladder, Star.Status


@dataclass(frozen=True)
class Month:
    """Hours of one month of one's own."""

    name: str
    minutes: int

    @property
    def hours(self) -> str:
        return f"{self.minutes / 60:g}"


@dataclass(frozen=True)
class Way:
    """One person's way up one ladder: `amount` minutes or points, `star` as it was granted, `waiting` for its notice.

    `level` and `need` are those of the next star; None on the top rung.
    """

    ladder: str
    amount: int
    star: Star | None
    waiting: Star | None
    level: str
    need: int | None

    @property
    def left(self) -> int:
        return max((self.need or 0) - self.amount, 0)

    @property
    def hours(self) -> str:
        return f"{self.amount / 60:g}"

    @property
    def hours_left(self) -> str:
        return f"{self.left / 60:g}"


def way_of(resident: Resident, ladder: Star.Ladder, year: int, on: date) -> Way:
    """Where `resident` stands; four queries."""
    amount = ladders.amount_of(resident, ladder, year)
    asked = ladders.rungs(ladder, resident.community.sub_district_id, on=on)
    mine = list(Star.objects.of(resident).standing().filter(ladder=ladder, year=year).order_by("level"))
    granted = [one for one in mine if one.status == Status.GRANTED]
    waiting = [one for one in mine if one.status == Status.REACHED]
    top = max((one.level for one in mine), default=0)
    following = next((n for n, need in enumerate(asked) if n >= top and need > amount), None)
    return Way(
        ladder, amount, granted[-1] if granted else None, waiting[-1] if waiting else None,
        "" if following is None else f"{'一二三四五'[following]}星", None if following is None else asked[following],
    )  # fmt: skip


def ways_of(resident: Resident, at: datetime) -> list[Way]:
    """The volunteers' ladder for everybody, the couriers' of this year for couriers."""
    today = clock.local(at).date()
    ways = [way_of(resident, Ladder.VOLUNTEER, 0, today)]
    if Courier.objects.current().filter(resident=resident).exists():
        ways.append(way_of(resident, Ladder.COURIER, today.year, today))
    return ways


def trend_of(resident: Resident, at: datetime) -> list[Month]:
    """The person's own hours of the last months, the oldest first; nobody else's beside them."""
    this = terms.month_of(clock.local(at).date())
    firsts = [terms.add_months(this, -n) for n in reversed(range(MONTHS))]
    rows = Service.objects.of(resident).standing().filter(on__gte=firsts[0]).annotate(month=TruncMonth("on"))
    found = dict(rows.values("month").annotate(total=Sum("credited")).values_list("month", "total"))
    return [Month(f"{day.month}月", found.get(day, 0)) for day in firsts]


def bar_of(resident: Resident) -> StarBar | None:
    """What keeps `resident` from new stars today."""
    return StarBar.objects.standing(clock.today()).filter(resident=resident).first()


def asked(user: User, wanted: dict[str, Any]) -> StarQuerySet:
    """What the list was filtered by: `status`, `ladder`, `community`, `q` of the name; newest first."""
    found = Star.objects.for_staff(user).filter(resident__name__contains=wanted.get("q", ""))
    named = {name: wanted[name] for name in ("status", "ladder", "community") if wanted.get(name)}
    return found.filter(**named).select_related("resident", "community").order_by("-pk")


def page_of(user: User, wanted: dict[str, Any], before: int | None) -> list[Star]:
    """One more than a page."""
    rows = asked(user, wanted)
    return list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])


def bars_of(user: User, before: int | None) -> list[StarBar]:
    """One more than a page, the newest first."""
    rows = StarBar.objects.for_staff(user).select_related(
        "resident__community", "proposed_by", "decided_by", "lifted_by"
    )
    return list((rows.filter(pk__lt=before) if before else rows).order_by("-pk")[: PAGE + 1])


def waiting_for(by: User, kin: Kin | None = None) -> StarBarQuerySet:
    """Bars that `by` may decide: the same answer as `barring.refusal_to_decide`, as a query."""
    if not by.own_phone:
        return StarBar.objects.none()
    held, kin = by.duties.current().filter(role__in=barring.DECIDERS), kin or kin_of(by)
    here = Community.objects.filter(pk__in=held.values("community"))
    there = Community.objects.filter(sub_district__in=held.values("sub_district"))
    others = StarBar.objects.proposed().filter(resident__community__in=here | there).exclude(proposed_by=by)
    return others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


def rows(user: User) -> Iterator[todo.Waiting]:
    """To-do: who reached a star and stands on no list, and bars for the second of two people."""
    stars = reverse("desk:stars")
    yield todo.Waiting("stars", "星级待列入公示", f"{stars}?status={Status.REACHED}", lambda _: to_show(user))
    yield todo.Waiting("stars", "星级限制待您复核", reverse("desk:star-bars"), partial(waiting_for, user))


def to_show(user: User) -> StarQuerySet:
    """Reached, and on no list that is prepared or shown."""
    reached = Star.objects.for_staff(user).reached()
    return reached.exclude(pk__in=[int(about.partition(":")[2]) for about in _listed(reached)])


def listed_of(stars: list[Star]) -> dict[int, NoticeItem]:
    """On which list each of `stars` stands; one query."""
    names = {one.about: one.pk for one in stars}
    items = NoticeItem.objects.filter(about__in=names, live=True).select_related("notice")
    return {names[item.about]: item for item in items}


def _listed(reached: StarQuerySet) -> list[str]:
    open_ones = NoticeItem.objects.filter(about__startswith=f"{starring.PREFIX}:", live=True)
    mine = open_ones.filter(notice__community__in=reached.values("community"), notice__status__in=("draft", "open"))
    return list(mine.values_list("about", flat=True))


def star_about(resident: Resident, number: int) -> Decision | None:
    """The star of `resident` that was not granted, as something to appeal; None for any other."""
    stopped = Star.objects.of(resident).filter(pk=number, status=Status.STOPPED).select_related("community").first()
    if stopped is None or stopped.settled_at is None:
        return None
    decided, prepared = _by_whom(stopped)
    return Decision(
        stopped.about, f"{stopped.label}没有授予：{stopped.stop_reason}", stopped.settled_at, decided,
        stopped.community, starring.PAGE, "没有授予", prepared,
    )  # fmt: skip


def _by_whom(stopped: Star) -> tuple[int | None, int | None]:
    """Who decided that it is not granted, and who had proposed it."""
    if stopped.stop_reason == starring.BARRED:
        bar = StarBar.objects.filter(resident=stopped.resident_id, decided_at__lte=stopped.settled_at).order_by("-pk")
        return bar.values_list("decided_by", "proposed_by").first() or (None, None)
    item = NoticeItem.objects.filter(about=stopped.about).exclude(stopped_at=None).order_by("-pk").first()
    if item is None:
        return None, None
    upheld = Objection.objects.filter(notice=item.notice_id, status=Objection.Status.UPHELD)
    found = upheld.filter(item=item).first() or upheld.filter(item=None).first()
    return (found.answered_by_id if found else None), None


def bar_about(resident: Resident, number: int) -> Decision | None:
    """The bar of `resident` that was decided, as something to appeal."""
    bar = StarBar.objects.filter(resident=resident, pk=number).exclude(decided_at=None).first()
    if bar is None or bar.decided_at is None:
        return None
    subject = f"限制授予星级到{bar.until:%Y年%-m月%-d日}：{bar.reason}"
    return Decision(
        bar.about, subject, bar.decided_at, bar.decided_by_id, resident.community, starring.PAGE,
        "限制期内" if bar.lifted_at is None else "已解除", bar.proposed_by_id,
    )  # fmt: skip


held = Holder(
    "待复核的星级限制（提出）",
    lambda person, places: (
        StarBar.objects.proposed().filter(proposed_by=person, resident__community__in=places).count()
    ),
    stays="提出人不变，由社区主任或街道管理员中的另一位复核，不用交接。",
)

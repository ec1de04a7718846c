"""授予星级: a star is reached, shown on a public notice, and granted when its window ends without an upheld objection.

No downgrade: what was granted is never taken away. What is kept from being granted can be appealed (domain guide, 3.5).
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from activities import ladders
from activities.ladders import OBJECTED, Due
from activities.models import Star, StarBar
from communities import duties, notices
from communities.models import Appeal, Notice, NoticeItem, Resident, SubDistrict, User
from communities.notices import Line
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell

PREFIX = "star"
BARRED, FELL, LEFT = "限制期内不授予星级", "时长或积分更正后没有达到标准", "本人已注销"
LATE = timedelta(days=31)  # how long into January the year before is still looked at
PAGE = "/activities/stars/"
Ladder, Status = Star.Ladder, Star.Status


class NothingPicked(Refused):
    code = "no_stars_picked"
    message = "没有选中待公示的星级，没有生成公示。请勾选后再试。"
    status = 400


class NotToBeShown(Refused):
    code = "star_not_reached"
    message = "选中的星级里有已经授予或停止的，没有生成公示。请刷新列表后重新勾选。"


class TwoCommunities(Refused):
    code = "stars_of_two_communities"
    message = "一份公示只列一个社区的居民，没有生成公示。请先按社区筛选。"
    status = 400


class StillBarred(Refused):
    code = "star_barred"

    def __init__(self, name: str) -> None:
        super().__init__(f"{name}在限制期内，不授予星级，没有生成公示。请取消勾选后再试。")


REFUSALS: Refusals = {**notices.REFUSALS, "star_once": lambda _: NotToBeShown()}


def sweep(at: datetime) -> int:
    """Beat, nightly: write down who has reached a star since, one transaction per person; how many. Repeatable."""
    today = clock.local(at).date()
    years = sorted({today.year, (today - LATE).year})
    found: list[Due] = []
    for street in SubDistrict.objects.order_by("pk").values_list("pk", flat=True):
        found += ladders.due(Ladder.VOLUNTEER, 0, street, at)
        for year in years:
            found += ladders.due(Ladder.COURIER, year, street, at)
    return sum(reach(found=one, at=at) is not None for one in found)


@verb(REFUSALS)
def reach(*, found: Due, at: datetime) -> Star | None:
    """Write the star down if it is due still, and tell the person; None when it is not. Two sweeps write one."""
    who = Resident.objects.held(found.resident)
    street = who.community.sub_district_id
    still = ladders.due(found.ladder, found.year, street, at, only=who.pk)
    return _reached(still[0], who, at) if still else None


def _reached(due: Due, who: Resident, at: datetime) -> Star:
    star = Star.objects.create(
        community=who.community, resident=who, ladder=due.ladder, year=due.year, level=due.level, amount=due.amount,
        reached_at=at,
    )  # fmt: skip
    said = f"您已达到{star.label}标准。社区会先公示，公示期满没有异议后授予。"
    tell(resident=who, occasion=f"{star.about}:reached", words=Words("达到新的星级", said, PAGE))
    return star


@verb(REFUSALS)
def show(*, stars: Iterable[Star], by: User, at: datetime | None = None) -> Notice:
    """列入公示: a draft with one line for each; somebody else publishes it. Names are shown by consent alone, never under 14.

    Refuses a stranger, `NothingPicked`, `NotToBeShown`, `TwoCommunities`, `StillBarred`, `notices.AlreadyShown`.
    """
    at = at or clock.now()
    locked = Star.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[one.pk for one in stars])
    mine = list(locked.select_related("resident__community", "community").order_by("pk"))
    if refused := refusal_to_show(mine, at):
        raise refused
    community, day = mine[0].community, clock.local(at).date()
    duties.require(by, community)
    lines = [Line(f"达到{one.label}标准", one.resident, about=one.about) for one in mine]
    title = f"{day.year}年{day.month}月星级公示"
    return notices.prepare(community=community, title=title, text=_rule_of(mine, at), lines=lines, by=by, at=at)


def refusal_to_show(stars: list[Star], at: datetime) -> Refused | None:
    """Why these cannot be put on one notice; None when nothing stands against it."""
    if not stars:
        return NothingPicked()
    if any(one.status != Status.REACHED for one in stars):
        return NotToBeShown()
    if len({one.community_id for one in stars}) > 1:
        return TwoCommunities()
    bars = StarBar.objects.standing(clock.local(at).date()).filter(resident__in=[one.resident_id for one in stars])
    barred = bars.select_related("resident").first()
    return StillBarred(barred.resident.name) if barred else None


def _rule_of(stars: list[Star], at: datetime) -> str:
    """What the stars on the list ask for, in words."""
    street, day, said = stars[0].community.sub_district_id, clock.local(at).date(), []
    for ladder in sorted({one.ladder for one in stars}, reverse=True):
        need = ladders.rungs(Star.Ladder(ladder), street, on=day)
        hours = ladder == Ladder.VOLUNTEER
        steps = "、".join(f"{'一二三四五'[n]}星{one // 60 if hours else one}" for n, one in enumerate(need))
        what = "志愿者星级按累计服务小时数" if hours else "小哥星级按当年获得的积分"
        said.append(f"{what}：{steps}。")
    return f"{''.join(said)}公示期满没有异议后授予。"


def cleared(item: NoticeItem) -> None:
    """Listener of communities/notices.py: the window ended, so the star is granted, if it is still deserved."""
    settle(star=_named(item), at=clock.now())


def stopped(item: NoticeItem) -> None:
    """Listener: an objection was upheld. A notice that was merely withdrawn is shown anew."""
    if item.stopped_at:
        stop(star=_named(item), reason=OBJECTED, at=clock.now())


def _named(item: NoticeItem) -> Star:
    return Star.objects.get(pk=item.about.partition(":")[2])


@verb()
def settle(*, star: Star, at: datetime) -> Star:
    """Grant what was shown, or stop it for a bar or hours corrected meanwhile. Does nothing to what is settled.

    Refuses what `notices.require_clear` says: nobody is granted a star that nobody could object to.
    """
    mine = locked(star)
    if mine.status != Status.REACHED:
        return mine
    notices.require_clear(mine.about, at=at)
    if reason := _against(mine, at):
        return stop(star=mine, reason=reason, at=at)
    mine.status, mine.settled_at = Status.GRANTED, at
    mine.save(update_fields=["status", "settled_at"])
    said = f"公示期满，社区授予您{mine.label}。感谢您为邻里服务。"
    tell(resident=mine.resident, occasion=f"{mine.about}:granted", words=Words("授予星级", said, PAGE))
    return mine


def _against(star: Star, at: datetime) -> str:
    """Why a star that was shown is not granted after all."""
    if StarBar.objects.standing(clock.local(at).date()).filter(resident=star.resident).exists():
        return BARRED
    street, ladder = star.resident.community.sub_district_id, Star.Ladder(star.ladder)
    need = ladders.rungs(ladder, street, on=clock.local(star.reached_at).date())[star.level - 1]
    return FELL if ladders.amount_of(star.resident, ladder, star.year) < need else ""


@verb()
def stop(*, star: Star, reason: str, at: datetime) -> Star:
    """Not granted, and the person is told why and how to appeal. Does nothing to what is settled."""
    mine = locked(star)
    if mine.status != Status.REACHED:
        return mine
    mine.status, mine.settled_at, mine.stop_reason = Status.STOPPED, at, reason
    mine.save(update_fields=["status", "settled_at", "stop_reason"])
    said = f"{mine.label}没有授予：{reason}。服务时长和积分不受影响。有不同意见可以申诉。"
    words = Words("星级没有授予", said, f"/appeals/{mine.about}/")
    tell(resident=mine.resident, occasion=f"{mine.about}:stopped", words=words)
    return mine


@verb(REFUSALS)
def answered(appeal: Appeal) -> None:
    """Listener of communities/appeals.py: an upheld appeal puts the star on the list of what is to be shown."""
    prefix, _, number = appeal.about.partition(":")
    if prefix != PREFIX or appeal.status != Appeal.Status.UPHELD:
        return
    old = Star.objects.select_related("resident__community").get(pk=number)
    who = Resident.objects.held(old.resident_id)
    higher = Star.objects.of(who).standing().filter(ladder=old.ladder, year=old.year, level__gte=old.level)
    if who.confirmed and not higher.exists():
        again = Due(who.pk, Star.Ladder(old.ladder), old.year, old.level, old.amount)
        _reached(again, who, appeal.answered_at or clock.now())


def locked(star: Star) -> Star:
    """The row of `star`, locked, with its resident."""
    rows = Star.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("resident__community", "community").get(pk=star.pk)

"""对照: who is meant by a row, and whether that person can have been there at that time. Everything is read once for a sheet."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q, prefetch_related_objects

from activities import ages, joining
from activities.facts import Facts
from activities.joining import AlreadySignedUp, unfit_for
from activities.models import Activity, Participation, SheetLine
from activities.sheets_in.cells import Moment, Said
from communities import duties
from communities.kin import Kin, kin_of
from communities.models import Resident, User
from core import clock

Fate = SheetLine.Fate
Status = Participation.Status
ACTIVE = (Resident.Status.PENDING, Resident.Status.CONFIRMED)
EARLY = timedelta(hours=1)  # who signs so long before the beginning, or after the end, has written something else
NOBODY = Kin(frozenset(), frozenset())
FAMILY = "不能给您自己或家人记录，请由同事记录这一行。"


@dataclass(frozen=True)
class Span:
    """What counts of somebody's presence."""

    begins: datetime
    ends: datetime

    @property
    def minutes(self) -> int:
        return int((self.ends - self.begins).total_seconds()) // 60


@dataclass
class Known:
    """What there is about the people of one sheet, read for one `activity` and the colleague `by`."""

    activity: Activity
    by: User
    people: dict[str, list[Resident]] = field(default_factory=dict)
    standing: dict[int, joining.Known] = field(default_factory=dict)
    listed: dict[int, Participation] = field(default_factory=dict)
    kin: Kin = NOBODY
    facts: Facts = field(init=False)

    def __post_init__(self) -> None:
        self.facts = Facts(self.activity, [])

    @classmethod
    def of_names(cls, activity: Activity, by: User, names: Iterable[str]) -> "Known":
        """Files that `by` may find (communities/finding.py: where `by` works), and whoever stands on the list already."""
        known = cls(activity, by)
        mine = Q(community__in=duties.served_by(by)) | Q(participations__activity=activity)
        here = Resident.objects.filter(mine, community__sub_district=activity.community.sub_district_id)
        found = (
            here.filter(name__in=set(names), status__in=ACTIVE).select_related("community").order_by("pk").distinct()
        )
        for one in found:
            known.people.setdefault(one.name, []).append(one)
        known.read(one.pk for group in known.people.values() for one in group)
        return known

    def read(self, residents: Iterable[int]) -> None:
        """How these people stand here and elsewhere; the number of queries is the same for any number of them."""
        numbers = list(residents)
        self.standing = joining.known_of_each(numbers, [self.activity])
        found = {number: one.mine(self.activity) for number, one in self.standing.items()}
        self.listed = {number: mine for number, mine in found.items() if mine}
        prefetch_related_objects(list(self.listed.values()), "guardian__community")
        self.facts = Facts(self.activity, numbers)
        self.kin = kin_of(self.by)


def line_of(said: Said, known: Known) -> SheetLine:
    """An unsaved line: PRESENT with who and when, or WRONG with the reason; `among` the sheet's others it is judged later."""
    texts = said.texts
    line = SheetLine(
        number=said.number, name=texts["name"][:60], tail=texts["phone"][:30], began=texts["began"][:30],
        ended=texts["ended"][:30], lasted=(texts["lasted"] or texts["hours"])[:30], fate=Fate.PRESENT,
    )  # fmt: skip
    wrong = list(said.wrong)
    remarks = list(said.remarks)
    who = meant(said, known) if said.name else ""
    if isinstance(who, str):
        wrong += [who] if who and not _spoilt(said, "姓名", "手机尾号") else []
    else:
        line.resident = who
        if not said.phone and len(known.people[said.name]) > 1:
            remarks.append("有同名的居民，已按报了名的那一位处理，请核对。")
        if who.pk not in known.listed:
            remarks.append("不在报名名单上，记录时加入名单。")
    when = span_of(said, known.activity, remarks) if not said.wrong else ""
    if isinstance(when, str):
        wrong += [when] if when else []
    else:
        line.served_from, line.served_to = when.begins, when.ends
    if not wrong and (reason := against(line, known)):
        wrong.append(reason)
    if wrong:
        line.fate, line.resident = Fate.WRONG, None
    line.said = [sentence[:200] for sentence in (*wrong, *remarks)]
    return line


def _spoilt(said: Said, *titles: str) -> bool:
    return any(sentence.startswith(titles) for sentence in said.wrong)


def meant(said: Said, known: Known) -> Resident | str:
    """Whom the name and the end of the phone mean, or why that cannot be said."""
    same = known.people.get(said.name, [])
    if not same:
        return "没有找到这位居民。请核对姓名；还没有建档的请先建档，别的社区的居民请本人先报名。"
    fitting = [one for one in same if one.phone.endswith(said.phone)] if said.phone else same
    if not fitting:
        return "有这个姓名，手机尾号对不上，请核对；没有手机的把尾号留空。"
    if len(fitting) > 1:
        listed = [one for one in fitting if one.pk in known.listed]
        if len(listed) == 1 and not said.phone:
            return listed[0]
        more = "请填完整的手机号" if said.phone else "请填手机尾号"
        return f"有{len(fitting)}位同名的居民，分不清是哪一位，{more}，或在活动页面逐人记录。"
    return fitting[0]


def span_of(said: Said, activity: Activity, remarks: list[str]) -> Span | str:
    """What counts of the time that was written: clipped to the activity's own; or why it cannot be."""
    if said.began is None:
        return ""
    came = _placed(said.began, activity)
    went = _placed(said.ended, activity) if said.ended else None
    if came is None or (said.ended and went is None):
        return f"日期不是活动当天（{clock.local(activity.starts_at):%-m月%-d日}），请核对。"
    if went is None:
        went = came + timedelta(minutes=said.minutes or 0)
    elif went <= came:
        return "签退早于或等于签到，请核对。"
    elif said.minutes and said.minutes != int((went - came).total_seconds()) // 60:
        return "时长和签到、签退对不上，请核对，或只填一样。"
    planned = f"活动时间是{clock.local(activity.starts_at):%H:%M}—{clock.local(activity.ends_at):%H:%M}"
    if came < activity.starts_at - EARLY or came >= activity.ends_at:
        return f"签到不在活动时间内（{planned}），请核对。"
    if went > activity.ends_at + EARLY or went <= activity.starts_at:
        return f"签退不在活动时间内（{planned}），请核对。"
    counted = Span(max(came, activity.starts_at), min(went, activity.ends_at))
    if (counted.begins, counted.ends) != (came, went):
        remarks.append(f"只计活动时间内的{counted.minutes}分钟。")
    return counted if counted.minutes else "在活动时间内不满1分钟，请核对。"


def _placed(moment: Moment, activity: Activity) -> datetime | None:
    """On the day that the cell named, else on that day of the activity which comes nearest; None for another day."""
    days = {clock.local(activity.starts_at).date(), clock.local(activity.ends_at).date()}
    if moment.day is not None:
        return clock.at(moment.day, moment.at) if moment.day in days else None
    middle = activity.starts_at + (activity.ends_at - activity.starts_at) / 2
    return min((clock.at(day, moment.at) for day in days), key=lambda one: abs(one - middle))


def against(line: SheetLine, known: Known) -> str:
    """Why this person cannot be written down for this time, as things stand now; "" when nothing stands against it."""
    resident, activity = line.resident, known.activity
    assert resident and line.served_from and line.served_to
    mine = known.listed.get(resident.pk)
    if known.kin.includes(resident):
        return FAMILY
    if mine is not None:
        ended = ages.consent_ended(activity, resident, known.facts.agreed)
        return _on_list(mine) or (ended.message if ended else "") or _time(line, known)
    age = ages.age_at(activity, resident)
    if age is not None and age < ages.CHILD:
        return "未满14周岁的孩子由监护人用手机报名并一起到场，不能用表格补录。"
    refused = unfit_for(activity, resident, clock.now(), present=True, known=known.standing[resident.pk])
    if refused and not isinstance(refused, AlreadySignedUp):
        return refused.message
    return _time(line, known)


def _on_list(mine: Participation) -> str:
    if mine.status == Status.CONFIRMED:
        return "这次活动的服务已经确认入账，没有再写。"
    if mine.status == Status.RECORDED:
        return "这次活动已经记录过，没有再写；时间有误请在活动页面更正。"
    if mine.arrived_at is not None:
        return "已在现场签到，请在活动页面补记离开的时间。"
    if mine.guardian_id and not mine.guardian_there:
        return "未满14周岁，请先在活动的“孩子和监护人”里登记监护人在场。"
    return ""


def _time(line: SheetLine, known: Known) -> str:
    """Nobody is in two places, nor serves longer on one day than the cap (domain guide, 3.2)."""
    assert line.resident and line.served_from and line.served_to
    if other := known.facts.overlapped(line.resident.pk, line.served_from, line.served_to):
        assert other.served_from and other.served_to
        when = f"{clock.local(other.served_from):%H:%M}—{clock.local(other.served_to):%H:%M}"
        return f"同一时间已记在《{other.activity.title[:20]}》（{when}），请核对两边的时间。"
    if known.facts.is_over(line.resident.pk, line.served_from, Span(line.served_from, line.served_to).minutes):
        most = known.facts.cap(clock.local(line.served_from).date())
        return f"当天服务会超过{most // 60}小时。确有需要的，请在活动页面写明原因，逐人记录。"
    return ""


def among(lines: Iterable[SheetLine]) -> None:
    """A second row of one person is left out; two that contradict one another are both to be looked at."""
    first: dict[int, SheetLine] = {}
    for line in lines:
        if line.fate != Fate.PRESENT or line.resident is None:
            continue
        other = first.setdefault(line.resident.pk, line)
        if other is line:
            continue
        if (other.served_from, other.served_to) == (line.served_from, line.served_to):
            line.fate, line.said = Fate.REPEATED, [f"与第{other.number}行是同一人、同样的时间，只记一次。", *line.said]
        else:
            line.fate, line.resident = Fate.WRONG, None
            line.said = [f"与第{other.number}行是同一人，时间却不同，请核对这两行。", *line.said]
            if other.fate == Fate.PRESENT:
                other.fate, other.said = (
                    Fate.WRONG,
                    [f"与第{line.number}行是同一人，时间却不同，请核对这两行。", *other.said],
                )
    for line in first.values():
        if line.fate == Fate.WRONG:
            line.resident = None

"""招募公告: drafted by one colleague, published by another who leads, open for seven days at least, withdrawn with a reason.

Nothing favours a local or a named firm: a call has no field for it (公平竞争审查条例; domain guide, 7.3).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from communities import duties
from communities.kin import SamePerson
from communities.models import Community, User
from communities.publishing import DECIDERS
from communities.settings import CALL_DAYS, value_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.models import Application, Call, Criterion, Partner

# Domain guide, 7.3. Of two with the same sum the first line decides, then who handed in earlier.
SHEET: tuple[tuple[str, int], ...] = (
    ("需求匹配", 25), ("公益承诺", 25), ("资质信用", 20), ("服务能力", 15), ("价格优惠", 10), ("居民意见", 5),
)  # fmt: skip
WHOLE, MOST_LINES, MOST_PLACES = 100, 10, 50
TITLE, TEXT, LINE, REASON = 60, 2000, 20, 100  # characters
Status = Call.Status


class BadCall(BadInput):
    code = "bad_call"
    message = f"请填写标题（不超过{TITLE}字）、招募内容（不超过{TEXT}字）、行业、名额和起止日期。这次没有保存。"


class BadSheet(BadInput):
    code = "bad_sheet"
    message = f"评分表至少2项、每项不超过{LINE}字，满分合计须为100分。这次没有保存。"


class CallTooShort(Refused):
    code = "call_too_short"

    def __init__(self, days: int = 7) -> None:
        super().__init__(f"招募公告首尾都算至少{days}天，这次没有保存。请把截止日期往后改。")


class CallPublished(Refused):
    code = "call_published"
    message = "这份招募已经发布或撤销，公告和评分表不能再改，没有改动。"


class CallChanged(Refused):
    code = "call_changed"
    message = "您打开页面以后，这份招募又改过，没有发布。请重新看过再发布。"


class CallNotOpen(Refused):
    code = "call_not_open"
    message = "这份招募现在不能办这一步，没有改动。请刷新后再看。"


class BeingShown(Refused):
    code = "call_being_shown"
    message = "已经提出拟入选名单，不能再撤销招募，没有改动。"


class NoCallReason(BadInput):
    code = "no_reason"
    message = f"请写明原因，不超过{REASON}字。什么都没有改动。"


REFUSALS: Refusals = {
    "call_seven_days": lambda _: CallTooShort(),
    "call_two_people": lambda _: SamePerson(),
    "PA040": lambda _: CallPublished(),
    "PA041": lambda _: BadSheet(),
}


@dataclass(frozen=True)
class Plan:
    """What a call says. `sheet`: (what is judged, highest mark), together 100; no `trades` means any."""

    title: str
    text: str
    opens_on: date
    closes_on: date
    trades: tuple[str, ...] = ()
    places: int = 1
    sheet: tuple[tuple[str, int], ...] = SHEET


def refusal_to_plan(community: Community, plan: Plan) -> Refused | None:
    """Why this cannot be a call; None when it can."""
    words, names = plan.title + plan.text + "".join(name for name, _ in plan.sheet), [name for name, _ in plan.sheet]
    fits = 0 < len(plan.title) <= TITLE and 0 < len(plan.text) <= TEXT and "\0" not in words
    known = set(plan.trades) <= set(Partner.Trade.values) and 1 <= plan.places <= MOST_PLACES
    if not fits or not known:
        return BadCall()
    even = sum(weight for _, weight in plan.sheet) == WHOLE and all(weight > 0 for _, weight in plan.sheet)
    said = len(set(names)) == len(names) and all(0 < len(name) <= LINE for name in names)
    if not even or not said or not 2 <= len(names) <= MOST_LINES:
        return BadSheet()
    least = value_of(CALL_DAYS, community.sub_district_id)
    return CallTooShort(least) if plan.closes_on - plan.opens_on < timedelta(days=least - 1) else None


@verb(REFUSALS)
def draft(*, community: Community, plan: Plan, by: User, at: datetime | None = None) -> Call:
    """Refuses a stranger, `BadCall`, `BadSheet`, `CallTooShort`."""
    duties.require(by, community)
    if refused := refusal_to_plan(community, plan):
        raise refused
    made = Call(community=community, made_by=by, made_at=at or clock.now())
    _write(made, plan)
    return made


@verb(REFUSALS)
def redraft(*, call: Call, plan: Plan, by: User) -> Call:
    """Of a draft, the whole of it. Whoever changed it last drafted it. Refuses `CallPublished` and what `draft` refuses."""
    mine = held(call)
    duties.require(by, mine.community)
    if mine.status != Status.DRAFT:
        raise CallPublished
    if refused := refusal_to_plan(mine.community, plan):
        raise refused
    mine.made_by = by
    _write(mine, plan)
    return mine


def _write(call: Call, plan: Plan) -> None:
    call.title, call.text, call.trades, call.places = plan.title, plan.text, list(plan.trades), plan.places
    call.opens_on, call.closes_on = plan.opens_on, plan.closes_on
    call.save()
    call.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(call=call, order=place, name=name, weight=weight)
        for place, (name, weight) in enumerate(plan.sheet, 1)
    )


def refusal_to_publish(call: Call, by: User, at: datetime) -> Refused | None:
    """Why `by` cannot publish; None when nothing stands against it."""
    if not duties.holds(by, call.community, *DECIDERS):
        return duties.NotYourDuty()
    if call.status != Status.DRAFT:
        return CallPublished()
    if call.made_by_id == by.pk:
        return SamePerson()
    least, today = value_of(CALL_DAYS, call.community.sub_district_id), clock.local(at).date()
    return CallTooShort(least) if call.closes_on - max(call.opens_on, today) < timedelta(days=least - 1) else None


@verb(REFUSALS)
def publish(*, call: Call, seen: str, by: User, at: datetime | None = None) -> Call:
    """What was `seen` (its digest) is public: from its first day on, today at the earliest, anybody may apply.

    Refuses what `refusal_to_publish` says, and `CallChanged`.
    """
    at, mine = at or clock.now(), held(call)
    if refused := refusal_to_publish(mine, by, at):
        raise refused
    if seen != mine.digest:
        raise CallChanged
    mine.status, mine.published_by, mine.published_at = Status.OPEN, by, at
    mine.opens_on = max(mine.opens_on, clock.local(at).date())
    mine.save(update_fields=["status", "published_by", "published_at", "opens_on"])
    return mine


@verb(REFUSALS)
def withdraw(*, call: Call, reason: str, by: User, at: datetime | None = None) -> Call:
    """Nobody is chosen by it; who applied reads the reason. A draft is anybody's to drop, a published call the head's.

    Refuses a stranger, `NoCallReason`, `BeingShown` once somebody was proposed, and one that is over.
    """
    at, mine, reason = at or clock.now(), held(call), reason.strip()
    duties.require(by, mine.community, *(() if mine.status == Status.DRAFT else DECIDERS))
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoCallReason
    if mine.status in (Status.SETTLED, Status.WITHDRAWN):
        raise CallNotOpen
    theirs = mine.applications.select_for_update(no_key=True).order_by("pk")
    if theirs.filter(status__in=("proposed", "admitted")).exists():
        raise BeingShown
    theirs.filter(status="draft").update(status=Application.Status.WITHDRAWN)
    waiting = theirs.filter(status__in=("submitted", "returned", "checked"))
    waiting.update(status="declined", settled_by=by, settled_at=at, settled_note=f"招募已撤销：{reason}")
    mine.status, mine.withdrawn_reason = Status.WITHDRAWN, reason
    mine.save(update_fields=["status", "withdrawn_reason"])
    return mine


def held(call: Call) -> Call:
    """The call, locked; who changes its applications locks it first."""
    return Call.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=call.pk)


def open_on(call: Call, day: date) -> bool:
    """Whether one may apply on `day`: both first and last day are inside."""
    return call.status == Status.OPEN and call.opens_on <= day <= call.closes_on

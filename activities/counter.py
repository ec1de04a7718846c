"""活动 at the counter: joining one, or its line, for somebody who stands there without a phone, and giving it back.

The same questions and verbs as on the phone; `by` is the colleague (communities/counter.py).
"""

from datetime import datetime

from django.http import Http404

from activities import finding, joining, signup
from activities.models import Activity, Participation
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import clock, words

Status = Participation.Status
LINE = "activity-line"


def register_acts() -> None:
    """The counter offers these, in this order; waiting is an act of its own, so that it is said."""
    register(Act("activity", "活动报名", coming, join_plan, join, "现在没有可以报名的活动。"))
    register(Act(LINE, "活动候补", None, line_plan, wait))
    register(Act("activity-back", "取消活动报名", joined, back_plan, back))


def coming(resident: Resident, at: datetime) -> list[Choice]:
    """What has not begun near the resident, with why not; a full one leads to its line. A handful of queries for all."""
    near = finding.coming(resident.community, at)[: finding.PAGE]
    known = joining.known_of(resident, near)
    offers = [one for one in finding.offered(near, resident.community) if known.mine(one.activity) is None]
    return [_choice(one, resident, at, known) for one in offers]


def _choice(offer: finding.Offer, resident: Resident, at: datetime, known: joining.Known) -> Choice:
    activity = offer.activity
    refused = joining.refusal_for(activity, resident, at, known=known)
    full = joining.can_wait(refused)
    left = "名额已满，可候补" if full else f"剩{activity.places_left}个名额"
    return Choice(
        activity.pk, activity.title, f"{_when(activity)}，{activity.place}，{left}",
        f"约{offer.points}积分" if offer.points else "", "" if full or refused is None else refused.message,
        code=LINE if full else "",
    )  # fmt: skip


def join_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """Refuses `UnknownActivity`."""
    activity = signup.look(number)
    refused = signup.refusal_for(activity, resident, at)
    return Plan(f"报名《{activity.title}》", _facts(activity), "确认报名", f"风险说明：{activity.risk}", refused)


def join(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `signup.sign_up` refuses."""
    made = signup.sign_up(activity_id=number, resident=resident, by=by, at=at)
    activity = made.activity
    last = "到场找工作人员签到，走时签退；不能来请在开始前告诉社区。"
    said = f"已报名《{activity.title}》，{_when(activity)}，集合地点：{activity.place}。"
    return Done(f"participation:{made.pk}", [said, f"风险说明：{activity.risk}"[:150], last])


def line_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """What only the number of places stands against is no refusal here. Refuses `UnknownActivity`."""
    activity = signup.look(number)
    refused = signup.refusal_for(activity, resident, at)
    ahead = activity.participations.in_line().count()
    facts = [*_facts(activity), ("前面候补", f"{ahead}人")]
    note = "有人取消时按顺序自动补上；没有手机的，请留意社区通知。"
    return Plan(f"候补《{activity.title}》", facts, "加入候补", note, None if joining.can_wait(refused) else refused)


def wait(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `signup.join_line` refuses."""
    made = signup.join_line(activity_id=number, resident=resident, by=by, at=at)
    where = f"《{made.activity.title}》，{_when(made.activity)}"
    if made.status != Status.WAITING:
        return Done(f"participation:{made.pk}", [f"刚好空出名额，已报名{where}。"])
    return Done(f"participation:{made.pk}", [f"已加入候补：{where}。", f"前面还有{signup.ahead_of(made)}人。"])


def joined(resident: Resident, at: datetime) -> list[Choice]:
    """What the resident has joined, or waits for, and has not begun."""
    own = Participation.objects.of(resident).filter(
        status__in=[Status.SIGNED_UP, Status.WAITING], activity__starts_at__gt=at
    )
    rows = own.select_related("activity").order_by("activity__starts_at", "pk")
    return [
        Choice(
            one.activity_id,
            one.activity.title,
            f"{_when(one.activity)}，{one.activity.place}",
            one.get_status_display(),
        )
        for one in rows
    ]


def back_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what the resident has not joined."""
    mine = signup.standing(signup.look(number), resident)
    if mine is None:
        raise Http404
    waits, note = mine.status == Status.WAITING, "取消后名额马上让给候补的人，想再参加要重新报名。"
    title = f"{'退出候补' if waits else '取消报名'}《{mine.activity.title}》"
    return Plan(title, _facts(mine.activity), "退出候补" if waits else "取消报名", "" if waits else note)


def back(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `signup.withdraw` refuses."""
    gone = signup.withdraw(activity_id=number, resident=resident, by=by, at=at)
    return Done(f"participation:{gone.pk}", [f"已取消《{gone.activity.title}》（{_when(gone.activity)}）。"])


def _facts(activity: Activity) -> list[tuple[str, str]]:
    left = f"{activity.places_left}个"
    return [("活动", activity.title), ("时间", _when(activity)), ("集合地点", activity.place), ("剩余名额", left)]


def _when(activity: Activity) -> str:
    return f"{words.dated(activity.starts_at)}—{clock.local(activity.ends_at):%H:%M}"

"""岗位 and 小哥 at the counter: registering as a courier, claiming a post, saying a month, for somebody without a phone.

The same questions and verbs as on the phone; `by` is the colleague, so another colleague decides (communities/counter.py).
"""

from datetime import date, datetime

from django.http import Http404
from django.urls import reverse

from activities import claims, duty_months
from activities.models import Holding, Post
from activities.terms import named
from communities import couriers
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import clock

MOST, OLDEST = 8, 65  # posts on the page; years
SECOND = "由另一位工作人员审核，结果会告诉本人。"


def register_acts() -> None:
    """The counter offers these, in this order."""
    register(Act("month", "满月履职", months, month_plan, say, place=1))
    register(Act("post", "认领岗位", posts, claim_plan, claim, place=3))
    register(Act("courier", "小哥登记", riding, place=3))


def posts(resident: Resident, at: datetime) -> list[Choice]:
    """The vacant posts of the own community that this resident may claim."""
    vacant = Post.objects.filter(community=resident.community_id, closed_at=None)
    found = list(vacant.exclude(holdings__in=Holding.objects.held()).select_related("community").order_by("pk")[:MOST])
    refusals = claims.refusals_to_claim(found, resident, at)
    return [
        Choice(one.pk, one.title, one.duty[:30], f"任期{one.term_months}个月") for one in found if not refusals[one.pk]
    ]


def claim_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is no post of the sub-district."""
    post = _post(resident, number)
    facts = [("岗位", post.title), ("职责", post.duty), ("任期", f"{post.term_months}个月")]
    return Plan(f"认领“{post.title}”", facts, "确认认领", SECOND, claims.refusal_to_claim(post, resident, at))


def claim(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `claims.claim` refuses."""
    made = claims.claim(post=_post(resident, number), resident=resident, by=by, at=at)
    return Done(f"holding:{made.pk}", [f"已认领岗位“{made.post.title}”，等社区审核。"])


def _post(resident: Resident, number: int) -> Post:
    near = Post.objects.filter(community__sub_district=resident.community.sub_district_id)
    found = near.select_related("community").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def months(resident: Resident, at: datetime) -> list[Choice]:
    """What can be said for the resident; the number is the month, 202610."""
    found = duty_months.sayable(resident, at, staff=True)
    return [Choice(_number(month), f"{named(month)}满月履职", one.post.title) for one, month in found]


def month_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for a month that cannot be said."""
    holding, month = _month(resident, number, at)
    facts = [("岗位", holding.post.title), ("月份", named(month)), ("职责", holding.post.duty)]
    return Plan(f"{named(month)}满月履职", facts, "确认填报", "由另一位工作人员确认后积分入账。")


def say(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `duty_months.say` refuses."""
    holding, month = _month(resident, number, at)
    made = duty_months.say(holding=holding, month=month, by=by, at=at)
    return Done(f"month:{made.pk}", [f"已填报“{holding.post.title}”{named(month)}满月履职，等社区确认。"])


def _number(month: date) -> int:
    return month.year * 100 + month.month


def _month(resident: Resident, number: int, at: datetime) -> tuple[Holding, date]:
    found = duty_months.sayable(resident, at, staff=True)
    mine = next((pair for pair in found if _number(pair[1]) == number), None)
    if mine is None:
        raise Http404
    return mine


def riding(resident: Resident, at: datetime) -> list[Choice]:
    """A page of its own, because a platform is chosen there; nobody over sixty-five is asked."""
    age = resident.age_on(clock.local(at).date())
    if couriers.refusal_to_register(resident, at) or (age is not None and age > OLDEST):
        return []
    return [Choice(0, "登记为小哥", "快递、外卖小哥", link=reverse("desk:courier-new", args=[resident.pk]))]

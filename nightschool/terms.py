"""期次: the terms of a sub-district, kept by its administrator; its courses begin with the hours of sign-up of the term."""

from datetime import timedelta

from django.db.models import Count, Q

from communities import duties
from communities.models import SubDistrict, User
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from nightschool.models import Course, Term

LONGEST = timedelta(days=366)
SHOWN = 60


class NotYourTerms(Refused):
    code = "not_your_terms"
    message = "期次由街道管理员登记，这次没有改动。"
    status = 403


class TermTaken(Refused):
    code = "term_name_taken"
    message = "已经有同名的期次，没有保存。请换一个名称，如“2027年春季”。"


class BadTerm(BadInput):
    code = "bad_term"
    message = "期次填写有误，没有保存。请检查后重新提交。"


REFUSALS: Refusals = {"term_name": lambda _: TermTaken()}


def refusal_for(term: Term) -> Refused | None:
    """Why `term` cannot be saved as filled in; None when nothing stands against it."""
    opens, closes = term.opens_at, term.closes_at
    reasons = [
        (not term.name.strip(), "请填写期次名称。"),
        (term.ends_on < term.starts_on, "结束日期不能早于开始日期。"),
        (term.ends_on - term.starts_on > LONGEST, "一期最长一年，请检查日期。"),
        (bool(opens and closes and closes <= opens), "报名截止须晚于报名开始。"),
    ]
    said = next((text for stands, text in reasons if stands), "")
    return BadTerm(f"{said}期次没有保存。") if said else None


@verb(REFUSALS)
def save(*, term: Term, by: User) -> Term:
    """Write down `term`, new or changed. Courses that exist keep their own hours. Refuses `NotYourTerms`, `TermTaken`, `BadTerm`."""
    _require(by, term.sub_district)
    if refused := refusal_for(term):
        raise refused
    term.name = term.name.strip()
    term.save()
    return term


def of_staff(user: User) -> "list[Term]":
    """The terms of the sub-districts where `user` works, the newest first, each with `running`: its courses that are not called off."""
    here = Term.objects.filter(sub_district__communities__in=duties.served_by(user)).values("pk")
    running = Count("courses", filter=~Q(courses__status=Course.Status.CANCELLED))
    found = Term.objects.filter(pk__in=here).select_related("sub_district").annotate(running=running)
    return list(found.order_by("-starts_on", "-pk")[:SHOWN])


def _require(by: User, sub_district: SubDistrict) -> None:
    if sub_district not in duties.administered_by(by):
        raise NotYourTerms

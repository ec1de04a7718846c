"""待办: deliveries to look into, complaints with their deadlines, leaving procedures, evaluations that ask for one."""

from collections.abc import Iterator
from datetime import datetime, time
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from communities import calendar, duties
from communities.kin import Kin
from communities.models import Community, User
from communities.settings import COMPLAINT_ACCEPT_DAYS, COMPLAINT_ANSWER_DAYS, Value, value_of
from communities.todo import Until, Waiting, day_end
from core import clock
from partners.models import Complaint, Delivery, Evaluation, Leaving
from partners.obligations import bias, evaluating

SECTION = "duties"
STREET = "community__sub_district"


def rows(user: User) -> Iterator[Waiting]:
    """What `user` may do now; whoever serves for the partner, reported it or is family finds nothing of it here."""
    mine = duties.served_by(user)
    listed, book, going = reverse("desk:deliveries"), reverse("desk:complaints"), reverse("desk:leavings")
    yield Waiting(SECTION, "履约待确认", f"{listed}?status=reported", partial(_deliveries, mine))
    filed, accepted = partial(_complaints, mine, "filed"), partial(_complaints, mine, "accepted")
    yield Waiting(SECTION, "投诉待受理", f"{book}?status=filed", filed, "since", within(COMPLAINT_ACCEPT_DAYS), STREET)
    yield Waiting(
        SECTION, "投诉待答复", f"{book}?status=accepted", accepted, "since", within(COMPLAINT_ANSWER_DAYS), STREET
    )
    deciding = _deciding(user)
    yield Waiting(SECTION, "退出程序待登记决定", going, partial(_to_decide, deciding), "answer_by", day_end)
    yield Waiting(SECTION, "退出程序待办结", going, partial(_to_finish, deciding))
    evaluated = reverse("desk:evaluations")
    yield Waiting(SECTION, "考核不合格，进入退出程序", evaluated, partial(_failed, deciding))


def within(declared: Value) -> Until:
    """The end of the last working day that the setting of the sub-district gives."""

    def until(first: datetime, street: int) -> datetime:
        day = clock.local(first).date()
        return clock.at(calendar.add_working_days(day, value_of(declared, street, on=day), street), time(23, 59))

    return until


def _deciding(user: User) -> QuerySet[Community]:
    held = user.duties.current().filter(role__in=(duties.Role.HEAD, duties.Role.STREET_ADMIN))
    here = Q(pk__in=held.values("community")) | Q(sub_district__in=held.values("sub_district"))
    return Community.objects.filter(here)


def _deliveries(mine: QuerySet[Community], kin: Kin) -> QuerySet[Any]:
    waiting = Delivery.objects.filter(status=Delivery.Status.REPORTED, promise__agreement__community__in=mine)
    own = Q(by__in=kin.accounts) | Q(promise__agreement__partner__in=bias.own_shops(kin).values("partner"))
    return waiting.exclude(own)


def _complaints(mine: QuerySet[Community], status: str, kin: Kin) -> QuerySet[Any]:
    found = Complaint.objects.filter(status=status, community__in=mine)
    family = Q(resident__in=kin.residents) | Q(resident__household__in=kin.households)
    answered = Q(reopened_at__isnull=False, answered_by__in=kin.accounts)
    found = found.exclude(Q(resident__isnull=False) & family).exclude(answered)
    others = found.exclude(partner__in=bias.own_shops(kin).values("partner"))
    return others.annotate(since=Coalesce("reopened_at", "at"))


def _to_decide(deciding: QuerySet[Community], kin: Kin) -> QuerySet[Any]:
    today = clock.today()
    heard = Q(own_wish=True) | Q(answered_at__isnull=False) | Q(answer_by__lt=today)
    told = Leaving.objects.filter(heard, status=Leaving.Status.TOLD, agreement__community__in=deciding)
    return told.exclude(by__in=kin.accounts).exclude(agreement__partner__in=bias.own_shops(kin).values("partner"))


def _to_finish(deciding: QuerySet[Community], _: Kin) -> QuerySet[Any]:
    over = Q(vouchers_until=None) | Q(vouchers_until__lt=clock.today())
    return Leaving.objects.filter(over, status=Leaving.Status.DECIDED, agreement__community__in=deciding)


def _failed(deciding: QuerySet[Community], _: Kin) -> QuerySet[Any]:
    """As `evaluating.to_leave` says, of agreements in force where nobody has begun to leave since."""
    before = Evaluation.objects.filter(
        agreement=OuterRef("agreement"), band=Evaluation.Band.MEND, quarter__lt=OuterRef("quarter"),
        quarter__gt=OuterRef("quarter") - evaluating.YEAR,
    )  # fmt: skip
    second = Q(band=Evaluation.Band.MEND) & Q(Exists(before))
    begun = Leaving.objects.filter(agreement=OuterRef("agreement"), at__gt=OuterRef("at"))
    found = Evaluation.objects.filter(Q(band=Evaluation.Band.LEAVE) | second, ~Exists(begun))
    held = Q(agreement__ended_on=None, agreement__ends_on__gte=clock.today(), agreement__community__in=deciding)
    return found.filter(held)

"""待办: corrections to approve, money to give back, payers that answer no more, bills that nobody paid by the end of their month, and next month's where beat could not draw them."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from childcare.billing import handing, refunding
from childcare.billing.fees import after
from childcare.models import Bill, BillAdjustment, Centre, Place
from communities import duties
from communities.kin import Kin
from communities.models import Community, User
from communities.settings import CARE_BILL_DAY, values_of
from communities.todo import Waiting
from core import clock

SECTION = "care_bills"


def rows(user: User) -> Iterator[Waiting]:
    """What `user` may do now; nothing of the own family is theirs to decide."""
    bills, deciding = reverse("desk:care-bills"), reverse("desk:care-adjustments")
    mine = duties.served_by(user)
    yield Waiting(
        SECTION,
        "托管账单更正待批准",
        deciding,
        partial(_adjustments, duties.served_by(user, duties.Role.HEAD, duties.Role.STREET_ADMIN), user),
        leads=("desk:care-bill", "bill_id"),
    )
    giving, gives = duties.served_by(user, *refunding.GIVING), reverse("desk:care-refunds")
    yield Waiting(SECTION, "托管费待退", gives, partial(_refunds, giving, user), leads=("desk:care-refund", "pk"))
    yield Waiting(
        SECTION,
        "付费监护人已不是监护人，请更换",
        reverse("desk:care-places"),
        partial(_payers, mine),
        leads=("desk:care-place-payer", "pk"),
    )
    yield Waiting(SECTION, "托管账单过月未缴清", f"{bills}?status=overdue", partial(_overdue, mine))
    yield Waiting(SECTION, "下月托管账单待出", reverse("desk:care-bill-run"), partial(_to_run, mine))


def _adjustments(headed: QuerySet[Community], user: User, kin: Kin) -> QuerySet[Any]:
    waiting = BillAdjustment.objects.to_decide().filter(bill__centre__community__in=headed)
    own = Q(by__in=kin.accounts) | Q(by=user) | _family("bill__child", kin) | _family("bill__payer", kin)
    return waiting.exclude(own)


def _family(path: str, kin: Kin) -> Q:
    return Q(**{f"{path}__in": kin.residents}) | Q(**{f"{path}__household__in": kin.households})


def _refunds(giving: QuerySet[Community], user: User, kin: Kin) -> QuerySet[Any]:
    """What somebody else proposed and approved, and nobody owes beside."""
    owing = Bill.objects.owing().filter(centre=OuterRef("bill__centre"), child=OuterRef("bill__child"))
    here = refunding.waiting().filter(~Exists(owing), bill__centre__community__in=giving)
    own = Q(by=user) | Q(approved_by=user) | _family("bill__child", kin) | _family("bill__payer", kin)
    return here.exclude(own)


def _payers(mine: QuerySet[Community], kin: Kin) -> QuerySet[Any]:
    here = handing.orphaned().filter(group__centre__community__in=mine)
    return here.exclude(_family("child", kin))


def _overdue(mine: QuerySet[Community], _: Kin) -> QuerySet[Any]:
    return Bill.objects.owing().filter(centre__community__in=mine, month__lt=clock.today().replace(day=1))


def _to_run(mine: QuerySet[Community], _: Kin) -> QuerySet[Any]:
    """Centres without any bill of the next month although its day has come and children have places in it."""
    today = clock.today()
    month, street = after(today.replace(day=1)), mine.order_by("pk").values("sub_district")[:1]
    if today.day < values_of([CARE_BILL_DAY], street)[CARE_BILL_DAY]:
        return Centre.objects.none()
    bills = Bill.objects.filter(centre=OuterRef("pk"), month=month)
    places = Place.objects.held_on(month).filter(group__centre=OuterRef("pk"))
    return Centre.objects.open_on(month).filter(~Exists(bills), Exists(places), community__in=mine)

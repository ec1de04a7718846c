"""换付费监护人: who pays for a child's places from now on. Bills that are not confirmed go to the new payer, whoever's points stood
on them gets them back; confirmed ones stay with who was to pay them.

Nobody is made to pay: on the phone it is the guardian who will pay that takes it over; at the desk both have signed for it.
"""

from datetime import datetime

from django.db.models import Exists, OuterRef

from childcare.billing import running, telling
from childcare.billing.drawing import REFUSALS as DRAWING
from childcare.models import Bill, Place, PlaceQuerySet
from childcare.places import fit
from communities import changes, duties, guardians
from communities.models import Guardian, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb


class PayerStands(Refused):
    code = "care_payer_stands"
    message = "这个托位本来就由这位监护人付费，或已经结束，没有改动，积分没有变动。"


class NotForAnother(Refused):
    code = "care_payer_not_for_another"
    message = (
        "不能替另一位监护人答应付费，没有改动，积分没有变动。请对方用自己的手机接手，或一起带书面申请到社区窗口办理。"
    )
    status = 403


class NoPaper(BadInput):
    code = "care_payer_no_paper"
    message = "还没有看两位监护人签字的书面申请，没有更换，积分没有变动。请看过以后勾选再提交。"


REFUSALS: Refusals = {**DRAWING, "place_payer_is_another": lambda _: fit.NotPayer()}


def refusal_for(place: Place, to: Resident, by: User) -> Refused | None:
    """Why `by` does not let `to` pay from now on; pages and verb ask."""
    if place.status not in fit.STANDING or place.payer_id == to.pk:
        return PayerStands()
    if not guardians.answers_for(to, place.child):
        return fit.NotPayer()
    own = guardians.guardian_by(place.child, by)
    if own is not None:
        return None if own.pk == to.pk else NotForAnother()
    if not duties.holds(by, place.group.centre.community):
        return duties.NotYourDuty()
    return fit.refusal_to_act(place.child, by)


@verb(REFUSALS)
def change(*, place: Place, to: Resident, by: User, paper: bool = False, at: datetime | None = None) -> Place:
    """`to` pays for this place and the child's others in the centre that the same guardian paid for. `paper`: staff saw what both
    signed. Refuses what `refusal_for` says, `NoPaper`."""
    changes.by(by)
    at = at or clock.now()
    child = Resident.objects.held(place.child_id)
    rows = Place.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("group__centre__community", "child__community", "payer").get(pk=place.pk)
    if refused := refusal_for(mine, to, by):
        raise refused
    if not paper and guardians.guardian_by(mine.child, by) is None:
        raise NoPaper
    was = mine.payer
    same = Place.objects.filter(
        child=mine.child, payer=was, group__centre=mine.group.centre_id, status__in=fit.STANDING
    )
    same.update(payer=to)
    mine.payer = to
    telling.handed_over(mine, was)
    running.redraw_later(child=child, by=by, at=at)
    return mine


def orphaned() -> PlaceQuerySet:
    """Places that stand, whose payer is the child's guardian no more."""
    still = Guardian.objects.current().filter(child=OuterRef("child"), guardian=OuterRef("payer"))
    return Place.objects.filter(~Exists(still), status__in=fit.STANDING)


def offered(bill: Bill, account: User) -> tuple[Place, Resident] | None:
    """The place that the reader of `bill` may take over, and as which guardian; None for the payer and for a confirmed bill."""
    if bill.status != Bill.Status.DRAWN or bill.payer.account_id == account.pk:
        return None
    own = guardians.guardian_by(bill.child, account)
    places = Place.objects.filter(child=bill.child, group__centre=bill.centre_id, status__in=fit.STANDING)
    found = places.exclude(payer=own).order_by("pk").first() if own else None
    return (found, own) if found and own else None


def take_over(*, bill: Bill, by: User) -> Place:
    """What the family's page does. Refuses `PayerStands` when there is nothing to take over."""
    found = offered(bill, by)
    if found is None:
        raise PayerStands
    return change(place=found[0], to=found[1], by=by)

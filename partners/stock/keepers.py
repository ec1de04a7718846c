"""Who keeps the stock book: whoever brings goods in, a second person who accepts them, and never the finance."""

from communities import duties
from communities.kin import SamePerson
from communities.models import Community, SubDistrict, User
from core.refusals import Refused
from partners.models import Gift

Role = duties.Role
Place = Community | SubDistrict


class FinanceKeepsNoStock(Refused):
    code = "finance_keeps_no_stock"
    message = "财务人员不经手物资，账物由不同的人管，没有改动。请由社区其他同事办理。"
    status = 403


def place_of(gift: Gift) -> Place:
    return gift.community or gift.sub_district


def refusal_to_keep(place: Place, by: User) -> Refused | None:
    """Why `by` may not bring goods of `place` in, take them out or count them; None when nothing stands against it.

    What the whole sub-district gives is kept by its admin.
    """
    if isinstance(place, Community):
        mine, money = duties.holds(by, place), duties.holds(by, place, Role.FINANCE)
    else:
        mine, money = (place in duties.streets_of(by, role) for role in (Role.STREET_ADMIN, Role.FINANCE))
    if not mine:
        return duties.NotYourDuty()
    return FinanceKeepsNoStock() if money else None


def refusal_to_second(place: Place, by: User, first: int) -> Refused | None:
    """Why `by` may not accept or confirm what `first` (number of an account) wrote down.

    Goods of the whole sub-district may also be accepted by the head of one of its communities: many have one admin alone.
    """
    refused = refusal_to_keep(place, by)
    if isinstance(refused, duties.NotYourDuty) and isinstance(place, SubDistrict) and _heads_in(place, by):
        refused = FinanceKeepsNoStock() if place in duties.streets_of(by, Role.FINANCE) else None
    return refused or (SamePerson() if first == by.pk else None)


def _heads_in(street: SubDistrict, by: User) -> bool:
    return by.is_active and by.duties.current().filter(role=Role.HEAD, community__sub_district=street).exists()

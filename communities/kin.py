"""Who acts for themselves or their family: the one question behind recorder ≠ approver ≠ beneficiary or household."""

from typing import NamedTuple

from django.db.models import Q

from communities.models import Resident, User
from core.refusals import Refused


class OwnPhoneMissing(Refused):
    """Without it the own file is not known, nor the family: nothing is decided rather than everything."""

    code = "own_phone_missing"
    message = "还没有登记您的本人手机号，认不出哪些是您和家人的积分，这次没有办理。请街道管理员登记。"
    status = 403


class Kin(NamedTuple):
    """Who a staff member is as a resident, by account or phone, and in which households."""

    residents: frozenset[int]
    households: frozenset[int]

    def includes(self, resident: Resident) -> bool:
        """Whether `resident` is this staff member or lives in the same household; no query."""
        return resident.pk in self.residents or resident.household_id in self.households


def kin_of(by: User) -> Kin:
    """One query, for any number of residents that are then asked about."""
    me = Q(account=by) | Q(phone=by.own_phone) if by.own_phone else Q(account=by)
    found = list(Resident.objects.filter(me).values_list("pk", "household"))
    return Kin(frozenset(pk for pk, _ in found), frozenset(home for _, home in found if home))

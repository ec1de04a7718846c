"""Who acts for themselves or their family: the one question behind recorder ≠ approver ≠ beneficiary or household."""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple

from django.db.models import BigIntegerField, Q, Value

from communities.models import FormerNumber, Guardian, Helper, Parting, Resident, User
from core import clock
from core.refusals import Refused

FAMILY_STILL = timedelta(days=365)


class OwnPhoneMissing(Refused):
    """Without it the own file is not known, nor the family: nothing is decided rather than everything."""

    code = "own_phone_missing"
    message = "还没有登记您的本人手机号，认不出哪些是您和家人的积分，这次没有办理。请街道管理员登记。"
    status = 403


class SamePerson(Refused):
    code = "two_people"
    message = "这件事由您记录或提出，须由另一位工作人员办理，没有改动。"
    status = 403


class OwnInterest(Refused):
    code = "own_interest"
    message = "不能办理自己、家人或由您代办的居民的这件事，没有改动。请由其他同事办理。"
    status = 403


class Kin(NamedTuple):
    """Who a staff member is as a resident, by account or phone (also a former one), whom it helps, where, and as which accounts."""

    residents: frozenset[int]
    households: frozenset[int]
    accounts: frozenset[int] = frozenset()

    def includes(self, resident: Resident) -> bool:
        """Whether `resident` is this staff member, lives in the same household or is helped by them; no query."""
        return resident.pk in self.residents or resident.household_id in self.households


def kin_of(by: User) -> Kin:
    """One query, for any number of residents that are then asked about.

    Whoever left the household, and whom one left, is family for a year still, and a file that had one's number is one's own:
    nobody parts, nor changes a number, in order to decide. A child whose guardian one is, is family in whatever household.
    What one wrote down with the own phone, as the organiser say, one wrote down oneself.
    """
    me = Q(account=by) | Q(phone=by.own_phone) if by.own_phone else Q(account=by)
    since = clock.now() - FAMILY_STILL
    was = FormerNumber.objects.filter(user=by, at__gt=since).values_list("resident", flat=True)
    mine = Resident.objects.filter(me).values_list("pk", flat=True).union(was)
    own = Resident.objects.filter(pk__in=mine).values_list("pk", "household", "account")
    helper = Q(account=by) | Q(account__phone=by.own_phone) if by.own_phone else Q(account=by)
    none = Value(None, BigIntegerField())  # the household of whom one helps is not one's own
    helped = (
        Helper.objects.current().filter(helper).annotate(home=none, who=none).values_list("resident", "home", "who")
    )
    parted = Parting.objects.filter(at__gt=since)
    left = parted.filter(resident__in=mine)
    homes = Q(household__members__in=mine) | Q(household__in=left.values("household"))
    gone = parted.filter(homes).annotate(home=none, who=none).values_list("resident", "home", "who")
    wards = Guardian.objects.current().filter(guardian__in=mine).annotate(home=none, who=none)
    phones = Q(pk=by.pk) | Q(phone=by.own_phone) if by.own_phone else Q(pk=by.pk)
    accounts = User.objects.filter(phones).annotate(file=none, home=none).values_list("file", "home", "pk")
    gone_from = left.annotate(who=none).values_list("resident", "household", "who")
    found = list(own.union(helped, gone_from, gone, wards.values_list("child", "home", "who"), accounts))
    return Kin(*(frozenset(row[n] for row in found if row[n]) for n in range(3)))


def refusal_between(
    *,
    by: User,
    recorders: Iterable[int | None] = (),
    beneficiaries: Iterable[Resident] = (),
    kin: Kin | None = None,
    same: Refused | None = None,
    family: Refused | None = None,
) -> Refused | None:
    """Why `by` may not decide what `recorders` (numbers of accounts) wrote down for `beneficiaries`; None if they may.

    The one rule of segregation (domain guide, 21): not who recorded or proposed it, with whichever account, and not for the
    own file, the household, or whom one helps. Without an own phone family cannot be told, so nothing is decided. `same` and
    `family` are the caller's own words for the two; a list of many passes `kin_of(by)`, read once. At most one query.
    """
    wrote = set(recorders)
    if by.pk in wrote:
        return same or SamePerson()
    people = list(beneficiaries)
    if not people:
        return None
    if not by.own_phone:
        return OwnPhoneMissing()
    mine = kin or kin_of(by)
    if any(mine.includes(one) for one in people):
        return family or OwnInterest()
    return (same or SamePerson()) if wrote & mine.accounts else None

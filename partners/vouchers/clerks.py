"""店员手机: whose phone serves for which partner; the owner adds up to five and removes any, staff set the owner.

A page looks the phone up anew with each request (partners/merchant/door.py), so a removed one serves no more at once. One that was
silent for half a year is removed when it signs in: its number may be somebody else's by now.
"""

from datetime import datetime

from django.db.models import Max, Q
from django.urls import reverse

from communities import duties, signin
from communities.kin import OwnInterest, OwnPhoneMissing, kin_of
from communities.models import Community, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.kinship import is_family_of
from partners.models import Agreement, Clerk, Partner, Statement

LABEL = 20


class NotAMerchant(Refused):
    code = "not_a_merchant"
    message = (
        "这个手机号没有登记为合伙人的手机，不能核销，什么都没有改动。请用商家登记的手机号登录，或请店主添加您的手机。"
        "半年没有用过的手机会自动移除：店员的请店主重新添加，店主的请带证件到社区登记。"
    )
    status = 403


class OwnerOnly(Refused):
    code = "owner_only"
    message = "这一页只有店主的手机能打开，什么都没有改动。请让店主用自己的手机办理。"
    status = 403


class ShopsFull(Refused):
    code = "shop_phones_full"
    message = f"店里最多登记{Clerk.MOST}个手机，已经满了，没有添加。请先移除不用的手机。"


class AlreadyClerk(Refused):
    code = "already_clerk"
    message = "这个手机号已经是本店的手机，没有重复添加。"


class StaffPhone(Refused):
    code = "staff_number"
    message = "这个手机号是社区工作人员的，不能登记为商家手机，没有改动。请换一个手机号。"


class NoLabel(BadInput):
    code = "no_label"
    message = f"请写明这个手机给谁用（不超过{LABEL}字，如“前台1号”），没有改动。"


class AlreadyRemoved(Refused):
    code = "clerk_removed"
    message = "这个手机已经移除，没有再改动。请刷新后再看。"


class OwnerStays(Refused):
    code = "owner_stays"
    message = "店主的手机不能在这里移除，没有改动。换店主请带证件到社区办理。"


REFUSALS: Refusals = {"clerk_slot_once": lambda _: ShopsFull(), "clerk_account_once": lambda _: AlreadyClerk()}


def first_page(account: User) -> str:
    """Where a phone that serves for a partner begins (communities/landing.py); an applicant's is the application."""
    mine = Clerk.objects.current().filter(account=account)
    if not mine.exists():
        return ""
    admitted = mine.exclude(partner__admitted_at=None).exists()
    return reverse("merchant:today" if admitted else "partners:applications")


def of(account: User) -> list[Clerk]:
    """For which partners the phone of `account` serves, as owner or in the shop; by partner."""
    mine = Clerk.objects.current().filter(account=account)
    return list(mine.select_related("partner__sub_district", "account").order_by("partner", "pk"))


def refusal_to_serve(phone: str, partner: Partner) -> Refused | None:
    """Why this phone cannot serve for `partner`: who works for the community does not redeem for a shop."""
    staff = User.objects.filter(kind=User.Kind.STAFF)
    if staff.filter(phone=phone).exists() or staff.filter(own_phone=phone, is_active=True).exists():
        return StaffPhone()
    known = Clerk.objects.current().filter(partner=partner, account__phone=phone)
    return AlreadyClerk() if known.exists() else None


@verb(REFUSALS)
def add(*, owner: Clerk, phone: str, label: str, by: User, at: datetime | None = None) -> Clerk:
    """One more phone of the shop. Refuses `OwnerOnly`, `StaffPhone`, `AlreadyClerk`, `ShopsFull`, `NoLabel`."""
    _require_owner(owner, by)
    label = label.strip()
    if not 0 < len(label) <= LABEL or "\0" in label:
        raise NoLabel
    if refused := refusal_to_serve(phone, owner.partner):
        raise refused
    held = set(Clerk.objects.current().filter(partner=owner.partner_id).values_list("slot", flat=True))
    free = next((slot for slot in range(1, Clerk.MOST + 1) if slot not in held), None)
    if free is None:
        raise ShopsFull
    return Clerk.objects.create(
        partner=owner.partner, account=signin.account_of(phone=phone), slot=free, label=label, added_by=by,
        added_at=at or clock.now(),
    )  # fmt: skip


@verb()
def remove(*, clerk: Clerk, owner: Clerk, by: User, at: datetime | None = None) -> Clerk:
    """That phone serves no more, from its next request on. Refuses `OwnerOnly`, `OwnerStays`, `AlreadyRemoved`."""
    _require_owner(owner, by)
    mine = Clerk.objects.select_for_update(no_key=True).get(pk=clerk.pk)
    if mine.partner_id != owner.partner_id:
        raise OwnerOnly
    if mine.is_owner:
        raise OwnerStays
    if mine.removed_at is not None:
        raise AlreadyRemoved
    return _removed(mine, by, at or clock.now())


@verb()
def drop_silent(account: User, *, at: datetime | None = None) -> list[Clerk]:
    """Asked before `account` comes in by a code: where nobody used this phone for half a year, whoever holds it now is a stranger.

    The owner adds the shop's phone again, the desk the owner's. Returns what was removed.
    """
    at = at or clock.now()
    mine = Clerk.objects.current().select_for_update(no_key=True, of=("self",)).filter(account=account)
    silent = [one for one in mine.order_by("pk") if at - _last_used(one, account) > signin.DORMANT_AFTER]
    return [_removed(one, User.objects.get(username="system"), at) for one in silent]


def _last_used(mine: Clerk, account: User) -> datetime:
    """A phone that stays signed in shows itself by what it used, the owner's by the statements that it agreed to."""
    used = mine.redemptions.aggregate(last=Max("at"))["last"]
    agreed = Statement.objects.filter(partner=mine.partner_id, agreed_by=account).aggregate(last=Max("agreed_at"))[
        "last"
    ]
    return max(found for found in (account.last_login, mine.added_at, used, agreed) if found)


@verb(REFUSALS)
def set_owner(*, partner: Partner, community: Community, phone: str, by: User, at: datetime | None = None) -> Clerk:
    """The head, who has seen the papers, says whose phone is the owner's; the one before serves no more.

    Refuses `NotYourDuty` to others, `StaffPhone`, `AlreadyClerk`, one's own or the family's phone, and their shop.
    """
    duties.require(by, community, duties.Role.HEAD, duties.Role.STREET_ADMIN)
    at = at or clock.now()
    if not Partner.objects.for_staff(by).filter(pk=partner.pk).exists() or _serves_elsewhere(partner, community, at):
        raise duties.NotYourDuty
    _require_no_family(partner, phone, by)
    before = Clerk.objects.select_for_update(no_key=True).filter(partner=partner, removed_at=None, slot=Clerk.OWNER)
    for one in before:
        if one.account.phone == phone:
            raise AlreadyClerk
        _removed(one, by, at)
    for one in Clerk.objects.current().filter(partner=partner, account__phone=phone):
        _removed(one, by, at)  # a phone of the shop that becomes the owner's
    if refused := refusal_to_serve(phone, partner):
        raise refused
    account = signin.account_of(phone=phone)
    return Clerk.objects.create(
        partner=partner, account=account, slot=Clerk.OWNER, label="店主", added_by=by, added_at=at
    )


def _serves_elsewhere(partner: Partner, community: Community, at: datetime) -> bool:
    """Whether it works with others and not with `community`, whose head then has no say about its phones."""
    held = Agreement.objects.in_force(clock.local(at).date()).filter(partner=partner)
    return held.exists() and not held.filter(community=community).exists()


def _require_no_family(partner: Partner, phone: str, by: User) -> None:
    if not by.own_phone:
        raise OwnPhoneMissing
    kin, files = kin_of(by), Resident.objects.filter(Q(phone=phone) | Q(account__phone=phone))
    if is_family_of(by, partner, kin) or any(kin.includes(one) for one in files):
        raise OwnInterest


def _require_owner(owner: Clerk, by: User) -> None:
    if not owner.is_owner or owner.account_id != by.pk or not Clerk.objects.current().filter(pk=owner.pk).exists():
        raise OwnerOnly


def _removed(mine: Clerk, by: User, at: datetime) -> Clerk:
    mine.removed_at, mine.removed_by = at, by
    mine.save(update_fields=["removed_at", "removed_by"])
    return mine

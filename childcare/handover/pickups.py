"""接送人: up to four adults whom a guardian sends, each for a time, revocable at once by either guardian (domain guide, 6.2)."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from childcare import speaking
from childcare.handover import telling
from childcare.models import Pickup, PickupCode
from childcare.speaking import NotPossible as NotPossible
from communities import changes, consents, duties, guardians
from communities.kin import refusal_between
from communities.models import Consent, Resident, User
from communities.models.people import PHONE
from communities.settings import CARE_PICKUP_DAYS, value_of
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

MOST = 4
NAME, RELATION = 40, 20
TAIL = re.compile(r"[0-9]{3}[0-9X]")
LONGEST = timedelta(days=366)


class NotTheGuardian(Refused):
    code = "care_not_guardian"
    message = "只有孩子的监护人能登记、撤销接送人，什么都没有改动。请监护人用自己的手机办理，或一起到社区窗口。"
    status = 403


class NoPickupConsent(Refused):
    code = "care_no_pickup_consent"
    message = "您还没有同意“接送授权”，没有登记。请先在“我的—孩子”里同意，再登记接送人。"


class FourAlready(Refused):
    code = "care_four_pickups"
    message = f"接送人最多{MOST}位，没有登记。请先撤销一位，再登记新的。"


class UnderAge(Refused):
    code = "care_pickup_under_age"
    message = "接送人要年满18周岁，没有登记。请确认后勾选“已满18周岁”。"


class RevokedAlready(Refused):
    code = "care_pickup_revoked"
    message = "这位接送人已经撤销，不能再接孩子，没有再改动。"


REFUSALS: Refusals = {
    "CC055": lambda _: NotPossible(),
    "pickup_slot_once": lambda _: FourAlready(),
}


@dataclass(frozen=True)
class Said:
    """What the guardian says of a person; without `valid_until` for as long as the setting gives. `of_age`: is 18 or older."""

    name: str
    relation: str
    phone: str
    id_tail: str
    valid_from: date | None = None
    valid_until: date | None = None
    once: bool = False
    of_age: bool = True


@verb(REFUSALS)
def authorise(*, child: Resident, guardian: Resident, said: Said, by: User, at: datetime | None = None) -> Pickup:
    """`guardian` sends this person, until revoked or over; both guardians are told. Expired ones make room.

    By the guardian's own phone, or by staff at the counter. Refuses what `refusal_for` says.
    """
    changes.by(by)
    at = at or clock.now()
    today = clock.local(at).date()
    locked = Resident.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=child.pk)
    if refused := refusal_for(locked, guardian, said, by, today):
        raise refused
    over = Q(valid_until__lt=today) | Q(once=True, used_at__isnull=False)
    Pickup.objects.standing().filter(over, child=locked).update(revoked_at=at, revoked_by=by)
    taken = set(Pickup.objects.standing().filter(child=locked).values_list("slot", flat=True))
    slot = next((one for one in range(MOST) if one not in taken), None)
    if slot is None:
        raise FourAlready
    days = value_of(CARE_PICKUP_DAYS, locked.community.sub_district_id, on=today)
    begins = said.valid_from or today
    made = Pickup.objects.create(
        child=locked, slot=slot, name=said.name.strip(), relation=said.relation.strip(), phone=said.phone.strip(),
        id_tail=said.id_tail.strip().upper(), name_key=speaking.name_key(locked, said.name), valid_from=begins,
        valid_until=said.valid_until or begins + timedelta(days=days), once=said.once, authorised_by=guardian, by=by, at=at,
    )  # fmt: skip
    until = f"只接{words.day(made.valid_from)}起的一次" if made.once else f"有效到{words.day(made.valid_until)}"
    telling.guardians_of(
        locked, f"care-pickup:{made.pk}", "孩子的接送人有新增", f"您的孩子新登记了一位接送人，{until}。"
    )
    return made


@verb()
def revoke(*, pickup: Pickup, by: User, at: datetime | None = None) -> Pickup:
    """This person takes the child no more, from this moment. By either guardian's phone, or staff at the counter."""
    changes.by(by)
    rows = Pickup.objects.select_for_update(no_key=True, of=("self",)).select_related("child__community")
    mine = rows.get(pk=pickup.pk)
    if refused := refusal_to_manage(mine.child, by):
        raise refused
    if mine.revoked_at is not None:
        raise RevokedAlready
    mine.revoked_at, mine.revoked_by = at or clock.now(), by
    mine.save(update_fields=["revoked_at", "revoked_by"])
    telling.guardians_of(
        mine.child, f"care-pickup-revoked:{mine.pk}", "孩子的接送人已撤销", "您的孩子的一位接送人已撤销，不能再接孩子。"
    )
    return mine


@verb()
def revoke_all(*, child: Resident, by: User, at: datetime | None = None) -> int:
    """All pick-up persons and codes of `child` end; rights are the caller's. How many persons that were."""
    changes.by(by)
    now = at or clock.now()
    Resident.objects.held(child.pk)
    PickupCode.objects.open().filter(child=child).update(revoked_at=now, revoked_by=by)
    return Pickup.objects.standing().filter(child=child).update(revoked_at=now, revoked_by=by)


def refusal_for(child: Resident, guardian: Resident, said: Said, by: User, today: date) -> Refused | None:
    """Why this person cannot be authorised; None when nothing stands against it. Pages, REST and the verb ask."""
    if refused := refusal_to_send(child, guardian, by) or refusal_to_say(said, today):
        return refused
    return speaking.refusal_to_name(child, said.name)


def refusal_to_send(child: Resident, guardian: Resident, by: User) -> Refused | None:
    """Why `guardian`, by way of `by`, can send nobody for `child`."""
    if refused := refusal_to_manage(child, by):
        return refused
    own = by.kind != User.Kind.RESIDENT or guardian.account_id == by.pk
    if not own or not guardians.answers_for(guardian, child) or speaking.is_stopped(child, guardian):
        return NotTheGuardian()
    if not consents.standing(Consent.Purpose.CARE_PICKUP).filter(resident=child).exists():
        return NoPickupConsent()
    return None


def refusal_to_manage(child: Resident, by: User) -> Refused | None:
    """Why `by` may neither see nor change who is sent for `child`: no guardian of it, barred, or no staff of its community."""
    if by.kind == User.Kind.RESIDENT:
        return NotTheGuardian() if speaking.speaker_for(child, by) is None else None
    if not duties.holds(by, child.community, *duties.ENTERING):
        return duties.NotYourDuty()
    return refusal_between(by=by, beneficiaries=[child]) if by.kind == User.Kind.STAFF else None


def refusal_to_say(said: Said, today: date) -> Refused | None:
    """What is missing or wrong in what was said."""
    begins = said.valid_from or today
    ends = said.valid_until or begins
    named = _text(said.name, NAME) and _text(said.relation, RELATION)
    reasons: list[tuple[bool, Refused]] = [
        (not named, BadInput("请写接送人的姓名和与孩子的关系，没有登记。")),
        (not re.fullmatch(PHONE, said.phone.strip()), BadInput("请填接送人的11位手机号，没有登记。")),
        (
            not TAIL.fullmatch(said.id_tail.strip().upper()),
            BadInput("请填身份证的后四位（最后一位可以是X），没有登记。"),
        ),
        (begins < today or ends < begins or ends - begins > LONGEST, BadInput("有效期从今天起，最长一年，没有登记。")),
        (not said.of_age, UnderAge()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _text(said: str, longest: int) -> bool:
    return 0 < len(said.strip()) <= longest and "\0" not in said

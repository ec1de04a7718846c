"""一次性接送码: a guardian sends somebody else, today or tomorrow. Six digits shown once; kept is their keyed hash; five wrong tries.

A code alone opens nothing: two people on duty look at the stranger's document as well (ADR 0019).
"""

import secrets
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from childcare import speaking
from childcare.handover import telling
from childcare.handover.pickups import NAME, RELATION, TAIL, NotPossible, refusal_to_manage, refusal_to_send
from childcare.models import PickupCode
from communities import changes
from communities.models import Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

TRIES = 5


class CodeThere(Refused):
    code = "care_code_there"
    message = "这一天已经有一个接送码，没有再发。要换人，请先撤销那一个。"


class NoCodeToday(Refused):
    code = "care_no_code"
    message = "这个孩子今天没有有效的接送码，没有放人。请打电话请监护人重新发码。"


class WrongCode(Refused):
    code = "care_wrong_code"
    message = "接送码不对，没有放人。请核对后再输。"


class CodeTriedOut(Refused):
    code = "care_code_tried_out"
    message = "接送码已输错5次，作废了，没有放人。请打电话请监护人重新发码。"


class CodeGone(Refused):
    code = "care_code_gone"
    message = "这个接送码已经用过或撤销，没有改动。"


REFUSALS: Refusals = {"CC055": lambda _: NotPossible(), "pickup_code_once": lambda _: CodeThere()}


@verb(REFUSALS)
def issue(
    *, child: Resident, guardian: Resident, name: str, relation: str, day: date, by: User, id_tail: str = "",
    at: datetime | None = None,
) -> str:  # fmt: skip
    """Six digits, which nobody sees again; both guardians are told that there is a code. Refuses what `refusal_for` says."""
    changes.by(by)
    at = at or clock.now()
    locked = Resident.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=child.pk)
    if refused := refusal_for(locked, guardian, name, relation, day, by, id_tail, clock.local(at).date()):
        raise refused
    worn = PickupCode.objects.open().filter(child=locked, day=day, tries__gte=TRIES)
    worn.update(revoked_at=at, revoked_by=by)
    code = f"{secrets.randbelow(10**6):06d}"
    made = PickupCode.objects.create(
        child=locked, name=name.strip(), relation=relation.strip(), id_tail=id_tail.strip().upper(), day=day, by=by, at=at,
        name_key=speaking.name_key(locked, name), code_hash=_hash(locked, day, code), authorised_by=guardian,
    )  # fmt: skip
    when = f"{day.month}月{day.day}日"
    telling.guardians_of(locked, f"care-code:{made.pk}", "已发一次性接送码", f"您的孩子{when}由别人凭接送码接走一次。")
    return code


@verb()
def revoke(*, code: PickupCode, by: User, at: datetime | None = None) -> PickupCode:
    """The code is good for nothing from this moment. By either guardian's phone, or staff at the counter."""
    changes.by(by)
    rows = PickupCode.objects.select_for_update(no_key=True, of=("self",)).select_related("child__community")
    mine = rows.get(pk=code.pk)
    if refused := refusal_to_manage(mine.child, by):
        raise refused
    if mine.used_at is not None or mine.revoked_at is not None:
        raise CodeGone
    mine.revoked_at, mine.revoked_by = at or clock.now(), by
    mine.save(update_fields=["revoked_at", "revoked_by"])
    telling.guardians_of(mine.child, f"care-code-revoked:{mine.pk}", "接送码已撤销", "您的孩子的一个接送码已撤销。")
    return mine


def refusal_for(
    child: Resident, guardian: Resident, name: str, relation: str, day: date, by: User, id_tail: str, today: date
) -> Refused | None:
    """Why no code can be issued; None when nothing stands against it."""
    if refused := refusal_to_send(child, guardian, by):
        return refused
    texts = ((name, NAME), (relation, RELATION))
    tail = id_tail.strip().upper()
    reasons: list[tuple[bool, Refused]] = [
        (not all(0 < len(text.strip()) <= most and "\0" not in text for text, most in texts),
         BadInput("请写来接的人的姓名和与孩子的关系，没有发码。")),
        (bool(tail) and not TAIL.fullmatch(tail), BadInput("证件后四位不对，没有发码。不知道可以不填。")),
        (not today <= day <= today + timedelta(days=1), BadInput("接送码只能发今天或明天的，没有发码。")),
    ]  # fmt: skip
    if first := next((refused for stands, refused in reasons if stands), None):
        return first
    return speaking.refusal_to_name(child, name)


def prove(*, child: Resident, days: Iterable[date], typed: str) -> PickupCode:
    """The code of one of `days` (the earliest that there is) that `typed` is. A wrong one is counted and committed before it is
    refused, with the row held, so that tries at once are counted one by one: never in a transaction. A right one counts nothing."""
    with transaction.atomic(durable=True):
        rows = PickupCode.objects.open().filter(child=child, day__in=list(days))
        mine = rows.select_for_update(no_key=True).order_by("day").first()
        if mine is None:
            raise NoCodeToday
        if mine.tries >= TRIES:
            raise CodeTriedOut
        right = constant_time_compare(mine.code_hash, _hash(child, mine.day, typed.strip()))
        if not right:
            mine.tries += 1
            mine.save(update_fields=["tries"])
    if right:
        return mine
    left = TRIES - mine.tries
    raise WrongCode(f"接送码不对，没有放人。请核对后再输，还可以试{left}次。") if left else CodeTriedOut()


def _hash(child: Resident, day: date, code: str) -> str:
    return salted_hmac("childcare.handover", f"{child.pk}:{day}:{code}", algorithm="sha256").hexdigest()

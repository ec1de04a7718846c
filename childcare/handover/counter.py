"""接送人 at the counter, for guardians without a phone: sending somebody is a page of its own, revoking (a code as well) leaves a slip."""

from datetime import datetime

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse

from childcare.handover import codes, pickups
from childcare.models import Pickup, PickupCode, Place, speaking_guardians
from communities.counter import Act, Choice, Done, Plan, register
from communities.models import Resident, User
from core import clock, words

CODE = "care-code-revoke"


def register_acts() -> None:
    """The counter offers these, in this order."""
    register(Act("care-pickups", "登记接送人、发接送码", to_send, place=6))
    register(Act("care-pickup-revoke", "撤销接送人、接送码", to_revoke, revoke_plan, revoke, place=6))
    register(Act(CODE, "撤销接送码", None, code_plan, code_revoke))


def to_send(resident: Resident, at: datetime) -> list[Choice]:
    """One way on for each child of theirs that has a place."""
    held = Place.objects.held().values("child")
    mine = speaking_guardians().filter(guardian=resident, child__in=held).select_related("child").order_by("pk")
    return [
        Choice(one.child_id, one.child.name, "监护人本人签字", link=reverse("desk:care-pickups", args=[one.child_id]))
        for one in mine
    ]


def to_revoke(resident: Resident, at: datetime) -> list[Choice]:
    """Persons, then codes of today on."""
    people = [
        Choice(one.pk, f"{one.child.name}的接送人（{one.relation}）", f"到{one.valid_until:%Y-%m-%d}")
        for one in _standing(resident)
    ]
    return people + [
        Choice(one.pk, f"{one.child.name}的接送码（{one.relation}）", words.day(one.day), code=CODE)
        for one in _open(resident, at)
    ]


def revoke_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is none of theirs."""
    mine = get_object_or_404(_standing(resident), pk=number)
    facts = [("孩子", mine.child.name), ("接送人", mine.relation), ("电话尾号", mine.phone[-4:])]
    return Plan("撤销接送人", facts, "确认撤销", "撤销后马上不能再接孩子。")


def revoke(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `pickups.revoke` refuses."""
    mine = pickups.revoke(pickup=get_object_or_404(_standing(resident), pk=number), by=by, at=at)
    return Done(f"carepickup:{mine.pk}", [f"已撤销一位接送人（{mine.relation}），从现在起不能再接孩子。"])


def code_plan(resident: Resident, number: int, at: datetime) -> Plan:
    """404 for what is none of theirs."""
    mine = get_object_or_404(_open(resident, at), pk=number)
    facts = [("孩子", mine.child.name), ("来接的人", mine.relation), ("哪一天", words.day(mine.day))]
    return Plan("撤销接送码", facts, "确认撤销", "撤销后这个码马上不能再用。")


def code_revoke(*, resident: Resident, number: int, by: User, at: datetime) -> Done:
    """Refuses whatever `codes.revoke` refuses."""
    mine = codes.revoke(code=get_object_or_404(_open(resident, at), pk=number), by=by, at=at)
    return Done(f"carecode:{mine.pk}", [f"已撤销{words.day(mine.day)}的接送码（{mine.relation}），不能再用。"])


def _open(resident: Resident, at: datetime) -> QuerySet[PickupCode]:
    wards = speaking_guardians().filter(guardian=resident).values("child")
    mine = PickupCode.objects.open().filter(child__in=wards, day__gte=clock.local(at).date())
    return mine.select_related("child__community").order_by("day", "pk")


def _standing(resident: Resident) -> QuerySet[Pickup]:
    wards = speaking_guardians().filter(guardian=resident).values("child")
    return (
        Pickup.objects.standing().filter(child__in=wards).select_related("child__community").order_by("child", "slot")
    )

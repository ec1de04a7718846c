"""打给谁: guardians, then emergency contacts in their order, then the centre's lead and the community's head.

Nobody whom a bar names is rung up: it would tell them that the child stands there.
"""

from dataclasses import dataclass

from childcare import speaking
from childcare.models import Alarm, Contact, Staffer
from communities.models import Duty, Guardian, Resident

GUARDIANS, CONTACTS, HEADS = range(3)
LABEL = 40


@dataclass(frozen=True)
class Whom:
    """`label` is what the record of the call keeps, without a name: 监护人（母亲）; `key` is the person: guardian-12."""

    step: int
    key: str
    label: str
    name: str
    phone: str


def of(alarm: Alarm) -> list[Whom]:
    """Everybody who may be called, in order; who has no number is left out."""
    place = alarm.place
    centre = place.group.centre
    parents, contacts = speaking.speakers_of(place.child), contacts_of(place.child)
    leads = Staffer.objects.current().filter(centre=centre, is_lead=True).select_related("account").order_by("pk")
    heads = Duty.objects.current().filter(community=centre.community_id, role=Duty.Role.HEAD).select_related("user")
    found = [
        Whom(GUARDIANS, f"guardian-{one.pk}", f"监护人（{one.relation}）", one.guardian.name, one.guardian.phone)
        for one in parents
    ]
    found += [
        Whom(CONTACTS, f"contact-{one.pk}", f"紧急联系人{one.order}（{one.relation}）", one.name, one.phone)
        for one in contacts
    ]
    found += [
        Whom(HEADS, f"user-{one.account.pk}", "中心负责人", one.name, one.account.own_phone)
        for one in leads
        if one.account
    ]
    found += [
        Whom(HEADS, f"user-{one.user.pk}", "社区主任", one.user.name, one.user.own_phone)
        for one in heads.order_by("pk")
    ]
    whole: dict[str, Whom] = {}
    for one in found:
        if one.phone:
            whole.setdefault(one.key, one)  # a head who leads the centre is rung up once
    return list(whole.values())


def guardians_of(child: Resident) -> list[Guardian]:
    """Who answers for the child and is told about its days; not who may not come near it by a court's paper."""
    return speaking.speakers_of(child)


def contacts_of(child: Resident) -> list[Contact]:
    """Who is called after them, in their order; two queries."""
    barred = speaking.bars_of(child)
    rows = Contact.objects.filter(child=child).order_by("order")
    return [one for one in rows if speaking.stops(child, name=one.name, standing=barred) is None]


def next_of(whole: list[Whom], called: list[str]) -> Whom | None:
    """Who comes next: the first who was called (`called`: keys) least often; None for nobody."""
    return min(whole, key=lambda one: called.count(one.key), default=None)


def is_through(whole: list[Whom], called: list[str]) -> bool:
    """Whether everybody was called at least once."""
    return all(one.key in called for one in whole)

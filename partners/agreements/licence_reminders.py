"""Reminding staff before a licence ends: 60, 30 and 7 days (settings; domain guide, 7.2), those of communities with an agreement."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from communities.models import Duty, User
from communities.settings import LICENCE_DAYS, values_of
from core import clock, words
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many
from partners.models import Agreement, Licence

FARTHEST = max(value.high for value in LICENCE_DAYS)
ROLES = (Duty.Role.HEAD, Duty.Role.WORKER)


@verb()
def remind(*, at: datetime) -> None:
    """Tell each head and worker of the communities once per threshold; a licence that is taken off ends nothing any more."""
    today = clock.local(at).date()
    agreed: dict[int, set[int]] = {}
    for partner, community in Agreement.objects.in_force(today).values_list("partner", "community"):
        agreed.setdefault(partner, set()).add(community)
    soon = Licence.objects.current().filter(
        partner__in=list(agreed), valid_until__gte=today, valid_until__lte=today + timedelta(days=FARTHEST)
    )
    ending = list(soon.exclude(checked_at=None).select_related("partner"))
    streets = {one.partner.sub_district_id for one in ending}
    days = {street: sorted(values_of(LICENCE_DAYS, street, on=today).values()) for street in streets}
    staff = _staff({community for one in ending for community in agreed[one.partner_id]})
    tell_many(
        row
        for one in ending
        for row in _rows(one, today, days[one.partner.sub_district_id], agreed[one.partner_id], staff)
    )


def _staff(communities: set[int]) -> dict[int, list[User]]:
    held = Duty.objects.current().filter(role__in=ROLES, community__in=communities, user__is_active=True)
    found: dict[int, list[User]] = {}
    for duty in held.select_related("user").order_by("pk"):
        if duty.community_id:
            found.setdefault(duty.community_id, []).append(duty.user)
    return found


def _rows(
    one: Licence, today: date, days: list[int], communities: set[int], staff: dict[int, list[User]]
) -> Iterator[Message]:  # fmt: skip
    if one.valid_until is None:
        return
    left = (one.valid_until - today).days
    due = next((day for day in days if left <= day), None)
    if due is None:
        return
    when = f"{words.day(one.valid_until)}到期，还有{left}天" if left else "今天到期"
    after = "过期后这家的服务会自动停止展示。" if one.required else ""
    said = Words(
        "合伙人证照即将到期", f"{one.partner}的{one}{when}。请提醒店主换证。{after}", "/desk/licences/?state=ending"
    )
    for user in {user.pk: user for community in communities for user in staff.get(community, [])}.values():
        yield message(f"licence:{one.pk}:{due}", said, Message.Channel.INBOX, staff=user)

"""Reminding staff before an agreement ends: some days before (setting, 60), 30 and 7 (domain guide, 7.4)."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from communities import settings
from communities.models import Duty, User
from core import clock, words
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many
from partners.models import Agreement

FARTHEST = settings.AGREEMENT_DAYS.high
LATER = (30, 7)
ROLES = (Duty.Role.HEAD, Duty.Role.WORKER)


@verb()
def remind(*, at: datetime) -> None:
    """Tell each head and worker of the community once per threshold. A missed sweep is made up for by the next one."""
    today = clock.local(at).date()
    ending = Agreement.objects.in_force(today).filter(ended_on=None, ends_on__lte=today + timedelta(days=FARTHEST))
    agreements = list(ending.select_related("partner", "community"))
    holders = _holders({agreement.community_id for agreement in agreements})
    streets = {agreement.community.sub_district_id for agreement in agreements}
    first = {street: settings.value_of(settings.AGREEMENT_DAYS, street, on=today) for street in streets}
    tell_many(
        row
        for agreement in agreements
        for row in _rows(agreement, today, first[agreement.community.sub_district_id], holders)
    )


def threshold(left: int, first: int) -> int | None:
    """Which reminder `left` days before the end call for: the nearest one, None when it is too early for any."""
    return min((days for days in (first, *LATER) if left <= days), default=None)


def _holders(communities: set[int]) -> dict[int, list[User]]:
    duties = Duty.objects.current().filter(role__in=ROLES, community__in=communities, user__is_active=True)
    found: dict[int, list[User]] = {}
    for duty in duties.select_related("user").order_by("pk"):
        if duty.community_id and duty.user not in found.setdefault(duty.community_id, []):
            found[duty.community_id].append(duty.user)
    return found


def _rows(agreement: Agreement, today: date, first: int, holders: dict[int, list[User]]) -> Iterator[Message]:
    left = (agreement.ends_on - today).days
    due = threshold(left, first)
    if due is None:
        return
    when = f"{words.day(agreement.ends_on)}到期，还有{left}天" if left else "今天到期"
    body = (
        f"{agreement.partner}与{agreement.community}的《{agreement.title}》{when}。请商定续签，或到期后收回场地和标牌。"
    )
    said = Words("合伙人协议即将到期", body, f"/desk/partners/{agreement.pk}/")
    for user in holders.get(agreement.community_id, []):
        yield message(f"agreement:{agreement.pk}:{due}", said, Message.Channel.INBOX, staff=user)

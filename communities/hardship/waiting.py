"""待办 of evidence: what a reviewer may decide, what is due for a check; and the family is reminded in time."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial

from django.urls import reverse

from communities import duties, todo
from communities.hardship.deciding import REVIEWERS
from communities.hardship.telling import told
from communities.kin import Kin, kin_of
from communities.models import Evidence, SubDistrict, User
from communities.models.evidence import EvidenceQuerySet
from communities.models.places import CommunityQuerySet
from communities.settings import CARE_RECHECK_DAYS, values_of
from core import clock
from core.verbs import verb

SHOWN_AHEAD = SHOWN_AFTER = timedelta(days=30)
Status = Evidence.Status


def reviewed_by(user: User) -> CommunityQuerySet:
    """The communities whose evidence `user` decides about, as a query."""
    return duties.served_by(user, *REVIEWERS)


def waiting_for(user: User, kin: Kin | None = None) -> EvidenceQuerySet:
    """What `user` may decide: the same answer as `deciding.refusal_to_decide`, as a query."""
    if not user.own_phone:
        return Evidence.objects.none()
    kin = kin or kin_of(user)
    asked = Evidence.objects.to_review().filter(resident__community__in=reviewed_by(user))
    theirs = asked.exclude(recorded_by__in=kin.accounts | {user.pk}).exclude(resident__in=kin.residents)
    return theirs.exclude(resident__household__in=kin.households)


def due_for(user: User, _kin: Kin | None = None) -> EvidenceQuerySet:
    """What is to be looked at again: the check is near, or was missed lately; a renewal that waits is another row's matter."""
    today = clock.today()
    near = {"recheck_on__lte": today + SHOWN_AHEAD, "recheck_on__gte": today - SHOWN_AFTER}
    mine = Evidence.objects.filter(status=Status.VALID, resident__community__in=duties.served_by(user), **near)
    return mine.exclude(pk__in=Evidence.objects.to_review().filter(renews__isnull=False).values("renews"))


def rows(user: User) -> list[todo.Waiting]:
    """To-do: to be verified by somebody else than the recorder, and to be looked at again."""
    listed = reverse("desk:evidence")
    return [
        todo.Waiting(
            "evidence", "优待依据待复核", f"{listed}?status=recorded", partial(waiting_for, user), "recorded_at"
        ),
        todo.Waiting("evidence", "优待依据要复核续期", f"{listed}?status=due", partial(due_for, user), "recheck_on", todo.day_end),
    ]  # fmt: skip


def remind(*, at: datetime | None = None) -> int:
    """Tell the families whose check is near, once at each of the two marks; how many that were. May be run at any time again."""
    today = clock.local(at or clock.now()).date()
    count = 0
    for street in SubDistrict.objects.order_by("pk"):
        first, last = (timedelta(days=days) for days in values_of(CARE_RECHECK_DAYS, street.pk, on=today).values())
        near = Evidence.objects.filter(status=Status.VALID, resident__community__sub_district=street)
        for pk in _keys(near.filter(recheck_on__gte=today, recheck_on__lte=today + max(first, last))):
            count += _remind(pk=pk, last=today + last)
    return count


def _keys(rows: EvidenceQuerySet) -> Iterator[int]:
    yield from rows.order_by("pk").values_list("pk", flat=True)


@verb()
def _remind(*, pk: int, last: date) -> int:
    mine = (
        Evidence.objects.select_for_update(no_key=True, of=("self",)).select_related("resident__community").get(pk=pk)
    )
    if mine.status != Status.VALID:
        return 0
    told(mine, "soon_last" if mine.recheck_on <= last else "soon_first")
    return 1

"""超期退回: what was handed in and not decided in the set days goes back; what the family wrote is deleted, and it is told."""

from datetime import date, datetime, time, timedelta

from childcare.enrolment import drafting
from childcare.models import Enrolment
from communities import changes
from communities.models import SubDistrict, User
from communities.settings import CARE_DECIDE_DAYS, value_of
from core import clock
from core.verbs import verb
from notifications import quiet
from notifications.outbox import Words, tell

Status = Enrolment.Status
NEAR = timedelta(
    days=14
)  # from then on it stands on the to-do page as running out; the setting is a week longer at least


def last_day(enrolment: Enrolment) -> date | None:
    """Until when a colleague may still see the papers; None for what does not wait."""
    if enrolment.status != Status.SUBMITTED or enrolment.submitted_at is None:
        return None
    return clock.local(until(enrolment.submitted_at, enrolment.centre.community.sub_district_id)).date()


def until(since: datetime, street: int) -> datetime:
    """For a to-do: the end of the last day of what was handed in at `since`."""
    day = clock.local(since).date() + timedelta(days=value_of(CARE_DECIDE_DAYS, street))
    return clock.at(day, time(23, 59))


def over(day: date) -> list[Enrolment]:
    """What may not be kept any more on `day`, by the days that each street has set."""
    found: list[Enrolment] = []
    for street in SubDistrict.objects.order_by("pk"):
        first = day - timedelta(days=value_of(CARE_DECIDE_DAYS, street.pk, on=day))
        mine = Enrolment.objects.to_decide().filter(centre__community__sub_district=street)
        found += mine.filter(submitted_at__lt=clock.at(first, time())).select_related("centre").order_by("pk")
    return found


@verb()
def lapse(*, enrolment: Enrolment, by: User) -> bool:
    """Nothing of it is kept, and the guardian is told. False when somebody has decided or taken it back meanwhile."""
    changes.by(by)
    locked = drafting.held(enrolment)
    if locked.status != Status.SUBMITTED:
        return False
    locked.status, locked.draft = Status.LAPSED, None
    locked.save(update_fields=["status", "draft"])
    body = (
        "您孩子的托管报名提交后一直没有核对证件，已过了保存期限，报名退回，填写的内容已经删除，没有产生费用。"
        "还需要托管，请重新报名，或带上证件到社区窗口当场办理。"
    )
    said = Words("托管报名已退回", body, f"/childcare/enrolments/{locked.pk}/")
    tell(occasion=f"care-enrolment:{locked.pk}", words=said, resident=locked.guardian, due_at=quiet.calm(clock.now()))
    return True

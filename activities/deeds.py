"""小事: a resident sends in what they saw, did or think of (随手拍, 小善举, 建议), with a few words and at most one photo.

Where it was is said in words; no position is kept. What becomes of it: activities/answering.py, activities/solving.py.
"""

from datetime import date, datetime

from activities.models import Deed, Photo
from communities import calendar, closing, duties, officehours, settings
from communities.models import Grid, Resident, User
from communities.photos import Picture
from core import clock
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, verb

LONGEST, PLACE = 300, 60  # characters
CHILD = 14
Kind, Status = Deed.Kind, Deed.Status


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认您的登记，暂时不能提交，积分没有变动。一般一个工作日内确认，急事请打社区电话。"


class TooYoungToSend(Refused):
    code = "deed_too_young"
    message = "未满14周岁的，请家长用自己的手机提交。这次没有提交。"


class EnoughToday(Refused):
    code = "deeds_today"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"每人每天最多提交{most}条，今天已经满了，这次没有提交，积分没有变动。请明天再来，急事请打社区电话。"
        )


class AlreadySent(Refused):
    code = "deed_already_sent"
    message = "同样的内容您今天已经提交过，没有重复提交。可在“我的小事”里查看。"


class SaysNothing(BadInput):
    code = "deed_text"
    message = f"请写几句说明（不超过{LONGEST}字），地点不超过{PLACE}字。这次没有提交。"


class CannotTakeBack(Refused):
    code = "deed_answered"
    message = "社区已经处理，不能撤回，什么都没有改动。请刷新查看结果。"


class OthersMerged(Refused):
    code = "deed_others_merged"
    message = "别的居民反映的同一件事已经合并到这一条，不能撤回。如有疑问，请打社区电话。"


REFUSALS: Refusals = {"CL001": lambda _: closing.AlreadyClosed()}


def sent_on(resident: Resident, day: date) -> int:
    """How many the resident sent in on `day`, those taken back included."""
    return Deed.objects.of(resident).filter(on=day).count()


def most_a_day(resident: Resident, day: date) -> int:
    return settings.value_of(settings.DEEDS_A_DAY, resident.community.sub_district_id, on=day)


def refusal_for(resident: Resident, at: datetime) -> Refused | None:
    """Why `resident` cannot send anything in at `at`; None when nothing stands against it. Page, counter and verb ask."""
    today = clock.local(at).date()
    age = resident.age_on(today)
    if not resident.confirmed:
        return NotConfirmed()
    if age is not None and age < CHILD:
        return TooYoungToSend()
    most = most_a_day(resident, today)
    return EnoughToday(most) if sent_on(resident, today) >= most else None


@verb(REFUSALS)
def send(
    *, resident: Resident, kind: str, text: str, by: User, place: str = "", grid: Grid | None = None,
    photo: Picture | None = None, at: datetime | None = None,
) -> Deed:  # fmt: skip
    """Send something in for `resident`; `by` is their account, a helper's, or staff at the counter: the recorder.

    Refuses what `refusal_for` says, `SaysNothing`, and the same words of the same day (`AlreadySent`).
    """
    at = at or clock.now()
    text, place = _said(text, kind), _said(place, kind, PLACE, needed=False)
    if by.is_desk_user:
        duties.require(by, resident.community)
    if grid is not None and grid.community_id != resident.community_id:
        raise BadInput
    # Two taps, or two phones of one family: the day's number is counted by one of them at a time.
    call("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", f"deeds:{resident.pk}")
    today = clock.local(at).date()
    if Deed.objects.of(resident).filter(on=today, kind=kind, text=text).exclude(status=Status.TAKEN_BACK).exists():
        raise AlreadySent
    if refused := refusal_for(resident, at):
        raise refused
    made = Deed.objects.create(
        community=resident.community, resident=resident, kind=kind, text=text, place=place, grid=grid, on=today, at=at,
        by=by, answer_by=answer_by(resident.community.sub_district_id, at),
    )  # fmt: skip
    if photo is not None:
        Photo.objects.create(deed=made, jpeg=photo.jpeg, width=photo.width, height=photo.height)
    return made


def answer_by(sub_district_id: int, at: datetime) -> datetime:
    """Until when what is sent at `at` is to be answered: some office hours later (domain guide, 9)."""
    hours = settings.value_of(settings.DEED_ANSWER_HOURS, sub_district_id, on=clock.local(at).date())
    return officehours.after(at, hours, sub_district_id)


def day_to_close(deed: Deed, at: datetime) -> date:
    """The last day to put right what was accepted at `at`: some working days later."""
    day, street = clock.local(at).date(), deed.community.sub_district_id
    return calendar.add_working_days(day, settings.value_of(settings.DEED_CLOSE_DAYS, street, on=day), street)


@verb()
def take_back(*, deed: Deed) -> Deed:
    """The resident, or a helper, takes back what nobody has answered; its photo is deleted at once.

    Whose it is the caller has asked (`Deed.objects.of`). Refuses `CannotTakeBack`, `OthersMerged`.
    """
    mine = Deed.objects.select_for_update(no_key=True, of=("self",)).get(pk=deed.pk)
    if mine.status != Status.SENT:
        raise CannotTakeBack
    if mine.merged.exists():
        raise OthersMerged
    mine.status = Status.TAKEN_BACK
    mine.save(update_fields=["status"])
    Photo.objects.filter(deed=mine).delete()
    return mine


def _said(text: str, kind: str, longest: int = LONGEST, *, needed: bool = True) -> str:
    text = text.strip()
    if kind not in Kind.values or len(text) > longest or "\0" in text or (needed and not text):
        raise SaysNothing
    return text

"""缺课的后果: two of the first three classes missed without excuse frees the seat after a notice; three in a term cost the head start.

Never points beyond what was paid (domain guide, 5.3), always told, always open to appeal (appeals.py). What counts are the
classes of days that are over: until midnight a list can still be put right. Each person is a transaction of its own; a sweep
that was cut off goes on where it stopped.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, OuterRef

from communities import settings
from communities.models import Appeal, Resident, SubDistrict, User
from core import clock, words
from core.verbs import verb
from nightschool import daytime
from nightschool.attending import attendance
from nightschool.line import waitlist
from nightschool.models import AbsenceNotice, Attendance, Enrolment, PriorityLoss, Session
from nightschool.models.attendance import AttendanceQuerySet
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words, recall, tell
from notifications.templates import Template

Status = Enrolment.Status
ABSENCE, NOTICE, LOSS = "attendance", "absence_notice", "priority_loss"
DAY = timedelta(days=1)
BACK = timedelta(days=120)  # no term is longer
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
MISSED = Template(
    "absence-notice", "缺课提醒", "《{title}》您有{missed}课缺课未说明，请{until}前联系社区，否则让出名额。", ("title",)
)
SEAT_FREED = Template(
    "seat-freed", "名额已让出", "《{title}》因缺课未说明，名额已让出。有异议请联系社区申诉。", ("title",)
)
TEMPLATES = (MISSED, SEAT_FREED)


def missed_first(seat: Enrolment, at: datetime, first: int) -> int:
    """How many of the `first` classes of the course were missed without excuse."""
    numbers = Session.objects.held().filter(course=seat.course_id).order_by("starts_at").values_list("pk", flat=True)
    return counted(at).filter(enrolment=seat, session__in=list(numbers[:first])).count()


def missed_in_term(resident: Resident, term_id: int, at: datetime) -> int:
    """How many classes of the term were missed without excuse; those of a seat that was given back count no more."""
    mine = counted(at).filter(enrolment__resident=resident, session__course__term=term_id)
    return mine.exclude(enrolment__status=Status.CANCELLED).count()


def counted(at: datetime) -> AttendanceQuerySet:
    """Absences without excuse from classes that took place on days that are over."""
    today = clock.at(clock.local(at).date(), time())
    rows = Attendance.objects.unexcused().filter(session__starts_at__lt=today)
    return rows.exclude(session__status=Session.Status.CANCELLED)


def notify_all(by: User, at: datetime) -> int:
    """Tell everybody who is to lose the seat unless it is explained; how many."""
    return sum(notify(seat=seat, by=by, at=at) for seat in _candidates(at))


def _candidates(at: datetime) -> Iterator[Enrolment]:
    """Seats without a notice whose absences may be too many, of courses that go on."""
    ahead = Session.objects.held().filter(course=OuterRef("course"), starts_at__gt=at)
    told = AbsenceNotice.objects.standing().filter(enrolment=OuterRef("pk"))
    rows = counted(at).filter(enrolment=OuterRef("pk"))
    seats = Enrolment.objects.seated().filter(Exists(ahead), Exists(rows), ~Exists(told), course__status="open")
    yield from seats.order_by("pk").select_related("course__community")


@verb()
def notify(*, seat: Enrolment, by: User, at: datetime) -> bool:
    """缺课提醒 with a day until when to explain. False when it is not due, or was said."""
    mine = attendance.held(seat.pk)
    keys = (settings.FREED_FIRST, settings.FREED_ABSENCES)
    values = settings.values_of(keys, mine.course.community.sub_district_id)
    missed = missed_first(mine, at, values[settings.FREED_FIRST])
    until = deadline(mine, at)
    if until is None or mine.status != Status.SEATED or missed < values[settings.FREED_ABSENCES]:
        return False
    if mine.absence_notices.standing().exists():
        return False
    made = AbsenceNotice.objects.create(enrolment=mine, at=at, by=by, until=until)
    when, first = words.dated(until), values[settings.FREED_FIRST]
    body = (
        f"《{mine.course.title}》开头{first}课里您有{missed}课缺课没有说明。请在{when}前说明原因或申诉；没有说明的，名额让给候补的居民，"
        "已用的积分不再退回，也不另扣分。"
    )
    short = MISSED.short(_street(mine), title=mine.course.title, missed=str(missed), until=when)
    _say(mine, f"{NOTICE}:{made.pk}", Words("缺课提醒", body, attendance.page_of(mine)), short, at)
    return True


def deadline(seat: Enrolment, at: datetime) -> datetime | None:
    """A day before the next class, so that who waits can still come to it; never less than a day from now where that is possible,
    nor in the night.

    None when no class is to come any more.
    """
    coming = Session.objects.held().filter(course=seat.course_id, starts_at__gt=at).order_by("starts_at")
    first = coming.values_list("starts_at", flat=True).first()
    return min(daytime.awake(max(first - DAY, at + DAY)), first) if first else None


def free_all(by: User, at: datetime) -> int:
    """Free the seats whose notice has run out and against which no appeal waits; how many."""
    due = AbsenceNotice.objects.standing().filter(until__lte=at, enrolment__status=Status.SEATED)
    return sum(free(notice=one, by=by, at=at) for one in due.order_by("pk"))


def held_up(notice: AbsenceNotice, at: datetime) -> bool:
    """Whether an appeal waits, against the notice or an absence that it stands on."""
    numbers = counted(at).filter(enrolment=notice.enrolment_id).values_list("pk", flat=True)
    about = [f"{NOTICE}:{notice.pk}", *(f"{ABSENCE}:{number}" for number in numbers)]
    return Appeal.objects.open().filter(about__in=about).exists()


@verb()
def free(*, notice: AbsenceNotice, by: User, at: datetime) -> bool:
    """缺课让位: nothing is returned, nothing else is taken, the next in line has the seat. False when it does not stand any more."""
    course = Enrolment.objects.values_list("course", flat=True).get(pk=notice.enrolment_id)
    waitlist.hold(course)
    mine = attendance.held(notice.enrolment_id)
    stands = AbsenceNotice.objects.standing().filter(pk=notice.pk, until__lte=at).exists()
    if not stands or mine.status != Status.SEATED or held_up(notice, at):
        return False
    mine.status, mine.cancelled_at, mine.cancelled_by = Status.FREED, at, by
    mine.cancel_reason = "缺课没有说明，名额已让出"
    mine.save(update_fields=["status", "cancelled_at", "cancelled_by", "cancel_reason"])
    recall(resident=mine.resident, occasions=[one.reminder for one in mine.course.sessions.all()])
    paid = f"已用的{mine.price}积分不退回，" if mine.price else ""
    body = f"《{mine.course.title}》因缺课没有说明，名额已让出。{paid}也没有另扣积分。有不同意见可以申诉：申诉成立的，恢复名额或全额退回。"
    short = SEAT_FREED.short(_street(mine), title=mine.course.title)
    _say(mine, f"enrolment:{mine.pk}:freed", Words("名额已让出", body, attendance.page_of(mine)), short, at)
    waitlist.offer_next(course, at=at)
    return True


def lose_all(by: User, at: datetime) -> int:
    """暂停优先 for everybody with too many absences in a term; how many."""
    limits: dict[int, int] = {}
    rows = counted(at).exclude(enrolment__status=Status.CANCELLED).filter(session__starts_at__gt=at - BACK)
    rows = rows.filter(enrolment__resident__status=Resident.Status.CONFIRMED)
    lost = PriorityLoss.objects.filter(resident=OuterRef("enrolment__resident"), term=OuterRef("session__course__term"))
    columns = ("enrolment__resident", "session__course__term", "session__course__term__sub_district")
    found = list(rows.filter(~Exists(lost)).order_by().values_list(*columns).annotate(Count("pk")))
    done = 0
    for resident, term, street, many in sorted(found):
        if street not in limits:
            limits[street] = settings.value_of(settings.TERM_ABSENCES, street)
        if many >= limits[street]:
            person = Resident.objects.select_related("community").get(pk=resident)
            done += lose(resident=person, term_id=term, street=street, by=by, at=at)
    return done


@verb()
def lose(*, resident: Resident, term_id: int, street: int, by: User, at: datetime) -> bool:
    """No head start for some days; the points stay whole. False when it was said for this term."""
    today = clock.local(at).date()
    until = today + timedelta(days=settings.value_of(settings.PRIORITY_DAYS, street))
    made, new = PriorityLoss.objects.get_or_create(
        resident=resident, term_id=term_id, defaults={"begins": today, "until": until, "by": by, "at": at}
    )
    if not new:
        return False
    body = f"{made.term}您有多次缺课没有说明，{words.day(until)}前不能在优先时段报名，过了优先时段照常报名。积分没有变动。有不同意见可以申诉。"
    tell(
        resident=resident,
        occasion=f"{LOSS}:{made.pk}",
        words=Words("暂停优先报名", body, f"/appeals/{LOSS}:{made.pk}/"),
    )
    return True


def review(seat: Enrolment, by: User, reason: str, at: datetime) -> None:
    """After an absence counts no more: what it had led to is taken back. Part of the verb that changed it, with the seat held."""
    keys = (settings.FREED_FIRST, settings.FREED_ABSENCES, settings.TERM_ABSENCES)
    values = settings.values_of(keys, seat.course.community.sub_district_id)
    notices = seat.absence_notices.standing()
    kept = seat.status == Status.SEATED and missed_first(seat, at, values[settings.FREED_FIRST])
    if seat.status == Status.SEATED and kept < values[settings.FREED_ABSENCES]:
        for notice in notices:
            lift_notice(notice, seat, by, reason, at)
    term = seat.course.term_id
    if missed_in_term(seat.resident, term, at) < values[settings.TERM_ABSENCES]:
        for loss in PriorityLoss.objects.filter(resident=seat.resident, term=term, lifted_at=None):
            lift_loss(loss, by, reason, at)


def lift_notice(notice: AbsenceNotice, seat: Enrolment, by: User, reason: str, at: datetime) -> None:
    """The seat stays; the resident is told. Part of a verb that holds the seat."""
    notice.lifted_at, notice.lifted_by, notice.lift_reason = at, by, reason[:60]
    notice.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    recall(resident=seat.resident, occasions=[f"{NOTICE}:{notice.pk}"])
    said = Words("缺课提醒已撤销", f"《{seat.course.title}》的名额为您保留：{reason}。", attendance.page_of(seat))
    tell(resident=seat.resident, occasion=f"{NOTICE}:{notice.pk}:lifted", words=said)


def lift_loss(loss: PriorityLoss, by: User, reason: str, at: datetime) -> None:
    """Priority is back; the resident is told. Part of a verb."""
    locked = (
        PriorityLoss.objects.select_for_update(no_key=True, of=("self",)).select_related("resident").get(pk=loss.pk)
    )
    if locked.lifted_at is not None:
        return
    locked.lifted_at, locked.lifted_by, locked.lift_reason = at, by, reason[:60]
    locked.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
    said = Words("恢复优先报名", f"您可以在优先时段报名了：{reason}。", "/night-school/")
    tell(resident=locked.resident, occasion=f"{LOSS}:{loss.pk}:lifted", words=said)


def losses_of(resident: Resident, day: date) -> list[PriorityLoss]:
    """Those that stand on `day`."""
    rows = PriorityLoss.objects.filter(resident=resident, lifted_at=None, begins__lte=day, until__gte=day)
    return list(rows.select_related("term").order_by("pk"))


def _street(seat: Enrolment) -> SubDistrict:
    return seat.course.community.sub_district


def _say(seat: Enrolment, occasion: str, said: Words, short: Words, at: datetime) -> None:
    """In the inbox, and by short message where there is a phone; at night it waits for the morning."""
    due = quiet.calm(at)
    rows = [outbox.message(occasion, said, INBOX, resident=seat.resident, due_at=due)]
    if seat.resident.phone:
        rows.append(outbox.message(occasion, short, SMS, resident=seat.resident, due_at=due))
    outbox.tell_many(rows)

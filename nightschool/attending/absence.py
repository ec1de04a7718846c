"""缺课: who was neither seen, nor ticked, nor on leave, is written down after the day of the class; and what excuses it.

Only for a class whose roll was called: somebody called a person absent, or half of the people are written down. Of another one too
little is known (two scans say nothing of those without a phone), and the staff are asked to call it from the paper (`uncalled`).
"""

from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse

from communities import duties
from communities.kin import refusal_between
from communities.models import User
from communities.todo import Waiting
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from nightschool.attending import attendance, consequences, restoring
from nightschool.attending.calling_roll import DESK_DAYS
from nightschool.models import Attendance, Enrolment, Session
from notifications.models import Message
from notifications.outbox import Words, tell

Status, How = Attendance.Status, Attendance.How
KEPT = (How.CODE, How.LIST, How.DESK)  # somebody saw the person, or called them
CALLED = (How.LIST, How.DESK)
QUIET = timedelta(hours=2)  # a list that is just being typed is left alone
BACK = timedelta(days=60)
LONGEST = 60


class NotAbsent(Refused):
    code = "not_absent"
    message = "这次课没有记缺课，或已经办过“不计缺课”，没有改动。"


class OwnAbsence(Refused):
    code = "own_absence"
    message = "不能为自己、家人或由您代办的居民办理“不计缺课”，没有改动。请由另一位同事办理。"
    status = 403


class NoExcuse(BadInput):
    code = "no_excuse"
    message = f"请写明原因，不超过{LONGEST}字，没有改动。"


def sweep(at: datetime) -> dict[str, int]:
    """Absences, those of lists that were told, notices, freed seats, lost priorities: how many of each. May be run twice."""
    by = User.objects.get(username="system")
    absent = sum(
        stay_away(session=session, seat=seat, by=by, at=at)
        for session in unfinished(at) for seat in unknown(session)
    )  # fmt: skip
    told = sum(tell_absent(row=row, at=at) for row in untold(at))
    return {
        "absent": absent, "told": told, "noticed": consequences.notify_all(by, at),
        "freed": consequences.free_all(by, at), "lost": consequences.lose_all(by, at),
    }  # fmt: skip


def called(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Those whose roll was called: a colleague called somebody absent, or at least half of the people are written down."""
    rows = Attendance.objects.filter(session=OuterRef("pk"))
    gone = rows.filter(Q(how__in=CALLED, status=Status.ABSENT) | Q(how=How.SWEEP))
    known = rows.filter(Q(how__in=KEPT) | Q(status=Status.LEAVE), enrolment__status=Enrolment.Status.SEATED)
    counted = sessions.annotate(written=_many(known, "session"), people=_many(_seats(), "course"))
    half = Q(Exists(rows.filter(how__in=KEPT)), written__gte=F("people") - F("written"))
    return counted.filter(Exists(gone) | half)


def _seats() -> QuerySet[Enrolment]:
    """Of the class in question: who had a seat when it began, and has it still."""
    return Enrolment.objects.seated().filter(course=OuterRef("course"), at__lt=OuterRef("starts_at"))


def _many(rows: "QuerySet[Attendance] | QuerySet[Enrolment]", by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(many=Count("pk")).values("many")
    return Coalesce(Subquery(counted), 0)


def unfinished(at: datetime) -> list[Session]:
    """Classes of days that are over, whose roll was called and is not just being typed, with people of whom nothing is written."""
    today = clock.at(clock.local(at).date(), time())
    fresh = Attendance.objects.filter(session=OuterRef("pk"), how__in=KEPT, at__gt=at - QUIET)
    mine = Attendance.objects.filter(session=OuterRef(OuterRef("pk")), enrolment=OuterRef("pk"))
    over = Session.objects.held().filter(starts_at__lt=today, ends_at__gt=at - BACK, course__status="open")
    found = called(over.filter(~Exists(fresh), Exists(_seats().filter(~Exists(mine)))))
    return list(found.select_related("course__community").order_by("starts_at", "pk"))


def unknown(session: Session) -> list[Enrolment]:
    """Who had a seat when the class began, has it still, and is in no row."""
    rows = Attendance.objects.filter(session=session, enrolment=OuterRef("pk"))
    seats = Enrolment.objects.seated().filter(course=session.course_id, at__lt=session.starts_at)
    return list(seats.filter(~Exists(rows)).order_by("pk"))


def untold(at: datetime) -> list[Attendance]:
    """Absences out of a list, of days that are over, of which the person was not told yet."""
    occasion = Concat(Value("attendance:"), Cast("pk", CharField()), Value(":absent"))
    said = Message.objects.filter(resident=OuterRef("enrolment__resident"), staff=None, occasion=OuterRef("occasion"))
    rows = consequences.counted(at).filter(how__in=CALLED, at__lte=at - QUIET, session__ends_at__gt=at - BACK)
    found = rows.filter(enrolment__status=Enrolment.Status.SEATED).alias(occasion=occasion).filter(~Exists(said))
    return list(found.order_by("pk"))


@verb()
def tell_absent(*, row: Attendance, at: datetime) -> bool:
    """A list called somebody absent, and it was not put right on the day. False when it was put right meanwhile."""
    seat = attendance.held(row.enrolment_id)
    mine = Attendance.objects.unexcused().select_related("session__course").filter(pk=row.pk).first()
    if mine is None:
        return False
    _say(mine, seat, f"{attendance.named(mine.session)}点名时没有到，记为缺课。")
    return True


@verb()
def stay_away(*, session: Session, seat: Enrolment, by: User, at: datetime) -> bool:
    """缺课, and the person is told how to have it put right. False when somebody was faster."""
    mine = attendance.held(seat.pk)
    if mine.status != Enrolment.Status.SEATED or attendance.row_of(session, mine):
        return False
    row = attendance.write(None, session, mine, Status.ABSENT, How.SWEEP, by, at)
    _say(row, mine, f"{attendance.named(session)}没有签到，记为缺课。")
    return True


def _say(row: Attendance, seat: Enrolment, what: str) -> None:
    body = f"{what}其实到了或有特殊原因的，请告诉社区或申诉。积分没有变动。"
    said = Words("记了一次缺课", body, attendance.page_of(seat))
    tell(resident=seat.resident, occasion=f"attendance:{row.pk}:absent", words=said)


def refusal_to_excuse(row: Attendance, by: User) -> Refused | None:
    """Why `by` does not excuse this absence; None when nothing stands against it."""
    if not duties.holds(by, row.session.course.community):
        return duties.NotYourDuty()
    if row.status != Status.ABSENT or row.excused_at:
        return NotAbsent()
    return refusal_between(by=by, beneficiaries=[row.enrolment.resident], family=OwnAbsence())


@verb(restoring.REFUSALS)
def excuse(*, row: Attendance, reason: str, by: User, at: datetime | None = None) -> Attendance:
    """不计缺课: it stays written and counts no more; what it had led to is taken back. Refuses what `refusal_to_excuse` says."""
    at = at or clock.now()
    seat = restoring.held(row.enrolment_id)
    mine = Attendance.objects.select_related("session__course__community", "enrolment__resident").get(pk=row.pk)
    if refused := refusal_to_excuse(mine, by):
        raise refused
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise NoExcuse
    return excused(mine, seat, reason, by, at)


def excused(row: Attendance, seat: Enrolment, reason: str, by: User, at: datetime) -> Attendance:
    """Part of `excuse`, and of answering an appeal; the seat is held (`restoring.held`)."""
    row.excused_at, row.excused_by, row.note = at, by, reason[:LONGEST]
    row.save(update_fields=["excused_at", "excused_by", "note"])
    said = f"{attendance.named(row.session)}不计缺课：{row.note}。"
    words = Words("不计缺课", said, attendance.page_of(seat))
    tell(resident=seat.resident, occasion=f"attendance:{row.pk}:excused:{int(at.timestamp())}", words=words)
    consequences.review(seat, by, "缺课已说明", at)
    restoring.review(seat, by, "缺课已说明", at)
    return row


def uncalled(at: datetime) -> QuerySet[Session]:
    """Classes that took place, with people who had seats, whose roll was not called."""
    since = at - timedelta(days=DESK_DAYS)
    over = Session.objects.held().filter(ends_at__lte=at, starts_at__gt=since, course__status="open")
    known = called(Session.objects.filter(starts_at__gt=since, ends_at__lte=at))
    return over.filter(Exists(_seats())).exclude(pk__in=known.values("pk"))


def rows(user: User) -> list[Waiting]:
    """To-do: classes whose roll is still to be called from the paper."""
    return [
        Waiting(
            "courses", "夜校课次待点名", f"{reverse('desk:classes')}?state=uncalled", partial(_waiting, user), "starts_at",
            lambda first, _: first + timedelta(days=DESK_DAYS), leads=("desk:class", "pk"),
        )
    ]  # fmt: skip


def _waiting(user: User, _: object) -> QuerySet[Session]:
    mine = Q(course__community__in=duties.served_by(user))
    return uncalled(clock.now()).filter(mine)

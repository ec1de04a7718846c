"""申请: wishing for a seat of a course that is drawn by lot (抽签) or given by the community (社区审核).

An application neither charges nor seats: the draw (drawing_lots.py) or the approval (approving.py) does both. Within the window the
hour makes no difference, so nobody comes first and one course each is no rule here: those options are for courses that are first
come, first served (courses.prepare).
"""

from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Q

from communities import closing, waiting
from communities.models import Resident, User
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals, verb
from nightschool import enrolment, family
from nightschool.models import Application, Channel, Course, Draw, Enrolment, Session
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words

APPLICATIONS = (
    6004  # the kind of this line among all (communities/waiting.py): the first lock of whoever applies or draws
)
Status = Application.Status


class FirstCome(Refused):
    code = "first_come"
    message = "这门课先到先得，不用申请，什么都没有改动。请直接报名。"


class AlreadyApplied(Refused):
    code = "already_applied"
    message = "您已经申请过这门课了，没有重复申请，积分没有扣。可在“我的码”里查看。"


class NotApplied(Refused):
    code = "not_applied"
    message = "这份申请已经撤回，什么都没有改动，积分没有变动。"


class AlreadySettled(Refused):
    code = "application_settled"
    message = "这份申请已经有了结果，没有再改动，积分没有变动。"


class ClassesOver(Refused):
    code = "classes_over"
    message = "这门课已经上完了，没有报上名额，积分没有扣。请看看其他课程。"


REFUSALS: Refusals = {
    "application_once": lambda _: AlreadyApplied(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


def hold(course_id: int) -> None:
    """Nobody else applies for this course, nor draws it, until the transaction ends. Comes before every other lock."""
    waiting.hold(APPLICATIONS, course_id)


def mine_of(course_id: int, resident: Resident | None) -> Application | None:
    """What the resident asked for, whatever became of it; not what was withdrawn."""
    if resident is None:
        return None
    mine = Application.objects.of(resident).filter(course=course_id).exclude(status=Status.WITHDRAWN)
    return mine.select_related("course", "enrolment").first()


def over(at: datetime) -> Q:
    """For a query of applications: the last class of the course is over (or there is none), and nobody can be let in any more."""
    return ~Q(Exists(Session.objects.held().filter(course=OuterRef("course"), ends_at__gt=at)))


def refusal_for(
    facts: enrolment.Facts, resident: Resident | None, at: datetime, *, mine: Application | None = None
) -> Refused | None:
    """Why `resident` cannot apply at `at`; None when nothing stands against it. Being short of points does not.

    `mine` is what `mine_of` found.
    """
    reasons = [
        (facts.is_seated, enrolment.AlreadyEnrolled()),
        (facts.status == Course.Status.CANCELLED, enrolment.CourseCancelled()),
        (facts.mode == Course.Mode.FIRST, FirstCome()),
        (mine is not None, AlreadyApplied()),
        (at >= facts.closes_at, enrolment.SignUpClosed()),
        (at < facts.opens_at, enrolment.NotOpenYet()),
        *(enrolment.against(resident, facts, at) if resident else []),
        (resident is None, enrolment.NotSignedIn()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def refusal_to_seat(facts: enrolment.Facts, application: Application, at: datetime) -> Refused | None:
    """Why an application cannot become a seat at `at`. What is for ever comes first, then the seats, then the points."""
    ended = Application.objects.filter(over(at), pk=application.pk).exists()
    reasons = [
        (facts.is_seated, enrolment.AlreadyEnrolled()),
        (facts.status == Course.Status.CANCELLED, enrolment.CourseCancelled()),
        (ended, ClassesOver()),
        *enrolment.against(application.resident, facts, at),
        (facts.taken >= facts.capacity, enrolment.CourseFull()),
        *enrolment.against_payment(facts, purse=False),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def apply(*, course_id: int, resident: Resident, by: User, channel: Channel, at: datetime | None = None) -> Application:
    """Ask for a seat; the resident is told the number. Refuses with everything that `refusal_for` says.

    Somebody whose look was in time and who then waited for the lock is too late once the list is frozen.
    """
    at = at or clock.now()
    hold(course_id)
    facts = enrolment.facts_of(course_id, resident, at, False)
    if refused := refusal_for(facts, resident, at, mine=mine_of(course_id, resident)):
        raise refused
    if Draw.objects.filter(course=course_id, drawn_at__isnull=False).exists():
        raise enrolment.SignUpClosed
    last = Application.objects.filter(course=course_id).aggregate(last=Max("number"))["last"] or 0
    made = Application.objects.create(
        course_id=course_id,
        resident=resident,
        number=last + 1,
        channel=channel,
        by=by,
        at=at,
        guardian_id=facts.guardian,
    )
    drawn = facts.mode == Course.Mode.DRAW
    what = f"{words.dated(facts.closes_at)}截止后抽签，抽中才" if drawn else "社区审核，通过才"
    paid = f"使用{facts.price}积分" if facts.price else "算报上"
    body = (
        f"《{facts.title}》已收到您的申请，编号{made.number}。{what}{paid}，结果会告诉您。{family.said(resident, by)}"
    )
    tell(made, ":made", Words("夜校申请已收到", body, link(made)))
    return made


@verb()
def withdraw(*, application: Application, by: User, at: datetime | None = None) -> Application:
    """Take it back before it is decided. Refuses one that is decided or withdrawn already."""
    mine = locked(application)
    return settle(mine, Status.WITHDRAWN, by=by, at=at or clock.now())


def seat(application: Application, facts: enrolment.Row, *, by: User, at: datetime) -> Enrolment:
    """Charge and seat whom `refusal_to_seat` lets through."""
    channel = Channel(application.channel)
    return enrolment.seat(application.course_id, facts, application.resident, by, channel, at, False)


def locked(application: Application) -> Application:
    """The row, ours until the transaction ends, still undecided. Refuses one that was withdrawn or settled meanwhile."""
    rows = Application.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("course__community__sub_district", "resident", "guardian").get(pk=application.pk)
    if mine.status == Status.WITHDRAWN:
        raise NotApplied
    if mine.status != Status.APPLIED:
        raise AlreadySettled
    return mine


def settle(
    mine: Application, status: str, *, by: User, at: datetime, reason: str = "", seat: int | None = None
) -> Application:
    """Write what became of it, on the locked row."""
    mine.status, mine.decided_at, mine.decided_by, mine.reason = status, at, by, reason[:100]
    mine.enrolment_id = seat
    mine.save(update_fields=["status", "decided_at", "decided_by", "reason", "enrolment"])
    return mine


def tell(mine: Application, about: str, said: Words, *, sms: Words | None = None, at: datetime | None = None) -> None:
    """One row in the inbox, and a short message by day if there is a phone and something to be rung about."""
    at = at or clock.now()
    occasion = f"application:{mine.pk}{about}"
    rows = [outbox.message(occasion, said, Message.Channel.INBOX, resident=mine.resident, due_at=at)]
    if sms and mine.resident.phone:
        rows.append(outbox.message(occasion, sms, Message.Channel.SMS, resident=mine.resident, due_at=quiet.calm(at)))
    outbox.tell_many(rows)


def link(mine: Application) -> str:
    return f"/applications/{mine.pk}/"

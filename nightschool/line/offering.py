"""空出的名额: whoever makes a seat free offers it to those who wait, in the same transaction, the first first.

So nobody ever waits in front of a free seat. The clock of an offer, and what people are told, keep the night quiet; where no offer
could be used any more the line is over instead. The verbs of those who wait: waitlist.py.
"""

from datetime import datetime, timedelta

from django.urls import reverse

from communities import settings, waiting
from core import words
from core.refusals import Refused
from nightschool import daytime, enrolment
from nightschool.models import ONLINE, Course, Waiting
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import ONE, Template, cut

LINE = 6002  # the kind of this line among all (communities/waiting.py), and in nightschool_enrol
Status = Waiting.Status
INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
OFFER = Template("seat-offer", "候补轮到您了", "《{title}》候补轮到您了，请在{until}前确认。", ("title",))
OFFER_RING = Template("seat-offer-ring", "候补轮到您了", "《{title}》候补轮到您了，请在{until}前确认，也可打{phone}。")
TEMPLATES = (OFFER, OFFER_RING)


def hold(course_id: int) -> None:
    """Nobody else joins, leaves or moves up in the line of this course until the transaction ends."""
    waiting.hold(LINE, course_id)


def offer_next(course_id: int, *, at: datetime) -> list[Waiting]:
    """Offer every free seat of the course to those who wait, the first first. Called inside a verb that made a seat free.

    Who cannot have the seat any more (age, a file that is not confirmed) is taken out of the line and told why.
    """
    hold(course_id)
    course = _locked(course_id)
    if course.status != Course.Status.OPEN:
        let_go(course, at=at)
        return []
    waits = list(course.line.in_line().select_related("resident__community"))
    if not waits or course.taken >= course.capacity:
        return []
    until = daytime.until(line_until(course))
    if quiet.calm(at) >= until:
        let_go(course, at=at)
        return []
    until = min(until, deadline(course, at))
    offered: list[Waiting] = []
    for one in waits:
        online = one.channel in ONLINE
        if course.taken >= course.capacity:
            break
        if online and course.online >= course.capacity - course.held:
            continue  # what is left is held for a call or the counter
        if refused := unfit(one, course, at):
            _pass_over(one, course, refused, at)
            continue
        _offer(one, course, until, at)
        course.taken, course.online = course.taken + 1, course.online + online
        offered.append(one)
    return offered


def deadline(course: Course, at: datetime) -> datetime:
    """Until when an offer made at `at` stands: 24 hours, 2 when a class begins within a day; the night does not count.

    It never outlasts a class for which the next in line could still be asked: then it ends as long before it as that takes.
    """
    keys = (settings.OFFER_HOURS, settings.OFFER_NEAR_HOURS)
    hours = settings.values_of(keys, course.community.sub_district_id)
    near, long = (timedelta(hours=hours[key]) for key in (settings.OFFER_NEAR_HOURS, settings.OFFER_HOURS))
    coming = course.sessions.held().filter(starts_at__gt=at).order_by("starts_at").values_list("starts_at", flat=True)
    first = coming.first()
    if first is None:
        return daytime.after(at, long)
    if first - at <= timedelta(days=1):
        return daytime.after(at, near)
    before = daytime.until(first - near)
    return max(daytime.after(at, near), min(daytime.after(at, long), before))


def line_until(course: Course) -> datetime:
    """When nobody is let in any more: after the third class (setting), or the last one of a shorter course."""
    lessons = settings.value_of(settings.LINE_LESSONS, course.community.sub_district_id)
    ends = list(course.sessions.held().order_by("starts_at").values_list("ends_at", flat=True)[:lessons])
    return ends[-1] if ends else course.closes_at


def unfit(one: Waiting, course: Course, at: datetime) -> Refused | None:
    """Why this person could not take the seat at all; who is short of points may earn them until the offer ends."""
    facts = enrolment.facts_of(course.pk, one.resident, at, False)
    return next((refused for stands, refused in enrolment.against(one.resident, facts, at) if stands), None)


def let_go(course: Course, *, at: datetime) -> list[Waiting]:
    """Whoever still waits does so no longer, and is told. Of a course that is called off the open offers end too.

    Called with the line held.
    """
    off = course.status != Course.Status.OPEN
    ending = course.line.standing() if off else course.line.in_line()
    gone = list(ending.select_related("resident").order_by("place", "pk"))
    why = "已停办" if off else "已经开课，一直没有轮到您"
    for one in gone:
        end(one, Status.OVER, at)
    outbox.tell_many(
        outbox.message(
            f"waiting:{one.pk}:over",
            Words("候补结束", f"《{course.title}》{why}，候补结束，没有扣积分。欢迎看看其他课程。", "/night-school/"),
            INBOX, resident=one.resident, due_at=quiet.calm(at),
        )
        for one in gone
    )  # fmt: skip
    return gone


def end(mine: Waiting, status: str, at: datetime) -> None:
    """It stands no longer, and what was not yet said of its offer is not said. Called with the line held."""
    mine.status, mine.ended_at = status, at
    mine.save(update_fields=["status", "ended_at"])
    outbox.recall(resident=mine.resident, occasions=[mine.occasion])


def page_of(course_id: int) -> str:
    """Where the person sees the own place and answers an offer."""
    return reverse("nightschool:wait", args=[course_id])


def _locked(course_id: int) -> Course:
    rows = Course.objects.select_for_update(no_key=True, of=("self",)).select_related("community__sub_district")
    return rows.get(pk=course_id)


def _pass_over(one: Waiting, course: Course, refused: Refused, at: datetime) -> None:
    end(one, Status.OVER, at)
    body = f"《{course.title}》的候补轮到您，但这次不能报名：{refused.message}候补已结束。"
    said = Words("候补结束", body, page_of(course.pk))
    outbox.tell(resident=one.resident, occasion=f"waiting:{one.pk}:over", words=said, due_at=quiet.calm(at))


def _offer(one: Waiting, course: Course, until: datetime, at: datetime) -> None:
    one.status, one.offered_at, one.offer_until = Status.OFFERED, at, until
    one.save(update_fields=["status", "offered_at", "offer_until"])
    pays = f"确认后使用{course.price}积分" if course.price else "这门课不用积分"
    body = (
        f"《{course.title}》空出一个名额，轮到您了。请在{words.dated(until)}前确认，{pays}；不要了请点“放弃”，好让给下一位。"
        "到时没有确认，名额就给下一位，不扣积分。"
    )
    due = quiet.calm(at)
    said = Words("候补轮到您了", body, page_of(course.pk))
    rows = [outbox.message(one.occasion, said, INBOX, resident=one.resident, due_at=due)]
    if one.resident.phone:
        sms = sms_of(course, until)
        rows.append(outbox.message(one.occasion, sms, SMS, resident=one.resident, due_at=due, until=until))
    outbox.tell_many(rows)


def sms_of(course: Course, until: datetime) -> Words:
    """The short message: whom to ring is left out where there is no number or it would cost two."""
    street, title, last = course.community.sub_district, cut(course.title, 12), words.dated(until)
    ring = OFFER_RING.short(street, title=title, until=last, phone=course.community.phone)
    fits = course.community.phone and len(ring.body) <= ONE
    return ring if fits else OFFER.short(street, title=title, until=last)

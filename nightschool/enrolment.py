"""Taking a seat. Pages, REST, desk and shell all come through here; giving it back: leaving.py; the line: waitlist.py."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, cast

from django.db.models import Q

from communities import closing
from communities.guardians import CHILD
from communities.models import Resident, User
from communities.models.guardians import ADULT
from core import clock, words
from core.refusals import Refused
from core.sql import call
from core.verbs import Refusals, verb
from nightschool import family
from nightschool.models import ONLINE, Channel, Course, Enrolment, Waiting
from notifications.outbox import told
from points import ledger, purse as common

if TYPE_CHECKING:
    from nightschool.seen import Offer


class UnknownCourse(Refused):
    code = "unknown_course"
    message = "没有找到这门课，您的积分没有扣。请从课程列表里重新选择。"
    status = 404


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认您的登记，暂时不能报名，您的积分没有扣。一般一个工作日内确认，急用可打社区电话。"


class CourseCancelled(Refused):
    code = "course_cancelled"
    message = "这门课已停办，您的积分没有扣。请看看其他课程。"


class NotOpenYet(Refused):
    code = "not_open_yet"
    message = "这门课还没有开始报名，您的积分没有扣。请到时间再来。"


class SignUpClosed(Refused):
    code = "sign_up_closed"
    message = "这门课的报名已经截止，您的积分没有扣。请看看其他课程。"


class OtherSubDistrict(Refused):
    code = "other_sub_district"
    message = "这门课只对本街道居民开放，您的积分没有扣。"


class WrongAge(Refused):
    code = "wrong_age"
    message = "这门课有年龄要求，您的积分没有扣。请看课程的“对象”一栏。"


class NeedsGuardian(Refused):
    code = "guardian_needed"
    message = "14至17周岁报名要监护人同意，您的积分没有扣。请监护人在自己手机的“我的—孩子”里同意，或一起到社区窗口。"


class AlreadyEnrolled(Refused):
    code = "already_enrolled"
    message = "您已经报过这门课了，没有重复扣积分。可在“我的码”里查看。"


class CourseFull(Refused):
    code = "course_full"
    message = "最后一个名额刚被兑走了，您的积分没有扣。可以加入候补，有人退课按顺序通知您。"


class NotSignedIn(Refused):
    code = "not_signed_in"
    message = "登录后才能报名，您的积分没有扣。请先登录。"


class ByDraw(Refused):
    code = "by_draw"
    message = "这门课由抽签决定名额，您的积分没有扣。请先申请参加抽签，抽中后才使用积分。"


class ByApproval(Refused):
    code = "by_approval"
    message = "这门课由社区审核名额，您的积分没有扣。请先提出申请，通过后才使用积分。"


class OwnCommunityFirst(Refused):
    code = "own_community_first"
    message = "现在只限开课社区的居民报名，您的积分没有扣。请过了优先时段再来。"


class HeadStartLost(Refused):
    code = "head_start_lost"
    message = "因一期内三次无故缺课，您暂不能在优先时段报名，您的积分没有扣。过了优先时段就可以报名；有异议可以申诉。"


class OneEach(Refused):
    code = "one_each"
    message = "报名开始阶段每人限报一门，您已报了本期另一门课，积分没有扣。过后还有名额可以再报。"


class PeopleWait(Refused):
    code = "people_wait"
    message = "有人在候补，空出的名额按顺序给他们，您的积分没有扣。可以加入候补。"


class NoOffer(Refused):
    code = "no_offer"
    message = "这个候补名额已经不再为您保留，您的积分没有扣。可能已超时或已放弃，请看“我的码”。"


class OfferedToYou(Refused):
    code = "offered_to_you"
    message = "候补轮到您了，名额为您留着，您的积分还没有扣。请在“我的码”里确认。"


class HeldForCounter(Refused):
    code = "held_for_counter"
    message = (
        "网上名额已满，剩下的名额先留给打电话和到窗口报名的居民，您的积分没有扣。可以加入候补，没用完的先补给候补。"
    )


FACTS = "SELECT * FROM nightschool_facts(%s, %s, %s, %s)"
ENROL = "SELECT * FROM nightschool_enrol(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
REFUSALS: Refusals = {
    **ledger.REFUSALS,
    "course_seats": lambda _: CourseFull(),
    "course_seats_online": lambda _: HeldForCounter(),
    "enrolment_once": lambda _: AlreadyEnrolled(),
    "NS001": lambda _: CourseCancelled(),
    "NS002": lambda _: NoOffer(),
    "NS003": lambda _: OneEach(),
    "NS004": lambda _: OfferedToYou(),
    "NS005": lambda _: PeopleWait(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


# What decides about one resident and one course: a course from `look`, or the row of `nightschool_facts`.
Facts: TypeAlias = "Offer | Row"


def look(course_id: int, resident: Resident | None, at: datetime) -> "Offer":
    """The course with all that decides for `resident` in one unlocked query; refuses what is not shown.

    Whose own points are short is worth another query: what the household's purse holds.
    """
    found = (
        Course.objects.shown()
        .with_view_of(resident, at)
        .select_related("community__sub_district", "room", "partner", "term")
        .annotate(pictured=Q(photo__isnull=False))
    )
    course = found.filter(pk=course_id).first()
    if course is None:
        raise UnknownCourse
    offer = cast("Offer", course)
    offer.purse = common.spendable(resident, at) if resident and offer.spendable < offer.price else None
    offer.guardian = family.guardian_of(resident, at)
    return offer


def refusal_for(
    course: Facts, resident: Resident | None, at: datetime, *, purse: bool = False, channel: Channel = Channel.PHONE
) -> Refused | None:
    """Why `resident` cannot take a seat at `at`; None when nothing stands against it. Pages, REST and the verb all ask.

    A visitor (None) hears what stands against everybody, and otherwise to sign in. With `purse` 家庭积分 is to pay. Through
    `channel` call or desk the seats that are held for them can be had as well.
    """
    reasons = [
        (course.is_seated, AlreadyEnrolled()),
        (course.status == Course.Status.CANCELLED, CourseCancelled()),
        (course.waiting == Waiting.Status.OFFERED, OfferedToYou()),
        (at >= course.closes_at, SignUpClosed()),
        (course.mode == Course.Mode.DRAW, ByDraw()),
        (course.mode == Course.Mode.APPROVAL, ByApproval()),
        (at < course.opens_at, NotOpenYet()),
        *(against(resident, course, at) if resident else []),
        *(_against_time(resident, course, at) if resident else []),
        *_against_seats(course, channel),
        (resident is None, NotSignedIn()),
        *against_payment(course, purse=purse),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _against_time(resident: Resident, course: Facts, at: datetime) -> list[tuple[bool, Refused]]:
    early = course.head_start_until is not None and at < course.head_start_until
    return [
        (early and course.own_first and resident.community_id != course.community_id, OwnCommunityFirst()),
        (course.late, HeadStartLost()),
        (course.elsewhere, OneEach()),
    ]


def _against_seats(course: Facts, channel: Channel) -> list[tuple[bool, Refused]]:
    """Full; full for those who come online; or free, but not for who comes online and has not waited."""
    return [
        (course.taken >= course.capacity, CourseFull()),
        (channel in ONLINE and course.online >= course.capacity - course.held, HeldForCounter()),
        (channel in ONLINE and course.waits, PeopleWait()),
    ]


def against_payment(course: Facts, *, purse: bool) -> list[tuple[bool, Refused]]:
    """What stands against paying for the seat, by the own wallet or with `purse` by the household."""
    return _against_purse(course) if purse else _against_wallet(course)


def purse_pays(course: "Offer", resident: Resident, at: datetime, *, channel: Channel = Channel.PHONE) -> bool:
    """Whether only the household's purse can pay for this seat: the own points are short, and nothing else stands against it."""
    return course.purse is not None and refusal_for(course, resident, at, purse=True, channel=channel) is None


def _against_wallet(course: Facts) -> list[tuple[bool, Refused]]:
    return [(course.spendable < course.price, ledger.ShortOfPoints(course.price - course.spendable))]


def _against_purse(course: Facts) -> list[tuple[bool, Refused]]:
    if course.purse is None:
        return [(course.price > 0, ledger.NoPurse())]
    return [(course.purse < course.price, common.ShortOfPurse(course.price - course.purse))]


def against(resident: Resident, course: Facts, at: datetime) -> list[tuple[bool, Refused]]:
    """What stands against the person, whatever the way to the seat. Whose age nobody knows was confirmed as an adult."""
    age = family.age_at(resident, at)
    return [
        (not resident.confirmed, NotConfirmed()),
        (resident.community.sub_district_id != course.sub_district_id, OtherSubDistrict()),
        (age is not None and not max(CHILD, course.min_age) <= age <= (course.max_age or 200), WrongAge()),
        (age is not None and age < ADULT and course.guardian is None, NeedsGuardian()),
    ]


def enrol(
    *, course_id: int, resident: Resident, by: User, channel: Channel, purse: bool = False,
    at: datetime | None = None,
) -> Enrolment:  # fmt: skip
    """Charge and seat `resident` in one transaction: no seat without charge, no charge without seat.

    With `purse` the household pays what the own points lack. Refuses with everything that `refusal_for` says. The look
    takes no lock and answers most people of a rush.
    """
    at = at or clock.now()
    facts = facts_of(course_id, resident, at, purse)
    if refused := refusal_for(facts, resident, at, purse=purse, channel=channel):
        raise refused
    return seat(course_id, facts, resident, by, channel, at, purse)


@verb(REFUSALS)
def seat(
    course_id: int, facts: "Row", resident: Resident, by: User, channel: Channel, at: datetime, purse: bool,
    guardian: Resident | None = None, offer: Waiting | None = None,
) -> Enrolment:  # fmt: skip
    """The one writer of seats: charge, tell, seat. For verbs that have asked their own “why not?” about `facts`.

    With `offer` it is the seat that was kept for the resident: refuses (`NoOffer`) when it is kept no longer. The `guardian` of
    somebody of 14 to 17 is the one who agreed, unless another is named.
    """
    agreed = guardian.pk if guardian else facts.guardian
    mine = Enrolment(
        course_id=course_id, resident=resident, price=facts.price, by=by, channel=channel, at=at, guardian_id=agreed
    )
    first = words.dated(facts.first_starts_at) if facts.first_starts_at else "时间待定"
    paid = f"使用{'家庭积分' if purse else ''}{facts.price}积分。" if facts.price else ""
    body = f"您已报名《{facts.title}》，首课{first}，{facts.room}。{paid}{family.said(resident, by)}"
    mine.pk, mine.entry_id = call(
        ENROL, course_id, resident.pk, facts.price, facts.community_id, channel.value, by.pk, at,
        mine.token, mine.number, f"夜校《{facts.title}》", "夜校报名成功", body, purse,
        agreed, offer and offer.pk,
    )  # fmt: skip
    mine._state.adding = False
    if purse and mine.entry_id:
        common.tell_relatives(
            entry=mine.entry_id, payer=resident, occasion=f"enrolment:{mine.pk}:purse",
            say=lambda points: f"家人用家庭积分报名《{facts.title}》，从您的积分使用了{points:,}积分。",
        )  # fmt: skip
    told()
    return mine


class Row(NamedTuple):
    """A row of the SQL function `nightschool_facts`, in its order."""

    title: str
    room: str
    status: str
    price: int
    capacity: int
    taken: int
    opens_at: datetime
    closes_at: datetime
    min_age: int
    max_age: int | None
    community_id: int
    sub_district_id: int
    first_starts_at: datetime | None
    is_seated: bool
    spendable: int
    purse: int | None
    mode: str
    online: int
    held: int
    own_first: bool
    head_start_until: datetime | None
    waits: bool
    waiting: str
    elsewhere: bool
    late: bool
    guardian: int | None = None  # read beside it, of somebody of 14 to 17


def facts_of(course_id: int, resident: Resident, at: datetime, purse: bool) -> Row:
    """What decides for `resident` about one course, read without a lock."""
    row = call(FACTS, course_id, resident.pk, at, purse)
    if row is None:
        raise UnknownCourse
    return Row(*row)._replace(guardian=family.guardian_of(resident, at))

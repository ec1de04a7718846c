"""谁能看什么: which part of a child's file each kind of reader may see, in one table; pages, REST and exports all ask here.

Basis: 未成年人网络保护条例 36 (least access, approved, each access logged), domain guide 6, 13.1 and 21. Every look at another
family's child is written down with its purpose before anything is shown (communities/access.py).
"""

from collections.abc import Iterable
from datetime import time, timedelta
from enum import Enum

from django.db.models import Q

from childcare.models import Attendance, Bill, Centre, Place, Staffer
from childcare.models.places import NIGHT, PlaceQuerySet
from childcare.speaking import speaker_for
from communities import access, duties
from communities.kin import kin_of
from communities.models import Community, Duty, Resident, User
from core import clock
from core.refusals import Refused

Role = Duty.Role
DAY = timedelta(days=1)


class Part(Enum):
    """The parts of a child's file."""

    BASIC = "基本信息"  # name, sex, age, school, group, plan
    IDENTITY = "证件号"  # sealed in communities_resident
    GUARDIANS = "监护人"  # names, relations, phones
    CONTACTS = "紧急联系人"
    HEALTH = "健康情况"
    PICKUPS = "接送人"
    BARRED = "禁止接走名单"
    DAYS = "到班和接送记录"
    BILLS = "账单"
    RELIEF = "优待依据"  # which category: the reviewer and the family alone
    LOOKS = "查看记录"


class Reader(Enum):
    """As whom somebody reads about a child."""

    GUARDIAN = "监护人"
    TEACHER = "当班老师"
    LEAD = "中心负责人"
    WORKER = "社区工作者"
    HEAD = "社区主任"
    STREET = "街道管理员"
    FINANCE = "财务"
    TILL = "收费的中心负责人"  # of whose child a bill is still to be paid, after it has left


P, R = Part, Reader
SEES: dict[Reader, frozenset[Part]] = {
    # A guardian sees all of the own child but who is barred by the other side's paper: that would tell the barred one.
    R.GUARDIAN: frozenset({P.BASIC, P.IDENTITY, P.GUARDIANS, P.CONTACTS, P.HEALTH, P.PICKUPS, P.DAYS, P.BILLS, P.RELIEF, P.LOOKS}),
    R.TEACHER: frozenset({P.BASIC, P.GUARDIANS, P.CONTACTS, P.HEALTH, P.PICKUPS, P.BARRED, P.DAYS}),
    R.LEAD: frozenset({P.BASIC, P.GUARDIANS, P.CONTACTS, P.HEALTH, P.PICKUPS, P.BARRED, P.DAYS, P.BILLS}),
    R.WORKER: frozenset({P.BASIC, P.GUARDIANS, P.CONTACTS, P.DAYS, P.BILLS}),
    R.HEAD: frozenset({P.BASIC, P.GUARDIANS, P.CONTACTS, P.PICKUPS, P.BARRED, P.DAYS, P.BILLS}),
    # All communities, no child health data (domain guide, 21).
    R.STREET: frozenset({P.BASIC, P.GUARDIANS, P.DAYS, P.BILLS}),
    R.TILL: frozenset({P.BILLS}),
    R.FINANCE: frozenset(),  # sums alone, no child
}  # fmt: skip

LATELY = timedelta(days=30)
SHOWN, REFUSED = "托管：", "托管未显示："


class NotYourChild(Refused):
    """Not 404 but for who may know that the child exists; pages answer 404 to all others by their scopes."""

    code = "care_not_yours"
    message = "您不能查看这个孩子的这项信息，什么都没有显示。如有需要，请联系中心负责人或社区主任。"
    status = 403


def readers(user: User, child: Resident) -> set[Reader]:
    """As whom `user` reads about `child` today; empty for a stranger. A teacher only while the child has a place in the centre,
    and on duty today (`on_duty`). A guardian whom a bar names is a stranger (childcare/speaking.py)."""
    found: set[Reader] = set()
    if speaker_for(child, user) is not None:
        found.add(Reader.GUARDIAN)
    for role, reader in ((Role.WORKER, R.WORKER), (Role.HEAD, R.HEAD), (Role.STREET_ADMIN, R.STREET)):
        if any(duties.holds(user, community, role) for community in communities_of(child)):
            found.add(reader)
    mine = posts(user, child)
    if any(one.is_lead for one in mine):
        found.add(Reader.LEAD)
    if any(on_duty(one) for one in mine):
        found.add(Reader.TEACHER)
    if not found and takes_money_of(user, child):
        found.add(Reader.TILL)
    return found


def takes_money_of(user: User, child: Resident) -> bool:
    """Whether `user` heads a centre to which a bill of `child` is still owed, or was paid lately (a receipt may be voided)."""
    owed = Q(status=Bill.Status.FROZEN) | Q(status=Bill.Status.PAID, paid_at__gte=clock.now() - LATELY)
    return Bill.objects.of_caregiver(user).filter(owed, child=child).exists()


def communities_of(child: Resident) -> list[Community]:
    """Whose staff work with the child's file: where it lives, and where it is looked after now."""
    cared = _cared(child).values("group__centre__community")
    return list(Community.objects.filter(Q(pk=child.community_id) | Q(pk__in=cared)).order_by("pk"))


def posts(user: User, child: Resident) -> list[Staffer]:
    """As which staff of the child's centres `user` works today, with a duty that still runs."""
    allowed = Centre.objects.of_caregiver(user).filter(pk__in=_cared(child).values("group__centre"))
    return list(Staffer.objects.current().filter(account=user, centre__in=allowed).order_by("pk"))


def on_duty(staffer: Staffer) -> bool:
    """Whether this one is put on duty today; nobody is whose record check is missing or overdue (trigger on the turns).

    After midnight also who was on duty the day before, as long as a child of that day is still there.
    """
    now = clock.local(clock.now())
    days = set(staffer.turns.filter(day__in=[now.date(), now.date() - DAY]).values_list("day", flat=True))
    if now.date() in days:
        return True
    there = Attendance.objects.filter(place__group__centre=staffer.centre_id, day=now.date() - DAY, left_at=None)
    return now.time() < NIGHT and bool(days) and there.filter(arrived_at__isnull=False).exists()


def may(user: User, child: Resident, part: Part) -> bool:
    """Whether `user` may see `part` of the file of `child`."""
    return bool(_seen({part}, readers(user, child), user, child))


def look(*, user: User, child: Resident, parts: set[Part], purpose: str) -> set[Part]:
    """The `parts` that `user` may see, after the look was written. Refuses `NotYourChild` when it is none of them.

    A guardian's own look is not written; everybody else's is, with what was shown and why, and of staff a refused one too.
    """
    who = readers(user, child)
    seen = _seen(parts, who, user, child)
    if not seen:
        if user.kind == User.Kind.STAFF:
            access.look(
                by=user, community=child.community, resident=child, what=REFUSED + named(parts), purpose=purpose
            )
        raise NotYourChild
    if Reader.GUARDIAN not in who:
        access.look(by=user, community=child.community, resident=child, what=SHOWN + named(seen), purpose=purpose)
    return seen


def listed(
    *, user: User, children: Iterable[Resident], parts: set[Part], where: str, purpose: str, again: bool = False
) -> None:
    """A list shows `parts` of all these `children`: a line at each of them with the list's name and purpose, before it is shown.

    The one rule of lists: a screen and a page of REST leave a line once a day for each child, reader and list; paper and files
    (`again`) each time, files besides with a line of their own that somebody took them. Which children and parts it may be says
    the list's scope (`for_staff` and `of_caregiver` give none that `SEES` keeps back).
    """
    since = None if again else clock.at(clock.today(), time())
    what = f"{SHOWN}{named(parts)}（{where}）"
    access.look_at_all(by=user, residents=children, what=what, purpose=purpose, unless_since=since)


def _cared(child: Resident) -> PlaceQuerySet:
    """The places by which `child` is looked after now: held today, and until `NIGHT` where it is still there from the day before,
    which may have been its last."""
    now = clock.local(clock.now())
    mine = Q(pk__in=Place.objects.held_on(now.date()))
    if now.time() < NIGHT:
        there = Attendance.objects.filter(day=now.date() - DAY, arrived_at__isnull=False, left_at=None)
        mine |= Q(pk__in=there.values("place"))
    return Place.objects.filter(mine, child=child)


def _seen(parts: set[Part], who: set[Reader], user: User, child: Resident) -> set[Part]:
    """Of `parts` what these readers see. Whom a bar names may be of the reader's own family: those do not read it."""
    seen = {part for part in parts if any(part in SEES[reader] for reader in who)}
    return seen - {Part.BARRED} if Part.BARRED in seen and kin_of(user).includes(child) else seen


def named(parts: set[Part]) -> str:
    """The words of `parts` in the log, which the guardian reads: that somebody is barred is not said to who may be the one."""
    return "、".join("接送安排" if part == Part.BARRED else part.value for part in Part if part in parts)

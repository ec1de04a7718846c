"""禁止接走: by a paper that a colleague has seen (a court's order, say), somebody may never take a child. The facts stand sealed."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import F, Q

from childcare.handover import telling as family
from childcare.models import Barred, BarredTry, Carer, Centre, Contact, LeaveNote, Pickup, PickupCode, Place
from childcare.models.handover import BarredQuerySet
from childcare.opening import NotYourChild, Part, look, may
from childcare.speaking import is_stopped as is_stopped, name_key as name_key, speaker_for as speaker_for
from childcare.staffing import telling
from communities import changes, consents, duties
from communities.kin import refusal_between
from communities.models import Consent, Duty, Guardian, Resident, User
from communities.sealing import seal_facts, unseal_facts
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words

BASES = ("法院裁定或判决", "人身安全保护令", "公安机关文书", "撤销监护人资格文书", "其他有法律效力的文书")
LIFTING = ("法院撤销或变更的裁定", "保护令期满或撤销", "公安机关文书", "登记有误，经核对原文书", "其他有法律效力的文书")
NAME, LOOKS, NUMBER = 40, 100, 60
ANEW = "您的孩子的接送安排有变化：有的接送人、接送码、请假或自行离开已经作废。请打开“接送人”看一看，需要的重新登记。"
# One purpose for whatever is read about who takes a child: the family reads it in its log, and no bar shows there.
PURPOSE = "接送核对"


class BarredPerson(Refused):
    """Only who is on duty reads this."""

    code = "care_barred"
    message = (
        "这个人在禁止接走名单上，不能放人，没有登记离开。请让孩子留在室内，打电话给监护人；"
        "有危险请打110。已通知中心负责人和社区主任。"
    )
    status = 403


class BarredAlready(Refused):
    code = "care_barred_twice"
    message = "名单上已经有这个人，没有重复登记。"


class BarEnded(Refused):
    code = "care_bar_ended"
    message = "这一条已经解除，没有再改动。"


class SamePersonLifts(Refused):
    code = "care_bar_two_people"
    message = "这一条由您登记，解除要由另一位同事办理，没有改动。"
    status = 403


class HeadLifts(Refused):
    code = "care_bar_head_lifts"
    message = "解除禁止接走要由社区主任看过文书后办理，没有改动。请联系社区主任。"
    status = 403


REFUSALS: Refusals = {
    "barred_once": lambda _: BarredAlready(),
    "barred_ended_by_another": lambda _: SamePersonLifts(),
}


@dataclass(frozen=True)
class Facts:
    """Who it is and by which paper: all of it sealed."""

    name: str
    looks: str
    basis: str
    number: str
    ruled_on: date


@dataclass(frozen=True)
class Lifting:
    """By which paper the bar ends: sealed beside the facts."""

    basis: str
    number: str
    ruled_on: date


@dataclass(frozen=True)
class Known:
    """Somebody whom the child's file names already."""

    name: str
    relation: str


@dataclass(frozen=True)
class Shown:
    """A bar as those on duty and heads read it."""

    row: Barred
    name: str
    looks: str
    basis: str
    number: str
    ruled_on: date


@verb()
def known_to(*, child: Resident, by: User) -> list[Known]:
    """Whom the file names, as far as `by` may read it, after the look was written: who answers or answered for the child, its
    carers, who was sent for it, who is called; each name once. Refuses `NotYourChild`."""
    seen = look(user=by, child=child, parts={Part.GUARDIANS, Part.CONTACTS, Part.PICKUPS}, purpose=PURPOSE)
    found: list[Known] = []
    if Part.GUARDIANS in seen:
        rows = Guardian.objects.filter(child=child).select_related("guardian").order_by("pk")
        found = [Known(one.guardian.name, one.relation) for one in rows]
    for part, model in ((Part.GUARDIANS, Carer), (Part.PICKUPS, Pickup), (Part.CONTACTS, Contact)):
        mine: Any = model
        found += [
            Known(one.name, one.relation) for one in mine.objects.filter(child=child).order_by("pk") if part in seen
        ]
    names: dict[str, Known] = {}
    for one in found:
        names.setdefault(one.name, one)
    return [one for one in names.values() if one.relation]  # who was emptied has none


@verb(REFUSALS)
def bar(*, child: Resident, facts: Facts, by: User) -> Barred:
    """From now on nobody of that name takes `child`: pick-ups and codes of that name end at once.

    A guardian of that name is meant, too, whose file it is then: whom they sent, their leave to come and their consent to going
    alone end with them, and who speaks for the child is asked to send anew. Refuses what `refusal_for` says, and `BarredAlready`.
    """
    changes.by(by)
    locked = Resident.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=child.pk)
    if refused := refusal_for(locked, facts, by):
        raise refused
    key = name_key(locked, facts.name)
    files = Guardian.objects.filter(child=locked).select_related("guardian")
    files = files.order_by(F("ended_at").asc(nulls_first=True), "pk")
    stopped = [one.guardian for one in files if name_key(locked, one.guardian.name) == key]
    sealed = seal_facts(asdict(facts) | {"ruled_on": facts.ruled_on.isoformat()})
    made = Barred.objects.create(child=locked, name_key=key, by=by, facts=sealed, resident=next(iter(stopped), None))
    _end_arranged(made, stopped, by)
    return made


def renamed(adult: Resident, by: User) -> None:
    """Listens to `communities.files`: a bar that knew a guardian by name alone knows the file once it bears that name, and what
    they arranged ends as with a new bar. Whoever becomes a guardian later bears no such name: `guardians.register` refuses it."""
    wards = Guardian.objects.filter(guardian=adult).values_list("child", flat=True)
    for pk in sorted(set(wards)):
        child = Resident.objects.held(pk)  # as `bar` holds it: the name is read after it, or the bar is found here
        rows = standing_for(child).select_for_update(no_key=True)
        found = rows.filter(name_key=name_key(child, adult.name)).first()
        if found is None:
            continue
        if not Guardian.objects.filter(child=child, guardian=found.resident_id, ended_at=None).exists():
            found.resident = adult
            found.save(update_fields=["resident"])
        _end_arranged(found, [adult], by)


def _end_arranged(made: Barred, stopped: list[Resident], by: User) -> None:
    """Whoever was sent under the name of the bar is sent no more; and of the guardians whom it means (`stopped`) whom they sent,
    leave said for days to come and the consent to going alone end, and who speaks for the child is asked to send anew."""
    child, now = made.child, clock.now()
    ends = Q(name_key=made.name_key) | Q(authorised_by__in=stopped)
    for sent in (Pickup.objects.standing(), PickupCode.objects.open()):
        sent.filter(ends, child=child).update(revoked_at=now, revoked_by=by)
    said = LeaveNote.objects.filter(place__child=child, said_by__in=stopped, day__gte=clock.today(), withdrawn_at=None)
    said.update(withdrawn_at=now)
    alone = Consent.objects.standing().filter(resident=child, purpose=Consent.Purpose.CARE_ALONE, guardian__in=stopped)
    consents.end(alone, by=by)
    if stopped:
        family.guardians_of(child, f"care-sent-anew:{made.pk}:{stopped[0].pk}", "请重新核对接送人", ANEW)


def refusal_for(child: Resident, facts: Facts, by: User) -> Refused | None:
    """Why `by` cannot write this bar; None when nothing stands against it."""
    texts = ((facts.name, NAME), (facts.looks, LOOKS), (facts.number, NUMBER))
    whole = all(0 < len(text.strip()) <= longest and "\0" not in text for text, longest in texts)
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, child.community), duties.NotYourDuty()),
        (not whole or facts.basis not in BASES, BadInput("请写姓名、外貌特征、文书种类和文号，没有登记。")),
        (facts.ruled_on > clock.today(), BadInput("文书日期不能晚于今天，没有登记。")),
    ]
    first = next((refused for stands, refused in reasons if stands), None)
    return first or refusal_between(by=by, beneficiaries=[child])


def may_list(user: User) -> bool:
    """Whether `user` heads a community: least access, the others of the desk see no list."""
    return user.duties.current().filter(role=Duty.Role.HEAD).exists()


@verb(REFUSALS)
def lift(*, barred: Barred, lifting: Lifting, by: User) -> Barred:
    """It stands no more, by a paper that the head has seen, who is not the one who wrote it down. What it ended stays ended.

    Leads and heads are told that one was lifted, and nothing of it. Refuses what `refusal_to_lift` says.
    """
    changes.by(by)
    rows = Barred.objects.select_for_update(no_key=True, of=("self",)).select_related("child__community")
    mine = rows.get(pk=barred.pk)
    if refused := refusal_to_lift(mine, by) or refusal_to_say(lifting):
        raise refused
    mine.lifted = seal_facts(asdict(lifting) | {"ruled_on": lifting.ruled_on.isoformat()})
    mine.ended_at, mine.ended_by = clock.now(), by
    mine.save(update_fields=["lifted", "ended_at", "ended_by"])
    said = Words(
        "接送安排有变动",
        "社区主任凭文书解除了一条禁止接走登记。接送前请照常在接送页核对。",
        "/desk/care/barred/",
    )
    for centre in Centre.objects.filter(groups__places__in=Place.objects.held().filter(child=mine.child)).distinct():
        telling.tell(centre, f"care-bar-lifted:{mine.pk}", said)
    return mine


def refusal_to_lift(barred: Barred, by: User) -> Refused | None:
    """Why `by` cannot lift it; None when nothing stands against it. Page and verb ask."""
    if not duties.holds(by, barred.child.community):
        return duties.NotYourDuty()
    if not duties.holds(by, barred.child.community, Duty.Role.HEAD):
        return HeadLifts()
    if barred.ended_at is not None:
        return BarEnded()
    return refusal_between(
        by=by, recorders=[barred.by_id], beneficiaries=[barred.child], same=SamePersonLifts()
    )  # fmt: skip


def refusal_to_say(lifting: Lifting) -> Refused | None:
    """What is missing of the paper."""
    number = lifting.number.strip()
    if lifting.basis not in LIFTING or not 0 < len(number) <= NUMBER or "\0" in number:
        return BadInput("请选凭什么文书解除，写明文号，没有解除。")
    return BadInput("文书日期不能晚于今天，没有解除。") if lifting.ruled_on > clock.today() else None


def read(*, child: Resident, user: User, purpose: str) -> list[Shown]:
    """Whom `child` is never given to, after the look was written. Refuses `NotYourChild` and a look without purpose."""
    look(user=user, child=child, parts={Part.BARRED}, purpose=purpose)
    return shown(child)


def shown(child: Resident) -> list[Shown]:
    """As `read`, for a page that has written its look."""
    return [_shown(one) for one in Barred.objects.standing().filter(child=child).select_related("by").order_by("pk")]


@verb()
def report(*, barred: Barred, place: Place, by: User) -> BarredTry:
    """Somebody barred asked for the child: written down, and head and lead are told at once."""
    made = BarredTry.objects.create(barred=barred, place=place, by=by)
    said = Words(
        "紧急：有人试图接走孩子",
        "名单上禁止接走的人来接孩子，系统没有放人。请马上联系托管中心，确认孩子安全，必要时打110。",
        "/desk/care/barred/tries/",
    )
    telling.tell(place.group.centre, f"care-barred-try:{made.pk}", said)
    return made


def report_by_hand(*, barred: Barred, place: Place, by: User) -> BarredTry:
    """The teacher says that the barred one stands there. Refuses who may not see the list."""
    if not may(by, place.child, Part.BARRED):
        raise NotYourChild
    return report(barred=barred, place=place, by=by)


def standing_for(child: Resident) -> BarredQuerySet:
    """The bars that stand for `child`."""
    return Barred.objects.standing().filter(child=child)


@verb()
def sign_off(*, tried: BarredTry, by: User) -> BarredTry:
    """Head or worker has seen to it."""
    mine = BarredTry.objects.select_for_update(no_key=True).get(pk=tried.pk)
    duties.require(by, tried.place.group.centre.community)
    if mine.seen_at is None:
        mine.seen_at, mine.seen_by = clock.now(), by
        mine.save(update_fields=["seen_at", "seen_by"])
    return mine


def _shown(row: Barred) -> Shown:
    said = unseal_facts(bytes(row.facts))
    return Shown(row, said["name"], said["looks"], said["basis"], said["number"], date.fromisoformat(said["ruled_on"]))

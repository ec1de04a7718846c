"""填写: a family's draft, kept sealed between its steps; begun on the phone, gone on with at the counter, or the other way."""

from collections.abc import Iterable
from datetime import timedelta

from childcare.enrolment import agreeing, hands
from childcare.enrolment.fields import Said
from childcare.enrolment.steps import STEPS, Step
from childcare.models import Centre, Enrolment, speaking_guardians
from childcare.speaking import is_stopped
from communities import access, changes, guardians, sealing
from communities.models import Guardian, Resident, User
from communities.models.guardians import ADULT
from communities.ownership import is_own
from core import clock
from core.refusals import Refused
from core.verbs import verb

Status = Enrolment.Status
MOST_OPEN = 4
OPEN = (Status.DRAFT, Status.SUBMITTED)
ABANDONED = timedelta(days=30)


class NotYourEnrolment(Refused):
    code = "care_enrolment_not_yours"
    message = "这份托管报名由孩子的监护人本人办理，什么都没有改动。请监护人用自己的手机办理，或一起到社区窗口。"
    status = 403


class NotAdultHere(Refused):
    code = "care_guardian_not_adult"
    message = "托管报名由本社区已确认、登记了出生日期的成年监护人办理，没有开始填写。请先到社区窗口确认登记，再来报名。"


class OtherCommunity(Refused):
    code = "care_other_community"
    message = "这个托管中心只收本社区登记的孩子，没有开始填写。请看本社区的托管中心。"


class CentreShut(Refused):
    code = "care_centre_shut"
    message = "这个托管中心现在不接受报名，没有开始填写。请向社区了解其他托管。"


class TooManyEnrolments(Refused):
    code = "care_enrolments_many"
    message = f"您同时最多有{MOST_OPEN}份没有办完的托管报名，没有再开一份。请先办完或撤回一份。"


class NotInDraft(Refused):
    code = "care_enrolment_not_draft"
    message = "这份报名已经提交或办结，不能再改，这一步没有保存。要改的话，可以撤回后重新填写。"


def refusal_to_begin(guardian: Resident, centre: Centre, child: Resident | None = None) -> Refused | None:
    """Why this adult cannot enrol a child there; None when nothing stands against it. Pages, REST and the verb ask."""
    age, today = guardian.age_on(clock.today()), clock.today()
    shut = centre.opened_on > today or (centre.closed_on is not None and centre.closed_on <= today)
    reasons: list[tuple[bool, Refused]] = [
        (not guardian.confirmed or age is None or age < ADULT, NotAdultHere()),
        (any(one.community_id != centre.community_id for one in (guardian, child) if one), OtherCommunity()),
        (shut, CentreShut()),
        (child is not None and not _speaks(guardian, child), NotYourEnrolment()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


def _speaks(guardian: Resident, child: Resident) -> bool:
    return guardians.answers_for(guardian, child) and not is_stopped(child, guardian)


def refusal_to_write(guardian: Resident, by: User) -> Refused | None:
    """Why `by` does not write for this guardian: the own phone does, and staff at the counter who are no kin."""
    if by.kind == User.Kind.RESIDENT:
        return None if is_own(by, guardian) else NotYourEnrolment()
    return hands.refusal_for(guardian, by)


@verb()
def begin(*, guardian: Resident, centre: Centre, by: User, child: Resident | None = None) -> Enrolment:
    """A draft of `guardian`; `child` when it has a file already. One that stands empty is gone on with: a second tap makes none.

    Refuses `NotYourEnrolment`, what the counter refuses, what `refusal_to_begin` says, `TooManyEnrolments`.
    """
    changes.by(by)
    locked = Resident.objects.held(guardian.pk)
    if refused := refusal_to_write(locked, by) or refusal_to_begin(locked, centre, child):
        raise refused
    mine = Enrolment.objects.filter(guardian=locked, status__in=OPEN)
    empty = mine.filter(centre=centre, child=child, status=Status.DRAFT, step=0).order_by("pk").first()
    if empty:
        return empty
    if mine.count() >= MOST_OPEN:
        raise TooManyEnrolments
    return Enrolment.objects.create(
        guardian=locked, centre=centre, child=child, draft=sealing.seal_facts({}), by=by, started_at=clock.now(),
        saved_at=clock.now(),
    )  # fmt: skip


@verb()
def save_step(*, enrolment: Enrolment, step: Step, said: Said, by: User) -> Enrolment:
    """Keep what was said in this step, with all that was said before. Refuses strangers, `NotInDraft`, `BadField`."""
    changes.by(by)
    locked = held(enrolment)
    if refused := refusal_to_write(locked.guardian, by):
        raise refused
    if locked.status != Status.DRAFT:
        raise NotInDraft
    draft = said_in(locked)
    draft[step.key] = step.kept(locked, said, draft)
    taps = {key: tap for key, tap in draft.get("taps", {}).items() if key != step.key}
    draft["taps"] = taps | ({step.key: agreeing.tap_now(step.key)} if by.kind == User.Kind.RESIDENT else {})
    if step.key == "service":
        locked.group_id = draft["service"]["group"]
    locked.draft, locked.step = sealing.seal_facts(draft), max(locked.step, step.number)
    locked.saved_at = clock.now()
    locked.save(update_fields=["draft", "step", "group", "saved_at"])
    return locked


def held(enrolment: Enrolment) -> Enrolment:
    """The row as it is now, locked."""
    rows = Enrolment.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("guardian__community", "centre__community", "child").get(pk=enrolment.pk)


def said_in(enrolment: Enrolment) -> Said:
    """All that the draft says, by step; rights are the caller's. Refuses `KeyMissing`."""
    return sealing.unseal_facts(bytes(enrolment.draft) if enrolment.draft else None)


def shown(enrolment: Enrolment, step: Step, by: User) -> Said:
    """What the step's form begins with. The number is never shown again, and to staff no health (childcare/opening.py)."""
    said: Said = dict(said_in(enrolment).get(step.key, {}))
    if by.kind == User.Kind.STAFF and step.key == "health":
        return {"kept": bool(said.get("agreed"))}
    if step.key == "child":
        number = str(said.pop("number", ""))
        said["tail"] = number[-4:]
        said["number"] = ""
    return said


def kept_before(enrolment: Enrolment, said: Said, step: Step, by: User) -> Said:
    """`said` with what the form does not show: the child's number, and to staff the health, where they were left as they are.

    `clear` says that the family at the window wants its health deleted.
    """
    before = said_in(enrolment).get(step.key, {})
    if step.key == "health":
        cleared = said.pop("clear", False)
        touched = cleared or any(said.get(name) for name in before if name != "agreed")
        return before if by.kind == User.Kind.STAFF and before.get("agreed") and not touched else said
    if step.key != "child":
        return said
    same = not said.get("number") and said.get("name") == before.get("name")
    return said | {"number": before.get("number", ""), "document": before.get("document", "")} if same else said


def lacking(said: Said, among: Iterable[Step] = STEPS) -> list[Step]:
    """The steps that were not kept yet; those that may be left out are not waited for."""
    return [one for one in among if one.key not in said and not one.skips]


@verb()
def open_at_counter(*, enrolment: Enrolment, by: User, purpose: str) -> Enrolment:
    """A colleague goes on with what the guardian, who stands there, began; the look is written: at the
    child, and at the guardian as long as the child has no file. Refuses as `refusal_to_write`."""
    if refused := refusal_to_write(enrolment.guardian, by):
        raise refused
    access.look(
        by=by, community=enrolment.centre.community, resident=enrolment.child or enrolment.guardian, what="托管报名草稿（基本信息、监护人、紧急联系人、接送人）",
        purpose=purpose,
    )  # fmt: skip
    return enrolment


def children_to_enrol(guardian: Resident) -> list[Guardian]:
    """Children with a file for whom this adult speaks; the first file first."""
    mine = speaking_guardians().filter(guardian=guardian, child__status=Resident.Status.CONFIRMED)
    return list(mine.select_related("child").order_by("child_id"))

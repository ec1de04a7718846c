"""资格审查: what a colleague looked up by hand, the originals they saw, and whether the application may stand.

A program may write down look-ups and hand back what is incomplete; that somebody is turned down is said by a person.
"""

from datetime import date, datetime

from communities import duties
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.joining import ties
from partners.models import Application, Licence, Lookup, Partner

Status = Application.Status
Register = Lookup.Register
Kind = Partner.Kind
NOTE, REFERENCE, LOOKED = 200, 40, 100  # characters
COMPANY = (Register.ENTITY, Register.ABNORMAL, Register.SERIOUS, Register.DEFAULTER)
NEEDED: dict[str, tuple[Register, ...]] = {
    Kind.MERCHANT: COMPANY,
    Kind.HOST: COMPANY,
    Kind.ORGANISATION: (Register.SOCIAL, Register.DEFAULTER),
    Kind.UNIT: (Register.DEFAULTER,),
    Kind.PERSON: (Register.DEFAULTER,),
}


def needed(partner: Partner) -> tuple[Register, ...]:
    """What is looked up of such a candidate: of a person no register of firms."""
    return NEEDED[Kind.PERSON if partner.is_natural else partner.kind]


class NotToCheck(Refused):
    code = "application_not_waiting"
    message = "这份报名现在不在资格审查，没有改动。请刷新后再看。"


class BadLookup(BadInput):
    code = "bad_lookup"
    message = f"请选择查询项目，查询日期不能晚于今天；查到异常的写明情况（不超过{LOOKED}字）。没有保存。"


class BadNote(BadInput):
    code = "no_note"
    message = f"请写明原因和要怎么补，不超过{NOTE}字，报名人会看到。什么都没有改动。"


class NotLookedUp(Refused):
    code = "lookups_missing"

    def __init__(self, registers: tuple[str, ...] = ()) -> None:
        super().__init__(f"还没有查询，或查到异常：{'、'.join(registers)}。没有通过，请查询后登记结果。")


class LicencesUnchecked(Refused):
    code = "licences_unchecked"
    message = "还有证照没有对照原件核对，没有通过。请先核对证照。"


def refusal_to_look(application: Application, by: User) -> Refused | None:
    """Why `by` cannot check it; None when nothing stands against it. Page, REST and verbs ask."""
    if not duties.holds(by, application.community, *duties.ENTERING):
        return duties.NotYourDuty()
    if application.status != Status.SUBMITTED:
        return NotToCheck()
    return ties.refusal_as_kin(application.partner, by)


def wanting(application: Application) -> tuple[str, ...]:
    """The registers whose newest result is missing, or found something."""
    newest = application.lookups.order_by("register", "-looked_on", "-pk").distinct("register")
    clean = {one.register for one in newest if one.nothing_found}
    return tuple(one.label for one in needed(application.partner) if one not in clean)


def refusal_to_pass(application: Application, by: User) -> Refused | None:
    """Why `by` cannot let it stand; None when nothing stands against it."""
    if refused := refusal_to_look(application, by):
        return refused
    if missing := wanting(application):
        return NotLookedUp(missing)
    unseen = Licence.objects.unchecked().filter(partner=application.partner_id).exists()
    return LicencesUnchecked() if unseen else None


@verb()
def look_up(
    *, application: Application, register: str, nothing_found: bool, looked_on: date, by: User, reference: str = "",
    note: str = "", at: datetime | None = None,
) -> Lookup:  # fmt: skip
    """What `by` read in a public register that day, with the number of the screenshot. Refuses `BadLookup` and `refusal_to_look`."""
    at, mine = at or clock.now(), Application.objects.held(application.pk)
    if refused := refusal_to_look(mine, by):
        raise refused
    reference, note = reference.strip(), note.strip()
    fits = len(reference) <= REFERENCE and len(note) <= LOOKED and "\0" not in reference + note
    if register not in Register.values or not fits or looked_on > clock.local(at).date():
        raise BadLookup
    if not nothing_found and not note:
        raise BadLookup
    return Lookup.objects.create(
        application=mine, register=register, nothing_found=nothing_found, looked_on=looked_on, reference=reference,
        note=note, by=by, at=at,
    )  # fmt: skip


@verb()
def let_stand(*, application: Application, by: User, note: str = "", at: datetime | None = None) -> Application:
    """资格审查通过. Refuses what `refusal_to_pass` says."""
    mine = Application.objects.held(application.pk)
    if refused := refusal_to_pass(mine, by):
        raise refused
    return _said(mine, Status.CHECKED, note, by, at or clock.now())


@verb()
def give_back(*, application: Application, note: str, by: User, at: datetime | None = None) -> Application:
    """退回补正: the applicant reads what is missing. Refuses `BadNote` and what `refusal_to_look` says."""
    mine = Application.objects.held(application.pk)
    if refused := refusal_to_look(mine, by):
        raise refused
    if not note.strip():
        raise BadNote
    return _said(mine, Status.RETURNED, note, by, at or clock.now())


def _said(mine: Application, status: str, note: str, by: User, at: datetime) -> Application:
    note = note.strip()
    if len(note) > NOTE or "\0" in note:
        raise BadNote
    mine.status, mine.checked_by, mine.checked_at, mine.check_note = status, by, at, note
    mine.save(update_fields=["status", "checked_by", "checked_at", "check_note"])
    return mine


def refusal_to_turn_down(application: Application, by: User) -> Refused | None:
    """Why `by`, a person, cannot say no at the check; None when nothing stands against it."""
    if not duties.holds(by, application.community):
        return duties.NotYourDuty()
    if application.status not in (Status.SUBMITTED, Status.RETURNED):
        return NotToCheck()
    return ties.refusal_as_kin(application.partner, by)


@verb()
def turn_down(*, application: Application, note: str, by: User, at: datetime | None = None) -> Application:
    """资格审查不通过, with a reason that the applicant reads. Refuses `BadNote` and what `refusal_to_turn_down` says."""
    at, mine, note = at or clock.now(), Application.objects.held(application.pk), note.strip()
    if refused := refusal_to_turn_down(mine, by):
        raise refused
    if not 0 < len(note) <= NOTE or "\0" in note:
        raise BadNote
    mine.status, mine.settled_by, mine.settled_at, mine.settled_note = Status.DECLINED, by, at, note
    mine.save(update_fields=["status", "settled_by", "settled_at", "settled_note"])
    return mine

"""志愿者登记: what 民政部令第67号 (5, 6) asks for besides the file, by the volunteer or by staff with the volunteer's consent.

Nobody needs it to take part. It ends with the consent, which the person withdraws on 同意事项 as easily as it was given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from activities.models import Activity, Volunteer
from activities.models.volunteers import VolunteerQuerySet
from communities import closing, consents, duties
from communities.kin import refusal_between
from communities.models import Consent, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

ADULT = 18
NUMBER, SKILLS = 30, 100  # characters
Way, Purpose = Consent.Way, Consent.Purpose


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认您的登记，暂时不能登记为志愿者。一般一个工作日内确认，急用可打社区电话。"


class AlreadyVolunteer(Refused):
    code = "already_volunteer"
    message = "已经登记过志愿者，没有重复登记。"


class NotVolunteer(Refused):
    code = "not_volunteer"
    message = "没有志愿者登记，或已经退出，什么都没有改动。"


class VolunteerUnderAge(Refused):
    code = "volunteer_under_age"
    message = "未满18周岁，请和监护人一起到社区窗口登记志愿者，这次没有登记。"


class BadNumber(BadInput):
    code = "bad_volunteer_number"
    message = f"志愿者编号只能是字母和数字，不超过{NUMBER}位，这次没有保存。没有编号请留空。"


class NumberTaken(Refused):
    code = "volunteer_number_taken"
    message = "这个志愿者编号已经登记在另一位居民名下，这次没有保存。请核对编号。"


REFUSALS: Refusals = {
    "volunteer_once": lambda _: AlreadyVolunteer(),
    "volunteer_number_once": lambda _: NumberTaken(),
}


@dataclass(frozen=True)
class Facts:
    """What is registered besides the file; `kinds` are codes of Activity.Kind."""

    sex: str = ""
    skills: str = ""
    kinds: Sequence[str] = ()


def of(resident: Resident) -> Volunteer | None:
    """The standing registration of `resident`."""
    return Volunteer.objects.current().filter(resident=resident).select_related("consent").first()


def refusal_for(resident: Resident, by: User, way: Consent.Way) -> Refused | None:
    """Why `by` cannot register `resident`; None when nothing stands against it. Page, desk and verb ask."""
    if refused := consents.refusal_to_give(resident, by, way):
        return refused
    age = resident.age_on(clock.today())
    reasons: list[tuple[bool, Refused]] = [
        (not resident.confirmed, NotConfirmed()),
        (age is not None and age < ADULT and way != Way.SIGNATURE, VolunteerUnderAge()),
        (Volunteer.objects.current().filter(resident=resident).exists(), AlreadyVolunteer()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def register(*, resident: Resident, facts: Facts, by: User, way: Consent.Way) -> Volunteer:
    """With the consent, given now: TAP by the own account, SIGNATURE or COUNTER by staff. Refuses what `refusal_for` says."""
    mine = Resident.objects.held(resident.pk)
    if refused := refusal_for(mine, by, way):
        raise refused
    consent = consents.give(resident=mine, purpose=Purpose.VOLUNTEER, by=by, way=way)
    Volunteer.objects.filter(resident=mine, ended_at=None).exclude(consent=consent).update(**_emptied())
    return Volunteer.objects.create(resident=mine, consent=consent, entered_by=by, **_written(facts))


@verb(REFUSALS)
def revise(*, resident: Resident, facts: Facts, by: User) -> Volunteer:
    """Change what is registered: by the own account, or staff of the community. Refuses `NotVolunteer`."""
    if by.pk != resident.account_id:
        duties.require(by, resident.community)
    mine = _held(resident)
    for key, value in _written(facts).items():
        setattr(mine, key, value)
    mine.save(update_fields=["sex", "skills", "kinds"])
    return mine


@verb(REFUSALS)
def enter_number(*, resident: Resident, number: str, by: User) -> Volunteer:
    """The number that the national system gave; "" takes it off. By staff. Refuses `BadNumber`, `NumberTaken`, kin."""
    duties.require(by, resident.community)
    if refused := refusal_between(by=by, beneficiaries=[resident]):
        raise refused
    number = number.strip().upper()
    if len(number) > NUMBER or (number and not (number.isascii() and number.isalnum())):
        raise BadNumber
    mine = _held(resident)
    mine.number = number
    mine.save(update_fields=["number"])
    return mine


def listed(user: User, *, kind: str = "", q: str = "") -> VolunteerQuerySet:
    """The register of the communities where `user` works, by the sound of the name."""
    mine = Volunteer.objects.for_staff(user).current()
    if kind:
        mine = mine.filter(kinds__contains=[kind])
    if q:
        mine = mine.filter(Q(resident__name__contains=q) | Q(skills__contains=q) | Q(number__iexact=q))
    rows = mine.select_related("resident__community", "resident__estate", "entered_by")
    return rows.order_by("resident__pinyin", "pk")


def ends_with(consent: Consent, by: User) -> None:
    """Listener: the consent was withdrawn, so the registration ends and says nothing any more."""
    if consent.purpose == Purpose.VOLUNTEER:
        Volunteer.objects.filter(consent=consent, ended_at=None).update(**_emptied())


def emptied(gone: closing.Gone) -> None:
    """Listener: who leaves is no longer described here either."""
    Volunteer.objects.filter(resident=gone.resident, ended_at=None).update(**_emptied())


def _held(resident: Resident) -> Volunteer:
    mine = Volunteer.objects.current().filter(resident=resident)
    found = mine.select_for_update(no_key=True, of=("self",)).first()
    if found is None:
        raise NotVolunteer
    return found


def _emptied() -> dict[str, object]:
    return {"ended_at": clock.now(), "number": "", "sex": "", "skills": "", "kinds": []}


def _written(facts: Facts) -> dict[str, object]:
    kinds = sorted(set(facts.kinds))
    known = set(kinds) <= set(Activity.Kind.values) and (not facts.sex or facts.sex in Volunteer.Sex.values)
    skills = facts.skills.strip()
    if not known or len(skills) > SKILLS or "\0" in skills:
        raise BadInput
    return {"sex": facts.sex, "skills": skills, "kinds": kinds}

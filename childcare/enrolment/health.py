"""健康情况 of a child: under a consent of its own, sealed, read by the teacher on duty, the centre's lead and the family alone."""

from collections.abc import Iterable

from childcare import opening
from childcare.enrolment import carefiles
from childcare.enrolment.fields import BadField, Said, read as checked
from childcare.enrolment.steps import HEALTH
from childcare.models import CareFile
from childcare.opening import Part
from communities import changes, guardians, sealing
from communities.models import Consent, Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb

Purpose = Consent.Purpose


class HealthNotAgreed(Refused):
    code = "care_health_not_agreed"
    message = "监护人没有同意登记健康情况，没有保存。要登记，请监护人先同意这一项；不登记，托管照常。"


REFUSALS: Refusals = {"CC010": lambda _: HealthNotAgreed()}


def refusal_to_write(child: Resident, by: User) -> Refused | None:
    """Why `by` cannot write it down; None when nothing stands against it."""
    if refused := carefiles.refusal_to_write(child, by):
        return refused
    return None if guardians.consented(child, Purpose.CARE_HEALTH) else HealthNotAgreed()


@verb(REFUSALS)
def write(*, child: Resident, said: Said, by: User) -> None:
    """In place of what stood there. Refuses strangers, own family at the desk, `HealthNotAgreed`, `BadField`."""
    changes.by(by)
    Resident.objects.held(child.pk)
    if refused := refusal_to_write(child, by):
        raise refused
    kept = checked(HEALTH, said)
    if by.kind == User.Kind.STAFF and not any(
        kept.values()
    ):  # the desk does not see what stands there: empty is no answer
        raise BadField("没有填写任何内容，健康情况没有改动。要删除已登记的，请在“同意”里撤回健康情况这一项。")
    file = carefiles.of(child, by)
    file.health = sealing.seal_facts(kept) if any(kept.values()) else None
    file.updated_at, file.updated_by = clock.now(), by
    file.save(update_fields=["health", "updated_at", "updated_by"])


def read(*, child: Resident, by: User, purpose: str = "") -> Said:
    """What is on file, {} for nothing, after the look was written. No verb: the look at what is refused stays. Refuses `opening.NotYourChild`, `NoPurpose`, `KeyMissing`."""
    opening.look(user=by, child=child, parts={Part.HEALTH}, purpose=purpose)
    return opened(child)


def opened(child: Resident) -> Said:
    """The words themselves; only for who has looked (`opening.look`). Nothing once the consent is withdrawn."""
    kept = CareFile.objects.filter(child=child).values_list("health", flat=True).first()
    return sealing.unseal_facts(bytes(kept)) if kept else {}


def read_out(said: Said) -> list[tuple[str, str]]:
    """As (label, words), without what is empty; a box is 是."""
    return [
        (field.label, "是" if said[name] is True else said[name]) for name, field in HEALTH.items() if said.get(name)
    ]


def allergies_of(children: Iterable[int]) -> dict[int, str]:
    """The allergy words of those who have any, by number of the child; one query. Only for who has looked."""
    rows = CareFile.objects.filter(child__in=list(children), health__isnull=False).values_list("child", "health")
    words = {child: str(sealing.unseal_facts(bytes(kept)).get("allergies", "")) for child, kept in rows if kept}
    return {child: said for child, said in words.items() if said}


@verb()
def erase(*, child: Resident, by: User) -> bool:
    """Nothing of it is kept any more: consent withdrawn, or the child left long ago. Rights are the caller's."""
    changes.by(by)
    return bool(CareFile.objects.filter(child=child, health__isnull=False).update(health=None))

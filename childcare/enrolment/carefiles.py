"""托管档案: school, class, sex and workplace, put right by the family or at the counter."""

from childcare.enrolment import hands
from childcare.enrolment.fields import Choice, Fields, Said, Text, Whole, read
from childcare.models import CareFile
from childcare.speaking import speaker_for
from communities import changes
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import verb

FACTS: Fields = {
    "sex": Choice("性别", ("m", "f")),
    "school": Text("学校", 40),
    "grade": Whole("年级", 0, 12),
    "school_class": Text("班级", 20),
    "workplace": Text("监护人工作单位", 60),
}


class NotYourCareFile(Refused):
    code = "care_file_not_yours"
    message = "孩子的托管资料由监护人或社区窗口改动，什么都没有改动。"
    status = 403


def refusal_to_write(child: Resident, by: User) -> Refused | None:
    """Why `by` does not write in this child's file: its guardians do (but one whom a bar names), and staff who are no kin."""
    if by.kind == User.Kind.RESIDENT:
        return None if speaker_for(child, by) else NotYourCareFile()
    return hands.refusal_for(child, by)


def of(child: Resident, by: User) -> CareFile:
    """The child's file, locked; made where there is none, and then as of a child that left: asking for a place takes that away."""
    new = {"updated_by": by, "left_on": clock.today()}
    file, _ = CareFile.objects.select_for_update(no_key=True).get_or_create(child=child, defaults=new)
    return file


@verb()
def change(*, child: Resident, said: Said, by: User) -> CareFile:
    """School and the rest as they are now. Refuses `NotYourCareFile`, what the counter refuses, `BadField`."""
    changes.by(by)
    Resident.objects.held(child.pk)
    if refused := refusal_to_write(child, by):
        raise refused
    kept = read(FACTS, said)
    file = of(child, by)
    for name, value in kept.items():
        setattr(file, name, value)
    file.updated_at, file.updated_by = clock.now(), by
    file.save(update_fields=[*kept, "updated_at", "updated_by"])
    return file

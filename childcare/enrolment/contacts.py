"""紧急联系人: up to four, in the order in which they are called; the whole list is replaced at once."""

from collections.abc import Sequence

from childcare.enrolment import carefiles
from childcare.enrolment.fields import BadField, Fields, Phone, Said, Text, read
from childcare.models import Contact
from childcare.speaking import refusal_to_name
from communities import changes
from communities.models import Resident, User
from core import clock
from core.verbs import verb

LEAST, MOST = 2, 4
NOT_POSSIBLE = "有一位紧急联系人现在不能登记，没有保存。请联系托管中心负责人或社区主任。"
CONTACT: Fields = {
    "name": Text("紧急联系人姓名", 40, required=True),
    "relation": Text("紧急联系人是孩子的", 20, required=True),
    "phone": Phone("紧急联系人电话", required=True),
}


def checked(said: Sequence[Said]) -> list[Said]:
    """As they are kept. Refuses fewer than two, more than four, and one number twice."""
    kept = [read(CONTACT, one) for one in said]
    if not LEAST <= len(kept) <= MOST:
        raise BadField(f"紧急联系人要填{LEAST}到{MOST}位，没有保存。")
    if len({one["phone"] for one in kept}) < len(kept):
        raise BadField("每位紧急联系人的电话要不一样，没有保存。")
    return kept


@verb()
def replace(*, child: Resident, said: Sequence[Said], by: User) -> list[Contact]:
    """These and no others from now on. Refuses strangers, own family at the desk, `BadField`, `NotPossible`."""
    changes.by(by)
    Resident.objects.held(child.pk)
    if refused := carefiles.refusal_to_write(child, by):
        raise refused
    kept = checked(said)
    if refused := refusal_to_name(child, *(str(one["name"]) for one in kept), sentence=NOT_POSSIBLE):
        raise refused
    Contact.objects.filter(child=child).delete()
    return [
        Contact.objects.create(child=child, order=order, by=by, at=clock.now(), **one)
        for order, one in enumerate(kept, 1)
    ]

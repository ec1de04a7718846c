"""委托照护人 (未成年人保护法 22, 23): who looks after a child whose parents are away. Recorded by staff who saw the written paper."""

from dataclasses import dataclass
from datetime import date

from childcare.enrolment import hands
from childcare.enrolment.fields import BadField, Fields, Phone, Text, read
from childcare.models import Carer
from childcare.speaking import NotPossible, name_key, refusal_to_name
from communities import changes
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb

WHO: Fields = {
    "name": Text("委托照护人姓名", 40, required=True),
    "relation": Text("委托照护人是孩子的", 20, required=True),
    "phone": Phone("委托照护人电话", required=True),
}


class CarerExcluded(Refused):
    code = "care_carer_excluded"
    message = (
        "没有登记。按未成年人保护法第22、23条，要先确认受托人没有性侵害、虐待、遗弃、拐卖、暴力伤害等违法犯罪记录，没有吸毒、"
        "酗酒、赌博等恶习，并看过书面委托，才能登记。"
    )
    status = 400


class CarerOnFile(Refused):
    code = "care_carer_on_file"
    message = "已经登记了一位委托照护人，没有重复登记。要换人，请先结束现在这一位。"


class CarerEnded(Refused):
    code = "care_carer_ended"
    message = "这项委托照护已经结束，没有再改动。"


# For staff, with the family standing there: it does not say why.
NOT_POSSIBLE = "这位受托人现在不能登记，没有登记。请联系托管中心负责人或社区主任。"
REFUSALS: Refusals = {"carer_once": lambda _: CarerOnFile(), "CC055": lambda _: NotPossible(NOT_POSSIBLE)}


@dataclass(frozen=True)
class Entrusted:
    """`seen`: the written entrustment was looked at; `fit`: the question of articles 22 and 23 was asked and answered well."""

    name: str
    relation: str
    phone: str
    entrusted_on: date
    seen: bool
    fit: bool


def refusal_to_entrust(child: Resident, said: Entrusted, by: User) -> Refused | None:
    """Why this one is not recorded; None when nothing stands against it. Only staff record: the family brings the paper."""
    if refused := hands.refusal_for(child, by):
        return refused
    if not (said.seen and said.fit):
        return CarerExcluded()
    if said.entrusted_on > clock.today():
        return BadField("书面委托的日期还没有到，没有登记。请对照委托书核对。")
    return refusal_to_name(child, said.name, sentence=NOT_POSSIBLE)


@verb(REFUSALS)
def entrust(*, child: Resident, said: Entrusted, by: User) -> Carer:
    """From now on this one looks after the child. Refuses what `refusal_to_entrust` says, `CarerOnFile`."""
    changes.by(by)
    Resident.objects.held(child.pk)
    if refused := refusal_to_entrust(child, said, by):
        raise refused
    kept = read(WHO, {"name": said.name, "relation": said.relation, "phone": said.phone})
    return Carer.objects.create(
        child=child,
        entrusted_on=said.entrusted_on,
        seen_by=by,
        at=clock.now(),
        name_key=name_key(child, said.name),
        **kept,
    )


@verb()
def end(*, carer: Carer, by: User) -> Carer:
    """The parents are back, or somebody else does it. Refuses own family at the desk, `CarerEnded`."""
    changes.by(by)
    mine = (
        Carer.objects.select_for_update(no_key=True, of=("self",)).select_related("child__community").get(pk=carer.pk)
    )
    if refused := hands.refusal_for(mine.child, by):
        raise refused
    if mine.ended_at is not None:
        raise CarerEnded
    mine.ended_at, mine.ended_by = clock.now(), by
    mine.save(update_fields=["ended_at", "ended_by"])
    return mine

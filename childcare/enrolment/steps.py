"""托管报名的七步 (domain guide, 6.2): what each asks, and what of it is kept. What is kept is JSON, sealed (drafting.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from childcare import speaking
from childcare.enrolment.fields import (
    BadField,
    Choice,
    Day,
    Fields,
    Mobile,
    Phone,
    Said,
    Tail,
    Text,
    Whole,
    Yes,
    grouped,
    listed,
    read,
    together,
)
from childcare.handover import pickups
from childcare.models import Carer, Enrolment, Group, Pickup
from childcare.places import fit
from communities import guardians, identity
from communities.models import Resident
from core import clock
from core.refusals import Refused

YOUNGEST, OLDEST = fit.YOUNGEST, fit.OLDEST
MOST_PICKUPS = pickups.MOST
RELATION = Choice("您是孩子的", guardians.RELATIONS, required=True)
CHILD: Fields = {
    "name": Text("孩子姓名", 40, required=True),
    "sex": Choice("性别", ("m", "f")),
    "birth_date": Day("出生日期"),
    "document": Choice("证件类型", tuple(Resident.Document.values)),
    "number": Text("证件号", 30),
    "school": Text("学校", 40),
    "grade": Whole("年级", 0, 12),
    "school_class": Text("班级", 20),
}
GUARDIANS: Fields = {
    "relation": RELATION,
    "workplace": Text("工作单位", 60),
    "second_name": Text("另一位监护人姓名", 40),
    "second_relation": Choice("另一位监护人是孩子的", guardians.RELATIONS),
    "second_phone": Phone("另一位监护人电话"),
    "carer_name": Text("委托照护人姓名", 40),
    "carer_relation": Text("委托照护人是孩子的", 20),
    "carer_phone": Phone("委托照护人电话"),
    "carer_on": Day("书面委托日期"),
}
CONTACTS: Fields = {
    f"{name}{number}": field
    for number in (1, 2)
    for name, field in (
        ("name", Text(f"紧急联系人{number}姓名", 40, required=True)),
        ("relation", Text(f"紧急联系人{number}是孩子的", 20, required=True)),
        ("phone", Phone(f"紧急联系人{number}电话", required=True)),
    )
}
HEALTH: Fields = {
    "allergies": Text("过敏", 200),
    "handling": Text("过敏反应和处置", 200),
    "chronic": Text("慢性病、癫痫、哮喘、心脏病", 200),
    "medicine": Text("服药情况", 200),
    "diet": Text("饮食禁忌", 100),
    "injuries": Text("近期受伤", 100),
    "hospital": Text("就诊医院", 60),
    "needs": Text("需要特别照顾的地方", 200),
    "emergency": Yes("授权紧急送医"),
}
SERVICE: Fields = {
    "group": Whole("班", 1, 2**63 - 1, required=True),
    "lunch": Yes("用餐"),
    "nap": Yes("午休"),
    "alone": Yes("自行离开"),
    "starts_on": Day("从哪天开始", required=True),
    "both_work": Yes("双职工家庭"),
    "sibling": Yes("兄弟姐妹在本中心"),
}
PICKUP: Fields = {
    "name": Text("接送人姓名", 40, required=True),
    "relation": Text("接送人是孩子的", 20, required=True),
    "phone": Mobile("接送人手机号", required=True),
    "id_tail": Tail("接送人证件后4位", required=True),
    "valid_until": Day("授权到哪天", required=True),
    "adult": Yes("已满18周岁"),
}
AGREED = Yes("同意")
WEEKDAY = Whole("每周哪几天来", 0, 6, required=True)
CONSENTS: Fields = {
    "care": Yes("托管服务协议和家长须知"),
    "child_data": Yes("儿童个人信息规则"),
    "photo": Yes("影像使用"),
    "alone": Yes("自行离开"),
}


@dataclass(frozen=True)
class Step:
    """`key` is its name in the draft, `names` are its fields. `skips`: may be left without anything."""

    number: int
    key: str
    title: str
    names: frozenset[str]
    check: Callable[[Enrolment, Said, Said], Said]
    skips: bool = False

    def kept(self, enrolment: Enrolment, said: Any, draft: Said) -> Said:
        """What is kept of `said`, beside all that the `draft` says already. Refuses what deciding would refuse, as far as it is known."""
        return self.check(enrolment, grouped(self.title, said, self.names), draft)

    @property
    def said(self) -> str:
        """第3步，共7步：紧急联系人, without the word before and the title after."""
        return f"{self.number}步，共{LAST}步："

    @property
    def after(self) -> int:
        return self.number + 1


def _child(enrolment: Enrolment, said: Said, _: Said) -> Said:
    """Of a child with a file the file says who it is. The number, if given, is checked, and tells the birth date."""
    known = enrolment.child
    if known is not None:
        said = said | {"name": known.name, "birth_date": known.birth_date, "number": ""}
    kept = read(CHILD, said)
    if kept["number"]:
        number = identity.clean(kept["number"], kept["document"] or Resident.Document.ID_CARD)
        kept |= {"number": number.text, "document": str(number.document)}
        inside = number.birth_date.isoformat() if number.birth_date else ""
        if inside and kept["birth_date"] and inside != kept["birth_date"]:
            raise BadField("出生日期和证件号对不上，这一步没有保存。请对照证件核对两项。")
        kept["birth_date"] = kept["birth_date"] or inside
    if not kept["birth_date"]:
        raise BadField("请填写出生日期，或填身份证号（里面有出生日期）。这一步没有保存。")
    age = Resident(birth_date=date.fromisoformat(kept["birth_date"])).age_on(clock.today())
    if age is None or not YOUNGEST <= age <= OLDEST:
        raise BadField(f"本中心接收{YOUNGEST}到{OLDEST}周岁的孩子，这一步没有保存。请检查出生日期。")
    return kept


def _guardians(enrolment: Enrolment, said: Said, _: Said) -> Said:
    kept = read(GUARDIANS, said)
    together(GUARDIANS, kept, ("second_name", "second_relation", "second_phone"))
    if together(GUARDIANS, kept, ("carer_name", "carer_relation", "carer_phone", "carer_on")):
        _not_to_come(kept["carer_on"], "书面委托日期")
        if enrolment.child and Carer.objects.filter(child=enrolment.child, ended_at=None).exists():
            raise BadField("孩子已经登记了委托照护人，不用再填，这一步没有保存。请把这一组留空；要换人请到社区窗口。")
    return kept


def _contacts(enrolment: Enrolment, said: Said, _: Said) -> Said:
    kept = read(CONTACTS, said)
    if kept["phone1"] == kept["phone2"]:
        raise BadField("两位紧急联系人的电话要不一样，这一步没有保存。")
    if enrolment.guardian.phone in (kept["phone1"], kept["phone2"]):
        raise BadField("紧急联系人请填监护人以外的人，联系不上您时老师会打给他们。这一步没有保存。")
    return kept


def _health(_: Enrolment, said: Said, draft: Said) -> Said:
    """Without the box nothing of it is kept: whoever agreed before takes it back so, whoever did not is told of the box."""
    kept = read(HEALTH, said)
    if AGREED.read(said.get("agreed")):
        return {"agreed": True, **kept}
    if any(kept.values()) and not draft.get("health", {}).get("agreed"):
        raise BadField("填写了健康情况，但没有勾选同意登记，这一步没有保存。请勾选同意；不想登记的，请清空后再继续。")
    return {"agreed": False}


def _service(enrolment: Enrolment, said: Said, draft: Said) -> Said:
    kept = read(SERVICE, said)
    group = Group.objects.filter(centre=enrolment.centre_id, status=Group.Status.OPEN, pk=kept["group"]).first()
    if group is None:
        raise BadField("这个班现在不接受报名，这一步没有保存。请选择另一个班。")
    plan = sorted({WEEKDAY.read(one) or 0 for one in listed("每周哪几天来", said.get("plan"), 7)})
    if not plan:
        raise BadField("请选择每周哪几天来，这一步没有保存。")
    kept |= {"plan": plan}
    if refused := against_service(enrolment, group, kept, draft):
        raise refused
    return kept


def against_service(enrolment: Enrolment, group: Group, kept: Said, draft: Said) -> Refused | None:
    """What asking for the place would refuse (places/fit.py), as far as child and grade are known already."""
    today, child, said = clock.today(), enrolment.child, draft.get("child")
    wish = fit.Wish(tuple(kept["plan"]), starts_on=date.fromisoformat(kept["starts_on"]))
    refused = fit.against_days(group, wish, today)
    if said and not refused:
        born = Resident(birth_date=date.fromisoformat(said["birth_date"]))
        refused = fit.against_age(group, born, today)
        if kept["alone"]:
            refused = refused or fit.against_grade(group, said["grade"])
    return refused or (fit.against_others(group, child, wish.plan) if child else None)


def _pickups(enrolment: Enrolment, said: Said, _: Said) -> Said:
    named = listed("接送人", said.get("people"), MOST_PICKUPS)
    people = [read(PICKUP, grouped("接送人", one, PICKUP)) for one in named]
    if not AGREED.read(said.get("agreed")):
        return {"agreed": False, "people": []}
    for one in people:
        if refused := pickups.refusal_to_say(sent(one), clock.today()):
            raise refused
    if enrolment.child and (refused := against_pickups(enrolment.child, people)):
        raise refused
    return {"agreed": True, "people": people}


def sent(one: Said) -> pickups.Said:
    """A person of this step as the centre's own list takes it."""
    whom = {name: one[name] for name in ("name", "relation", "phone", "id_tail")}
    until = date.fromisoformat(one["valid_until"])
    return pickups.Said(**whom, valid_from=clock.today(), valid_until=until, of_age=one["adult"])


def against_pickups(child: Resident, people: list[Said]) -> Refused | None:
    """What stands on file of the child against these people: they are sent already, there are four, or a bar."""
    mine = Pickup.objects.standing().filter(child=child, valid_until__gte=clock.today())
    known, keys = (
        set(mine.values_list("name_key", flat=True)),
        [speaking.name_key(child, one["name"]) for one in people],
    )
    if known & set(keys):
        return BadField("有一位已经在孩子的接送人名单里，不用再填，这一步没有保存。请删去这一位。")
    if len(known) + len(keys) > MOST_PICKUPS:
        return pickups.FourAlready()
    return speaking.refusal_to_name(child, *(one["name"] for one in people))


def _consents(_: Enrolment, said: Said, __: Said) -> Said:
    return read(CONSENTS, said)


def _not_to_come(day: str, label: str) -> None:
    if date.fromisoformat(day) > clock.today():
        raise BadField(f"“{label}”还没有到，这一步没有保存。请对照书面委托核对。")


STEPS = (
    Step(1, "child", "孩子", frozenset(CHILD), _child),
    Step(2, "guardians", "监护人", frozenset(GUARDIANS), _guardians),
    Step(3, "contacts", "紧急联系人", frozenset(CONTACTS), _contacts),
    Step(4, "health", "健康情况", frozenset(HEALTH) | {"agreed"}, _health, skips=True),
    Step(5, "service", "托管安排", frozenset(SERVICE) | {"plan"}, _service),
    Step(6, "pickups", "接送人", frozenset({"agreed", "people"}), _pickups, skips=True),
    Step(7, "consents", "同意", frozenset(CONSENTS), _consents),
)
LAST = STEPS[-1].number


def numbered(number: int) -> Step | None:
    return next((one for one in STEPS if one.number == number), None)

"""托管报名的七步 (domain guide, 6.2): what each asks, and what of it is kept. What is kept is JSON, sealed (drafting.py)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from childcare.enrolment.fields import (
    BadField,
    Choice,
    Day,
    Fields,
    Phone,
    Said,
    Tail,
    Text,
    Whole,
    Yes,
    read,
    together,
)
from childcare.models import Enrolment, Group
from communities import guardians, identity
from communities.models import Resident
from core import clock

YOUNGEST, OLDEST = 3, 15
MOST_PICKUPS, PICKUP_DAYS = 4, 366
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
    "phone": Phone("接送人电话", required=True),
    "id_tail": Tail("接送人证件后4位", required=True),
    "valid_until": Day("授权到哪天", required=True),
    "adult": Yes("已满18周岁"),
}
CONSENTS: Fields = {
    "care": Yes("托管服务协议和家长须知"),
    "child_data": Yes("儿童个人信息规则"),
    "photo": Yes("影像使用"),
    "alone": Yes("自行离开"),
}


@dataclass(frozen=True)
class Step:
    """`key` is its name in the draft. `skips`: may be left without anything."""

    number: int
    key: str
    title: str
    check: Callable[[Enrolment, Said], Said]
    skips: bool = False

    @property
    def said(self) -> str:
        """第3步，共7步：紧急联系人, without the word before and the title after."""
        return f"{self.number}步，共{LAST}步："

    @property
    def after(self) -> int:
        return self.number + 1


def _child(enrolment: Enrolment, said: Said) -> Said:
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


def _guardians(_: Enrolment, said: Said) -> Said:
    kept = read(GUARDIANS, said)
    together(GUARDIANS, kept, ("second_name", "second_relation", "second_phone"))
    if together(GUARDIANS, kept, ("carer_name", "carer_relation", "carer_phone", "carer_on")):
        _not_to_come(kept["carer_on"], "书面委托日期")
    return kept


def _contacts(enrolment: Enrolment, said: Said) -> Said:
    kept = read(CONTACTS, said)
    if kept["phone1"] == kept["phone2"]:
        raise BadField("两位紧急联系人的电话要不一样，这一步没有保存。")
    if enrolment.guardian.phone in (kept["phone1"], kept["phone2"]):
        raise BadField("紧急联系人请填监护人以外的人，联系不上您时老师会打给他们。这一步没有保存。")
    return kept


def _health(_: Enrolment, said: Said) -> Said:
    """Without the box nothing of it is kept."""
    return {"agreed": True, **read(HEALTH, said)} if said.get("agreed") is True else {"agreed": False}


def _service(enrolment: Enrolment, said: Said) -> Said:
    kept = read(SERVICE, said)
    group = Group.objects.filter(centre=enrolment.centre_id, status=Group.Status.OPEN, pk=kept["group"]).first()
    if group is None:
        raise BadField("这个班现在不接受报名，这一步没有保存。请选择另一个班。")
    days = {str(day) for day in group.weekdays}
    plan = sorted({int(day) for day in map(str, said.get("plan") or []) if day in days})
    if not plan:
        raise BadField("请选择每周哪几天来，这一步没有保存。")
    starts = date.fromisoformat(kept["starts_on"])
    if not max(group.first_on, clock.today()) <= starts <= group.last_on:
        raise BadField("开始日期要在今天以后、这个班结束以前，这一步没有保存。请检查日期。")
    return kept | {"plan": plan}


def _pickups(_: Enrolment, said: Said) -> Said:
    if said.get("agreed") is not True:
        return {"agreed": False, "people": []}
    people = [read(PICKUP, one) for one in list(said.get("people") or [])[: MOST_PICKUPS + 1]]
    if len(people) > MOST_PICKUPS:
        raise BadField(f"接送人最多登记{MOST_PICKUPS}位，这一步没有保存。")
    for one in people:
        until = date.fromisoformat(one["valid_until"])
        if not one["adult"]:
            raise BadField("接送人要年满18周岁，请确认后勾选。这一步没有保存。")
        if not clock.today() <= until <= clock.today() + timedelta(days=PICKUP_DAYS):
            raise BadField("接送授权从今天起最长一年，这一步没有保存。请检查“授权到哪天”。")
    return {"agreed": True, "people": people}


def _consents(_: Enrolment, said: Said) -> Said:
    return read(CONSENTS, said)


def _not_to_come(day: str, label: str) -> None:
    if date.fromisoformat(day) > clock.today():
        raise BadField(f"“{label}”还没有到，这一步没有保存。请对照书面委托核对。")


STEPS = (
    Step(1, "child", "孩子", _child),
    Step(2, "guardians", "监护人", _guardians),
    Step(3, "contacts", "紧急联系人", _contacts),
    Step(4, "health", "健康情况", _health, skips=True),
    Step(5, "service", "托管安排", _service),
    Step(6, "pickups", "接送人", _pickups, skips=True),
    Step(7, "consents", "同意", _consents),
)
LAST = STEPS[-1].number


def numbered(number: int) -> Step | None:
    return next((one for one in STEPS if one.number == number), None)

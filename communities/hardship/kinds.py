"""优待类别 and what is looked at for each: the family's own paper or a look-up, never a certificate of the community (domain guide, 6.4)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices

from communities import identity
from communities.models import Evidence
from communities.photos import Picture
from core.refusals import BadInput

CLASSES, SEVERE, MILD = "1234567", "12", "34"
NUMBER_MOST = 30


class Category(TextChoices):
    """The keys are those of settings.CARE_REDUCTIONS."""

    DESTITUTE = "destitute", "特困、孤儿、事实无人抚养"
    SUBSISTENCE = "subsistence", "低保"
    DISABLED_SEVERE = "disabled_severe", "残疾（一级、二级）"
    DISABLED = "disabled", "残疾（三级、四级）"
    LEFT_BEHIND = "left_behind", "留守"
    NEAR_POOR = "near_poor", "低保边缘"
    VETERAN = "veteran", "困难退役军人、烈属"
    COURIER = "courier", "新就业群体"


class About(TextChoices):
    """Whose paper it is, seen from the resident."""

    SELF = "self", "本人"
    MOTHER = "mother", "母亲"
    FATHER = "father", "父亲"
    FAMILY = "family", "家庭"


class BadEvidence(BadInput):
    code = "evidence_bad"
    message = "填写的依据有误，没有登记。请对照证件核对后重新填写。"


C = Category
CIVIL = "民政救助系统"
# What may be looked at, and where else it may be looked up. Nothing else is offered, and nothing else is taken.
PAPERS: dict[Category, tuple[str, ...]] = {
    C.DESTITUTE: ("特困人员救助供养证", "孤儿基本生活费审批文件", "事实无人抚养儿童认定文件"),
    C.SUBSISTENCE: ("最低生活保障证", "低保确认通知书"),
    C.DISABLED_SEVERE: ("残疾人证",),
    C.DISABLED: ("残疾人证",),
    C.LEFT_BEHIND: ("委托照护书",),
    C.NEAR_POOR: ("低保边缘家庭认定通知书",),
    C.VETERAN: ("退役军人优待证", "烈士遗属优待证"),
    C.COURIER: ("平台注册页面",),
}
SYSTEMS: dict[Category, tuple[str, ...]] = {
    C.DESTITUTE: (CIVIL,),
    C.SUBSISTENCE: (CIVIL,),
    C.DISABLED_SEVERE: ("残联查询系统",),
    C.DISABLED: ("残联查询系统",),
    C.LEFT_BEHIND: ("街道儿童关爱台账",),
    C.NEAR_POOR: (CIVIL,),
    C.VETERAN: ("退役军人事务系统",),
    C.COURIER: ("社区小哥登记",),
}
# Each term (left behind) or half a year (income that is not steady), else a year: communities/settings.py.
EACH_TERM = (C.LEFT_BEHIND,)
CARDS = (C.DISABLED_SEVERE, C.DISABLED)


@dataclass(frozen=True, repr=False)
class Said:
    """What a colleague saw. `ends_on` is the paper's own last day, None for none; `image` is drawn anew already.

    It has no telling `repr`: a category stands in no log and in no error.
    """

    category: Category
    about: About
    way: Evidence.Way
    seen_on: date
    starts_on: date
    ends_on: date | None = None
    paper: str = ""
    system: str = ""
    number: str = ""
    unstable: bool = False
    image: Picture | None = None

    def __repr__(self) -> str:
        return "Said(***)"

    def facts(self) -> dict[str, Any]:
        """What is sealed."""
        return {
            "category": self.category.value, "about": self.about.value, "paper": self.paper, "system": self.system,
            "number": self.number, "unstable": self.unstable, "ends_on": self.ends_on.isoformat() if self.ends_on else "",
        }  # fmt: skip


def said_of(evidence: Evidence, facts: dict[str, Any]) -> Said:
    """What was said when it was recorded; the picture is shown by itself (communities/hardship/opening.py)."""
    return Said(
        Category(facts["category"]), About(facts["about"]), Evidence.Way(evidence.way), evidence.seen_on, evidence.starts_on,
        date.fromisoformat(facts["ends_on"]) if facts["ends_on"] else None, facts["paper"], facts["system"], facts["number"],
        bool(facts["unstable"]),
    )  # fmt: skip


def cleaned(said: Said) -> Said:
    """The same with its number as it is kept. Refuses `BadEvidence`, and a number that is none of an identity card's."""
    offered = (PAPERS if said.way == Evidence.Way.VIEWED else SYSTEMS)[said.category]
    named, other = (said.paper, said.system) if said.way == Evidence.Way.VIEWED else (said.system, said.paper)
    if named not in offered or other:
        raise BadEvidence("请选择这一类要看的证件或查询的系统，没有登记。不要求居民另开证明。")
    number = identity.normal(said.number)
    if len(number) > NUMBER_MOST or "\0" in number:
        raise BadEvidence
    if said.category in CARDS:
        number = _card(number, said)
    return Said(
        said.category, said.about, said.way, said.seen_on, said.starts_on, said.ends_on, said.paper, said.system, number,
        said.unstable, said.image,
    )  # fmt: skip


def _card(number: str, said: Said) -> str:
    """残疾人证: the identity number, one digit of class and one of grade (domain guide, 6.4)."""
    if len(number) != 20 or number[18] not in CLASSES or number[19] not in SEVERE + MILD:
        raise BadEvidence("残疾人证号是20位：18位身份证号、1位类别、1位等级。请对照证件核对，没有登记。")
    identity.clean(number[:18])
    if (number[19] in SEVERE) != (said.category == C.DISABLED_SEVERE):
        raise BadEvidence("残疾人证号最后一位是等级，和所选的类别对不上。请对照证件核对，没有登记。")
    if said.ends_on is None and said.way == Evidence.Way.VIEWED:
        raise BadEvidence("请填写证件上的有效期截止日，没有登记。")
    return number

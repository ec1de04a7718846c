"""能不能入托: why a child may not have a place in a group. Asking, offering and accepting ask the same questions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from childcare.models import CareFile, Group, Place
from childcare.places.groups import NotOpen, overlapping
from childcare.speaking import is_stopped, speaker_for
from communities import consents, duties, guardians
from communities.kin import refusal_between
from communities.models import Consent, Resident, User
from communities.settings import CARE_ALONE_GRADE, value_of
from core import clock
from core.refusals import BadInput, Refused
from partners import standing

YOUNGEST, OLDEST = 3, 15
Purpose, Status, Kind = Consent.Purpose, Place.Status, Group.Kind
STANDING = (Status.WAITING, Status.OFFERED, Status.HELD)


class NotYours(Refused):
    code = "care_not_your_place"
    message = "托位由孩子的监护人或社区工作人员办理，没有办成，什么都没有改动。请由登记的监护人办理。"
    status = 403


class OwnFamily(Refused):
    code = "care_place_kin"
    message = "不能为自己家的孩子办理托位，没有改动。请由另一位同事办理，或用自己的手机以家长身份办理。"
    status = 403


class NotPayer(Refused):
    code = "care_not_payer"
    message = "付费人要是孩子登记在册的监护人，没有登记托位。请先在“监护人”里登记。"


class OtherCommunity(Refused):
    code = "care_other_community"
    message = "本中心只收本社区登记的孩子，没有登记托位。请向孩子所在社区的托管中心报名。"


class WrongAge(Refused):
    code = "care_wrong_age"
    message = (
        f"托管中心收{YOUNGEST}～{OLDEST}岁、档案里登记了出生日期并已确认的孩子，没有登记托位。请先核对孩子的档案。"
    )


class NoCareFile(Refused):
    code = "care_no_file"
    message = "孩子还没有托管档案，没有登记托位。请先填写托管报名。"


class NotAgreed(Refused):
    code = "care_not_agreed"
    message = "监护人还没有同意托管服务协议和儿童个人信息规则，没有登记托位。请先由监护人同意。"


class Overlaps(Refused):
    code = "care_place_overlaps"
    message = "孩子在同一时间已有另一个班的托位，没有办成，什么都没有改动。请先放弃那个托位，或请社区办理转班。"


class AlreadyAsked(Refused):
    code = "care_already_asked"
    message = "孩子已经登记过这个班，没有重复登记。可以在“孩子的托位”里查看。"


class NotAlone(Refused):
    code = "care_not_alone"

    def __init__(self, grade: int = CARE_ALONE_GRADE.default) -> None:
        super().__init__(
            f"孩子要{grade}年级及以上、监护人书面同意，才能自行离开，没有保存，也没有登记托位。请取消“自行离开”，或先办理同意。"
        )


class NotServing(Refused):
    code = "care_not_serving"
    message = (
        "托管中心的运营单位现在没有生效的协议或证照，暂时不收新的孩子，没有办成，什么都没有改动。"
        "已轮到的托位给孩子留着，恢复后再办；在托的孩子照常。可以打社区电话了解。"
    )


class BadWish(BadInput):
    code = "care_bad_wish"

    def __init__(self, why: str = "请检查填写的内容。") -> None:
        super().__init__(f"{why}没有保存，也没有登记托位。")


@dataclass(frozen=True)
class Wish:
    """What is asked for: `plan` is on which weekdays the child comes (0 is Monday), `starts_on` None means as soon as possible."""

    plan: tuple[int, ...]
    lunch: bool = False
    nap: bool = False
    alone: bool = False
    starts_on: date | None = None


def refusal_for(group: Group, child: Resident, payer: Resident, wish: Wish, by: User, at: datetime) -> Refused | None:
    """Why `child` cannot ask for a place; None when nothing stands against it. Page, counter, REST and verb ask."""
    day = clock.local(at).date()
    if refused := refusal_to_act(child, by, payer=payer):
        return refused
    if refused := against_operator(group, day) or _asked(group, child):
        return refused
    return against_child(group, child, wish.plan, day, wish.starts_on) or against_wish(group, child, wish, day)


def against_operator(group: Group, day: date) -> Refused | None:
    """No child is newly taken in while the operator may not serve; who has a place already stays (partners/standing.py)."""
    centre = group.centre
    return NotServing() if standing.refusal_for(centre.operator, centre.community, day) else None


def against_others(group: Group, child: Resident, plan: Iterable[int]) -> Refused | None:
    """What the child has, or asked for, already."""
    return _asked(group, child) or (Overlaps() if meets_another(group, child, plan) else None)


def _asked(group: Group, child: Resident) -> Refused | None:
    return AlreadyAsked() if Place.objects.filter(group=group, child=child, status__in=STANDING).exists() else None


def against_age(group: Group, child: Resident, day: date) -> Refused | None:
    """By the age on the first day that is to come."""
    age = child.age_on(max(day, group.first_on))
    return None if age is not None and YOUNGEST <= age <= OLDEST else WrongAge()


def refusal_to_act(child: Resident, by: User, *, payer: Resident | None = None) -> Refused | None:
    """Why `by` cannot speak for the place of `child`: its guardian, or staff that are not of its family."""
    if payer is not None and (not guardians.answers_for(payer, child) or is_stopped(child, payer)):
        return NotPayer()
    own = speaker_for(child, by)
    if own is not None:
        return None if payer is None or own.pk == payer.pk else NotPayer()
    if not duties.holds(by, child.community, *duties.ENTERING):
        return NotYours()
    return None if by.kind == User.Kind.SERVICE else refusal_between(by=by, beneficiaries=[child], family=OwnFamily())


def against_child(
    group: Group, child: Resident, plan: Iterable[int], day: date, begins: date | None = None
) -> Refused | None:
    """What keeps this child from this group, whoever asks: asked again when its turn comes. `begins`: its first day, if later."""
    if group.status != Group.Status.OPEN or group.last_on < day:
        return NotOpen()
    if child.community_id != group.centre.community_id:
        return OtherCommunity()
    if not child.confirmed or against_age(group, child, day):
        return WrongAge()
    if not CareFile.objects.filter(child=child).exists():
        return NoCareFile()
    if not agreed(child, Purpose.CARE, Purpose.CHILD_DATA):
        return NotAgreed()
    return Overlaps() if meets_another(group, child, plan, begins) else None


def against_wish(group: Group, child: Resident, wish: Wish, day: date) -> Refused | None:
    """What is wrong with how the child is to come and go."""
    return against_days(group, wish, day) or (against_alone(group, child) if wish.alone else None)


def against_days(group: Group, wish: Wish, day: date) -> Refused | None:
    """Days on which the group does not run or for which there is no fee, and a first day that cannot be."""
    plan, fees = set(wish.plan), group.fees
    if not plan or not plan <= set(group.weekdays) or len(plan) != len(wish.plan):
        return BadWish("请在这个班开放的星期里选择孩子来的日子。")
    if group.kind != Kind.DROP_IN and str(len(plan)) not in fees:
        return BadWish(f"这个班没有每周{len(plan)}天的收费，可选每周{'、'.join(sorted(fees, key=int))}天。")
    if wish.starts_on is not None and not max(day, group.first_on) <= wish.starts_on <= group.last_on:
        return BadWish("开始日期要在今天以后、班次结束以前。")
    return None


def against_alone(group: Group, child: Resident) -> Refused | None:
    """Why the child may not leave by itself: only with written consent and from the set grade on (domain guide, 6.2)."""
    grade = CareFile.objects.filter(child=child).values_list("grade", flat=True).first()
    refused = against_grade(group, grade)
    return refused or (None if agreed(child, Purpose.CARE_ALONE) else NotAlone())


def against_grade(group: Group, grade: int | None) -> Refused | None:
    """A child of no known grade is too young."""
    least = value_of(CARE_ALONE_GRADE, group.centre.community.sub_district_id)
    return None if grade is not None and grade >= least else NotAlone(least)


def agreed(child: Resident, *purposes: Consent.Purpose) -> bool:
    """Whether a guardian's consent to each of `purposes` stands, to the texts of today."""
    return all(consents.standing(one).filter(resident=child).exists() for one in purposes)


def meets_another(group: Group, child: Resident, plan: Iterable[int], begins: date | None = None) -> bool:
    """Whether the child has, or is offered, another place at the same hours, from today or from the day `begins` on."""
    others = Place.objects.filter(child=child, status__in=(Status.HELD, Status.OFFERED)).exclude(group=group)
    late = others.filter(ends_on__lt=max(group.first_on, clock.today(), begins or group.first_on))
    return others.exclude(pk__in=late).filter(overlapping(group, plan)).exists()

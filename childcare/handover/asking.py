"""能不能放人: why a child may not leave so. The page, REST and the verb ask here; the database asks again."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from childcare.handover import barring, second as seconds
from childcare.handover.pickups import TAIL
from childcare.models import Attendance, Barred, CareFile, Carer, Centre, Handover, Pickup, PickupCode, Place, Staffer
from childcare.models.places import NIGHT
from childcare.speaking import bars_of, stops
from childcare.staffing import turns
from communities import consents, duties
from communities.models import Consent, Duty, Guardian, User
from communities.settings import CARE_ALONE_GRADE, value_of
from core import clock
from core.refusals import BadInput, Refused

Way = Handover.Way
Check = Handover.Check
CHECKS = {
    Way.GUARDIAN: (Check.KNOWN, Check.DOCUMENT), Way.PICKUP: (Check.KNOWN, Check.DOCUMENT), Way.CARER: (Check.KNOWN, Check.DOCUMENT),
    Way.CODE: (Check.CODE,), Way.ALONE: (Check.CONSENT,),
}  # fmt: skip


class NotOnDuty(Refused):
    code = "care_not_on_duty"
    message = "您今天不在这个中心当班（或记录查询已过期），不能放人，没有登记离开。请当班老师办理，或请负责人先排班。"
    status = 403


class NotHeld(Refused):
    code = "care_no_place"
    message = "这个孩子这一天在这里没有托位，没有登记离开。请核对孩子和日期。"


class NotThere(Refused):
    code = "care_not_there"
    message = "这个孩子这一天还没有登记到班，没有登记离开。请先登记到班。"


class LeftAlready(Refused):
    code = "care_left_already"
    message = "这个孩子已经登记离开，没有重复登记。请看交接记录。"


class WrongChild(Refused):
    code = "care_wrong_child"
    message = "这个人不是来接这个孩子的：授权里写的是别的孩子，没有放人。请核对孩子和接送人。"


class PickupExpired(Refused):
    code = "care_pickup_expired"
    message = "这位接送人的授权已过期，没有放人。请打电话请监护人重新授权。"


class PickupNotYet(Refused):
    code = "care_pickup_not_yet"
    message = "这位接送人的授权还没有开始，没有放人。请打电话向监护人核实。"


class PickupRevoked(Refused):
    code = "care_pickup_gone"
    message = "这位接送人已被监护人撤销，没有放人。请打电话向监护人核实。"


class PickupUsed(Refused):
    code = "care_pickup_used"
    message = "这位接送人只授权接一次，已经接过，没有放人。请打电话请监护人重新授权。"


class NoLongerGood(Refused):
    code = "care_no_longer_good"
    message = "这项授权刚刚失效或已经用过，没有放人。请打电话向监护人核实。"


class TailDiffers(Refused):
    code = "care_tail_differs"
    message = "证件后四位和登记的不一样，没有放人。请看清证件再输；还不一样，请打电话向监护人核实。"


class NotAlone(Refused):
    code = "care_not_alone"
    message = "这个孩子不能自己离开：要四年级及以上、监护人同意并登记过，没有放人。请等大人来接。"


class ProofNeeded(Refused):
    code = "care_proof_needed"
    message = (
        "系统对接放人要有能核对的凭据：接送码，或登记过的证件后四位。没有放人，也没有登记离开。"
        "请当班老师在自己的手机上核对后放人。"
    )
    status = 403


class NotAtOnce(BadInput):
    code = "care_not_at_once"
    message = "离开时间不能晚于现在，没有登记。请改正时间。"


@dataclass(frozen=True)
class Taking:
    """Who takes the child, and what was looked at. `code` is set once it was proved."""

    way: Way
    check: Check
    guardian: Guardian | None = None
    pickup: Pickup | None = None
    carer: Carer | None = None
    code: PickupCode | None = None
    id_tail: str = ""

    @property
    def whom(self) -> Guardian | Pickup | Carer | PickupCode | None:
        given = {Way.GUARDIAN: self.guardian, Way.PICKUP: self.pickup, Way.CARER: self.carer, Way.CODE: self.code}
        return given.get(self.way)

    @property
    def relation(self) -> str:
        """What the log says of who came."""
        return self.whom.relation if self.whom else ""


def refusal_for(
    place: Place, said: Taking, *, by: User, staffer: Staffer | None, second: Staffer | None, at: datetime, on_paper: bool
) -> Refused | None:  # fmt: skip
    """Why the child of `place` may not leave so; None when nothing stands against it. Before its code is proved it is not asked."""
    day, first = day_of(place, at), first_of(place, by, staffer, on_paper=on_paper)
    if first is None or not on_duty(first, place.group.centre, day):
        return NotOnDuty()
    if not (
        on_paper or seconds.works_there(first, place.group.centre)
    ):  # who left since may stand on the paper of a day before
        return NotOnDuty()
    if on_paper and at > clock.now():
        return NotAtOnce()
    if refused := refusal_to_leave(place, day, at) or _refusal_to_check(said):
        return refused
    if said.way == Way.CODE and (refused := seconds.refusal_for(place.group.centre, first, second, day)):
        return refused
    return _refusal_to_taker(place, said, day, at, on_paper) or (None if provable(said, by) else ProofNeeded())


def day_of(place: Place, at: datetime) -> date:
    """Of which day the child of `place` leaves at `at`: before six in the morning it may still be there from the day before."""
    local = clock.local(at)
    today, before = local.date(), local.date() - timedelta(days=1)
    if local.time() >= NIGHT:
        return today
    there = Attendance.objects.filter(place=place, day__in=[before, today], arrived_at__lte=at, left_at=None)
    return max(there.values_list("day", flat=True), default=today)


def provable(said: Taking, by: User) -> bool:
    """Whether what was looked at can be compared with what is known. Who lets go by the own account has seen the person; a client
    has seen nobody, and whom it names as on duty proves nothing."""
    return (
        by.kind != User.Kind.SERVICE or said.way == Way.CODE or (said.check == Check.DOCUMENT and bool(tail_of(said)))
    )


def refusal_to_leave(place: Place, day: date, at: datetime) -> Refused | None:
    """Why the child cannot leave at all on `day`: no place, not there, gone."""
    if not Place.objects.held_on(day).filter(pk=place.pk).exists():
        return NotHeld()
    if Handover.objects.filter(place=place, day=day).exists():
        return LeftAlready()
    there = Attendance.objects.filter(place=place, day=day, arrived_at__lte=at)
    return None if there.exists() else NotThere()


def first_of(place: Place, by: User, staffer: Staffer | None, *, on_paper: bool = False) -> Staffer | None:
    """Who lets the child go: `by`'s own post at the centre; a client, and who types paper in there, names a colleague."""
    centre = place.group.centre
    own = (
        Staffer.objects.current().filter(account=by, centre=centre, centre__in=Centre.objects.of_caregiver(by)).first()
    )
    if staffer is None or (own is not None and staffer.pk == own.pk):
        return own
    client = by.kind == User.Kind.SERVICE and duties.holds(by, centre.community, Duty.Role.CLIENT)
    return staffer if staffer.centre_id == centre.pk and (client or (on_paper and own is not None)) else None


def on_duty(staffer: Staffer, centre: Centre, day: date) -> bool:
    """As `childcare_on_duty` in the database: a turn that day, and a clear check that covers it."""
    return staffer.turns.filter(centre=centre, day=day).exists() and not turns.overdue_on(staffer, day)


def barred_of(place: Place, said: Taking, *, then: datetime | None = None) -> Barred | None:
    """The bar that stands against who takes the child; with `then` (what is typed in from paper) one that stood at that hour."""
    standing = [one for one in bars_of(place.child) if then is None or one.at <= then]
    key = said.whom.name_key if isinstance(said.whom, Pickup | PickupCode | Carer) else ""
    return stops(place.child, key=key, adult=said.guardian.guardian if said.guardian else None, standing=standing)


def read_anew(said: Taking) -> Taking:
    """The same with the rows as they are now."""
    return replace(
        said,
        guardian=said.guardian and Guardian.objects.select_related("guardian").get(pk=said.guardian.pk),
        pickup=said.pickup and Pickup.objects.get(pk=said.pickup.pk),
        carer=said.carer and Carer.objects.get(pk=said.carer.pk),
        code=said.code and PickupCode.objects.get(pk=said.code.pk),
    )


def may_note(handover: Handover, by: User) -> bool:
    """The lead of the centre, and the community's staff."""
    return turns.may_plan(handover.place.group.centre, by)


def alone_refused(place: Place, on: date) -> bool:
    """Whether the child may not leave by itself: not agreed, too young, no consent."""
    grade = value_of(CARE_ALONE_GRADE, place.group.centre.community.sub_district_id, on=on)
    file = CareFile.objects.filter(child=place.child_id, grade__gte=grade)
    agreed = consents.standing(Consent.Purpose.CARE_ALONE).filter(resident=place.child_id)
    return not (place.alone and file.exists() and agreed.exists())


def _refusal_to_check(said: Taking) -> Refused | None:
    if said.check not in CHECKS.get(said.way, ()):
        return BadInput("请选怎么核对的，没有登记离开。")
    if said.check in (Check.DOCUMENT, Check.CODE) and not TAIL.fullmatch(said.id_tail):
        return BadInput("请输入证件后四位（最后一位可以是X），没有登记离开。")
    if said.way not in (Way.ALONE, Way.CODE) and said.whom is None:
        return BadInput("请选谁来接，没有登记离开。")
    return None


def _refusal_to_taker(place: Place, said: Taking, day: date, at: datetime, on_paper: bool) -> Refused | None:
    if said.way == Way.ALONE:
        return NotAlone() if alone_refused(place, day) else None
    if said.whom is None:
        return None  # a code that is not proved yet
    if said.whom.child_id != place.child_id:
        return WrongChild()
    if barred_of(place, said, then=at if on_paper else None) is not None:
        return barring.BarredPerson()
    return _refusal_by_time(said, day, at, on_paper) or _refusal_by_tail(said)


def _refusal_by_time(said: Taking, day: date, at: datetime, on_paper: bool) -> Refused | None:
    pickup, code = said.pickup, said.code
    if said.way == Way.PICKUP and pickup is not None:
        reasons: list[tuple[bool, Refused]] = [
            (day > pickup.valid_until, PickupExpired()),  # first: whoever makes room for another is revoked as well
            (pickup.once and pickup.used_at is not None, PickupUsed()),
            (pickup.revoked_at is not None and not (on_paper and pickup.revoked_at > at), PickupRevoked()),
            (clock.local(at).date() < pickup.valid_from, PickupNotYet()),
        ]
        return next((refused for stands, refused in reasons if stands), None)
    if said.way == Way.CODE and code is not None:
        gone = code.used_at is not None or code.revoked_at is not None or code.day not in (day, clock.local(at).date())
        return NoLongerGood() if gone else None
    ended = said.guardian.ended_at if said.guardian else said.carer.ended_at if said.carer else None
    return NoLongerGood() if ended is not None and not (on_paper and ended > at) else None


def _refusal_by_tail(said: Taking) -> Refused | None:
    """Where no number is known (a carer, a guardian whose document was never entered), what was seen is kept."""
    if said.check not in (Check.DOCUMENT, Check.CODE):
        return None
    known = tail_of(said)
    return TailDiffers() if known and known.upper() != said.id_tail else None


def tail_of(said: Taking) -> str:
    """The last four of the document as far as they are known."""
    if said.pickup or said.code:
        return said.pickup.id_tail if said.pickup else said.code.id_tail if said.code else ""
    return said.guardian.guardian.document_tail if said.guardian else ""

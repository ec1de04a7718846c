"""履约 and 投诉: what partners said they delivered, who confirmed it, and what residents complained of."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from django.db.models import QuerySet

from communities.models import Resident, User
from core import clock
from demo import cast
from demo.affairs import Affair, colleague, person
from demo.asked import Asked
from demo.places import CHONGXI, STREET, WENXING, WENYUAN, YONGAN, Place
from demo.shelf import BARBER, BOSCH, KANGLE, TONGXIN, YIHE, account
from partners.models import Agreement, Complaint, Delivery, Promise
from partners.obligations import complaining, reporting, witnessing

LATE, SOLD = "约好上午9点来擦玻璃，11点才到，也没有提前打电话。", "用券的时候店员让我加微信群，说群里有促销。"
ANSWER = "已向店里核实，当天前一户超时，没有提前告知。店里已道歉，改为提前一小时电话确认，并补擦一次纱窗。"


@dataclass(frozen=True)
class Kept:
    """The `number`th promise was kept so many `days` from today. By residents when `witnessed`, else by a colleague."""

    partner: str
    owner: cast.Merchant
    place: Place
    number: int
    days: int
    people: int
    minutes: int
    note: str
    confirmed: bool = True
    witnessed: bool = False


def _of_bosch(number: int, days: int, people: int, minutes: int, note: str, *, confirmed: bool = True) -> Kept:
    return Kept(BOSCH, cast.BOSCH, YONGAN, number, days, people, minutes, note, confirmed)


KEPT = (
    _of_bosch(1, -50, 18, 240, "修电饭煲、风扇等16件"), _of_bosch(1, -36, 21, 240, "修小家电19件，换插线板5个"),
    _of_bosch(2, -40, 24, 90, "邻里课堂：安全用电"), _of_bosch(1, -22, 16, 210, "修小家电14件"),
    _of_bosch(3, -20, 9, 60, "和楼长一起巡查3栋楼的飞线充电"), _of_bosch(2, -12, 22, 90, "邻里课堂：小家电保养"),
    _of_bosch(1, -8, 19, 240, "修小家电17件"), _of_bosch(1, -1, 12, 180, "修小家电11件", confirmed=False),
    Kept(YIHE, cast.YIHE, CHONGXI, 1, -47, 14, 150, "测血压14人，理发6人"),
    Kept(YIHE, cast.YIHE, CHONGXI, 1, -33, 16, 150, "测血压16人，理发7人"),
    Kept(YIHE, cast.YIHE, CHONGXI, 1, -19, 12, 150, "测血压12人，理发5人"),
    Kept(YIHE, cast.YIHE, CHONGXI, 1, -5, 15, 150, "测血压15人，理发6人", witnessed=True),
    Kept(KANGLE, cast.KANGLE, WENXING, 1, -30, 1, 120, "平安里独居老人家保洁一次"),
    Kept(KANGLE, cast.KANGLE, WENXING, 1, -15, 1, 120, "文兴苑独居老人家保洁一次"),
    Kept(KANGLE, cast.KANGLE, WENXING, 1, -2, 1, 120, "平安里独居老人家保洁一次", confirmed=False),
    Kept(TONGXIN, cast.TONGXIN, WENYUAN, 1, -45, 26, 120, "义诊26人，讲冬季慢病用药"),
    Kept(BARBER, cast.MENG, WENYUAN, 1, -10, 13, 180, "为13位老人理发"),
)  # fmt: skip


def last() -> QuerySet[Complaint]:
    """What is written last of everything that partners do: when it is there, everything is."""
    return Complaint.objects.filter(text=SOLD)


def past(asked: Asked) -> Iterator[Affair]:
    """Everything of this file, in no order."""
    for serial, one in enumerate(KEPT):
        mine = Delivery.objects.filter(note=one.note, on=asked.day + timedelta(days=one.days))
        mine = mine.filter(promise__agreement__partner__name=one.partner)
        yield Affair(asked.at(one.days, time(18, serial)), mine.exists, partial(_report, one))
        if one.confirmed:
            settled = mine.exclude(settled_at=None)
            act = partial(_witness if one.witnessed else _confirm, one, mine)
            yield Affair(asked.at(one.days + 1, time(16, serial)), settled.exists, act)
    late = Complaint.objects.filter(text=LATE)
    yield Affair(asked.at(-16), late.exists, partial(_complain, cast.SON, LATE, Complaint.Kind.MANNER))
    yield Affair(asked.at(-15), late.exclude(accepted_at=None).exists, lambda at: _accept(late.get(), at))
    yield Affair(asked.at(-13), late.exclude(answered_at=None).exists, lambda at: _answer(late.get(), at))
    yield Affair(asked.at(-1, time(23)), last().exists, partial(_complain, cast.WANG, SOLD, Complaint.Kind.SELLING))


def _report(one: Kept, at: datetime) -> None:
    """Agreements of a demo of before have no promises one by one."""
    day = clock.local(at).date()
    running = Agreement.objects.in_force(day).filter(partner__name=one.partner)
    promises = Promise.objects.select_related("agreement__community", "agreement__partner")
    if promise := promises.filter(agreement__in=running, order=one.number).first():
        reporting.report(
            promise=promise, on=day, people=one.people, minutes=one.minutes, note=one.note, by=account(one.owner), at=at
        )  # fmt: skip


def _confirm(one: Kept, mine: QuerySet[Delivery], at: datetime) -> None:
    by = User.objects.get(username=cast.recorder(one.place))
    if delivery := mine.first():
        reporting.confirm(delivery=delivery, by=by, note="现场看过", at=at)


def _witness(one: Kept, mine: QuerySet[Delivery], at: datetime) -> None:
    """As many households as the setting asks."""
    here = Resident.objects.filter(community__name=one.place.name, community__sub_district__name=STREET)
    people = here.filter(status=Resident.Status.CONFIRMED).exclude(account=None).select_related("account", "community")
    homes: dict[int | None, Resident] = {}
    for who in people.order_by("pk"):
        homes.setdefault(who.household_id, who)
    delivery = mine.first()
    if delivery is None:
        return
    for stars, who in zip((5, 4), homes.values(), strict=False):
        by = who.account or account(one.owner)
        witnessing.witness(delivery=delivery, resident=who, stars=stars, by=by, at=at)


def _complain(who: cast.Known, text: str, kind: Complaint.Kind, at: datetime) -> None:
    resident = person(who)
    agreement = Agreement.objects.select_related("partner", "community").get(partner__name=KANGLE, replaces=None)
    by = resident.account or colleague(cast.WORKER)
    complaining.file(
        partner=agreement.partner, community=agreement.community, text=text, kind=kind, resident=resident, by=by, at=at
    )  # fmt: skip


def _accept(complaint: Complaint, at: datetime) -> None:
    complaining.accept(complaint=complaint, by=colleague(cast.WORKER), at=at)


def _answer(complaint: Complaint, at: datetime) -> None:
    complaining.answer(complaint=complaint, answer=ANSWER, upheld=True, by=colleague(cast.WORKER), at=at)

"""小哥 of 清远街道: eighteen qualified by a notice, fifteen posts with their months, gifts; and posts and gifts of 文兴."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from activities import claims, duty_months, posts
from activities.models import DutyMonth, Holding, Post
from activities.terms import add_months, last_of, month_of
from communities import couriers, publishing, qualifying
from communities.models import Community, Courier, Resident, SubDistrict, User
from core import clock
from demo import cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.places import COURIERS_STREET, HUALIN, STREET, WENXING
from partners import exchanging, gifts
from partners.models import Exchange, Gift, StockSlip
from partners.stock import accepting, intake
from partners.stock.intake import Goods

Kind = StockSlip.Kind
QUALIFIED, HOLDERS, MONTHS, WAITING = 18, 15, 3, 4
PLATFORMS = ("美团", "饿了么", "顺丰", "京东", "中通")
STATIONS = ("华林站", "百盛站", "清远西街站")
POSTS = (
    "华林商圈流动网格员", "百盛商圈流动网格员", "清远西街流动网格员", "清远里流动网格员", "华林新天地流动网格员",
    "消防通道监督员", "飞线充电监督员", "市容随手拍监督员", "井盖路灯观察员", "食品安全观察员",
    "独居老人敲门员", "夜间巡逻员", "交通文明劝导员", "政策宣传员", "小哥驿站值守员",
)  # fmt: skip
DUTY = "送单途中留意身边的安全隐患和不文明现象，发现了随手上报；每月参加社区碰头会1次。"
OURS = ("天和城3号楼楼道长", "文兴苑2单元长", "御馨园5号楼楼道长", "平安里单元长")
COURIER_GIFTS = (
    ("头盔", 300, 10), ("手套", 80, 30), ("护膝", 100, 20), ("雨衣", 120, 20), ("餐券", 40, 60), ("体检券", 400, 5), ("理发", 100, 15),
)  # fmt: skip
OUR_GIFTS = (("肥皂", 50, 40), ("毛巾", 50, 40), ("洗衣粉", 120, 20), ("大米5公斤", 350, 10))
UNITS = {
    "头盔": "个",
    "手套": "双",
    "护膝": "副",
    "餐券": "张",
    "体检券": "张",
    "理发": "次",
    "肥皂": "块",
    "毛巾": "条",
    "洗衣粉": "袋",
    "大米5公斤": "袋",
}
KEEPS, SCARCE, CENTS_A_POINT = {"大米5公斤": 95, "洗衣粉": 700}, ("大米5公斤",), 9
TAKEN, HANDED = 12, 9


def last() -> QuerySet[Exchange]:
    """What is written last: when it is there, everything is."""
    return Exchange.objects.filter(resident__phone=cast.COURIER.phone, gift__title="餐券")


def past(asked: Asked) -> Iterator[Affair]:
    """Everything of this file; months are counted back from this one."""
    first = add_months(month_of(asked.day), -MONTHS)
    begin = (first - asked.day).days
    yield Affair(asked.at(begin - 24), Courier.objects.exists, lambda at: _register(asked, at))
    yield Affair(asked.at(begin - 22), _is_there(Courier.objects.exclude(decided_at=None)), _confirm)
    yield Affair(
        asked.at(begin - 20),
        _is_there(Courier.objects.filter(status="qualified")),
        lambda at: _qualify(at, begin, asked),
    )
    yield Affair(asked.at(begin - 7), _is_there(Post.objects.filter(title=POSTS[0])), _set_up)
    yield Affair(
        asked.at(begin - 5), _is_there(Holding.objects.filter(post__title=POSTS[0])), lambda at: _give(first, at)
    )
    for back in range(MONTHS, 0, -1):
        yield from _month(asked, add_months(month_of(asked.day), -back), back)
    yield Affair(asked.at(-8), _is_there(Post.objects.filter(title=OURS[0])), _ours)
    yield Affair(asked.at(-50), _is_there(Gift.objects.filter(title="头盔")), _offer)
    yield Affair(asked.at(-3), last().exists, lambda at: _take(at))


def _is_there(rows: QuerySet[Courier] | QuerySet[Post] | QuerySet[Holding] | QuerySet[Gift]) -> Callable[[], bool]:
    return rows.exists


def _hualin() -> Community:
    return Community.objects.select_related("sub_district").get(name=HUALIN.name, sub_district__name=COURIERS_STREET)


def _riders() -> list[Resident]:
    mine = Resident.objects.filter(community__name=HUALIN.name, community__sub_district__name=COURIERS_STREET)
    return list(mine.select_related("account", "community").order_by("pk"))


def _register(asked: Asked, at: datetime) -> None:
    dice = asked.dice("platforms")
    for one in _riders():
        account = one.account or colleague(cast.HUALIN_WORKER)
        couriers.register(
            resident=one, platform=dice.choice(PLATFORMS), station=dice.choice(STATIONS), by=account, at=at
        )  # fmt: skip


def _confirm(at: datetime) -> None:
    """All but the newest, who waits for the colleague of the sign-in page."""
    for one in Courier.objects.filter(status=Courier.Status.ASKED).order_by("pk")[: len(_riders()) - 1]:
        couriers.confirm(courier=one, by=colleague(cast.HUALIN_WORKER), at=at)


def _qualify(at: datetime, begin: int, asked: Asked) -> None:
    """Prepared by one, published by another, ended after its window: eighteen of nineteen."""
    chosen = list(Courier.objects.filter(status=Courier.Status.CONFIRMED).order_by("pk")[:QUALIFIED])
    made = qualifying.propose(community=_hualin(), chosen=chosen, by=colleague(cast.HUALIN_WORKER), at=at)
    publishing.publish(notice=made, by=colleague(cast.HUALIN_HEAD), at=at)
    publishing.end(notice=made, at=asked.at(begin - 8))


def _set_up(at: datetime) -> None:
    by = colleague(cast.HUALIN_WORKER)
    for title in POSTS:
        posts.set_up(community=_hualin(), title=title, duty=DUTY, by=by, for_couriers=True, at=at)


def _give(first: date, at: datetime) -> None:
    people = _riders()[:HOLDERS]
    for mine, one in zip(Post.objects.filter(community=_hualin()).order_by("pk"), people, strict=True):
        account = one.account or colleague(cast.HUALIN_WORKER)
        asked = claims.claim(post=mine, resident=one, by=account, at=at)
        claims.give(holding=asked, by=colleague(cast.HUALIN_WORKER), starts_on=first, at=at)


def _month(asked: Asked, month: date, back: int) -> Iterator[Affair]:
    """Said on the month's last evening; confirmed some days later, but for the last ones of last month, which wait."""
    said = DutyMonth.objects.filter(month=month, holding__post__title=POSTS[0])
    confirm_on = clock.at(last_of(month) + timedelta(days=4), time(10))
    yield Affair(clock.at(last_of(month), time(20)), said.exists, lambda at: _say(month, at))
    if confirm_on < asked.now:
        keep = WAITING if back == 1 else 0
        settled = said.exclude(status=DutyMonth.Status.SAID)
        yield Affair(confirm_on, settled.exists, lambda at: _approve(month, keep, at))


def _held() -> list[Holding]:
    held = Holding.objects.held().filter(post__community=_hualin()).order_by("pk")
    return list(held.select_related("resident__account", "post__community"))


def _say(month: date, at: datetime) -> None:
    for one in _held():
        by = one.resident.account or colleague(cast.HUALIN_WORKER)
        duty_months.say(holding=one, month=month, by=by, note="上报问题3件，参加碰头会1次", at=at)


def _approve(month: date, keep: int, at: datetime) -> None:
    waiting = list(DutyMonth.objects.filter(month=month, status=DutyMonth.Status.SAID).order_by("pk"))
    for one in waiting[: len(waiting) - keep]:
        duty_months.confirm(month=one, by=colleague(cast.HUALIN_WORKER), at=at)


def _ours(at: datetime) -> None:
    """Posts of 文兴: three to be claimed, one that the son asks for."""
    here = Community.objects.get(name=WENXING.name, sub_district__name=STREET)
    for title in OURS:
        duty = "每周巡查楼道一次，提醒杂物和飞线，帮邻居转达通知。"
        posts.set_up(community=here, title=title, duty=duty, by=colleague(cast.HEAD), at=at)
    son = (
        Resident.objects.select_related("account", "community").filter(name=cast.SON.name, phone=cast.SON.phone).first()
    )
    if son and son.account and claims.refusal_to_claim(mine := Post.objects.get(title=OURS[0]), son, at) is None:
        claims.claim(post=mine, resident=son, by=son.account, at=at)


def _offer(at: datetime) -> None:
    street, admin = SubDistrict.objects.get(name=COURIERS_STREET), colleague(cast.HUALIN_ADMIN)
    for title, price, stock in COURIER_GIFTS:
        made = gifts.offer(
            title=title, price=price, where="华林小哥驿站，每天9:00—20:00", by=admin, community=None,
            sub_district=street, group=Gift.Group.COURIERS, unit=UNITS.get(title, "件"), at=at,
        )  # fmt: skip
        _stock(made, stock, by=cast.HUALIN_ADMIN, second=cast.HUALIN_HEAD, at=at)
    here = Community.objects.select_related("sub_district").get(name=WENXING.name, sub_district__name=STREET)
    for title, price, stock in OUR_GIFTS:
        made = gifts.offer(
            title=title, price=price, where="文兴社区服务大厅，工作日9:00—17:00", by=colleague(cast.HEAD),
            community=here, unit=UNITS.get(title, "件"), per_household=title in SCARCE, at=at,
        )  # fmt: skip
        _stock(made, stock, by=cast.HEAD, second=cast.WORKER, at=at, keeps=KEEPS.get(title))


def _stock(
    gift: Gift, number: int, *, by: cast.Colleague, second: cast.Colleague, at: datetime, keeps: int | None = None
) -> None:  # fmt: skip
    """Brought in by one, counted and accepted by another an hour later; good for `keeps` days."""
    until = clock.local(at).date() + timedelta(days=keeps) if keeps else None
    goods = Goods(Kind.BOUGHT, number, "惠民超市", f"NO.{gift.pk:06d}", gift.price * CENTS_A_POINT, until)
    slip = intake.bring_in(gift=gift, goods=goods, by=colleague(by), at=at)
    accepting.accept(slip=slip, by=colleague(second), at=at + timedelta(hours=1))


def _take(at: datetime) -> None:
    """餐券 for the first ones; some were collected, the last ones wait, the courier of the sign-in page among them."""
    voucher = Gift.objects.get(title="餐券", sub_district__name=COURIERS_STREET)
    people = _riders()[:TAKEN]
    for number, one in enumerate([*people[1:], people[0]]):
        made = exchanging.reserve(gift=voucher, resident=one, by=one.account or _worker(), at=at)
        if number < HANDED:
            exchanging.hand_out(exchange=made, by=_worker(), at=at + timedelta(hours=4))


def _worker() -> User:
    return colleague(cast.HUALIN_WORKER)

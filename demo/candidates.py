"""Who applies to be a partner: three for a call of 文源, three without one. All of them invented."""

from dataclasses import dataclass

from demo import cast
from demo.cast import Merchant
from demo.places import WENXING, WENYUAN, Place
from partners.joining import creditcode
from partners.joining.applying import PromiseLine
from partners.models import Partner

Kind, Trade = Partner.Kind, Partner.Trade


@dataclass(frozen=True)
class Candidate:
    """Somebody who applied so many `days` from today. `marks` before every reviewer takes off what he does not like."""

    owner: Merchant
    name: str
    kind: Partner.Kind
    trade: Partner.Trade
    days: int
    services: str
    promise: PromiseLine
    place: Place = WENXING
    marks: tuple[int, ...] = ()

    @property
    def code(self) -> str:
        """Fits the standard and belongs to nobody."""
        body = ("52140213MJ0K" if self.kind == Kind.ORGANISATION else "92140213MA0K") + self.owner.phone[-5:]
        return body + creditcode.check_character(body)


BARBER, *_ = RIVALS = (
    Candidate(
        cast.MENG, "文源巷老孟理发店", Kind.MERCHANT, Trade.BEAUTY, -77, "剪发、刮脸、为行动不便的老人上门理发",
        PromiseLine("为老人免费理发", 2, 15, "居民8折"), WENYUAN, (24, 23, 19, 14, 9, 5),
    ),
    Candidate(
        cast.TIAN, "小田美发屋", Kind.MERCHANT, Trade.BEAUTY, -75, "剪发、烫染", PromiseLine("为老人免费理发", 1, 10, "居民9折"),
        WENYUAN, (22, 20, 18, 14, 8, 5),
    ),
    Candidate(
        cast.SHI, "史姐剪发铺", Kind.MERCHANT, Trade.BEAUTY, -72, "剪发", PromiseLine("为学生剪发5元", 1, 10), WENYUAN,
        (20, 18, 19, 13, 9, 5),
    ),
)  # fmt: skip
PROPOSED = Candidate(
    cast.BAI, "晨光书画社", Kind.ORGANISATION, Trade.CULTURE, -14, "书法、国画公益课，春节写春联",
    PromiseLine("书画公益课", 2, 20),
)  # fmt: skip
RETURNED = Candidate(
    cast.FAN,
    "国庆开锁配钥匙",
    Kind.MERCHANT,
    Trade.REPAIR,
    -6,
    "配钥匙、换锁芯、修拉链",
    PromiseLine("为独居老人免费换锁芯", 1, 2),
)
WAITING = Candidate(
    cast.REN, "任大姐缝补铺", Kind.MERCHANT, Trade.LIVING, -2, "缝补、改衣、换拉链", PromiseLine("为老人免费缝补", 4, 5)
)

"""Partners of the four trades, and what was agreed: 博世邻里之家 × 永安社区 as reported, the others invented."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from communities.models import Community, SubDistrict, User
from demo import cast
from demo.asked import Asked
from demo.places import CHONGXI, STREET, WENXING, WENYUAN, YONGAN, Place
from partners import agreeing, reminders
from partners.models import Agreement, Partner

Kind, Trade = Partner.Kind, Partner.Trade
YEAR = timedelta(days=365)
TEXT = """一、甲方（{community}）提供闲置时段的活动室，乙方（{partner}）按约定时间使用，用后恢复原状。
二、乙方承诺：{promise}。每次服务由社区与居民共同记录。
三、乙方不得借社区名义推销，不得向老年人销售保健品，不得办理预付卡，不得收集居民信息。
四、任何一方提前三十日书面通知可终止本协议；期满经评议可以续签。"""


@dataclass(frozen=True)
class Signed:
    """A partner and its agreement, which began so many days ago and lasts a year."""

    name: str
    place: Place
    kind: Partner.Kind
    trade: Partner.Trade
    summary: str
    promise: str
    days_ago: int
    title: str = "社区合伙人协议"


# The first one ends in less than 60 days: staff of 永安 are reminded.
SIGNED = (
    Signed(
        "博世邻里之家", YONGAN, Kind.ORGANISATION, Trade.LIVING, "家电检修、便民维修、邻里课堂",
        "每月免费检修小家电2次，每季度一期邻里课堂", 310, "结对共建协议",
    ),
    Signed("康乐家政服务部", WENXING, Kind.MERCHANT, Trade.HOUSEKEEPING, "保洁、擦窗、月嫂介绍", "每月为2户独居老人免费保洁", 120),
    Signed("颐和居家养老服务站", CHONGXI, Kind.ORGANISATION, Trade.ELDER_CARE, "助浴、助餐、上门照护", "每周二上午免费测血压、理发", 90),
    Signed("同心社区诊所", WENYUAN, Kind.UNIT, Trade.MEDICAL, "全科门诊、慢病随访", "每季度一次义诊和健康讲座", 60),
)  # fmt: skip


def are_there() -> bool:
    return Agreement.objects.filter(partner__name=SIGNED[-1].name).exists()


@transaction.atomic
def write(asked: Asked) -> None:
    """Partners and agreements, typed in by the colleague of their community; yesterday's sweep told who must renew."""
    street = SubDistrict.objects.get(name=STREET)
    for serial, one in enumerate(SIGNED, 1):
        community = Community.objects.get(sub_district=street, name=one.place.name)
        partner = Partner(
            sub_district=street, name=one.name, kind=one.kind, trade=one.trade, summary=one.summary,
            address=community.address, hours="周一至周六 09:00—18:00", phone=f"0352-55502{serial:02}",
        )  # fmt: skip
        starts = asked.day - timedelta(days=one.days_ago)
        agreement = Agreement(
            partner=partner, community=community, number=f"SBS-{starts:%Y}-{serial:03}", title=one.title,
            text=TEXT.format(community=community, partner=partner, promise=one.promise), promise=one.promise,
            signed_on=starts, starts_on=starts, ends_on=starts + YEAR, recorded_at=asked.at(-one.days_ago),
        )  # fmt: skip
        agreeing.sign(agreement=agreement, by=User.objects.get(username=cast.recorder(one.place)))
    with asked.back_then(asked.at(-1)):
        reminders.remind(at=asked.at(-1))

"""Partners of the four trades, and what was agreed: 博世邻里之家 × 永安社区 as reported, the others invented."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from django.db import transaction
from PIL import Image, ImageDraw

from communities.models import Community, SubDistrict, User
from communities.photos import Picture
from demo import cast
from demo.asked import Asked
from demo.cast import Merchant
from demo.places import CHONGXI, STREET, WENXING, WENYUAN, YONGAN, Place
from partners import reminders
from partners.agreements import ceremonies, recording, signing, templates, wording
from partners.agreements.terms import Line, Space
from partners.models import Agreement, Partner, Promise, Template
from partners.vouchers import clerks
from venues.models import Room

Kind, Trade, Duty, Focus = Partner.Kind, Partner.Trade, Promise.Duty, Promise.Focus
YEAR = timedelta(days=365)
TEXT = """一、甲方（{community}）提供闲置时段的活动室，乙方（{partner}）按约定时间使用，用后恢复原状。
二、乙方承诺：{promise}。每次服务由社区与居民共同记录。
三、乙方不得借社区名义推销，不得向老年人销售保健品，不得办理预付卡，不得收集居民信息。
四、任何一方提前三十日书面通知可终止本协议；期满经评议可以续签。"""


@dataclass(frozen=True)
class Signed:
    """A partner, whose phone is its owner's, and its agreement, which began so many days ago and lasts a year.

    `room`: of the community's rooms, so many hours a month, when.
    """

    name: str
    place: Place
    kind: Partner.Kind
    trade: Partner.Trade
    summary: str
    promise: str
    days_ago: int
    owner: Merchant
    promises: tuple[Line, ...]
    room: tuple[str, int, str] | None = None
    title: str = "社区合伙人协议"
    pairing: bool = False
    percent: int = 0  # of what a service is worth otherwise the community pays so much


# The first one ends in less than 60 days: staff of 永安 are reminded.
SIGNED = (
    Signed(
        "博世邻里之家", YONGAN, Kind.ORGANISATION, Trade.LIVING, "家电检修、便民维修、邻里课堂",
        "每月免费检修小家电2次，每季度一期邻里课堂", 310, cast.BOSCH,
        (
            Line("免费检修小家电", 2, 20, duty=Duty.SERVICE, focus=Focus.OLD_AND_YOUNG),
            Line("邻里课堂", 1, 24, duty=Duty.CULTURE, focus=Focus.NEIGHBOURS),
            Line("楼院环境议事和巡查", 1, 10, duty=Duty.GOVERNANCE, focus=Focus.SURROUNDINGS),
        ),
        ("邻里课堂", 8, "每周六上午"), "结对共建协议", True,
    ),
    Signed(
        "康乐家政服务部", WENXING, Kind.MERCHANT, Trade.HOUSEKEEPING, "保洁、擦窗、月嫂介绍", "每月为2户独居老人免费保洁", 120,
        cast.KANGLE, (Line("独居老人家庭免费保洁", 2, 1, "积分券8折", Duty.SERVICE, Focus.OLD_AND_YOUNG),),
        percent=50,
    ),
    Signed(
        "颐和居家养老服务站", CHONGXI, Kind.ORGANISATION, Trade.ELDER_CARE, "助浴、助餐、上门照护", "每周二上午免费测血压、理发", 90,
        cast.YIHE, (Line("免费测血压、理发", 4, 15, duty=Duty.SERVICE, focus=Focus.OLD_AND_YOUNG),), ("多功能厅", 12, "每周二上午"),
        percent=30,
    ),
    Signed(
        "同心社区诊所", WENYUAN, Kind.UNIT, Trade.MEDICAL, "全科门诊、慢病随访", "每季度一次义诊和健康讲座", 60, cast.TONGXIN,
        (Line("义诊或健康讲座", 1, 30, duty=Duty.CULTURE, focus=Focus.OLD_AND_YOUNG),),
    ),
)  # fmt: skip
CEREMONY = "水泊寺街道社区合伙人结对签约仪式"


def are_there() -> bool:
    return Agreement.objects.filter(partner__name=SIGNED[-1].name).exists()


@transaction.atomic
def write(asked: Asked) -> None:
    """Partners and agreements from paper, typed in by the colleague of their community, whose head has seen the scan;
    yesterday's sweep told who must renew.
    """
    street = SubDistrict.objects.get(name=STREET)
    for serial, one in enumerate(SIGNED, 1):
        made = agree(asked, street, serial, one)
        if one.pairing:
            _celebrate(asked, made, one)
    equip(asked)
    with asked.back_then(asked.at(-1)):
        reminders.remind(at=asked.at(-1))


@transaction.atomic
def equip(asked: Asked) -> None:
    """The owners' phones and the text to draft from; a demo of before gets them."""
    street = SubDistrict.objects.get(name=STREET)
    for one in SIGNED:
        equip_owner(asked, one)
    text = templates.draft(
        sub_district=street, title="社区合伙人协议", text=wording.DEFAULT, by=_user(cast.ADMIN), at=asked.at(-100)
    )  # fmt: skip
    templates.approve(template=text, seen=text.digest, by=_user(cast.HEAD), at=asked.at(-99))


def equip_owner(asked: Asked, one: Signed) -> None:
    """The owner's phone serves the partner."""
    made = Agreement.objects.select_related("community").get(partner__name=one.name, replaces=None)
    head, at = User.objects.get(username=cast.confirmer(one.place)), asked.at(-one.days_ago)
    if not made.partner.clerks.exists():
        clerks.set_owner(partner=made.partner, community=made.community, phone=one.owner.phone, by=head, at=at)
    name_owner(one.owner)


def are_equipped() -> bool:
    return Template.objects.filter(sub_district__name=STREET).exists()


def name_owner(owner: Merchant) -> None:
    User.objects.filter(phone=owner.phone).update(name=owner.name)


def agree(asked: Asked, street: SubDistrict, serial: int, one: Signed) -> Agreement:
    """From paper, with the scan that the head of the community has seen."""
    community = Community.objects.get(sub_district=street, name=one.place.name)
    partner = Partner(
        sub_district=street, name=one.name, kind=one.kind, trade=one.trade, summary=one.summary,
        address=community.address, hours="周一至周六 09:00—18:00", phone=f"0352-55502{serial:02}",
    )  # fmt: skip
    starts = asked.day - timedelta(days=one.days_ago)
    agreement = Agreement(
        partner=partner, community=community, number=f"SBS-{starts:%Y}-{serial:03}", title=one.title, pairing=one.pairing,
        mode=Agreement.Mode.MIXED if one.percent else Agreement.Mode.GIFT, percent=one.percent,
        text=TEXT.format(community=community, partner=partner, promise=one.promise), promise=one.promise,
        signed_on=starts, starts_on=starts, ends_on=starts + YEAR, recorded_at=asked.at(-one.days_ago),
    )  # fmt: skip
    spaces = []
    if one.room:
        name, hours, when = one.room
        spaces = [Space(Room.objects.get(community=community, name=name), hours, when, "水电免费")]
    by, at = User.objects.get(username=cast.recorder(one.place)), asked.at(-one.days_ago)
    made = recording.record(agreement=agreement, by=by, promises=one.promises, rooms=spaces)
    signing.scan(agreement=made, title="签字页", picture=_page(), by=by, at=at)
    head = User.objects.get(username=cast.confirmer(one.place))
    return signing.confirm_paper(
        agreement=made, partner_name=one.owner.name, community_name=head.name, by=head, at=at + timedelta(hours=2)
    )


def _page() -> Picture:
    """A page with two signatures, drawn."""
    scene = Image.new("RGB", (700, 990), "#FBFAF6")
    pen = ImageDraw.Draw(scene)
    for line in range(18):
        pen.rectangle((80, 90 + line * 34, 620 - line % 5 * 60, 98 + line * 34), fill="#B9B9B2")
    for left in (110, 410):
        pen.line([(left + n * 16, 820 + n % 3 * 26) for n in range(10)], fill="#1F3A8A", width=5)
    told = BytesIO()
    scene.save(told, "JPEG", quality=80)
    return Picture(told.getvalue(), scene.width, scene.height)


def _celebrate(asked: Asked, made: Agreement, one: Signed) -> None:
    with asked.back_then(asked.at(-one.days_ago)):
        ceremonies.hold(
            title=CEREMONY, on=made.starts_on, place=f"{made.community}党群服务中心广场", agreements=[made],
            text=f"{one.name}与{made.community}结对共建，让闲置的活动室用起来，让服务到居民身边。", by=_user(cast.ADMIN),
        )  # fmt: skip


def _user(colleague: cast.Colleague) -> User:
    return User.objects.get(username=colleague.username)

"""平城区: 水泊寺街道 with the communities of the reports, and the other sub-districts that they name."""

from dataclasses import dataclass

from django.db import transaction

from communities.models import Community, Estate, SubDistrict
from demo import furnishing
from demo.asked import Asked
from venues.models import Room

DISTRICT = "平城区"
STREET = "水泊寺街道"
NEIGHBOURS = ("清远街道", "新华街道", "小南头街道")


@dataclass(frozen=True)
class Place:
    """`share` of all residents live here. Telephones, addresses and estates are invented."""

    name: str
    phone: str
    address: str
    share: float
    estates: tuple[str, ...]
    rooms: tuple[tuple[str, str, int], ...]


WENXING, CHONGXI, WENYUAN, YONGAN = PLACES = (
    Place(
        "文兴社区", "0352-5550101", "文兴路18号", 0.40, ("天和城", "文兴苑", "御馨园", "平安里"),
        (("花艺教室", "活动室1楼", 25), ("舞蹈厅", "活动室2楼", 40), ("书画室", "活动室2楼", 20)),
    ),
    Place(
        "重熙社区", "0352-5550102", "重熙街6号", 0.20, ("重熙雅居", "和顺园", "铁路新村"),
        (("多功能厅", "重熙社区党群服务中心2楼", 30),),
    ),
    Place(
        "文源社区", "0352-5550103", "文源巷2号", 0.15, ("文源小区", "书香苑"),
        (("共享客厅", "文源社区党群服务中心1楼", 20),),
    ),
    Place(
        "永安社区", "0352-5550104", "永安东路33号", 0.25, ("永安花园", "兴云里", "安居苑"),
        (("邻里课堂", "永安社区党群服务中心1楼", 24),),
    ),
)  # fmt: skip

# 清远街道: where couriers have their stations. Nobody registers there in the demo.
COURIERS_STREET = "清远街道"
HUALIN = Place(
    "华林社区", "0352-5550201", "清远西街8号", 0, ("华林新天地", "清远里"), (("小哥驿站", "华林商圈1楼", 20),)
)


def are_there() -> bool:
    return Room.objects.filter(community__name=YONGAN.name, community__sub_district__name=STREET).exists()


@transaction.atomic
def write(asked: Asked) -> None:
    """Sub-districts, communities, estates and the rooms that stand empty in the evening."""
    SubDistrict.objects.bulk_create(SubDistrict(name=name, district=DISTRICT) for name in NEIGHBOURS)
    street = SubDistrict.objects.create(name=STREET, district=DISTRICT, phone="0352-5550100")
    for place in PLACES:
        community = Community.objects.create(
            sub_district=street, name=place.name, phone=place.phone, address=f"{DISTRICT}{place.address}"
        )
        Estate.objects.bulk_create(Estate(community=community, name=name) for name in place.estates)
        furnishing.write(
            Room(community=community, name=name, place=where, capacity=capacity)
            for name, where, capacity in place.rooms
        )

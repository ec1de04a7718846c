"""Who is who: the people that the sign-in lines, the tests and the pictures speak of."""

from dataclasses import dataclass
from datetime import date

from communities.models import Duty
from demo.places import CHONGXI, HUALIN, WENXING, WENYUAN, YONGAN, Place

PASSWORD = "shuibosi-demo"  # noqa: S105  every visitor of the demo is told
CLIENT_ID, CLIENT_SECRET = "demo-client", "demo-secret-for-localhost-only"
SERVICE = "service-demo"


@dataclass(frozen=True)
class Known:
    """A resident with a part in the story. Whoever has the same `home` is one household."""

    name: str
    phone: str
    born: date | None
    place: Place
    estate: str
    home: str
    confirmed: bool = True


@dataclass(frozen=True)
class Colleague:
    """Somebody at the desk; `place` None is the whole sub-district. By `phone` the own file and family would be known."""

    username: str
    name: str
    role: Duty.Role
    place: Place | None
    phone: str


@dataclass(frozen=True)
class Relative:
    """Whose phone acts for somebody of the cast (亲友代办)."""

    name: str
    phone: str
    relation: str
    helps: Known


@dataclass(frozen=True)
class Merchant:
    """The owner of a partner, known by phone."""

    name: str
    phone: str


WANG = Known("王秀兰", "13800006021", date(1968, 5, 2), WENXING, "天和城", "王")
ELDER = Known("刘桂珍", "13800006008", date(1951, 10, 12), WENXING, "文兴苑", "刘")
NO_PHONE = Known("赵玉珍", "", date(1944, 3, 3), WENXING, "平安里", "赵")
SON = Known("李建国", "13800006033", date(1985, 1, 9), WENXING, "天和城", "李")
MOTHER = Known("张淑芳", "13800006033", date(1953, 8, 21), WENXING, "天和城", "李")
PENDING = Known("孙桂芳", "13800006047", date(1962, 12, 1), WENXING, "御馨园", "孙", confirmed=False)
NEIGHBOUR = Known("周海涛", "13800006058", date(1990, 7, 7), YONGAN, "永安花园", "周")
# Her child has no phone and its file is opened at the counter (demo/families.py).
PARENT = Known("郝雅琴", "13800006072", date(1989, 4, 6), WENXING, "御馨园", "郝")
# Of 文源; written with the other families of the childcare centre (demo/childcare/homes.py), of whom she is the first.
CARE_PARENT = Known("侯海燕", "13800006079", date(1988, 9, 14), WENYUAN, "书香苑", "侯")
CARE_PARENT_CHILD = "梁浩宇"
RESIDENTS = (WANG, ELDER, NO_PHONE, SON, MOTHER, PENDING, NEIGHBOUR, PARENT)

# 清远街道 has its own people (demo/riders.py).
COURIER = Known("高鹏飞", "13700007001", date(1996, 4, 18), HUALIN, "华林新天地", "高")

NEXT_DOOR = Relative(SON.name, SON.phone, "邻居", NO_PHONE)
DAUGHTER = Relative("刘晓敏", "13800006061", "子女", ELDER)
HELPERS = (NEXT_DOOR, DAUGHTER)

BOSCH = Merchant("邓志鹏", "13600006081")
KANGLE = Merchant("常丽萍", "13600006082")
YIHE = Merchant("贺秀英", "13600006083")
TONGXIN = Merchant("乔立民", "13600006084")
MENG = Merchant("孟庆丰", "13600006085")
TIAN = Merchant("田小军", "13600006086")
SHI = Merchant("史秀芬", "13600006087")
REN = Merchant("任海霞", "13600006088")
FAN = Merchant("樊国庆", "13600006089")
TONGLE = Merchant("温丽萍", "13600006091")
BAI = Merchant("白志远", "13600006090")

ADMIN = Colleague("hejing", "何静", Duty.Role.STREET_ADMIN, None, "13900006001")
WORKER = Colleague("zhangxiaoyan", "张晓燕", Duty.Role.WORKER, WENXING, "13900006002")
HEAD = Colleague("chenzhiqiang", "陈志强", Duty.Role.HEAD, WENXING, "13900006003")
FINANCE = Colleague("zhenghuiping", "郑会萍", Duty.Role.FINANCE, None, "13900006004")
YONGAN_WORKER = Colleague("qianli", "钱丽", Duty.Role.WORKER, YONGAN, "13900006005")
YONGAN_HEAD = Colleague("wangjianping", "王建平", Duty.Role.HEAD, YONGAN, "13900006006")
SUPERVISOR = Colleague("guojianguo", "郭建国", Duty.Role.SUPERVISOR, WENXING, "13900006009")
AUDITOR = Colleague("sunlijuan", "孙丽娟", Duty.Role.AUDITOR, None, "13900006010")
SYSTEM_ADMIN = Colleague("tianyu", "田宇", Duty.Role.SYSTEM_ADMIN, None, "13900006011")
WENYUAN_WORKER = Colleague("zhaomin", "赵敏", Duty.Role.WORKER, WENYUAN, "13900006008")
WENYUAN_HEAD = Colleague("hanxuemei", "韩雪梅", Duty.Role.HEAD, WENYUAN, "13900006012")
# Of the childcare centre: its lead, and two who hand children over.
CARE_LEAD = Colleague("wuchunmei", "武春梅", Duty.Role.CAREGIVER, WENYUAN, "13900006013")
TEACHER = Colleague("qinxiaoyun", "秦晓云", Duty.Role.CAREGIVER, WENYUAN, "13900006014")
SECOND_TEACHER = Colleague("shiwenjing", "史文静", Duty.Role.CAREGIVER, WENYUAN, "13900006015")
STAFF = (
    ADMIN, WORKER, HEAD, YONGAN_WORKER, YONGAN_HEAD, FINANCE, SUPERVISOR, AUDITOR, SYSTEM_ADMIN,
    Colleague("liuxin", "刘欣", Duty.Role.WORKER, CHONGXI, "13900006007"),
    WENYUAN_WORKER, WENYUAN_HEAD, CARE_LEAD, TEACHER, SECOND_TEACHER,
)  # fmt: skip

HUALIN_WORKER = Colleague("marui", "马瑞", Duty.Role.WORKER, HUALIN, "13900007001")
HUALIN_HEAD = Colleague("xuhaifeng", "徐海峰", Duty.Role.HEAD, HUALIN, "13900007002")
HUALIN_ADMIN = Colleague("duwenjun", "杜文君", Duty.Role.STREET_ADMIN, None, "13900007003")
HUALIN_STAFF = (HUALIN_WORKER, HUALIN_HEAD, HUALIN_ADMIN)


def recorder(place: Place) -> str:
    """The login name of who writes down at `place` who came; the second person is `confirmer`."""
    return next(one.username for one in STAFF if one.place is place and one.role == Duty.Role.WORKER)


def confirmer(place: Place) -> str:
    heads = (one.username for one in STAFF if one.place is place and one.role == Duty.Role.HEAD)
    return next(heads, ADMIN.username)

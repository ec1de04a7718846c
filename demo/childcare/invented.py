"""Families with children at the centre, invented: the same for the same seed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count
from random import Random

from communities.hardship import Category
from communities.models import Consent
from demo import cast
from demo.asked import Asked
from demo.childcare.classes import CLASSES, SATURDAY, WORKDAYS, Class, sized
from demo.names import SURNAMES
from demo.places import WENYUAN

GIRLS = "雨桐 梓涵 欣妍 一诺 诗涵 思琪 语嫣 可馨 子萱 依诺 佳怡 梦洁 若汐 晨曦 乐瑶 书瑶 芷晴 安琪 婧怡 舒涵".split()
BOYS = "子墨 浩宇 沐宸 宇轩 子睿 俊熙 奕辰 梓豪 浩然 铭泽 天佑 博涵 睿哲 嘉懿 明轩 星辰 承志 煜城 泽宇 书豪".split()
MOTHERS = "晓燕 雅静 海霞 丽娜 春燕 玉洁 慧芳 建华 彩霞 敏 燕 娟 晓丽 艳红 秀丽 文娟".split()
FATHERS = "建伟 志强 晓峰 海龙 文军 鹏程 国庆 伟 勇 磊 军 立新 永胜 亮 俊 宏斌".split()
KIN = (
    ("姜桂香", "祖母"),
    ("赵福生", "祖父"),
    ("许玉兰", "外祖母"),
    ("冯德贵", "外祖父"),
    ("韩美玲", "姑姑"),
    ("曹志明", "舅舅"),
)
SCHOOLS = ("平城区文源小学", "平城区第十八小学", "平城区水泊寺小学")
ALLERGIES = ("花生", "牛奶", "芒果", "海鲜", "青霉素", "鸡蛋")
FIRST_PHONE, KIN_PHONE = 13800090001, 13700090001
SIBLINGS, SECOND, FIVE_DAYS, ALLERGIC, HARDSHIP, ALONE = 0.08, 0.6, 0.7, 0.12, 0.12, 0.3
CATEGORIES = (
    Category.SUBSISTENCE, Category.LEFT_BEHIND, Category.SUBSISTENCE, Category.DISABLED, Category.LEFT_BEHIND, Category.NEAR_POOR,
    Category.DESTITUTE, Category.DISABLED_SEVERE,
)  # fmt: skip
Purpose = Consent.Purpose
ALWAYS = (Purpose.CHILD_DATA, Purpose.CARE)
MAYBE = ((Purpose.CARE_HEALTH, 0.6), (Purpose.CARE_PICKUP, 0.7), (Purpose.CARE_PHOTO, 0.4))
ALONE_FROM = 4  # the grade


@dataclass(frozen=True)
class Child:
    """`place` is the class it comes to, None for who only waits; `waits` the class it waits for."""

    name: str
    sex: str
    born: date
    place: Class | None
    waits: Class | None
    plan: tuple[int, ...]
    school: str
    grade: int
    agreed: tuple[Consent.Purpose, ...]
    allergy: str = ""
    relief: Category | None = None

    @property
    def alone(self) -> bool:
        return Purpose.CARE_ALONE in self.agreed


@dataclass(frozen=True)
class Parent:
    name: str
    phone: str
    born: date
    relation: str


@dataclass(frozen=True)
class Family:
    """`parents`: the first one asked, and pays. `kin`: who is called when no parent answers, and some of whom fetch."""

    serial: int
    estate: str
    parents: tuple[Parent, ...]
    children: tuple[Child, ...]
    kin: tuple[tuple[str, str, str], ...]


def families(asked: Asked) -> list[Family]:
    """In the order of their numbers; the first is that of the sign-in page."""
    dice, phones, taken = asked.dice("care families"), count(FIRST_PHONE), set[str]()
    found: list[Family] = []
    seats = iter(list(_seats(asked)))
    for place, waits in seats:
        more = next(seats, None) if found and dice.random() < SIBLINGS else None
        wanted = [(place, waits), more] if more else [(place, waits)]
        found.append(_family(len(found), wanted, dice, asked.day, phones, taken))
    return found


def _seats(asked: Asked) -> Iterator[tuple[Class | None, Class | None]]:
    """One for each child: the class that it comes to, the class that it waits for."""
    crowd = next(one for one in CLASSES if one.moving)
    for one in CLASSES:
        moves = sized(crowd.moving, asked) if one is CLASSES[1] else 0
        for number in range(sized(one.held, asked)):
            yield one, crowd if number < moves else None
    for one in CLASSES:
        for _ in range(sized(one.newly, asked)):
            yield None, one


def _family(
    serial: int, wanted: list[tuple[Class | None, Class | None]], dice: Random, today: date, phones: "count[int]", taken: set[str]
) -> Family:  # fmt: skip
    first = serial == 0
    surname = cast.CARE_PARENT_CHILD[0] if first else dice.choice(SURNAMES)
    mother = cast.CARE_PARENT.name if first else _unheard(lambda: dice.choice(SURNAMES) + dice.choice(MOTHERS), taken)
    father = _unheard(lambda: surname + dice.choice(FATHERS), taken)
    parents = [Parent(mother, cast.CARE_PARENT.phone if first else str(next(phones)), _grown(dice, today), "母亲")]
    if first or dice.random() < SECOND:
        parents.append(Parent(father, str(next(phones)), _grown(dice, today), "父亲"))
    children = [_child(surname, place, waits, dice, today, taken, known=first) for place, waits in wanted]
    kin = tuple(
        (name, relation, str(KIN_PHONE + serial * 4 + n)) for n, (name, relation) in enumerate(dice.sample(KIN, 2))
    )
    return Family(serial, dice.choice(WENYUAN.estates), tuple(parents), tuple(children), kin)


def _child(
    surname: str, place: Class | None, waits: Class | None, dice: Random, today: date, taken: set[str], *, known: bool
) -> Child:  # fmt: skip
    low, high = (place or waits or CLASSES[0]).ages
    born = today - timedelta(days=365 * dice.randint(low, high) + dice.randrange(30, 330))
    sex = "m" if known else dice.choice("mf")
    given = BOYS if sex == "m" else GIRLS
    name = cast.CARE_PARENT_CHILD if known else _unheard(lambda: surname + dice.choice(given), taken)
    plan = (place or waits or CLASSES[0]).weekdays
    if plan != SATURDAY:
        plan = WORKDAYS if known or dice.random() < FIVE_DAYS else (0, 2, 4)
    allergy = ALLERGIES[0] if known else dice.choice(ALLERGIES) if dice.random() < ALLERGIC else ""
    relief = dice.choice(CATEGORIES) if dice.random() < HARDSHIP and place and not known else None
    grade = max(1, min(6, (today - born).days // 365 - 6))
    agreed = [*ALWAYS, *(purpose for purpose, share in MAYBE if known or dice.random() < share)]
    if allergy and Purpose.CARE_HEALTH not in agreed:
        agreed.append(Purpose.CARE_HEALTH)
    agreed += [Purpose.CARE_ALONE] if grade >= ALONE_FROM and dice.random() < ALONE and not known else []
    agreed += [Purpose.CARE_RELIEF] if relief else []
    return Child(name, sex, born, place, waits, plan, dice.choice(SCHOOLS), grade, tuple(agreed), allergy, relief)


def _grown(dice: Random, today: date) -> date:
    return today - timedelta(days=dice.randrange(29 * 365, 45 * 365))


def _unheard(say: Callable[[], str], taken: set[str]) -> str:
    """A name that nobody of the story has yet; nobody is told apart by it."""
    name = say()
    while name in taken:
        name = say()
    taken.add(name)
    return name

"""People for public notices, each with values that stand nowhere else, and every text about them that nobody may read there."""

import re
from dataclasses import dataclass
from datetime import date

from communities import consents, guardians, sealing
from communities.identity import check
from communities.models import Consent, Estate, Guardian, Resident
from core import clock, masks
from tests import world as cast
from tests.communities.guarding import AGREED, SEEN, born, child_of
from tests.world import World

SURNAMES, LAST = "褚卫蒋沈韩杨朱秦尤许吕施孔曹严金魏陶姜戚", "鹂鹊鹭鹤鸢鸳鸯鹃鹦鹉鸥鸬鹚鸽鹏鹰鸿鹄鹇鹬"
# The mark of every full name, of every private text, and what looks like a phone, a door or a hardship.
SINGS = re.compile(r"雀|QZ[a-z]{2,}\d{3}|137007\d{5}|\d{3}\*{4}\d{4}|(?<!\d)1[3-9]\d{9}(?!\d)|优待|低保|残疾|号楼|单元")
NAMED = tuple(f"named{n}" for n in range(10))  # opted in, grown up; as many as a list needs
OTHERS = (
    "silent", "unsure", "late", "youth", "quiet", "ageless", "mover", "closed", "child",
)  # fmt: skip
GUARDIAN = "silent"  # of the child: neither of them is ever named


@dataclass(frozen=True)
class Bird:
    """`n` is in the name, the phone, the estate and the papers of this person."""

    n: int
    resident: Resident
    name: str

    @property
    def masked(self) -> str:
        return masks.name(self.name)

    @property
    def private(self) -> list[str]:
        """The words by which this person is found on no notice."""
        when = self.resident.birth_date
        days = [] if when is None else [f"{when:%Y-%m-%d}", f"{when:%Y/%m/%d}", f"{when:%Y%m%d}", said(when)]
        return [self.name, phone(self.n), document(self.n), document(self.n)[-4:], text("estate", self.n), *days]


def said(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def full(n: int) -> str:
    return f"{SURNAMES[n]}雀{LAST[n]}"


def phone(n: int) -> str:
    return f"137007{n:02d}937"


def document(n: int) -> str:
    """With ten different ends."""
    digits = f"14021119310101{860 + n}"
    return digits + check(digits)


def text(field: str, n: int) -> str:
    """Private words: QZ, what of, whose."""
    return f"QZ{field}{n:03d}"


def about(who: Bird) -> str:
    """What a colleague writes down about somebody, and should not have to think about: name, phone and address at once."""
    return f"{who.name}{phone(who.n)}住{text('door', who.n)}3号楼"


def flock(world: World) -> dict[str, Bird]:
    """Everybody by what is to be seen of them (`NAMED`, `OTHERS`), as it is before the notice is drafted."""
    ages = {"youth": 15, "quiet": 15, "child": 12}
    people: dict[str, Bird] = {}
    for n, key in enumerate((*NAMED, *OTHERS)):
        mine = people[GUARDIAN].resident if key == "child" else None
        people[key] = _bird(world, n, ages.get(key), mine, born_unknown=key == "ageless")
    _agree(world, people)
    return people


def _bird(world: World, n: int, years: int | None, guardian: Resident | None, *, born_unknown: bool) -> Bird:
    when = None if born_unknown else born(years) if years else date(1931, 1 + n % 12, 11 + n)
    made = (
        child_of(guardian, years or 12, full(n)) if guardian else cast.resident(world.wenxing, full(n), phone(n), when)
    )
    estate = Estate.objects.create(community=world.wenxing, name=text("estate", n))
    number = document(n)
    facts = {"estate": estate, "phone": phone(n), "document": "id_card", "document_sealed": sealing.seal(number)}
    facts |= {"document_tail": number[-4:], "document_hash": sealing.fingerprint(number, world.street.pk)}
    Resident.objects.filter(pk=made.pk).update(**facts)
    made.refresh_from_db()
    return Bird(n, made, full(n))


def _agree(world: World, people: dict[str, Bird]) -> None:
    """Everybody signed at the counter to be named, but for the two who are silent; the guardians for their children."""
    guardian = people[GUARDIAN].resident
    guardians.register(child=people["child"].resident, guardian=guardian, kinship=AGREED, by=world.zhang)
    guardians.register(child=people["youth"].resident, guardian=guardian, kinship=SEEN, by=world.zhang)
    guardians.register(child=people["quiet"].resident, guardian=guardian, kinship=AGREED, by=world.zhang)
    for key, bird in people.items():
        if key not in ("silent", "quiet"):
            consents.give(
                resident=bird.resident, purpose=Consent.Purpose.NOTICE, by=world.zhang, way=Consent.Way.SIGNATURE,
                guardian=guardian if key in ("child", "youth") else None,
            )  # fmt: skip
    assert Guardian.objects.current().filter(guardian=guardian).count() == 3
    assert people["child"].resident.age_on(clock.today()) == 12

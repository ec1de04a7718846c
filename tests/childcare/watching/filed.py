"""One child whose file holds a word of its own for each part, and everybody who might try to read it.

All rows of the child bear the same number in their tables, so that any number in any address means this child.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from childcare.handover import barring
from childcare.models import Attendance, Bill, BillLine, CareFile, Contact, Pickup
from communities import access, consents, helping, sealing
from communities.documents import columns
from communities.hardship import recording
from communities.hardship.kinds import About, Category, Said
from communities.identity import check, clean
from communities.models import Consent, Duty, Evidence, Guardian, Resident, User
from core import clock
from tests import world as world_cast
from tests.access.canaries import readable
from tests.childcare import cast
from tests.childcare.cast import Care
from tests.childcare.enrolment import families
from tests.partners.shops import clerk, owner
from tests.world import World, staff

TABLES = (
    "communities_resident", "communities_evidence", "childcare_centre", "childcare_group", "childcare_place", "childcare_bill", "childcare_pickup",
    "childcare_attendance", "childcare_handover", "childcare_barred", "childcare_enrolment", "childcare_staffer", "childcare_alarm",
    "childcare_carefile", "childcare_leavenote", "communities_guardian",
)  # fmt: skip
# part → the word that stands nowhere else.
MARKS = {
    "BASIC": "金雀小学", "IDENTITY": "14021120170101001", "GUARDIANS": "雀母", "CONTACTS": "雀姨", "HEALTH": "雀花生", "PICKUPS": "雀邻居", "BARRED": "雀恶人",
    "DAYS": "雀送达", "BILLS": "雀账单", "RELIEF": "QUE-7788", "LOOKS": "雀查看因",
}  # fmt: skip
PREFIXES = (
    "childcare:",
    "care:",
    "desk:care-",
    "desk:evidence",
    "desk:resident",
    "desk:counter",
    "my-",
    "me-",
    "evidence",
)
PURPOSE = "联系家长"
DIGITS = "14021120170101001"
# What the forms that ask for a purpose are sent, whatever they call it.
SENT = {"purpose": PURPOSE, "reason": PURPOSE, "why": "other", "other": PURPOSE, "text": PURPOSE}


@dataclass
class Filed:
    care: Care
    people: dict[str, User]
    number: int  # of every row of the child


def level() -> int:
    """A number that no table has reached, and from which on all of TABLES count alike; sequences are never rolled back."""
    with connection.cursor() as cursor:
        names = ", ".join(f"nextval(pg_get_serial_sequence('{table}', 'id'))" for table in TABLES)
        cursor.execute(f"SELECT greatest({names})")
        (last,) = cursor.fetchone() or (0,)
    return int(last) + 10


def bring(table: str, number: int) -> None:
    """The next row of `table` bears `number`."""
    with connection.cursor() as cursor:
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        cursor.execute(f"SELECT nextval({sequence})")
        (last,) = cursor.fetchone() or (0,)
        cursor.execute(f"SELECT max(nextval({sequence})) FROM generate_series(1, %s)", [number - 1 - last])


def filed(world: World) -> Filed:
    number = level()
    for table in TABLES:
        # Three residents are made before the child, one of whom is its mother; two guardianships.
        bring(table, number - 3 if table == "communities_resident" else number)
    care = cast.build(world)
    assert {care.child.pk, care.place.pk, care.group.pk, care.centre.pk, care.lead_post.pk} == {number}
    _mark(care, world)
    return Filed(care, _people(world, care), number)


def _mark(care: Care, world: World) -> None:
    child = care.child
    number = clean(f"{DIGITS}{check(DIGITS)}", Resident.Document.ID_CARD)
    Resident.objects.filter(pk=child.pk).update(**columns(number, world.wenxing))
    CareFile.objects.filter(child=child).update(
        school=MARKS["BASIC"], health=sealing.seal_facts({"allergies": MARKS["HEALTH"]})
    )
    Guardian.objects.filter(child=child, guardian=care.mother).update(relation=MARKS["GUARDIANS"])
    Contact.objects.filter(child=child, order=1).update(name=MARKS["CONTACTS"])
    Pickup.objects.create(
        child=child, slot=0, name=MARKS["PICKUPS"], relation="邻居", phone="13700009999", id_tail="123X", name_key="a" * 64,
        valid_until=clock.today() + timedelta(days=90), authorised_by=care.mother, by=world.zhang,
    )  # fmt: skip
    facts = barring.Facts(MARKS["BARRED"], "高个子", barring.BASES[0], "（2026）晋01号", clock.today())
    barring.bar(child=child, facts=facts, by=world.chen)
    Attendance.objects.create(
        place=care.place, day=clock.today(), arrived_at=clock.now(), brought_by=MARKS["DAYS"], by=care.teacher
    )
    bill = Bill.objects.create(
        centre=care.centre, child=child, payer=care.mother, month=clock.today().replace(day=1), fee_cents=100, cap_cents=30,
        due_cents=100, drawn_by=world.zhang,
    )  # fmt: skip
    BillLine.objects.create(bill=bill, order=1, kind="fee", words="托管费", why=MARKS["BILLS"], amount_cents=100)
    words = families.healthy(families.said(care.group))
    words["health"]["allergies"] = MARKS["HEALTH"]
    families.submitted(care.mother, care, words)
    _evidence(child, world)
    access.look(by=world.zhang, community=world.wenxing, resident=child, what="托管：基本信息", purpose=MARKS["LOOKS"])


def _evidence(child: Resident, world: World) -> None:
    guardian = Guardian.objects.filter(child=child).order_by("pk")[0].guardian
    consents.keep(child, Consent.Purpose.CARE_RELIEF, by=world.zhang, way=Consent.Way.SIGNATURE, guardian=guardian)
    said = Said(
        category=Category.SUBSISTENCE, about=About.FAMILY, number=MARKS["RELIEF"], way=Evidence.Way.VIEWED,
        paper="最低生活保障证", seen_on=clock.today(), starts_on=clock.today(),
    )  # fmt: skip
    recording.record(resident=child, said=said, by=world.zhang)


def _people(world: World, care: Care) -> dict[str, User]:
    """Everybody of the table, and strangers."""
    away = cast.caregiver(care.centre, "caregiver_away", "休息老师", by=world.chen, on_duty=False)[0]
    far_centre = cast.centre(world.yongan, world.qian, name="永安托管")
    helper = helping.appoint(
        resident=care.mother,
        phone="13700001999",
        name="帮手",
        relation="邻居",
        by=world.zhang,
        way=Consent.Way.SIGNATURE,
    )
    agreed = world_cast.partner(world.street, world.wenxing, world.zhang, partner=care.centre.operator)
    known = {
        "teacher on duty": care.teacher, "teacher off duty": away, "lead": care.lead, "head": world.chen, "worker": world.zhang,
        "guardian": care.mother.account, "other guardian": care.other_mother.account, "helper": helper.account,
        "operator's owner": owner(agreed).account, "operator's clerk": clerk(agreed).account,
        "teacher elsewhere": cast.caregiver(far_centre, "caregiver_far", "永安老师", by=world.qian)[0],
        "staff elsewhere": world.qian, "street admin": world.he,
        "finance": staff("money", "财务", Duty.Role.FINANCE, community=world.wenxing),
        "supervisor": staff("watch", "监督员", Duty.Role.SUPERVISOR, community=world.wenxing),
        "auditor": staff("audit", "审计员", Duty.Role.AUDITOR, sub_district=world.street),
        "system admin": staff("system-admin", "系统管理员", Duty.Role.SYSTEM_ADMIN, sub_district=world.street),
    }  # fmt: skip
    return {name: user for name, user in known.items() if user}


def browser_of(user: User, acting: Resident | None = None) -> Client:
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    if acting:
        session = browser.session
        session["acting"] = acting.pk
        session.save()
    return browser


def addresses(number: int, prefixes: tuple[str, ...] = PREFIXES) -> Iterator[tuple[str, str]]:
    """(name, address) of every page that could be about a child, every number in it the child's."""
    for name, pattern in _routes(get_resolver().url_patterns):
        if name.startswith(prefixes):
            for arguments in _arguments(pattern, number):
                yield name, reverse(name, kwargs=arguments)


def _routes(patterns: list[Any], space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for found in patterns:
        if isinstance(found, URLResolver):
            yield from _routes(found.url_patterns, f"{space}{found.namespace}:" if found.namespace else space)
        elif isinstance(found, URLPattern):
            yield f"{space}{found.name}", found


def _arguments(pattern: URLPattern, number: int) -> Iterator[dict[str, Any]]:
    arguments: dict[str, Any] = {}
    for name, converter in pattern.pattern.converters.items():
        arguments[name] = {"at": 4, "year": clock.today().year}.get(name, number)
        if not isinstance(converter.to_python("1"), int):
            arguments[name] = {
                "day": clock.today(),
                "form": "json",
                "purpose": "care",
                "month": f"{clock.today():%Y-%m}",
            }.get(name, "care")
    for name in getattr(getattr(pattern.pattern, "regex", None), "groupindex", {}):
        arguments.setdefault(name, "json")
    yield arguments


def seen_in(said: str) -> set[str]:
    return {part for part, mark in MARKS.items() if mark in said}


def sent(response: Any) -> str:
    """What was answered, files opened."""
    content = b"".join(response)
    return readable(content, "answer") if content[:2] == b"PK" else content.decode("utf-8", "replace")


def shows(answer: Any, *words: str) -> None:
    """The answer is a page, and all of `words` stand on it."""
    said = answer.content.decode()
    assert answer.status_code == 200 and [word for word in words if word not in said] == []

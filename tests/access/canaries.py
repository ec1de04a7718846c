"""300 people whose private fields are texts that stand nowhere else, and which of them docs/privacy.md lets who see where."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from activities.models import Deed, Visit
from communities import sealing
from communities.identity import check
from communities.models import (
    Appeal,
    Consent,
    Estate,
    Guardian,
    Helper,
    Household,
    Objection,
    Resident,
    RightsRequest,
    Slip,
    User,
)
from core import clock
from tests.access.rows import Rows

PEOPLE = {"own": range(200), "sister": range(200, 260), "other": range(260, 300)}
# 王秀兰 of each place is the first canary there. Marked text: QZ, the field, three digits, ZQ.
MARK = re.compile(
    r"雀(?P<name>\d{3})人|(?<!\d)137007(?P<phone>\d{3})\d\d|140211193(?P<document>\d{3})\d{5}[\dX]|QZ(?P<field>[a-z]+)(?P<number>\d{3})ZQ"
    r"|(?<!\d)(?P<born>193\d(?:-\d\d-\d\d|年\d{1,2}月\d{1,2}日|/\d{1,2}/\d{1,2}|[01]\d[0-3]\d)(?!\d))"
)
BORN = date(1930, 1, 1)
DOC = Path(__file__).resolve().parents[2] / "docs/privacy.md"
TEXTS = ("estate", "appeal", "request", "objection", "helper", "slip", "consent", "guardian", "sheet", "deed", "visit")


def name(n: int) -> str:
    return f"金雀{n:03d}人丝"


def phone(n: int) -> str:
    return f"137007{n:03d}37"


def born(n: int) -> date:
    return BORN + timedelta(days=n * 12)


def document(n: int) -> str:
    digits = f"140211193{n:03d}01010"[:17]
    return digits + check(digits)


def text(field: str, n: int) -> str:
    return f"QZ{field}{n:03d}ZQ"


def scatter(rows: dict[str, Rows]) -> None:
    """Write them; the first of each place is 王秀兰, whose rows every page is opened with."""
    for place, numbers in PEOPLE.items():
        world = rows[place].world
        first, community, street = world.wang, world.wenxing, world.street.pk
        estates = Estate.objects.bulk_create(Estate(community=community, name=text("estate", n)) for n in numbers)
        homes = Household.objects.bulk_create(Household(community=community) for _ in numbers)
        accounts = User.objects.bulk_create(
            User(username=f"canary-{n}", kind=User.Kind.RESIDENT, phone=phone(n), last_login=clock.now())
            for n in numbers[1:]
        )
        facts = [_facts(n, estate, street) for n, estate in zip(numbers, estates, strict=True)]
        Resident.objects.filter(pk=first.pk).update(**facts[0])
        User.objects.filter(pk=first.account_id).update(phone=phone(numbers[0]), name=name(numbers[0]))
        people = Resident.objects.bulk_create(
            Resident(
                community=community, household=home, account=account, status="confirmed", decided_at=clock.now(), **fact
            )
            for home, account, fact in zip(homes[1:], accounts, facts[1:], strict=True)
        )
        first.refresh_from_db()
        _texts(rows[place], [first, *people], numbers)


def _facts(n: int, estate: Estate, street: int) -> dict[str, object]:
    number = document(n)
    return {
        "name": name(n), "phone": phone(n), "birth_date": born(n), "estate": estate, "document": "id_card",
        "document_sealed": sealing.seal(number), "document_tail": number[-4:], "document_hash": sealing.fingerprint(number, street),
    }  # fmt: skip


Others = list[tuple[Resident, int]]


def _texts(rows: Rows, people: list[Resident], numbers: range) -> None:
    """What people wrote, and what was written about them."""
    Appeal.objects.filter(pk=rows.appeal.pk).update(text=text("appeal", numbers[0]))
    Objection.objects.filter(pk=rows.objection.pk).update(text=text("objection", numbers[0]), resident=people[0])
    RightsRequest.objects.filter(pk=rows.asked.pk).update(text=text("request", numbers[0]))
    Helper.objects.filter(pk=rows.helper.pk).update(name=text("helper", numbers[0]))
    Guardian.objects.filter(pk=rows.guardian.pk).update(relation=text("guardian", numbers[0]))
    rows.sheet.lines.update(name=text("sheet", numbers[0]), tail=phone(numbers[0]))
    Slip.objects.filter(pk=rows.slip.pk).update(said=text("slip", numbers[0]))
    others = list(zip(people[1:], numbers[1:], strict=True))
    _appealed(rows, others[::4])
    _objected(rows, others[::5])
    _asked(rows, others[::6])
    _helped(rows, people[1], others[7::7])
    Slip.objects.bulk_create(
        Slip(community=one.community, resident=one, act="夜校报名", about=f"canary:{n}", said=text("slip", n), by=rows.world.zhang)
        for one, n in others[::3]
    )  # fmt: skip
    _sent_in(rows, numbers[0], others[::6])
    Visit.objects.filter(pk=rows.visit.pk).update(text=text("visit", numbers[0]), follow_up=text("visit", numbers[0]))
    Visit.objects.bulk_create(
        Visit(community=one.community, resident=one, text=text("visit", n), on=clock.today(), by=rows.world.zhang)
        for one, n in others[::9]
    )


def _sent_in(rows: Rows, first: int, others: "Others") -> None:
    """Small deeds: the words, the place, the answer."""
    seen = rows.deed
    Deed.objects.filter(pk=seen.pk).update(text=text("deed", first), place=text("deed", first))
    Deed.objects.bulk_create(
        Deed(
            community=one.community, resident=one, kind="idea", text=text("deed", n), place=text("deed", n), on=seen.on,
            by=one.account, answer_by=seen.answer_by,
        )
        for one, n in others
    )  # fmt: skip


def _appealed(rows: Rows, others: Others) -> None:
    now, day = clock.now(), clock.today()
    Appeal.objects.bulk_create(
        Appeal(
            community=one.community, resident=one, about=f"test:{n}", subject="收回", link="/points/", old_value="30", decided_at=now,
            decided_by=rows.world.zhang, text=text("appeal", n), filed_at=now, filed_by=one.account, file_by=day, answer_by=day,
        )
        for one, n in others
    )  # fmt: skip


def _objected(rows: Rows, others: Others) -> None:
    said = {"notice": rows.notice, "filed_at": clock.now(), "answer_by": clock.today()}
    Objection.objects.bulk_create(
        Objection(resident=one, text=text("objection", n), filed_by=one.account, **said) for one, n in others
    )


def _asked(rows: Rows, others: Others) -> None:
    said = {"community": rows.world.wenxing, "kind": "explain", "filed_at": clock.now(), "answer_by": clock.today()}
    RightsRequest.objects.bulk_create(
        RightsRequest(resident=one, text=text("request", n), filed_by=one.account, **said) for one, n in others
    )


def _helped(rows: Rows, friend: Resident, others: Others) -> None:
    by = {"way": "signature", "by": rows.world.zhang}
    given = [Consent(resident=one, purpose="helper", version=text("consent", n), **by) for one, n in others]
    Consent.objects.bulk_create(given)
    Helper.objects.bulk_create(
        Helper(resident=one, account=friend.account, name=text("helper", n), relation="子女", consent=consent, by=rows.world.zhang)
        for (one, n), consent in zip(others, given, strict=True)
    )  # fmt: skip


def place_of(number: int) -> str:
    return next(place for place, numbers in PEOPLE.items() if number in numbers)


def found_in(shown: str) -> dict[str, set[int]]:
    """field → the numbers of the people whose value stands in `shown`."""
    seen: dict[str, set[int]] = defaultdict(set)
    for match in MARK.finditer(shown):
        if match["born"]:
            seen["birth_date"].add(_whose(match["born"]))
            continue
        field = match["field"] or next(key for key in ("name", "phone", "document") if match[key])
        seen[field].add(int(match["number"] or match[field]))
    return seen


def _whose(said: str) -> int:
    year, month, day = (
        map(int, re.findall(r"\d+", said)) if not said.isdigit() else (int(said[:4]), int(said[4:6]), int(said[6:]))
    )
    return (date(year, month, day) - BORN).days // 12


def readable(content: bytes, kind: str) -> str:
    """The text of an answer: a page, JSON, or whatever lies in a file of Excel or a packed one."""
    if content[:2] != b"PK":
        return unescape(content.decode("utf-8", "replace"))
    try:
        with ZipFile(BytesIO(content)) as packed:
            return "\n".join(unescape(packed.read(one).decode("utf-8", "replace")) for one in packed.namelist())
    except BadZipFile:
        raise AssertionError(f"{kind} cannot be opened") from None


@dataclass(frozen=True)
class Rule:
    """`fields` may stand on pages whose address `page` matches, but for `but`, for roles named in `who`."""

    fields: frozenset[str]
    page: re.Pattern[str]
    but: str
    who: str


def rules() -> Iterator[Rule]:
    """The table of docs/privacy.md, “Where a full value may appear”: fields, pages in backquotes, who."""
    section = DOC.read_text(encoding="utf-8").split("## Where a full value may appear")[1].split("\n## ")[0]
    for line in section.splitlines():
        if line.startswith("|") and not line.startswith(("| field", "|---")):
            fields, pages, who = (cell.strip() for cell in line.strip("|").split("|"))
            addresses = re.findall(r"`(/[^`]*)`", pages)
            but = addresses.pop() if "but `" in pages else ""
            wide = "all pages under" in pages
            pattern = "|".join(re.sub(r"<\w+>", r"[^/]+", one) + ("" if wide else "(\\?.*)?$") for one in addresses)
            assert addresses, line
            yield Rule(frozenset(fields.split(", ")), re.compile(f"^({pattern})"), but, who)


OFFICES = {"worker": ("worker", "own"), "head": ("head", "own"), "admin": ("street_admin", "own sister"), "neighbour worker": ("worker", "sister"), "far": ("street_admin", "other"), "caregiver": ("caregiver", "own"), "care lead": ("caregiver", "own"), "care rival": ("caregiver", "sister")}  # fmt: skip
SELF = {"resident": 0, "helper": 0}


def allowed(known: Iterable[Rule], role: str, path: str, field: str, numbers: set[int]) -> bool:
    """Whether `role` may see `field` of all `numbers` on `path`."""
    office, places = OFFICES.get(role, ("", ""))
    for rule in known:
        if field not in rule.fields or not rule.page.match(path) or (rule.but and path.startswith(rule.but)):
            continue
        if office and re.search(rf"\b{office}\b", rule.who) and all(place_of(n) in places for n in numbers):
            return True
        own = "own account" in rule.who if role == "resident" else "helper" in rule.who
        if role in SELF and own and numbers <= {SELF[role]}:
            return True
        if "whoever" in rule.who:
            return True
    return False

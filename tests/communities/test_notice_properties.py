"""Over random populations: nobody is named who did not agree, is under fourteen or on a short list; no phone, no address.

The public page, the paper for the board and REST are read as text, as anybody would read them.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from html import unescape
from itertools import count

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings, strategies as st

from communities import consents, publishing
from communities.models import Consent, Notice, Resident
from communities.notices import Line, prepare
from communities.wording import NotToBeShown
from core import clock, masks
from tests import world as cast
from tests.api import client_of
from tests.world import World

pytestmark = pytest.mark.django_db
SURNAMES, GIVEN = "褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华金魏陶", "安宁康福禄寿喜乐平和顺祥瑞吉庆荣华富贵"
SAYINGS = ["志愿服务120小时", "值守3次", "讲课2次"]
SLIPS = ["电话13812346021", "住3号楼2单元", "低保户", "身份证440524188001010014", "天和城"]
_serial = count(1)


@dataclass(frozen=True)
class Person:
    name: str
    days_old: int | None  # relative to the fourteenth birthday on the opening day
    consent: str  # standing, withdrawn, older text, another purpose, none
    status: str
    said: str


people = st.builds(
    Person,
    name=st.builds("".join, st.tuples(st.sampled_from(SURNAMES), st.text(GIVEN, min_size=1, max_size=3))),
    days_old=st.one_of(st.none(), st.sampled_from([-3000, -1, -1, 0, 1, 8000, 8000, 20000])),
    consent=st.sampled_from(["standing"] * 6 + ["withdrawn", "older", "photo", "none"]),
    status=st.sampled_from(["confirmed"] * 9 + ["pending", "declined"]),
    said=st.sampled_from(SAYINGS),
)


def settle(person: Person, world: World) -> Resident:
    """Somebody with a phone and an estate that are found if they are anywhere."""
    number = next(_serial)
    made = cast.resident(world.wenxing, person.name, f"1770{number:07d}")
    born = None if person.days_old is None else _fourteen() - timedelta(days=person.days_old)
    Resident.objects.filter(pk=made.pk).update(
        birth_date=born, status=person.status, decline_reason="搬走" if person.status == "declined" else "",
        decided_at=None if person.status == "pending" else clock.now(),
    )  # fmt: skip
    purpose = Consent.Purpose.PHOTO if person.consent == "photo" else Consent.Purpose.NOTICE
    version = "2020-01" if person.consent == "older" else consents.TEXTS[purpose].version
    gone = {"withdrawn_at": clock.now(), "withdrawn_by": world.zhang} if person.consent == "withdrawn" else {}
    if person.consent != "none":
        Consent.objects.create(resident=made, purpose=purpose, version=version, **gone)
    made.refresh_from_db()
    return made


def _fourteen() -> date:
    today = clock.today()
    return today.replace(year=today.year - 14)


def may_be_named(person: Person) -> bool:
    grown = person.days_old is not None and person.days_old >= 0
    return person.status == "confirmed" and person.consent == "standing" and grown


def readings(notice: Notice, world: World) -> dict[str, str]:
    """What a visitor, a passer-by in front of the board and another system read."""
    staff = Client()
    staff.force_login(world.chen)
    answers = {
        "page": Client().get(f"/notices/{notice.pk}/"),
        "paper": staff.get(f"/desk/notices/{notice.pk}/print/"),
        "REST": client_of(world.wenxing).get(f"notices/{notice.pk}/"),
    }
    assert [one.status_code for one in answers.values()] == [200] * 3
    return {name: unescape(one.content.decode()) for name, one in answers.items()}


def names_in(text: str) -> list[str]:
    return re.findall(r"[\u4e00-\u9fff]\*+[\u4e00-\u9fff]?", text)


short, long = st.lists(people, min_size=1, max_size=9), st.lists(people, min_size=10, max_size=16)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(population=st.one_of(long, long, short), slip=st.sampled_from([""] * 8 + SLIPS))
def test_a_notice_never_shows_whom_it_may_not(world: World, population: list[Person], slip: str) -> None:
    with transaction.atomic():
        residents = [settle(person, world) for person in population]
        lines = [Line(person.said, one) for person, one in zip(population, residents, strict=True)]
        act = partial(prepare, community=world.wenxing, title="优秀志愿者公示", by=world.zhang)
        if slip:
            with pytest.raises(NotToBeShown):
                act(lines=[*lines[1:], Line(slip, residents[0])])
        else:
            made = publishing.publish(notice=act(lines=lines), by=world.chen)
            _read(made, population, residents, world)
        transaction.set_rollback(True)


def _read(notice: Notice, population: list[Person], residents: list[Resident], world: World) -> None:
    named = [one for one in population if may_be_named(one)] if len(population) >= 10 else []
    expected = sorted(masks.name(one.name) for one in named)
    hidden = len(population) - len(named)
    for where, text in readings(notice, world).items():
        assert sorted(names_in(text)) == expected, where
        for person, one in zip(population, residents, strict=True):
            assert one.phone not in text and not re.search(r"\d{3}\*{4}\d{4}", text), where
            assert len(person.name) < 3 or person.name not in text, where
        assert "天和城" not in text, where
        if where == "REST":
            assert f'"others":{hidden}' in text and f'"people":{len(population)}' in text
        elif hidden:
            said = f"另有{hidden}人，名单一共{len(population)}人" if named else f"名单共{len(population)}人"
            assert said in text, where

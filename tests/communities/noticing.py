"""Public notices, and residents who agree to be named, without any app that shows anything."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

import pytest

from communities import consents, notices, publishing
from communities.models import Community, Consent, Notice, NoticeItem, Resident, User
from communities.notices import Line
from core.refusals import Refused
from tests import world as cast
from tests.world import World

FRIDAY = "2026-09-18 15:00+08:00"  # Sunday the 20th is worked, 25–27 September and 1–7 October are holidays
GROWN = date(1970, 1, 1)
NAMES = [
    "何平安",
    "吕文静",
    "施立新",
    "孔繁荣",
    "曹国庆",
    "严冬梅",
    "华玉兰",
    "金秋月",
    "魏建军",
    "陶桂英",
    "姜春生",
    "戚晓明",
]
_abouts = count(1)


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        act()
    return caught.value.code


def moment(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+08:00")


def agree(*residents: Resident) -> None:
    """They agree to be named on notices."""
    version = consents.TEXTS[Consent.Purpose.NOTICE].version
    Consent.objects.bulk_create(
        Consent(resident=one, purpose=Consent.Purpose.NOTICE, version=version) for one in residents
    )


def crowd(world: World, people: int = 12, *, named: bool = True) -> list[Resident]:
    """Grown-up confirmed residents of 文兴 who agree to be named."""
    made = [cast.resident(world.wenxing, NAMES[n], born=GROWN) for n in range(people)]
    if named:
        agree(*made)
    return made


def drafted(world: World, lines: list[Line] | None = None, *, by: User | None = None, **fields: Any) -> Notice:
    """A draft of 张晓燕's with one line that stands for a partner, or with `lines`."""
    given: dict[str, Any] = {"community": world.wenxing, "title": "优秀志愿者名单公示", "text": "按服务时长评出。"}
    lines = [Line("结对共建", subject="博世邻里之家")] if lines is None else lines
    return notices.prepare(**{**given, **fields}, lines=lines, by=by or world.zhang)


def shown(world: World, lines: list[Line] | None = None, *, at: datetime | None = None, **fields: Any) -> Notice:
    """Published by the head, just now or `at`."""
    return publishing.publish(notice=drafted(world, lines, **fields), by=world.chen, at=at)


def items(notice: Notice) -> list[NoticeItem]:
    return list(notice.items.order_by("pk"))


@dataclass
class App:
    """An app that shows things as `test`: what it was told."""

    clear: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)

    def line(self, said: str = "志愿服务120小时", **fields: Any) -> Line:
        """Something that wants to become final, never shown before."""
        if "resident" not in fields:
            fields = {"subject": "巧手维修"} | fields
        return Line(said, about=fields.pop("about", f"test:{next(_abouts)}"), **fields)


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> App:
    """Registered as `test` for the length of one test."""
    monkeypatch.setattr(notices, "_homes", dict(notices._homes))
    made = App()
    notices.register(
        "test",
        on_clear=lambda item: made.clear.append(item.about),
        on_stop=lambda item: made.stopped.append(item.about),
    )
    return made


def elsewhere(community: Community, name: str) -> Resident:
    return cast.resident(community, name, born=GROWN)

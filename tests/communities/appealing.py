"""Something that was decided about residents, and appeals against it, without any app that decides."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from communities import appeals
from communities.models import Appeal, Resident, User
from core import clock


def appealed(resident: Resident, *, decided_by: User | None = None, about: str = "test:1", **fields: Any) -> Appeal:
    """An appeal of `resident` that waits for its answer, filed just now by themselves."""
    now = clock.now()
    return Appeal.objects.create(
        **{
            "community": resident.community, "resident": resident, "about": about, "subject": "收回多记的30积分",
            "link": "/points/", "old_value": "待抵扣30积分", "decided_at": now - timedelta(days=1), "decided_by": decided_by,
            "text": "那天我确实到场了", "filed_at": now, "filed_by": resident.account or decided_by,
            "file_by": clock.today() + timedelta(days=14), "answer_by": clock.today() + timedelta(days=7),
        }
        | fields
    )  # fmt: skip


class Decisions:
    """A finder as an app would register it: decision `test:<n>` belongs to one resident."""

    def __init__(self) -> None:
        self.made: dict[int, tuple[Resident, appeals.Decision]] = {}

    def about(self, resident: Resident, *, by: User | None, at: datetime | None = None, number: int = 1) -> str:
        """Decide something about `resident`, a moment ago; how it is named."""
        name = f"test:{number}"
        self.made[number] = resident, appeals.Decision(
            about=name, subject="收回多记的30积分", decided_at=at or clock.now(), decided_by_id=by and by.pk,
            community=resident.community, link="/points/", value="待抵扣30积分",
        )  # fmt: skip
        return name

    def find(self, resident: Resident, number: int) -> appeals.Decision | None:
        owner, decision = self.made.get(number, (None, None))
        return decision if owner == resident else None


@pytest.fixture
def decisions(monkeypatch: pytest.MonkeyPatch) -> Decisions:
    """Registered as `test` for the length of one test."""
    monkeypatch.setattr(appeals, "_finders", dict(appeals._finders))
    made = Decisions()
    appeals.register("test", made.find)
    return made

"""Over random sequences of sending, taking back, answering, merging and closing: caps hold, and nothing is paid twice."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from activities import answering, deeds, solving
from activities.models import Award, Deed
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from points import statement
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db
PER_DAY = {"PHOTO": 5, "PHOTO_SOLVED": 5, "DEED": 2, "IDEA": 2}
WORTH = {"PHOTO": 3, "PHOTO_SOLVED": 5, "DEED": 2, "IDEA": 20}
MONTH = 60


@dataclass(frozen=True)
class Step:
    """What is tried: `who` of three people, `which` of what there is, `by` one of three colleagues, `day` days ago."""

    act: str
    who: int
    which: int
    by: int
    day: int
    kind: str


steps = st.builds(
    Step,
    act=st.sampled_from(["send"] * 5 + ["accept"] * 4 + ["solve"] * 2 + ["decline", "merge", "back"]),
    who=st.integers(0, 1), which=st.integers(0, 30), by=st.integers(0, 2), day=st.integers(0, 1),
    kind=st.sampled_from(["snapshot", "snapshot", "kindness", "idea"]),
)  # fmt: skip


def do(step: Step, people: list[Resident], staff: list[User], number: int) -> None:
    by, who, at = staff[step.by], people[step.who], clock.now() - timedelta(days=step.day)
    if step.act == "send":
        sender = who.account if number % 4 else staff[step.by]
        deeds.send(resident=who, kind=step.kind, text=f"第{number}件", by=sender or by, at=at)
        return
    rows = list(Deed.objects.order_by("pk"))
    if not rows:
        return
    mine = rows[step.which % len(rows)]
    if step.act == "accept":
        answering.accept(deed=mine, by=by, answer="好")
    elif step.act == "solve":
        solving.solve(deed=mine, by=by, outcome="已修好")
    elif step.act == "decline":
        answering.decline(deed=mine, by=by, reason="不实")
    elif step.act == "merge":
        answering.merge(deed=mine, into=rows[(step.which + 1) % len(rows)], by=by)
    else:
        deeds.take_back(deed=mine)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(steps, min_size=8, max_size=30))
def test_caps_hold_and_nothing_is_paid_twice(world: World, tried: list[Step]) -> None:
    with transaction.atomic():
        people, staff = [world.li, world.wang], [world.zhang, world.chen, world.he]
        before = {one.pk: statement.available(one) for one in people}
        for number, step in enumerate(tried):
            try:
                do(step, people, staff, number)
            except Refused:  # an answer, not an error
                continue
        check(people, before)
        transaction.set_rollback(True)


def check(people: list[Resident], before: dict[int, int]) -> None:
    sent = Counter(Deed.objects.values_list("resident", "on"))
    assert not sent or max(sent.values()) <= 5
    given_by_day: Counter[tuple[int, str, object]] = Counter()
    earned: Counter[int] = Counter()
    for award in Award.objects.all():
        given_by_day[award.resident_id, award.code, award.served_on] += award.given or 0
        earned[award.resident_id] += award.given or 0
        assert award.recorded_by_id != award.approved_by_id
    for (_who, code, _day), points in given_by_day.items():
        assert points <= PER_DAY[code] * WORTH[code]
    for one in people:
        assert earned[one.pk] <= MONTH * 2  # two days may lie in two months
        assert statement.available(one) == before[one.pk] + earned[one.pk]
    for deed in Deed.objects.all():
        mine = Award.objects.filter(about__in=(f"deed:{deed.pk}", f"deed:{deed.pk}:solved"))
        most = {"accepted": 1, "solved": 2}.get(deed.status, 0)
        assert mine.count() == most, (deed.status, mine.count())
    assert breaches() == []

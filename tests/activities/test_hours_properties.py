"""Over random sequences of signing in and out, recording, confirming, correcting, taking back and spending, whoever acts when:

nobody is credited for overlapping time, for more than the most of a day, above the caps of points, or twice for one attendance;
hours never fall because points are spent; every promise of the books and of the hours is kept (`breaches`).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations, count
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings, strategies as st

from activities import correcting, hours, presence, recording, reviewing
from activities.models import Activity, Award, Correction, Means, Participation, Service
from communities.settings import CAP_DAY, CAP_MONTH, DAY_MOST
from core import clock
from core.refusals import Refused
from points import adjusting, ledger, statement
from points.models import Adjustment, Credit, Entry
from tests import world as cast
from tests.books import breaches
from tests.world import World

pytestmark = pytest.mark.django_db
_serial = count(1)
KINDS = [Activity.Kind.ENV, Activity.Kind.CIV, Activity.Kind.ELD, Activity.Kind.LECT]
STAFF = ("zhang", "chen", "he", "qian")
PEOPLE = ("li", "wang")  # few, so that they meet themselves

who, whom = st.sampled_from(STAFF), st.sampled_from(PEOPLE)
which = st.integers(0, 2)
length = st.sampled_from([0, 10, 29, 30, 60, 95, 120, 240, 300, 480])
acts = st.one_of(
    st.tuples(st.just("come"), which, whom, st.integers(-40, 200)),
    st.tuples(st.just("go"), which, whom, st.integers(0, 400)),
    st.tuples(st.just("attend"), which, whom, st.integers(0, 45), st.integers(50, 89)),
    st.tuples(st.just("record"), which, whom, who, length, st.sampled_from(["", "义诊来人多"])),
    st.tuples(st.just("absent"), which, whom, who),
    st.tuples(st.just("confirm"), which, whom, who),
    st.tuples(st.just("confirm"), which, whom, who),
    st.tuples(st.just("propose"), which, whom, who, length),
    st.tuples(st.just("corrected"), which, whom, length),
    st.tuples(st.just("corrected"), which, whom, length),
    st.tuples(st.just("decide"), which, whom, who, st.booleans()),
    st.tuples(st.just("take_back"), which, whom),
    st.tuples(st.just("spend"), whom, st.integers(1, 60)),
    st.tuples(st.just("sweep")),
)
# When the activities begin (minutes after nine, some of them on the day before), how long they last, and what they are.
plans = st.lists(
    st.tuples(st.sampled_from([0, 0, 0, 1]), st.integers(0, 240), st.sampled_from([60, 120, 300]), st.sampled_from(KINDS)),
    min_size=3, max_size=3,
)  # fmt: skip


@dataclass
class Play:
    """One sequence: what was done, and the hours of each person after the act before."""

    world: World
    activities: list[Activity]
    heard: Counter[str] = field(default_factory=Counter)

    def part(self, number: int, name: str) -> Participation | None:
        rows = Participation.objects.standing().select_related("activity__community", "resident")
        return rows.filter(activity=self.activities[number], resident=getattr(self.world, name)).first()

    def do(self, act: str, *said: Any) -> None:
        """A refusal is an answer; whatever else happens is a failure."""
        try:
            with transaction.atomic():
                self.heard[act] += getattr(self, act)(*said) is not False
        except Refused as refused:
            self.heard[refused.code] += 1

    def come(self, number: int, name: str, minute: int) -> None:
        self._scan(presence.arrive, number, name, minute)

    def go(self, number: int, name: str, minute: int) -> None:
        self._scan(presence.leave, number, name, minute)

    def attend(self, number: int, name: str, came: int, went: int) -> None:
        self._scan(presence.arrive, number, name, came)
        self._scan(presence.leave, number, name, went)

    def _scan(self, verb: Any, number: int, name: str, minute: int) -> None:
        activity, resident = self.activities[number], getattr(self.world, name)
        at = activity.starts_at + timedelta(minutes=minute)
        verb(
            activity_id=activity.pk,
            resident=resident,
            by=resident.account or self.world.system,
            how=Means.CODE,
            seen_at=at,
        )

    def record(self, number: int, name: str, by: str, minutes: int, over: str) -> bool:
        part = self.part(number, name)
        if part:
            recording.record(participation=part, minutes=minutes, by=getattr(self.world, by), over_reason=over)
        return part is not None

    def absent(self, number: int, name: str, by: str) -> bool:
        part = self.part(number, name)
        if part:
            recording.absent(participation=part, by=getattr(self.world, by))
        return part is not None

    def confirm(self, number: int, name: str, by: str) -> bool:
        part = self.part(number, name)
        if part:
            reviewing.confirm(participation=part, minutes=part.minutes or 0, by=getattr(self.world, by))
        return part is not None

    def propose(self, number: int, name: str, by: str, minutes: int) -> bool:
        part = self.part(number, name)
        if part:
            correcting.propose(participation=part, minutes=minutes, reason="记错", by=getattr(self.world, by))
        return part is not None

    def decide(self, number: int, name: str, by: str, yes: bool) -> bool:
        part = self.part(number, name)
        asked = Correction.objects.filter(participation=part, status="proposed").first() if part else None
        if asked and yes:
            correcting.approve(correction=asked, by=getattr(self.world, by))
        elif asked:
            correcting.decline(correction=asked, reason="没错", by=getattr(self.world, by))
        return asked is not None

    def corrected(self, number: int, name: str, minutes: int) -> bool:
        """As two people do it who know what they do."""
        part = self.part(number, name)
        if part:
            asked = correcting.propose(participation=part, minutes=minutes, reason="记错", by=self.world.zhang)
            correcting.approve(correction=asked, by=self.world.chen)
        return part is not None

    def take_back(self, number: int, name: str) -> bool:
        """弄虚作假: points alone are taken back; the hours have their own way."""
        part = self.part(number, name)
        if part and part.award and part.award.entry_id and part.award.given:
            asked = adjusting.propose_take_back(entry=part.award.entry_id, reason="弄虚作假：冒名", by=self.world.zhang)
            adjusting.approve(adjustment=Adjustment.objects.get(pk=asked.pk), by=self.world.chen)
            return True
        return False

    def spend(self, name: str, amount: int) -> None:
        resident = getattr(self.world, name)
        before = hours.credited(resident)
        spendable = min(amount, statement.available(resident))
        if spendable:
            ledger.charge(
                key=f"played:{next(_serial)}",
                resident=resident,
                amount=spendable,
                provider=self.world.wenxing,
                by=self.world.system,
                reason="夜校",
            )
        assert hours.credited(resident) == before

    def sweep(self) -> None:
        presence.close_forgotten(clock.now())


def laid(world: World, drawn: Iterable[tuple[int, int, int, str]]) -> Play:
    day = clock.today() - timedelta(days=1)
    made = [
        cast.activity(
            world.wenxing, kind=kind, volunteering=kind != Activity.Kind.LECT, lasts=lasts, capacity=3, title=f"活动{n}",
            starts_at=_nine(day - timedelta(days=before)) + timedelta(minutes=begins % 600),
        )
        for n, (before, begins, lasts, kind) in enumerate(drawn)
    ]  # fmt: skip
    return Play(world, made)


def _nine(day: Any) -> datetime:
    return clock.at(day, datetime.min.time().replace(hour=9))


def look(play: Play) -> None:
    """What must be true after every act, said without the code that is under test."""
    standing = list(Service.objects.filter(voided_at=None))
    for one, other in combinations(standing, 2):
        if one.resident_id == other.resident_id:
            assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at, "overlapping time"
    attended = Counter(one.participation_id for one in standing)
    assert not attended or max(attended.values()) == 1, "twice for one attendance"
    days: Counter[tuple[int, Any]] = Counter()
    for one in standing:
        days[one.resident_id, one.on] += one.minutes
        assert one.credited == one.minutes - one.minutes % 30 and one.recorded_by_id != one.confirmed_by_id
    explained = {(one.resident_id, one.on) for one in standing if one.over_reason}
    for key, minutes in days.items():
        assert minutes <= DAY_MOST.default * 60 or key in explained, "more than the most of a day"
    _look_at_points()


def _look_at_points() -> None:
    live = Credit.objects.exclude(entry__in=Entry.objects.exclude(reverses=None).values("reverses"))
    timed = live.filter(rule__kind="timed")
    for row in timed.values("wallet", "served_on").annotate(total=Sum("given")):
        assert row["total"] <= CAP_DAY.default, "above the cap of a day"
    for row in timed.values("wallet", "served_on__month").annotate(total=Sum("given")):
        assert row["total"] <= CAP_MONTH.default, "above the cap of a month"
    paid = Award.objects.filter(status="posted", given__gt=0).exclude(
        entry__in=Entry.objects.exclude(reverses=None).values("reverses")
    )
    attended = Counter(award.about.split(":")[1] for award in paid if award.about.startswith("participation:"))
    assert not attended or max(attended.values()) == 1, "paid twice for one attendance"


def test_nobody_is_credited_for_more_than_was_served(world: World) -> None:
    heard: Counter[str] = Counter()

    @settings(
        max_examples=20, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(drawn=plans, played=st.lists(acts, min_size=15, max_size=40))
    def play_some(drawn: list[Any], played: list[Any]) -> None:
        with transaction.atomic():
            play = laid(world, drawn)
            for number, name in ((0, "li"), (1, "wang"), (2, "li")):
                play.do("attend", number, name, 0, 60)
                play.do("confirm", number, name, "zhang")
            for number, (act, *said) in enumerate(played):
                play.do(act, *said)
                if number % 5 == 0:
                    look(play)
            look(play)
            assert breaches() == []
            heard.update(play.heard)
            transaction.set_rollback(True)

    play_some()
    # A property that nothing put to the test would hold as well.
    for done in ("attend", "record", "confirm", "propose", "corrected", "take_back", "spend"):
        assert heard[done] > 1, sorted(heard.items())
    assert heard["service_overlaps"] + heard["busy_then"] > 0, sorted(heard.items())

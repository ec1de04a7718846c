"""Another person than the recorder verifies, declines and ends; taking the consent back ends everything."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.db.utils import IntegrityError

from communities import guardians, hardship, todo
from communities.duties import NotYourDuty
from communities.hardship import Again, Category, keeping, waiting
from communities.hardship.deciding import NotStanding, NotWaiting, PaperOver, SameRecorder, next_month
from communities.hardship.kinds import BadEvidence
from communities.hardship.recording import AlreadyRenewing, NotRenewable, OwnEvidence, months_after
from communities.models import Consent, Evidence, EvidenceImage
from communities.photos import redraw
from core import clock
from notifications.models import Message
from tests.activities import pictures
from tests.books import refuses
from tests.communities.hardship.conftest import Family
from tests.communities.relieving import recorded, said
from tests.world import World

pytestmark = pytest.mark.django_db
Status, End, Decline = Evidence.Status, Evidence.End, Evidence.Decline


def told(family: Family) -> list[str]:
    return list(Message.objects.filter(resident=family.mother).order_by("pk").values_list("title", flat=True))


def test_the_head_verifies_what_the_worker_recorded(world: World, family: Family) -> None:
    made = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    assert (made.status, made.decided_by) == (Status.VALID, world.chen)
    assert told(family) == ["优待依据已复核通过"]
    with refuses(NotWaiting):
        hardship.verify(evidence=made, by=world.he)


def test_a_message_names_neither_the_child_nor_the_kind(world: World, family: Family) -> None:
    hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    (message,) = Message.objects.filter(resident=family.father)
    assert not [word for word in ("低保", "最低生活", "高雨桐", "subsistence") if word in message.title + message.body]


def test_who_may_not_decide(world: World, family: Family) -> None:
    made = recorded(family.child, world.chen)
    for stranger in (world.zhang, world.qian):
        with refuses(NotYourDuty):
            hardship.verify(evidence=made, by=stranger)
    with refuses(SameRecorder):
        hardship.verify(evidence=made, by=world.chen)
    world.he.own_phone = family.father.phone
    world.he.save()
    for act in (hardship.verify, hardship.decline, hardship.end):
        reason = {"decline": {"reason": Decline.OTHER}, "end": {"reason": End.CHANGED}}.get(act.__name__, {})
        with refuses(OwnEvidence):
            act(evidence=made, by=world.he, **reason)


def test_the_database_keeps_the_two_people_apart(world: World, family: Family) -> None:
    made = recorded(family.child, world.chen)
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.filter(pk=made.pk).update(status="valid", decided_at=clock.now(), decided_by=world.chen)


def test_declining_gives_a_reason_that_the_family_reads(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang)
    with refuses(BadEvidence):
        hardship.decline(evidence=made, reason="低保不真", by=world.chen)  # type: ignore[arg-type]
    hardship.decline(evidence=made, reason=Decline.NOT_FOUND, by=world.chen)
    assert told(family) == ["优待依据没有通过复核"]
    assert hardship.best_on(family.child, clock.today()) is None


def test_ending_counts_from_the_next_bill_on(world: World, family: Family) -> None:
    made = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    with refuses(BadEvidence):
        hardship.end(evidence=made, reason=End.WITHDRAWN, by=world.chen)
    done = hardship.end(evidence=made, reason=End.CHANGED, by=world.chen)
    first = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    assert done.ended_on == first
    assert hardship.best_on(family.child, first - timedelta(days=1)) and not hardship.best_on(family.child, first)
    with refuses(NotStanding):
        hardship.end(evidence=made, reason=End.CHANGED, by=world.chen)


def test_what_is_over_is_not_verified(world: World, family: Family) -> None:
    made = recorded(family.child, world.zhang, said(ends_on=clock.today() + timedelta(days=2)))
    with time_machine.travel(clock.now() + timedelta(days=3), tick=False), refuses(PaperOver):
        hardship.verify(evidence=made, by=world.chen)


def test_taking_the_consent_back_ends_what_stands_and_deletes_what_waits(world: World, family: Family) -> None:
    stands = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    waits = recorded(family.child, world.zhang, said(Category.LEFT_BEHIND, image=redraw(pictures.jpeg(300, 200))))
    assert family.mother.account
    guardians.withdraw(child=family.child, by=family.mother.account, purpose=Consent.Purpose.CARE_RELIEF)
    stands.refresh_from_db()
    assert (stands.status, stands.end_reason) == (Status.ENDED, End.WITHDRAWN)
    assert not Evidence.objects.filter(pk=waits.pk).exists() and not EvidenceImage.objects.exists()
    assert stands.ended_on and not hardship.best_on(family.child, stands.ended_on)
    # Its last bill is through: what was said goes.
    assert keeping.forget(at=clock.now() + timedelta(days=44))["facts"] == 0
    assert keeping.forget(at=clock.now() + timedelta(days=90))["facts"] == 1
    stands.refresh_from_db()
    assert stands.facts is None and stands.status == Status.ENDED


def test_the_last_guardian_who_is_one_no_more_takes_the_consent_along(world: World, family: Family) -> None:
    stands = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    for one, status in ((family.mother, Status.VALID), (family.father, Status.ENDED)):
        guardians.end(guardian=family.child.guardians.get(guardian=one), by=world.zhang)
        stands.refresh_from_db()
        assert stands.status == status


def test_a_renewal_is_verified_by_another_and_then_the_old_one_ends(world: World, family: Family) -> None:
    old = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    later = clock.now() + timedelta(days=340)
    with time_machine.travel(later, tick=False):
        again = Again(Evidence.Way.LOOKED_UP, clock.today())
        new = hardship.renew(evidence=old, again=again, by=world.zhang)
        with refuses(AlreadyRenewing):
            hardship.renew(evidence=old, again=again, by=world.zhang)
        hardship.verify(evidence=new, by=world.chen)
        old.refresh_from_db()
        new.refresh_from_db()
        assert (old.status, old.end_reason, old.ended_on) == (Status.ENDED, End.REPLACED, new.starts_on)
        assert new.ends_on == months_after(clock.today(), 12)
        best = hardship.best_on(family.child, clock.today())
        assert best and best.evidence == new and best.percent == 80
        with refuses(NotRenewable):
            hardship.renew(evidence=old, again=again, by=world.zhang)
        assert hardship.read(evidence=new, by=family.mother.account, purpose="").category == Category.SUBSISTENCE  # type: ignore[arg-type]


def test_what_waits_for_whom(world: World, family: Family) -> None:
    recorded(family.child, world.zhang)
    waits = {user: [row.label for row in todo.rows_for(user) if row.section == "evidence"] for user in (world.zhang, world.chen, world.he, world.qian)}  # fmt: skip
    assert waits == {world.zhang: [], world.chen: ["优待依据待复核"], world.he: ["优待依据待复核"], world.qian: []}
    world.chen.own_phone = family.mother.phone
    world.chen.save()
    assert not [row for row in todo.rows_for(world.chen) if row.section == "evidence"]


def test_staff_see_that_a_check_is_due_and_the_family_is_told_twice(world: World, family: Family) -> None:
    made = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    Message.objects.all().delete()
    start = clock.at(made.recheck_on, clock.local(clock.now()).time())
    for days, count in ((40, 0), (30, 1), (20, 1), (7, 2), (1, 2), (0, 2)):
        with time_machine.travel(start - timedelta(days=days), tick=False):
            waiting.remind()
            assert len(told(family)) == count, days
            due = [row for row in todo.rows_for(world.zhang) if row.label == "优待依据要复核续期"]
            assert [row.count for row in due] == ([1] if days <= 30 else [])
    assert told(family) == ["优待依据快到复核日期", "优待依据就要到期"]
    with time_machine.travel(start + timedelta(days=2), tick=False):
        (row,) = [row for row in todo.rows_for(world.zhang) if row.label == "优待依据要复核续期"]
        assert row.urgency == "overdue" and hardship.best_on(family.child, clock.today()) is None


def test_pictures_go_after_thirty_days_and_answers_after_their_time(world: World, family: Family) -> None:
    no = hardship.decline(
        evidence=recorded(family.child, world.zhang, said(Category.VETERAN)), reason=Decline.OTHER, by=world.chen
    )
    waits = recorded(family.child, world.zhang, said(image=redraw(pictures.jpeg(300, 200))))
    now = clock.now()
    assert keeping.forget(at=now + timedelta(days=29)) == {"pictures": 0, "facts": 0}
    assert keeping.forget(at=now + timedelta(days=31))["pictures"] == 1
    assert keeping.forget(at=now + timedelta(days=184))["facts"] == 1
    no.refresh_from_db()
    waits.refresh_from_db()
    assert no.facts is None and waits.facts is not None


def test_a_change_is_told_to_whoever_listens(world: World, family: Family, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, str]] = []
    hardship.on_change(lambda evidence, event: heard.append((evidence.pk, event)))
    made = hardship.verify(evidence=recorded(family.child, world.zhang), by=world.chen)
    hardship.end(evidence=made, reason=End.RECHECKED, by=world.chen)
    assert heard == [(made.pk, event) for event in ("recorded", "verified", "ended")]


def test_a_day_of_every_month_leads_to_the_first_of_the_next() -> None:
    assert [next_month(date(2026, month, 28)) for month in (1, 11, 12)] == [
        date(2026, 2, 1),
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]

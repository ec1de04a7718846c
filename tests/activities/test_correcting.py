"""A confirmed record is put right by two people: hours and points together, the old values kept, nobody's hours for sale."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from activities import awarding, corrected, hours
from activities.correcting import (
    AlreadyProposed,
    BadLength,
    BadReason,
    CountedOnce,
    NoChange,
    NothingToCorrect,
    OnDuty,
    OwnRecord,
    RecordMoved,
    SamePerson,
    WrongAppeal,
    approve,
    decline,
    propose,
    refusal_for,
)
from activities.hours import Overlapping, TooMuchADay
from activities.models import Activity, Award, Correction, Participation, Service
from activities.recording import StruckOut, absent, record
from activities.reviewing import confirm
from communities import appeals, settings
from communities.duties import NotYourDuty
from communities.models import Appeal
from core import clock
from core.refusals import Refused
from notifications.models import Message
from points import debts, ledger, statement
from points.adjusting import approve as take, propose_take_back
from points.models import Entry
from tests import world as cast
from tests.activities.cast import recorded, relative, signed
from tests.books import breaches, refuses
from tests.points.deeds import charged, rule
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
Kind = Activity.Kind


def confirmed(world: World, resident: object = None, minutes: int = 120, **fields: object) -> Participation:
    """张晓燕 recorded and 陈志强 confirmed it."""
    return confirm(participation=recorded(world, resident, minutes=minutes, **fields), minutes=minutes, by=world.chen)


def proposed(world: World, part: Participation, minutes: int, **more: object) -> Correction:
    return propose(participation=part, minutes=minutes, **{"reason": "签退时间记错", "by": world.zhang, **more})


def told(resident: object) -> str:
    return Message.objects.filter(resident=resident).latest("pk").body


def test_less_is_put_on_record_and_the_old_stays(world: World) -> None:
    part = confirmed(world)
    done = approve(correction=proposed(world, part, 90), by=world.chen)
    part.refresh_from_db()
    old, new = Service.objects.order_by("pk")
    assert (old.minutes, old.voided_by, old.void_reason) == (120, world.chen, "更正：签退时间记错")
    assert (new.minutes, new.credited, new.replaces, new.recorded_by, new.confirmed_by) == (
        90, 90, old, world.zhang, world.chen,
    )  # fmt: skip
    assert (part.minutes, part.points, statement.available(world.li)) == (90, 15, 15)
    assert (done.old_minutes, done.new_minutes, done.old_points, done.new_points) == (120, 90, 20, 15)
    assert done.old_award and done.old_award.about == f"participation:{part.pk}"
    assert "服务时长120分钟改为90分钟，积分20改为15。原因：签退时间记错。有不同意见，到" in told(world.li)
    assert breaches() == []


def test_more_is_put_on_record_too(world: World) -> None:
    part = confirmed(world, minutes=60)
    approve(correction=proposed(world, part, 150), by=world.chen)
    assert (statement.available(world.li), hours.credited(world.li)) == (25, 150)
    assert breaches() == []


def test_nought_strikes_it_out_and_another_correction_brings_it_back(world: World) -> None:
    part = confirmed(world)
    approve(correction=proposed(world, part, 0, reason="本人没有到场"), by=world.chen)
    part.refresh_from_db()
    assert (part.status, part.absent_by, part.award, statement.available(world.li)) == ("absent", world.chen, None, 0)
    assert hours.credited(world.li) == 0 and "改为未到场，积分20改为0" in told(world.li)
    assert breaches() == []
    approve(correction=proposed(world, part, 120, by=world.he), by=world.zhang)
    part.refresh_from_db()
    assert (part.status, part.minutes, part.absent_at, statement.available(world.li)) == ("confirmed", 120, None, 20)
    assert Service.objects.standing().get().replaces == Service.objects.earliest("pk")
    assert "未到场改为到场，服务时长120分钟，积分0改为20" in told(world.li)
    assert breaches() == []


def test_who_was_marked_absent_by_mistake_is_put_right_the_same_way(world: World) -> None:
    part = absent(participation=signed(cast.activity(world.wenxing, ago=3), world.li, world), by=world.zhang)
    approve(correction=proposed(world, part, 60), by=world.chen)
    part.refresh_from_db()
    assert (part.status, part.served_from, part.minutes) == ("confirmed", part.activity.starts_at, 60)
    assert (statement.available(world.li), hours.credited(world.li)) == (10, 60)
    assert breaches() == []


def test_what_was_never_recorded_in_time_is_marked_late_when_it_is_put_right(world: World) -> None:
    activity = cast.activity(world.wenxing, ago=24 * 40)
    part = absent(participation=signed(activity, world.li, world), by=world.zhang)
    approve(correction=proposed(world, part, 60), by=world.chen)
    assert Service.objects.get().late_reason == "更正：签退时间记错"
    on_time = confirmed(world)
    approve(correction=proposed(world, on_time, 60), by=world.chen)
    assert Service.objects.standing().get(participation=on_time).late_reason == ""


def test_who_was_struck_out_is_not_simply_recorded_again(world: World) -> None:
    part = confirmed(world)
    approve(correction=proposed(world, part, 0), by=world.chen)
    with refuses(StruckOut):
        record(participation=part, minutes=60, by=world.zhang)


def test_spent_points_become_a_debt_and_hours_do_not_wait_for_it(world: World) -> None:
    part = confirmed(world)
    charged(world, world.li, 20)
    assert hours.credited(world.li) == 120  # spending never lowers them
    approve(correction=proposed(world, part, 60), by=world.chen)
    assert (statement.available(world.li), debts.total(world.li), hours.credited(world.li)) == (0, 10, 60)
    assert "其中10积分已经用掉，记为待抵扣" in told(world.li)
    assert breaches() == []


def test_what_a_cap_cut_to_nothing_is_corrected_without_taking_anything(world: World) -> None:
    rule(world, "CIV", starts_on=clock.today() - timedelta(days=9), points=10, day_points=10)
    first = confirmed(world, kind=Kind.CIV, minutes=120)
    nothing = cast.activity(world.wenxing, kind=Kind.CIV, starts_at=first.activity.starts_at - timedelta(minutes=150))
    second = _confirmed_at(world, nothing)
    if clock.local(nothing.starts_at).date() == clock.local(first.activity.starts_at).date():
        assert second.points == 0
    approve(correction=proposed(world, second, 60), by=world.chen)
    assert breaches() == []


def _confirmed_at(world: World, activity: Activity, minutes: int = 120) -> Participation:
    mine = record(participation=signed(activity, world.li, world), minutes=minutes, by=world.zhang)
    return confirm(participation=mine, minutes=minutes, by=world.chen)


def test_an_award_that_waits_for_the_notice_is_stopped_and_the_new_one_stands(world: World) -> None:
    rule(world, "ENV", starts_on=clock.today() - timedelta(days=9), points=100, day_points=None, notice_from=100)
    part = confirmed(world)
    assert part.award and part.award.status == "notice"
    approve(correction=proposed(world, part, 30), by=world.chen)
    part.refresh_from_db()
    stopped = Award.objects.get(about=f"participation:{part.pk}")
    assert (stopped.status, stopped.stop_reason) == ("stopped", "记录已更正")
    assert part.award and (part.award.status, part.award.given, part.points) == ("posted", 50, 50)
    with refuses(awarding.NotWaiting):
        awarding.settle(award=stopped, by=world.system)
    assert (statement.available(world.li), breaches()) == (50, [])


def test_upwards_from_the_threshold_on_it_waits_for_the_notice(world: World) -> None:
    rule(world, "ENV", starts_on=clock.today() - timedelta(days=9), points=100, day_points=None, notice_from=100)
    part = confirmed(world, minutes=30)
    approve(correction=proposed(world, part, 120), by=world.chen)
    part.refresh_from_db()
    assert part.award and (part.award.status, statement.available(world.li), part.points) == ("notice", 0, 200)
    assert "公示期满没有异议后入账" in told(world.li) and hours.credited(world.li) == 120
    assert breaches() == []


def test_points_that_were_taken_back_otherwise_do_not_come_back(world: World) -> None:
    part = confirmed(world)
    entry = Entry.objects.get(key=f"participation:{part.pk}")
    asked = propose_take_back(entry=entry.pk, reason="弄虚作假：冒名", by=world.zhang)
    take(adjustment=asked, by=world.chen)
    approve(correction=proposed(world, part, 60), by=world.chen)
    part.refresh_from_db()
    assert (part.minutes, part.points, part.award, statement.available(world.li)) == (60, 0, None, 0)
    assert breaches() == []


def test_what_is_counted_once_is_only_struck_out(world: World) -> None:
    part = confirmed(world, kind=Kind.LECT, volunteering=False)
    points = statement.available(world.li)
    assert points > 0
    with refuses(CountedOnce):
        proposed(world, part, 60)
    approve(correction=proposed(world, part, 0), by=world.chen)
    assert (statement.available(world.li), Service.objects.count(), breaches()) == (0, 0, [])


def test_of_somebody_under_age_the_guardian_bears_the_points_and_both_are_told(world: World) -> None:
    part = recorded(world, world.li)
    Participation.objects.filter(pk=part.pk).update(guardian=world.wang, guardian_there=True)
    before = statement.available(world.wang)
    part = confirm(participation=part, minutes=120, by=world.chen)
    approve(correction=proposed(world, part, 60), by=world.chen)
    assert (statement.available(world.wang) - before, statement.available(world.li)) == (10, 0)
    assert told(world.wang) == told(world.li) and hours.credited(world.li) == 60
    assert breaches() == []


def test_the_proposer_the_family_and_strangers_do_not_decide(world: World) -> None:
    wife = relative(world, world.chen)
    part = confirm(participation=recorded(world, wife), minutes=120, by=world.he)
    asked = proposed(world, part, 60)
    for by, kind in ((world.zhang, SamePerson), (world.chen, OwnRecord), (world.qian, NotYourDuty)):
        assert isinstance(refusal_for(asked, by), kind)  # the page says it before the database does
        with refuses(kind):
            approve(correction=asked, by=by)
        with refuses(kind):
            decline(correction=asked, reason="记录没有错", by=by)
    assert (statement.available(wife), Correction.objects.get().status) == (20, "proposed")
    with refuses(OwnRecord):
        proposed(world, part, 30, by=world.chen)
    with refuses(NotYourDuty):
        proposed(world, part, 30, by=world.qian)


def test_declined_means_that_nothing_moves(world: World) -> None:
    part = confirmed(world)
    done = decline(correction=proposed(world, part, 60), reason="签到表上是11点签退", by=world.chen)
    assert (done.status, done.decline_reason) == ("declined", "签到表上是11点签退")
    assert (statement.available(world.li), hours.credited(world.li)) == (20, 120)
    assert proposed(world, part, 90).status == "proposed"  # a new one may be asked
    assert breaches() == []


@pytest.mark.parametrize(
    ("minutes", "reason", "kind"),
    [(120, "错", NoChange), (-1, "错", BadLength), (481, "错", BadLength), (60, " ", BadReason), (60, "错" * 101, BadReason), (60, "错\0", BadReason)],
)  # fmt: skip
def test_what_makes_no_sense_is_not_proposed(world: World, minutes: int, reason: str, kind: type[Refused]) -> None:
    with refuses(kind):
        proposed(world, confirmed(world), minutes, reason=reason)
    assert not Correction.objects.exists()


def test_what_nobody_confirmed_is_simply_recorded_again(world: World) -> None:
    with refuses(NothingToCorrect):
        proposed(world, recorded(world), 60)


def test_only_one_waits_at_a_time(world: World) -> None:
    part = confirmed(world)
    proposed(world, part, 60)
    with refuses(AlreadyProposed):
        proposed(world, part, 90, by=world.he)


def test_a_correction_never_makes_somebody_serve_twice_at_once(world: World) -> None:
    late = confirmed(world, minutes=60, ago=5)
    confirmed(world, minutes=60, starts_at=late.activity.starts_at + timedelta(minutes=90))
    with refuses(Overlapping):
        approve(correction=proposed(world, late, 120), by=world.chen)
    assert hours.credited(world.li) == 120 and breaches() == []


def test_a_correction_never_passes_the_hours_of_a_day(world: World) -> None:
    street = world.street
    settings.change(
        key=settings.DAY_MOST.key,
        value=2,
        starts_on=clock.today() + timedelta(days=1),
        sub_district=street,
        by=world.he,
    )
    settings.Setting.objects.update(starts_on=clock.today() - timedelta(days=30))
    part = confirmed(world, minutes=120)
    with refuses(TooMuchADay):
        approve(correction=proposed(world, part, 150), by=world.chen)
    assert (hours.credited(world.li), statement.available(world.li)) == (120, 20)


def test_a_correction_of_what_changed_meanwhile_is_refused(world: World) -> None:
    part = confirmed(world)
    asked = proposed(world, part, 60)
    Correction.objects.filter(pk=asked.pk).update(old_minutes=100)
    with refuses(RecordMoved):
        approve(correction=asked, by=world.chen)
    assert (statement.available(world.li), breaches()) == (20, [])


def upheld(world: World, about: str) -> Appeal:
    made = appeals.file(resident=world.li, about=about, text="我做满了两个半小时", by=world.li.account)
    return appeals.answer(appeal=made, upheld=True, text="核对签到表属实", new_value="150分钟", by=world.he)


def test_an_upheld_appeal_leads_to_a_correction_that_names_it(world: World) -> None:
    part = confirmed(world)
    appeal = upheld(world, f"participation:{part.pk}")
    assert (appeal.subject, appeal.old_value) == ("《楼道清理》服务记录", "服务120分钟，20积分")
    done = approve(correction=proposed(world, part, 150, appeal=appeal), by=world.chen)
    assert done.appeal == appeal
    assert corrected.participation_about(world.li, part.pk) is None  # from now on the correction is what one may appeal
    decision = corrected.correction_about(world.li, done.pk)
    assert decision and (decision.decided_by_id, decision.prepared_by_id) == (world.chen.pk, world.zhang.pk)
    assert decision.value == "服务时长120分钟改为150分钟，积分20改为25"
    assert corrected.correction_about(world.wang, done.pk) is None


def test_an_appeal_of_somebody_else_or_without_success_is_no_ground(world: World) -> None:
    part, other = confirmed(world), confirmed(world)
    strange = upheld(world, f"participation:{other.pk}")
    filed = appeals.file(resident=world.li, about=f"participation:{part.pk}", text="不对", by=world.li.account)
    for appeal in (strange, filed):
        with refuses(WrongAppeal):
            proposed(world, part, 150, appeal=appeal)


def test_the_mark_of_absence_may_be_appealed_from_the_day_it_was_made(world: World) -> None:
    part = absent(participation=signed(cast.activity(world.wenxing, ago=3), world.li, world), by=world.zhang)
    decision = corrected.participation_about(world.li, part.pk)
    assert decision and (decision.value, decision.decided_by_id) == ("未到场", world.zhang.pk)
    assert decision.decided_at == part.absent_at
    assert corrected.participation_about(world.wang, part.pk) is None
    assert corrected.participation_about(world.li, recorded(world).pk) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_make_one_correction(world: World) -> None:
    part = confirmed(world)
    charged(world, world.li, 5)
    asked = proposed(world, part, 60)
    answers = at_once([lambda u=u: approve(correction=asked, by=u) for u in (world.chen, world.he) * 4])
    assert Counter(getattr(answer, "code", "done") for answer in answers) == {"done": 1, "correction_decided": 7}
    assert (statement.available(world.li), hours.credited(world.li)) == (5, 60)
    assert Service.objects.count() == 2 and breaches() == []


@pytest.mark.django_db(transaction=True)
def test_two_who_approve_at_once_what_moves_no_points_make_one_correction(world: World) -> None:
    """Nothing is booked, so the keys of the books hold nobody up: the row itself does."""
    asked = proposed(world, confirmed(world, minutes=20), 0)
    answers = at_once([lambda u=u: approve(correction=asked, by=u) for u in (world.chen, world.he) * 4])
    assert Counter(getattr(answer, "code", "done") for answer in answers) == {"done": 1, "correction_decided": 7}
    assert Message.objects.filter(occasion__startswith=f"correction:{asked.pk}", resident=world.li).count() == 1
    assert Participation.objects.get().status == "absent" and breaches() == []


def test_the_database_wants_two_people_for_a_correction(world: World) -> None:
    asked = proposed(world, confirmed(world), 60)
    alone = {"status": "approved", "decided_by": world.zhang, "decided_at": clock.now(), "new_points": 10}
    with pytest.raises(IntegrityError, match="hours_correction_two_people"), transaction.atomic():
        Correction.objects.filter(pk=asked.pk).update(**alone)


@pytest.mark.django_db(transaction=True)
def test_one_approves_while_another_declines(world: World) -> None:
    asked = proposed(world, confirmed(world), 60)
    answers = at_once(
        [
            lambda: approve(correction=asked, by=world.chen),
            lambda: decline(correction=asked, reason="没错", by=world.he),
        ]
    )
    codes = Counter(getattr(answer, "code", "done") for answer in answers)
    assert codes == {"done": 1, "correction_decided": 1}
    done = Correction.objects.get().status == "approved"
    assert (statement.available(world.li), hours.credited(world.li)) == ((10, 60) if done else (20, 120))
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_spending_and_correcting_at_once_keep_the_books(world: World) -> None:
    asked = proposed(world, confirmed(world), 60)
    answers = at_once(
        [lambda: approve(correction=asked, by=world.chen), lambda: charged(world, world.li, 15, key="at-once")]
    )
    assert not [
        answer for answer in answers if isinstance(answer, Exception) and not isinstance(answer, ledger.ShortOfPoints)
    ]
    assert hours.credited(world.li) == 60 and breaches() == []


def test_who_was_on_duty_gets_no_hours_by_a_correction(world: World) -> None:
    """Marked absent because it was work, and put on record by a correction afterwards."""
    me = cast.resident(world.wenxing, "钱丽本人", world.qian.own_phone)
    there = cast.activity(world.wenxing, ago=3)
    part = absent(participation=signed(there, me, world), by=world.zhang)
    waiting = proposed(world, part, 120)
    Activity.objects.filter(pk=there.pk).update(published_by=world.qian)
    with refuses(OnDuty):
        approve(correction=waiting, by=world.chen)
    decline(correction=waiting, reason="当天在岗", by=world.chen)
    with refuses(OnDuty):
        proposed(world, part, 120)
    assert not Service.objects.exists() and statement.available(me) == 0

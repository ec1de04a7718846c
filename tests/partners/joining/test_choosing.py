"""From the check to 入选: two people, nobody's kin, five working days in which anybody may object; ranked where there are rivals."""

from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, connection, transaction

from communities import kin, notices, objections, publishing
from communities.models import User
from core import clock
from core.refusals import Refused
from notifications.models import Message
from partners.agreements import details, licences
from partners.joining import applying, calling, checking, choosing, handing_in, scoring, ties
from partners.models import Application, Call, Criterion, Licence, Review
from tests import world as cast
from tests.books import breaches
from tests.partners.joining import applicants
from tests.partners.joining.applicants import (
    PLEDGE,
    after,
    call,
    checked,
    over,
    plan,
    proposed,
    scored,
    shown,
    submitted,
)
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db
Status, Stage = Application.Status, Call.Status


def marked(who: User, made: Application, *marks: int) -> Review:
    return scoring.mark(application=made, marks=marks or (20, 20, 15, 10, 5, 3), by=who)


# the check


def test_it_stands_once_every_register_was_looked_up_and_every_original_seen(world: World) -> None:
    made = submitted(world)
    paper = applicants.licence(made)
    for registers in (checking.COMPANY[:3], checking.COMPANY[3:]):
        with pytest.raises(checking.NotLookedUp):
            checking.let_stand(application=made, by=world.zhang)
        for one in registers:
            checking.look_up(
                application=made,
                register=one,
                nothing_found=True,
                looked_on=clock.today(),
                reference="截7",
                by=world.zhang,
            )
    found = checking.look_up(
        application=made,
        register="serious",
        nothing_found=False,
        looked_on=clock.today(),
        note="列入名单",
        by=world.zhang,
    )
    with pytest.raises(checking.NotLookedUp, match="严重违法失信名单"):
        checking.let_stand(application=made, by=world.zhang)
    checking.look_up(application=made, register="serious", nothing_found=True, looked_on=clock.today(), by=world.zhang)
    with pytest.raises(checking.LicencesUnchecked):
        checking.let_stand(application=made, by=world.zhang)
    licences.check(licence=paper, required=True, by=world.zhang)
    assert checking.let_stand(application=made, by=world.zhang).status == Status.CHECKED
    assert (found.by, found.looked_on, made.lookups.first().reference) == (world.zhang, clock.today(), "截7")


@pytest.mark.parametrize(("clean", "days"), [(True, 1), (False, 0)])
def test_a_look_up_is_not_of_tomorrow_and_says_what_was_found(world: World, clean: bool, days: int) -> None:
    made, on = submitted(world), clock.today() + timedelta(days=days)
    with pytest.raises(checking.BadLookup):
        checking.look_up(application=made, register="entity", nothing_found=clean, looked_on=on, by=world.zhang)


def test_given_back_it_is_completed_and_handed_in_again(world: World) -> None:
    made = submitted(world)
    with pytest.raises(checking.BadNote):
        checking.give_back(application=made, note=" ", by=world.zhang)
    checking.give_back(application=made, note="请补证照", by=world.zhang)
    applying.say_who(application=made, subject=applicants.subject(name="改好的店"), by=made.by)
    handing_in.submit(application=made, pledge=PLEDGE, by=made.by)
    checking.turn_down(application=made, note="查到失信", by=world.zhang)
    made.refresh_from_db()
    assert (made.partner.name, made.status, made.settled_note) == ("改好的店", Status.DECLINED, "查到失信")


def test_neither_kin_nor_strangers_check(world: World) -> None:
    made = submitted(world, contact_phone=world.wang.phone)
    assert isinstance(checking.refusal_to_look(made, world.qian), checking.duties.NotYourDuty)
    cousin = cast.staff("cousin", "王表妹", cast.Duty.Role.WORKER, own_phone=world.wang.phone, community=world.wenxing)
    assert isinstance(checking.refusal_to_look(made, cousin), ties.OwnApplicant)
    nobody = cast.staff("nobody", "没登记", cast.Duty.Role.WORKER, own_phone="", community=world.wenxing)
    assert isinstance(checking.refusal_to_look(made, nobody), kin.OwnPhoneMissing)
    assert checking.refusal_to_look(made, world.zhang) is None


# the short path


def test_worker_checks_head_agrees_everybody_may_object_then_it_is_a_partner(world: World) -> None:
    made = checked(world)
    with pytest.raises(checking.duties.NotYourDuty):
        choosing.propose(application=made, by=world.zhang)
    choosing.propose(application=made, by=world.chen)
    with pytest.raises(notices.NotClear):
        choosing.admit(application=made, by=world.chen)
    notice = shown(world, made)
    assert notice.items.get().subject == made.partner.name
    with time_machine.travel(over(notice) - timedelta(days=1), tick=False), pytest.raises(notices.NotClear):
        choosing.admit(application=made, by=world.chen)
    with time_machine.travel(over(notice), tick=False):
        choosing.admit(application=made, by=world.chen)
    made.refresh_from_db()
    assert made.status == Status.ADMITTED and made.partner.admitted_at and made.partner.summary == "理发"
    assert breaches() == [] and not Message.objects.filter(occasion__startswith="partner").exists()


def test_who_checked_it_does_not_agree_to_it(world: World) -> None:
    made = submitted(world)
    applicants.looked_up(made, world.chen)
    checking.let_stand(application=made, by=world.chen)
    with pytest.raises(kin.SamePerson):
        choosing.propose(application=made, by=world.chen)
    assert choosing.propose(application=made, by=world.he).proposed_by == world.he


def test_an_upheld_objection_stops_it_and_a_withdrawn_notice_does_not(world: World) -> None:
    made = proposed(world)
    notice = shown(world, made)
    publishing.withdraw(notice=notice, reason="写错了", by=world.chen)
    made.refresh_from_db()
    assert made.status == Status.PROPOSED
    again = shown(world, made)
    said = objections.file(
        notice=again, item=again.items.get(), text="无证经营", by=world.wang.account, resident=world.wang
    )
    with time_machine.travel(over(again), tick=False), pytest.raises(notices.NotClear):
        choosing.admit(application=made, by=world.chen)  # not while it waits for its answer
    objections.answer(objection=said, upheld=True, text="属实", by=world.he)
    made.refresh_from_db()
    assert (made.status, made.settled_note) == (Status.DECLINED, choosing.STOPPED)
    with pytest.raises(choosing.NotProposed):
        choosing.admit(application=made, by=world.chen)


def test_of_one_name_or_code_one_is_admitted(world: World) -> None:
    first = applicants.admitted(world)
    for same in ({"name": first.partner.name}, {"name": "另一家"}):
        made = proposed(world, **same)
        if same["name"] == "另一家":  # a code that was free when it was handed in
            type(made.partner).objects.filter(pk=made.partner_id).update(credit_code=first.partner.credit_code)
        with time_machine.travel(over(shown(world, made)), tick=False), pytest.raises(choosing.SamePartner):
            choosing.admit(application=made, by=world.chen)


# a call


@pytest.mark.parametrize(
    ("fields", "refused"),
    [
        ({"closes_on": clock.today() + timedelta(days=5)}, calling.CallTooShort),
        ({"sheet": (("需求匹配", 50), ("价格优惠", 49))}, calling.BadSheet),
        ({"sheet": (("需求匹配", 100),)}, calling.BadSheet),
        ({"title": " " * 0}, calling.BadCall),
        ({"trades": ("本地",)}, calling.BadCall),
    ],
)
def test_what_is_no_call(world: World, fields: dict[str, object], refused: type[Refused]) -> None:
    with pytest.raises(refused):
        calling.draft(community=world.wenxing, plan=plan(**fields), by=world.zhang)


def test_another_one_publishes_and_then_nothing_of_it_changes(world: World) -> None:
    made = calling.draft(community=world.wenxing, plan=plan(), by=world.chen)
    for by in (world.chen, world.zhang, world.qian):
        with pytest.raises(Refused):
            calling.publish(call=made, seen=made.digest, by=by)
    calling.publish(call=made, seen=made.digest, by=world.he)
    with pytest.raises(calling.CallPublished):
        calling.redraft(call=made, plan=plan(title="改"), by=world.zhang)
    for change in (
        lambda: Criterion.objects.filter(call=made, order=1).update(weight=30),
        lambda: Criterion.objects.filter(call=made).delete(),
        lambda: Criterion.objects.create(call=made, order=9, name="本地企业", weight=5),
        lambda: Call.objects.filter(pk=made.pk).update(places=5),
        lambda: Call.objects.filter(pk=made.pk).update(status="draft"),
    ):
        with pytest.raises(DatabaseError, match="published"), transaction.atomic():
            change()


def test_a_withdrawn_call_says_why_to_who_applied(world: World) -> None:
    made = call(world)
    one = submitted(world, made)
    with pytest.raises(checking.duties.NotYourDuty):
        calling.withdraw(call=made, reason="不办了", by=world.zhang)
    calling.withdraw(call=made, reason="场地没有批", by=world.chen)
    one.refresh_from_db()
    assert (one.status, one.settled_note) == ("declined", "招募已撤销：场地没有批")


def test_reviewers_are_three_of_the_house_and_nobodys_kin_and_everybody_was_checked(world: World) -> None:
    made = call(world)
    one, two = checked(world, made, contact_phone=world.wang.phone), submitted(world, made)
    cousin = cast.staff("cousin", "王表妹", cast.Duty.Role.WORKER, own_phone=world.wang.phone, community=world.wenxing)
    everybody = [world.zhang, world.chen, world.he]
    with pytest.raises(scoring.StillOpen):
        scoring.begin(call=made, reviewers=everybody, by=world.chen)
    with time_machine.travel(after(made), tick=False):
        with pytest.raises(scoring.StillToCheck):
            scoring.begin(call=made, reviewers=everybody, by=world.chen)
        checking.turn_down(application=two, note="不符", by=world.zhang)
        for wrong, refused in (
            (everybody[:2], scoring.TooFewReviewers), ([*everybody[:2], world.qian], scoring.TooFewReviewers),
            ([*everybody, cousin], scoring.ReviewerIsKin),
        ):  # fmt: skip
            with pytest.raises(refused):
                scoring.begin(call=made, reviewers=wrong, by=world.chen)
        scoring.begin(call=made, reviewers=everybody, by=world.chen)
    with pytest.raises(scoring.NotAReviewer):
        marked(cousin, one)


def test_nobody_sees_anothers_marks_until_all_are_in_and_the_last_ranks(world: World) -> None:
    made, (a, b, c) = scored(world)
    for who in (world.zhang, world.chen):
        for one in (a, b, c):
            marked(who, one, 20, 20, 15, 10, 5, 3 if one is b else 2)
    assert Review.objects.seen_by(world.zhang).count() == 3 and not Review.objects.seen_by(world.he).exists()
    marked(world.zhang, a, 25, 20, 15, 10, 5, 2)  # one's own may be changed until then
    for one in (a, b, c):
        marked(world.he, one, 25 if one is c else 20, 20, 15, 10, 0 if one is c else 5, 2)
    made.refresh_from_db()
    assert made.status == Stage.RANKED
    # sums: a 77+72+72, b 73+73+72, c 72+72+72
    assert list(made.applications.order_by("rank").values_list("pk", flat=True)) == [a.pk, b.pk, c.pk]
    assert Review.objects.seen_by(world.he).count() == 9 and not Review.objects.seen_by(world.qian).exists()
    with pytest.raises(scoring.NotScored):
        marked(world.zhang, a, 0, 0, 0, 0, 0, 0)
    with pytest.raises(DatabaseError, match="not being scored"), transaction.atomic():
        Review.objects.update(remark="改")
    assert breaches() == []


def test_a_tie_is_for_the_first_line_of_the_sheet_then_for_who_was_earlier(world: World) -> None:
    made, (a, b, c) = scored(world)
    for who in (world.zhang, world.chen, world.he):
        marked(who, a, 20, 20, 15, 10, 5, 5)
        marked(who, b, 20, 20, 15, 10, 5, 5)
        marked(who, c, 25, 15, 15, 10, 5, 5)
    assert list(made.applications.order_by("rank").values_list("pk", flat=True)) == [c.pk, a.pk, b.pk]


@pytest.mark.parametrize("marks", [(26, 0, 0, 0, 0, 0), (-1, 0, 0, 0, 0, 0), (1, 1, 1, 1, 1), (1,) * 7])
def test_marks_keep_to_the_sheet(world: World, marks: tuple[int, ...]) -> None:
    made, (one,) = scored(world, rivals=1)
    with pytest.raises(scoring.BadMarks):
        marked(world.zhang, one, *marks)
    reviewer = made.reviewers.get(user=world.zhang)
    bad = [abs(m) * (30 if m < 0 else 1) for m in marks]
    with pytest.raises(DatabaseError, match="keep to the sheet"), transaction.atomic():
        Review.objects.create(application=one, reviewer=reviewer, marks=bad, total=min(sum(bad), 100))


def test_the_best_is_proposed_and_decided_and_the_others_are_told_their_place(world: World) -> None:
    made, (a, b) = scored(world, rivals=2)
    for who in (world.zhang, world.chen, world.he):
        marked(who, a, 10, 10, 10, 10, 5, 5)
        marked(who, b)
    assert [one.pk for one in choosing.next_in_rank(Call.objects.get())] == [b.pk]
    with pytest.raises(choosing.NotToChoose):
        choosing.propose(application=a, by=world.chen)  # nobody is passed over
    choosing.propose_ranked(call=made, by=world.chen)
    with pytest.raises(choosing.NotRanked):
        choosing.propose_ranked(call=made, by=world.chen)
    with time_machine.travel(over(shown(world, b)), tick=False):
        choosing.admit(application=b, by=world.chen)
    a.refresh_from_db()
    assert (a.status, a.settled_note) == (Status.DECLINED, "名额已满，您的评审名次是第2名")
    assert Call.objects.get().status == Stage.SETTLED and breaches() == []


def test_a_rival_who_withdraws_is_not_waited_for(world: World) -> None:
    made, (a, b) = scored(world, rivals=2)
    for who in (world.zhang, world.chen, world.he):
        marked(who, a)
    handing_in.withdraw(application=b, by=b.by)
    made.refresh_from_db()
    assert (made.status, Application.objects.get(pk=a.pk).rank) == (Stage.RANKED, 1)
    choosing.settle(call=made, reason="都不合适", by=world.chen)
    assert Application.objects.get(pk=a.pk).settled_note == "都不合适，您的评审名次是第1名"


@pytest.mark.django_db(transaction=True)
def test_the_last_two_marks_at_once_rank_it_once() -> None:
    world = cast.build()
    made, (one,) = scored(world, rivals=1)
    marked(world.zhang, one)
    at_once([lambda: marked(world.chen, one), lambda: marked(world.he, one)])
    made.refresh_from_db()
    assert (made.status, Application.objects.get(pk=one.pk).rank, Review.objects.count()) == (Stage.RANKED, 1, 3)


def test_no_field_favours_a_local_firm() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = 'partners_call'")
        assert {name for (name,) in cursor.fetchall()} == {
            "id", "community_id", "title", "text", "trades", "places", "opens_on", "closes_on", "status", "made_by_id", "made_at",
            "published_by_id", "published_at", "withdrawn_reason",
        }  # fmt: skip


def test_what_was_looked_up_of_one_firm_lets_no_other_stand(world: World) -> None:
    """Given back, the applicant may put right who it is; then everything is looked at again."""
    made = submitted(world)
    licences.check(licence=applicants.licence(made), required=True, by=world.zhang)
    applicants.looked_up(made, world.zhang)
    checking.give_back(application=made, note="请补电话", by=world.zhang)
    same = applicants.subject(name=made.partner.name, credit_code=made.partner.credit_code, contact="马二")
    applying.say_who(application=made, subject=same, by=made.by)
    assert not checking.wanting(made) and not Licence.objects.unchecked().exists()
    applying.say_who(application=made, subject=applicants.subject(), by=made.by)
    handing_in.submit(application=made, pledge=PLEDGE, by=made.by)
    assert len(checking.wanting(made)) == 4 and Licence.objects.unchecked().get().partner == made.partner
    with pytest.raises(checking.NotLookedUp):
        checking.let_stand(application=made, by=world.zhang)


def test_who_was_agreed_to_and_cannot_be_admitted_is_declined_by_another_one_who_decides(world: World) -> None:
    first = applicants.admitted(world)
    made = proposed(world, name=first.partner.name)
    with time_machine.travel(over(shown(world, made)), tick=False):
        with pytest.raises(choosing.SamePartner):
            choosing.admit(application=made, by=world.chen)
        with pytest.raises(kin.SamePerson):
            choosing.decline(application=made, note="同名", by=world.chen)
        choosing.decline(application=made, note="同名", by=world.he)
    made.refresh_from_db()
    assert (made.status, made.settled_note) == (Status.DECLINED, "同名")


def test_who_is_declined_is_not_shown_to_everybody_by_a_notice_that_was_a_draft(world: World) -> None:
    made, other = proposed(world), proposed(world)
    notice = choosing.show(applications=[made, other], by=world.zhang)
    choosing.decline(application=made, note="不干了", by=world.he)
    assert [item.about for item in notice.items.all()] == [choosing.about(other)]


def test_of_a_call_the_next_one_has_its_turn_when_the_best_is_declined(world: World) -> None:
    made, standing = scored(world, rivals=2)
    with time_machine.travel(after(made), tick=False):
        for who in (world.zhang, world.chen, world.he):
            for one in standing:
                marked(who, one)
        (best,) = choosing.propose_ranked(call=made, by=world.chen)
        choosing.decline(application=best, note="证照被吊销", by=world.he)
        made.refresh_from_db()
        (following,) = choosing.next_in_rank(made)
        assert following != best
        with pytest.raises(choosing.NotToChoose):  # of who only stands in a call the ranking decides
            choosing.decline(application=following, note="不要", by=world.he)


def test_words_that_no_advertisement_may_use_do_not_become_public(world: World) -> None:
    made = submitted(world)
    Application.objects.update(services="全国第一的理发，根治脱发")
    applicants.looked_up(made, world.zhang)
    checking.let_stand(application=made, by=world.zhang)
    choosing.propose(application=made, by=world.chen)
    with time_machine.travel(over(shown(world, made)), tick=False):
        mine = choosing.admit(application=made, by=world.chen).partner
    mine.refresh_from_db()
    assert mine.summary == "美容美发"
    said = {"address": "", "hours": "", "phone": ""}
    with pytest.raises(details.WordsNotPublic, match="根治"):
        details.describe(partner=mine, summary="根治脱发", by=world.zhang, **said)
    assert details.describe(partner=mine, summary="理发、剃须", by=world.zhang, **said).summary == "理发、剃须"

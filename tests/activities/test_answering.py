"""A second person answers what was sent in: valid and paid once, declined with a reason, or merged with what tells of the same."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest

from activities import answering, awarding, deeds, solving
from activities.answering import accept, decline, merge, refusal_for, waiting_for
from activities.models import Award, Deed
from communities import appeals
from communities.duties import NotYourDuty
from communities.kin import kin_of
from communities.models import User
from core import clock
from core.refusals import Refused
from core.verbs import verb
from notifications.models import Message
from points import statement
from points.models import Entry
from tests.activities.cast import relative
from tests.activities.pictures import sent
from tests.books import breaches
from tests.points.deeds import rule
from tests.races.together import at_once
from tests.world import World

pytestmark = pytest.mark.django_db


def told(deed: Deed) -> list[str]:
    deed.refresh_from_db()
    return [one.body for one in Message.objects.filter(resident=deed.resident).order_by("pk")]


def test_a_valid_snapshot_earns_and_is_to_be_put_right(world: World) -> None:
    mine = accept(deed=sent(world), by=world.chen)
    assert mine.award and mine.award.about == f"deed:{mine.pk}"
    assert (mine.status, mine.answered_by, mine.award.recorded_by) == ("accepted", world.chen, world.li.account)
    assert mine.close_by == deeds.day_to_close(mine, mine.answered_at or clock.now())
    assert (statement.available(world.li), mine.points) == (3, 3)
    assert "有效。获得3积分。" in told(mine)[0]
    entry = Entry.objects.get(key=f"deed:{mine.pk}")
    assert (
        entry.reason == f"随手拍有效（编号{mine.pk}）" and mine.text not in entry.reason
    )  # the books are never edited
    assert breaches() == []


@pytest.mark.parametrize(("kind", "answer", "points"), [("kindness", "", 2), ("idea", "下周起楼下放长椅", 20)])
def test_a_kindness_and_an_adopted_suggestion_earn_by_their_rule(
    kind: str, answer: str, points: int, world: World
) -> None:
    mine = accept(deed=sent(world, kind=kind), by=world.chen, answer=answer)
    assert (statement.available(world.li), mine.close_by, answer in told(mine)[0]) == (points, None, True)


def test_a_suggestion_is_adopted_with_words_about_how(world: World) -> None:
    with pytest.raises(answering.SayWhy):
        accept(deed=sent(world, kind="idea"), by=world.chen)
    assert statement.available(world.li) == 0


def test_a_rule_of_nought_accepts_without_an_entry(world: World) -> None:
    rule(world, "PHOTO", points=0)
    mine = accept(deed=sent(world), by=world.chen)
    assert (mine.status, mine.award, statement.available(world.li)) == ("accepted", None, 0)
    assert "现在不计积分" in told(mine)[0]


def test_the_cap_of_the_month_cuts_and_says_so(world: World) -> None:
    """Ten kindnesses a month, two a day (points/sql/0018_deeds.sql)."""
    for n in range(3):
        mine = accept(deed=sent(world, kind="kindness", text=f"第{n}件"), by=world.chen)
    assert statement.available(world.li) == 4
    assert mine.points == 0 and "实得0积分" in told(mine)[-1]
    assert breaches() == []


def declining(world: World, text: str = "路灯不亮") -> Deed:
    return decline(deed=sent(world, text=text), by=world.chen, reason="不在本社区")


def test_what_is_declined_earns_nothing_and_says_why(world: World) -> None:
    mine = declining(world)
    assert (mine.status, mine.answer, mine.award) == ("declined", "不在本社区", None)
    assert "未通过。原因：不在本社区。积分没有变动。有不同意见可以申诉" in told(mine)[0]
    with pytest.raises(answering.SayWhy):
        decline(deed=sent(world, text="又一件"), by=world.chen, reason="  ")


def test_the_same_thing_reported_twice_is_one_and_both_are_told(world: World) -> None:
    first, second = sent(world), sent(world, world.wang)
    merged = merge(deed=second, into=first, by=world.chen)
    assert (merged.status, merged.merged_into, merged.award) == ("merged", first, None)
    assert "已合并处理，处理结果会告诉您" in told(merged)[0]
    accept(deed=first, by=world.chen)
    solving.solve(deed=first, by=world.chen, outcome="已换灯泡")
    assert "已解决：已换灯泡" in told(merged)[-1] and len(told(merged)) == 2
    assert statement.available(world.wang) == 80  # as before
    assert not Award.objects.filter(about__startswith=f"deed:{merged.pk}").exists()


def test_who_was_merged_is_told_when_the_other_is_declined(world: World) -> None:
    first, second = sent(world), sent(world, world.wang)
    merge(deed=second, into=first, by=world.chen)
    decline(deed=first, by=world.chen, reason="归物业管")
    assert "归物业管" in told(second)[-1]


def test_only_what_stands_carries_others(world: World) -> None:
    first, second, third = sent(world), sent(world, world.wang), sent(world, world.zhao, by=world.zhang)
    foreign = sent(world, world.zhou, by=world.qian)
    other = sent(world, kind="kindness")
    over = decline(deed=sent(world, text="不实"), by=world.chen, reason="不实")
    back = deeds.take_back(deed=sent(world, text="撤回"))
    merge(deed=second, into=first, by=world.chen)
    for into in (third, foreign, other, over, back, second):
        with pytest.raises(answering.NotTheSame):
            merge(deed=third, into=into, by=world.chen)
    with pytest.raises(answering.NotTheSame):  # it carries another one itself
        merge(deed=first, into=third, by=world.chen)
    assert merge(deed=third, into=first, by=world.chen).merged_into == first


def test_nobody_answers_for_themselves_the_family_or_what_they_took_down(world: World) -> None:
    family = relative(world, world.chen)
    own = sent(world, family, by=world.zhang)
    for act in (accept, lambda *, deed, by: decline(deed=deed, by=by, reason="不实")):
        with pytest.raises(answering.FamilyDeed):
            act(deed=own, by=world.chen)
    taken_down = sent(world, world.zhao, by=world.zhang)
    with pytest.raises(answering.OwnDeed):
        accept(deed=taken_down, by=world.zhang)
    with pytest.raises(NotYourDuty):
        accept(deed=taken_down, by=world.qian)
    assert accept(deed=taken_down, by=world.chen).award and Award.objects.count() == 1


def test_what_waits_for_somebody_is_what_they_may_answer(world: World) -> None:
    rows = [
        sent(world), sent(world, relative(world, world.chen), by=world.zhang), sent(world, world.zhao, by=world.zhang),
        sent(world, world.zhou, by=world.qian), sent(world, world.wang), declining(world, "不实的"),
    ]  # fmt: skip
    for by in (world.zhang, world.chen, world.he):
        kin = kin_of(by)
        may = {
            one.pk for one in Deed.objects.for_staff(by).select_related("resident") if refusal_for(one, by, kin) is None
        }
        assert set(waiting_for(by).values_list("pk", flat=True)) == may, by
    assert len(rows) == 6


def test_without_an_own_phone_nothing_waits(world: World) -> None:
    mine = sent(world)
    world.zhang.own_phone = ""
    assert not waiting_for(world.zhang).exists()
    assert refusal_for(mine, world.zhang) is not None


ANSWERS: list[Callable[[Deed, World], object]] = [
    lambda deed, world: accept(deed=deed, by=world.he),
    lambda deed, world: decline(deed=deed, by=world.he, reason="不实"),
    lambda deed, world: deeds.take_back(deed=deed),
]


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_was_answered_is_not_answered_again(answer: Callable[[Deed, World], object], world: World) -> None:
    mine = sent(world)
    accept(deed=mine, by=world.chen)
    with pytest.raises(Refused) as why:
        answer(mine, world)
    assert why.value.code == "deed_answered"
    assert (statement.available(world.li), Award.objects.count()) == (3, 1)


@pytest.mark.django_db(transaction=True)
def test_two_who_answer_at_once_decide_once(world: World) -> None:
    mine = sent(world)
    acts: list[Callable[[], object]] = [partial(accept, deed=mine, by=by) for by in (world.chen, world.zhang, world.he)]
    acts += [partial(decline, deed=mine, by=by, reason="不实") for by in (world.chen, world.he)]
    answers = at_once([*acts, lambda: deeds.take_back(deed=mine)])
    codes = Counter(getattr(one, "code", "done") for one in answers)
    assert codes["done"] == 1, codes
    assert set(codes) <= {"done", "deed_answered", "already_confirmed"}
    mine.refresh_from_db()
    assert statement.available(world.li) == 3 * (mine.status == "accepted")
    assert breaches() == []


@pytest.mark.django_db(transaction=True)
def test_two_that_are_merged_into_each_other_at_once_do_not_both_go(world: World) -> None:
    one, other = sent(world), sent(world, world.wang)
    acts: list[Callable[[], object]] = [
        lambda: merge(deed=one, into=other, by=world.chen), lambda: merge(deed=other, into=one, by=world.he),
    ]  # fmt: skip
    answers = at_once(acts * 2)
    assert sum(not isinstance(answer, Exception) for answer in answers) == 1, answers
    assert Deed.objects.filter(status="merged").count() == 1


def test_what_was_declined_may_be_appealed_and_is_then_looked_at_anew(world: World) -> None:
    mine = declining(world)
    about = f"deed:{mine.pk}"
    assert world.li.account
    appeal = appeals.file(resident=world.li, about=about, text="就在本社区东门", by=world.li.account)
    assert (appeal.decided_by, appeal.old_value) == (world.chen, "未通过：不在本社区")
    with pytest.raises(appeals.OwnDecision):
        appeals.answer(appeal=appeal, upheld=True, text="查实", new_value="重新审核", by=world.chen)
    appeals.answer(appeal=appeal, upheld=True, text="查实", new_value="重新审核", by=world.zhang)
    mine.refresh_from_db()
    assert (mine.status, mine.answered_at, mine.answered_by, mine.answer) == ("sent", None, None, "")
    accept(deed=mine, by=world.zhang)
    assert statement.available(world.li) == 3 and "有效" in told(mine)[-1]


def test_an_appeal_that_was_rejected_changes_nothing(world: World) -> None:
    mine = declining(world)
    assert world.li.account
    appeal = appeals.file(resident=world.li, about=f"deed:{mine.pk}", text="再看看", by=world.li.account)
    appeals.answer(appeal=appeal, upheld=False, text="核实无误", by=world.zhang)
    mine.refresh_from_db()
    assert mine.status == "declined"


def test_only_what_was_declined_and_ones_own_is_appealed(world: World) -> None:
    valid = accept(deed=sent(world, text="有效的"), by=world.chen)
    mine = declining(world)
    assert appeals.find(world.li, f"deed:{valid.pk}") is None
    assert appeals.find(world.wang, f"deed:{mine.pk}") is None
    assert appeals.find(world.li, f"deed:{mine.pk}")


def test_who_took_it_down_at_the_counter_does_not_answer_the_appeal(world: World) -> None:
    mine = decline(deed=sent(world, world.zhao, by=world.zhang), by=world.chen, reason="不实")
    decision = appeals.find(world.zhao, f"deed:{mine.pk}")
    assert decision and (decision.decided_by_id, decision.prepared_by_id) == (world.chen.pk, world.zhang.pk)


def test_what_was_earned_later_keeps_the_day_on_which_it_was_sent(world: World) -> None:
    mine = sent(world, at=clock.now() - timedelta(days=3))
    award = accept(deed=mine, by=world.chen).award
    assert award and award.served_on == mine.on


def test_the_database_keeps_recorder_and_approver_apart(world: World) -> None:
    """Behind `refusal_for` stands the CHECK of the award."""
    mine = sent(world, world.zhao, by=world.zhang)
    with pytest.raises(Refused) as why:
        _approve(mine=mine, by=world.zhang)
    assert why.value.code == "same_person"


@verb(answering.REFUSALS)
def _approve(*, mine: Deed, by: User) -> None:
    awarding.approve(earned=answering.earned(mine, "PHOTO", "随手拍有效"), by=by, at=clock.now())

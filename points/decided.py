"""What two people decided about somebody's points, as the resident reads it: the message, and what can be appealed."""

from dataclasses import dataclass

from django.urls import reverse

from communities import appeals
from communities.models import Resident
from core import words
from notifications.outbox import Words
from points import debts
from points.models import Adjustment, Debt

STATEMENT = "points:statement"


@dataclass(frozen=True)
class Outcome:
    """An approved adjustment and what it did: `owed` could not be taken, `lapsed` had expired, `settled` paid old debts."""

    adjustment: Adjustment
    owed: int
    lapsed: int
    settled: int

    @property
    def about(self) -> str:
        return f"adjustment:{self.adjustment.pk}"

    @property
    def subject(self) -> str:
        return f"{self.verb}：{self.adjustment.reason}"

    @property
    def verb(self) -> str:
        if self.adjustment.reverses_id:
            return "收回积分"
        return "增加积分" if self.adjustment.amount > 0 else "扣减积分"

    @property
    def value(self) -> str:
        """收回20积分，其中10积分待抵扣."""
        said = f"{self.verb[:2]}{words.points(abs(self.adjustment.amount))}积分"
        return f"{said}，其中{words.points(self.owed)}积分待抵扣" if self.owed else said

    @property
    def words(self) -> Words:
        """What happened, why, by whom, what is owed, and until when one may object."""
        community, reason = self.adjustment.resident.community, self.adjustment.reason
        said = [f"{community.name}{self.value}。原因：{reason}。"]
        if self.lapsed:
            said.append(f"其中{words.points(self.lapsed)}积分此前已过期，不用抵扣。")
        if self.owed:
            said.append("待抵扣的部分从以后获得的积分里扣，不用交钱。")
        if self.settled:
            said.append(f"其中{words.points(self.settled)}积分用于抵扣。")
        if self.adjustment.amount < 0:
            said.append(f"有不同意见，到{self._last_day()}为止可以申诉，点“查看”填写。")
            return Words(f"{self.verb}通知", "".join(said), reverse("appeal", args=[self.about]))
        return Words(f"{self.verb}通知", "".join(said), reverse(STATEMENT))

    def _last_day(self) -> str:
        at, street = self.adjustment.decided_at, self.adjustment.resident.community.sub_district_id
        assert at is not None
        return words.day(appeals.days_to_file(street, [at])[at])


def outcome_for(adjustment: Adjustment) -> Outcome:
    """Of an approved adjustment with its resident; one query."""
    if adjustment.reverses_id:
        debt = Debt.objects.filter(entry=adjustment.entry_id).first()
        return Outcome(adjustment, debt.owed if debt else 0, debt.lapsed if debt else 0, 0)
    return Outcome(adjustment, 0, 0, debts.paid_by(adjustment.entry_id))


def words_of_notice(adjustment: Adjustment) -> Words:
    """To the resident, when what gives points was decided and is to be shown first."""
    said = (
        f"{adjustment.resident.community.name}已审核：给您增加{words.points(adjustment.amount)}积分。原因：{adjustment.reason}。"
        "先公示，期满没有异议就入账，入账时再通知您。"
    )
    return Words("增加积分待公示", said, reverse(STATEMENT))


def words_of_stop(adjustment: Adjustment) -> Words:
    """To the resident, when an objection was upheld."""
    at, street = adjustment.stopped_at, adjustment.resident.community.sub_district_id
    assert at is not None
    said = (
        f"给您增加的{words.points(adjustment.amount)}积分没有入账：{adjustment.decline_reason}。您的其他积分没有变动。"
        f"有不同意见，到{words.day(appeals.days_to_file(street, [at])[at])}为止可以申诉，点“查看”填写。"
    )
    return Words("增加积分未入账", said, reverse("appeal", args=[f"adjustment:{adjustment.pk}"]))


def words_for_proposer(adjustment: Adjustment) -> Words:
    """To the colleague whose proposal was not approved."""
    said = f"您提出的{adjustment.resident.name}的积分调整未通过，没有入账。原因：{adjustment.decline_reason}"
    return Words("积分调整未通过", said, reverse("desk:adjustment", args=[adjustment.pk]))


def adjustment_about(resident: Resident, number: int) -> appeals.Decision | None:
    """The decision `adjustment:<number>` about `resident`, for communities/appeals.py."""
    ended = (Adjustment.Status.APPROVED, Adjustment.Status.STOPPED)
    settled = Adjustment.objects.filter(pk=number, resident=resident, status__in=ended)
    found = settled.select_related("resident__community", "entry").first()
    if found is None or found.decided_at is None:
        return None
    outcome, stopped = outcome_for(found), found.stopped_at
    # What gives is booked days after it was decided: the days to appeal begin when it was.
    at = stopped or (found.entry.at if found.entry else found.decided_at)
    return appeals.Decision(
        about=outcome.about, subject=outcome.subject, decided_at=at, decided_by_id=found.decided_by_id,
        community=found.resident.community, link=reverse(STATEMENT),
        value=f"{outcome.value}没有入账：{found.decline_reason}" if stopped else outcome.value,
        prepared_by_id=found.proposed_by_id,
    )  # fmt: skip


def debt_about(resident: Resident, number: int) -> appeals.Decision | None:
    """The decision `debt:<number>`: a debt of `resident` that no adjustment explains, so that each is appealed once."""
    owing = Debt.objects.filter(pk=number, wallet__resident=resident, entry__adjustment=None)
    found = owing.select_related("entry__community").first()
    if found is None:
        return None
    return appeals.Decision(
        about=f"debt:{found.pk}", subject=f"待抵扣：{found.entry.reason}"[:200], decided_at=found.entry.at,
        decided_by_id=found.entry.by_id, community=found.entry.community, link=reverse(STATEMENT),
        value=f"待抵扣{words.points(found.owed)}积分",
    )  # fmt: skip

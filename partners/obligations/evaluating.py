"""季度考核 40/30/15/15 (domain guide, 7.5): drawn up from figures, frozen by the head. Off until switched on (EVALUATIONS).

`marks` is pure: the same figures give the same marks. What the rule leaves open is said there.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from communities import duties
from communities.models import User
from communities.settings import EVALUATIONS, value_of
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb
from partners.models import Agreement, Evaluation
from partners.obligations import bias
from partners.obligations.figures import Figures, figures_of, quarter_after
from partners.obligations.suspending import DECIDING

NOTE, MEND_DAYS, YEAR = 300, 30, timedelta(days=365)
UPHELD_COSTS = Decimal(5)
Band = Evaluation.Band
BANDS = ((90, Band.EXCELLENT), (75, Band.GOOD), (60, Band.MEND), (0, Band.LEAVE))


class EvaluationsOff(Refused):
    code = "evaluations_off"
    message = "季度考核没有开启，没有保存。需要的请街道管理员在设置里打开。"


class QuarterRuns(Refused):
    code = "quarter_runs"
    message = "这个季度还没有结束，或协议那时没有生效，不能考核，没有保存。"


class NothingPromised(Refused):
    code = "nothing_promised"
    message = "这份协议没有按次数登记的承诺，不能按承诺完成率考核，没有保存。"


class EvaluatedBefore(Refused):
    code = "evaluated_before"
    message = "这个季度已经考核过，不能再改，没有重复保存。"


REFUSALS: Refusals = {"evaluation_once": lambda _: EvaluatedBefore()}


@dataclass(frozen=True)
class Marks:
    """Of 40, 30, 15 and 15."""

    completion: Decimal
    satisfaction: Decimal
    complaints: Decimal
    safety: Decimal

    @property
    def total(self) -> Decimal:
        return self.completion + self.satisfaction + self.complaints + self.safety

    @property
    def band(self) -> Band:
        return next(band for least, band in BANDS if self.total >= least)


def marks(figures: Figures) -> Marks:
    """承诺完成 by times kept, each promise by itself, so that one kept twice over pays for no other.

    居民满意 by the average of five stars; with fewer ratings than the setting asks, its 30 points follow the other 70 in
    proportion. 投诉处理 loses five for each upheld one: what the community answers late is not the partner's fault. 安全与证照
    loses half for a required licence that lapsed, all of it for a suspension for cause; with 门前五包 on, half is their average.
    """
    completion = _tenth(Decimal(40) * figures.kept / figures.promised)
    complaints = max(Decimal(0), Decimal(15) - UPHELD_COSTS * figures.upheld)
    half = Decimal("7.5")
    licences = Decimal(0) if figures.lapsed else half
    visits = half if figures.visits is None else _tenth(half * figures.visits / 100)
    safety = Decimal(0) if figures.suspended else licences + visits
    if figures.stars is not None:
        satisfaction = _tenth(Decimal(30) * figures.stars / 5)
    else:
        satisfaction = _tenth(Decimal(30) * (completion + complaints + safety) / 70)
    return Marks(completion, satisfaction, complaints, safety)


def is_on(sub_district_id: int) -> bool:
    return bool(value_of(EVALUATIONS, sub_district_id))


def refusal_for(agreement: Agreement, quarter: date, by: User) -> Refused | None:
    """Why `by` cannot freeze the evaluation of the quarter that begins on `quarter`; None when nothing stands against it."""
    if not duties.holds(by, agreement.community, *DECIDING):
        return duties.NotYourDuty()
    if not is_on(agreement.community.sub_district_id):
        return EvaluationsOff()
    if (refused := refusal_to_draw(agreement, quarter)) is not None:
        return refused
    if agreement.evaluations.filter(quarter=quarter).exists():
        return EvaluatedBefore()
    return bias.refusal_for(by, agreement.partner)


def refusal_to_draw(agreement: Agreement, quarter: date) -> Refused | None:
    """Why there are no marks of that quarter; None when there are."""
    after = quarter_after(quarter)
    ended = agreement.ended_on or date.max
    if quarter.day != 1 or quarter.month % 3 != 1 or after > clock.today():
        return QuarterRuns()
    if agreement.starts_on >= after or agreement.ends_on < quarter or ended <= quarter:
        return QuarterRuns()
    return None if figures_of(agreement, quarter).promised else NothingPromised()


@verb(REFUSALS)
def freeze(*, agreement: Agreement, quarter: date, by: User, note: str = "") -> Evaluation:
    """Keep the marks as the figures say them now. 整改 sets the day until which it is mended. Refuses what `refusal_for` says."""
    if refused := refusal_for(agreement, quarter, by):
        raise refused
    said = marks(figures_of(agreement, quarter))
    mend_by = clock.today() + timedelta(days=MEND_DAYS) if said.band == Band.MEND else None
    return Evaluation.objects.create(
        agreement=agreement, quarter=quarter, completion=said.completion, satisfaction=said.satisfaction, complaints=said.complaints,
        safety=said.safety, total=said.total, band=said.band, note=note.strip()[:NOTE], mend_by=mend_by, by=by,
    )  # fmt: skip


def to_leave(evaluation: Evaluation) -> bool:
    """Whether the rule asks for the leaving procedure: below 60, or the second 整改 within a year."""
    if evaluation.band == Band.LEAVE:
        return True
    before = evaluation.agreement.evaluations.filter(
        band=Band.MEND, quarter__lt=evaluation.quarter, quarter__gt=evaluation.quarter - YEAR
    )
    return evaluation.band == Band.MEND and before.exists()


def _tenth(value: Decimal) -> Decimal:
    return round(value, 1)

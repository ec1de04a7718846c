"""办结: a 随手拍 that is valid is put right within a few working days, or it is explained why not (domain guide, 9)."""

from datetime import date, datetime

from activities import answering, awarding
from activities.models import Award, Deed
from communities.kin import Kin as Family, refusal_between
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import verb
from notifications.outbox import Words, tell

FARTHEST = 366  # days
Status = Deed.Status


class NotToSolve(Refused):
    code = "deed_not_to_solve"
    message = "这一条不在待办结里，没有改动，也没有重复入账。请看列表里的结果。"


class BadDay(BadInput):
    code = "deed_close_by"
    message = "请把新的办结日期选在今天以后、一年以内。这次没有提交。"


def refusal_for(deed: Deed, by: User, kin: Family | None = None) -> Refused | None:
    """Why `by` cannot close it; None when nothing stands against it."""
    if deed.status != Status.ACCEPTED or deed.kind != Deed.Kind.SNAPSHOT:
        return NotToSolve()
    return refusal_between(
        by=by, recorders=[deed.by_id], beneficiaries=[deed.resident], kin=kin, same=answering.OwnDeed(),
        family=answering.FamilyDeed(),
    )  # fmt: skip


@verb(awarding.REFUSALS)
def solve(*, deed: Deed, by: User, outcome: str, at: datetime | None = None) -> Deed:
    """It is put right, `outcome` says how: points once more, and everybody who reported it is told.

    Whoever has left meanwhile earns nothing. Refuses `refusal_for`, `answering.SayWhy`.
    """
    at, seen, outcome = at or clock.now(), _seen(deed, by), answering.said(outcome)
    award = _award(seen, by, at) if seen.resident.confirmed else None
    mine = _locked(seen)
    mine.status, mine.solved_award, mine.outcome = Status.SOLVED, award, outcome
    mine.solved_by, mine.solved_at, mine.close_by = by, at, None
    mine.save(update_fields=["status", "solved_award", "outcome", "solved_by", "solved_at", "close_by"])
    body = f"{answering.begin(mine)}已解决：{outcome}。{answering.got(award) if award else ''}"
    tell(
        resident=mine.resident,
        occasion=f"deed:{mine.pk}:solved",
        words=Words("随手拍已解决", body, answering.link(mine)),
    )
    answering.tell_merged(mine, f"已解决：{outcome}。")
    return mine


@verb()
def explain(*, deed: Deed, by: User, outcome: str, until: date | None, at: datetime | None = None) -> Deed:
    """It is not put right yet: `outcome` says why and `until` when it will be; None: the community cannot do it.

    The resident is told. May be said again. Refuses `refusal_for`, `answering.SayWhy`, `BadDay`.
    """
    at, seen, outcome = at or clock.now(), _seen(deed, by), answering.said(outcome)
    today = clock.local(at).date()
    if until is not None and not 0 < (until - today).days <= FARTHEST:
        raise BadDay
    mine = _locked(seen)
    mine.outcome, mine.close_by = outcome, until
    mine.save(update_fields=["outcome", "close_by"])
    when = f"预计{words.day(until)}前办结。" if until else "社区办不了的，已经说明，这一条到此为止。"
    body = f"{answering.begin(mine)}还没有解决：{outcome}。{when}已得的积分不变。"
    occasion = f"deed:{mine.pk}:explained:{at:%Y%m%d%H%M%S}"
    tell(resident=mine.resident, occasion=occasion, words=Words("随手拍办理说明", body, answering.link(mine)))
    return mine


def _award(seen: Deed, by: User, at: datetime) -> Award | None:
    return awarding.approve(earned=answering.earned(seen, "PHOTO_SOLVED", "随手拍已解决", ":solved"), by=by, at=at)


def _seen(deed: Deed, by: User) -> Deed:
    seen = answering.fresh(deed, by)
    if refused := refusal_for(seen, by):
        raise refused
    return seen


def _locked(seen: Deed) -> Deed:
    mine = Deed.objects.select_for_update(no_key=True, of=("self",)).select_related("resident").get(pk=seen.pk)
    if mine.status != Status.ACCEPTED:
        raise NotToSolve
    return mine

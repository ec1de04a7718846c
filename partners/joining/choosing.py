"""入选: a head says yes to one (short path) or to the best of a call, everybody may object, then it is decided.

`partner:<number of the application>` of communities/notices.py. Who judged that an application may stand does not choose it.
"""

from collections.abc import Sequence
from datetime import datetime

from communities import duties, notices
from communities.models import Notice, NoticeItem, Objection, User
from communities.publishing import DECIDERS
from core import clock, masks
from core.refusals import Refused
from core.verbs import Refusals, verb
from partners.joining import calling, scoring, ties
from partners.models import Application, Call, Partner, PartnerApplicationQuerySet
from partners.offers import adwords

PREFIX = "partner"
Status, Stage = Application.Status, Call.Status
STOPPED = "公示期间异议成立"


class NotToChoose(Refused):
    code = "application_not_checked"
    message = "这份报名现在不能提出入选，没有改动。请刷新后再看。"


class NotRanked(Refused):
    code = "call_not_ranked"
    message = "这份招募还没有排出名次，或名额已经有人，没有改动。"


class NothingToShow(Refused):
    code = "nobody_proposed"
    message = "没有负责人已同意、还没有公示的报名，没有拟公示。"


class NotProposed(Refused):
    code = "application_not_proposed"
    message = "这份报名还没有经负责人同意，或已经有了结果，没有改动。"


class SamePartner(Refused):
    code = "partner_exists"
    message = "街道已有同名称或同一统一社会信用代码的合伙人，没有办理。请由没有提出入选的负责人核对后不予入选，再请原合伙人用已有资料报名。"


REFUSALS: Refusals = {
    **notices.REFUSALS,
    "partner_name": lambda _: SamePartner(),
    "partner_credit_code_once": lambda _: SamePartner(),
}


def about(application: Application) -> str:
    return f"{PREFIX}:{application.pk}"


def refusal_to_propose(application: Application, by: User) -> Refused | None:
    """Why `by` cannot say yes; None when nothing stands against it. Of a call it is the ranking that says whose turn it is."""
    if not duties.holds(by, application.community, *DECIDERS):
        return duties.NotYourDuty()
    if application.status != Status.CHECKED:
        return NotToChoose()
    return ties.refusal_as_kin(application.partner, by, (application.checked_by_id, application.by_id))


@verb()
def propose(*, application: Application, by: User, at: datetime | None = None) -> Application:
    """Short path: the head agrees. Refuses what `refusal_to_propose` says, and one that stands in a call."""
    mine = Application.objects.held(application.pk)
    if mine.call_id:
        raise NotToChoose
    return _proposed(mine, by, at or clock.now())


def _proposed(mine: Application, by: User, at: datetime) -> Application:
    if refused := refusal_to_propose(mine, by):
        raise refused
    mine.status, mine.proposed_by, mine.proposed_at = Status.PROPOSED, by, at
    mine.save(update_fields=["status", "proposed_by", "proposed_at"])
    return mine


def next_in_rank(call: Call) -> list[Application]:
    """Whose turn it is: the best that stand, as many as there are places left."""
    if call.status != Stage.RANKED:
        return []
    left = call.places - call.applications.filter(status__in=(Status.PROPOSED, Status.ADMITTED)).count()
    standing = call.applications.filter(status=Status.CHECKED, rank__isnull=False).order_by("rank")
    return list(standing.select_related("partner", "community")[: max(left, 0)])


@verb()
def propose_ranked(*, call: Call, by: User, at: datetime | None = None) -> list[Application]:
    """Full path: the head proposes the best, in the order of the ranking, nobody passed over. Refuses `NotRanked`."""
    mine = calling.held(call)
    turn = next_in_rank(mine)
    if not turn:
        raise NotRanked
    return [_proposed(Application.objects.held(one.pk), by, at or clock.now()) for one in turn]


def to_show(found: PartnerApplicationQuerySet) -> list[Application]:
    """Those of `found` that were agreed to and stand on no notice."""
    proposed = list(found.filter(status=Status.PROPOSED).select_related("partner", "community").order_by("rank", "pk"))
    standing = notices.standings(about(one) for one in proposed)
    return [one for one in proposed if _is_free(standing[about(one)])]


def _is_free(shown: notices.Standing) -> bool:
    on_draft = shown.notice is not None and shown.notice.status == Notice.Status.DRAFT
    return shown.state == notices.State.NONE and not on_draft


@verb(notices.REFUSALS)
def show(*, applications: Sequence[Application], by: User, at: datetime | None = None) -> Notice:
    """A draft of the public notice for what was agreed to in one community; somebody else who leads publishes it.

    Refuses `NothingToShow` and what `notices.prepare` refuses.
    """
    numbers = [one.pk for one in applications]
    chosen = to_show(Application.objects.filter(pk__in=numbers))
    if not chosen or len({one.community_id for one in chosen}) != 1:
        raise NothingToShow
    text = "以下单位和个人拟成为社区合伙人。有不同意见请在公示期内提出。"
    lines = [_line(one) for one in chosen]
    return notices.prepare(
        community=chosen[0].community, title="社区合伙人拟入选名单公示", text=text, lines=lines, by=by, at=at
    )  # fmt: skip


def _line(one: Application) -> notices.Line:
    rank = f"，评审第{one.rank}名" if one.rank else ""
    return notices.Line(
        f"拟成为社区合伙人，行业：{one.partner.get_trade_display()}{rank}", subject=subject_of(one.partner), about=about(one)
    )  # fmt: skip


def subject_of(partner: Partner) -> str:
    """What everybody reads: a firm by its name, a person by a masked one."""
    return f"{masks.name(partner.name)}（{partner.get_kind_display()}）" if partner.is_natural else partner.name


def refusal_to_admit(application: Application, by: User) -> Refused | None:
    """Why `by` cannot decide that it is in; None when the notice has ended and nothing stands against it."""
    if not duties.holds(by, application.community, *DECIDERS):
        return duties.NotYourDuty()
    if application.status != Status.PROPOSED:
        return NotProposed()
    if refused := ties.refusal_as_kin(application.partner, by):
        return refused
    return notices.refusal_for(notices.standing(about(application)))


@verb(REFUSALS)
def admit(*, application: Application, by: User, at: datetime | None = None) -> Application:
    """入选: from now on a partner, of whom there is one by name and code. Once the places of a call are filled it is settled.

    Refuses what `refusal_to_admit` says, and `SamePartner`.
    """
    at, call = at or clock.now(), scoring.held_of(application)
    mine = Application.objects.held(application.pk)
    if refused := refusal_to_admit(mine, by):
        raise refused
    partner = Partner.objects.select_for_update(no_key=True).get(pk=mine.partner_id)
    if partner.admitted_at is None:
        partner.admitted_at, partner.summary = at, partner.summary or _public(mine)
        partner.save(update_fields=["admitted_at", "summary"])
    mine.status, mine.settled_by, mine.settled_at = Status.ADMITTED, by, at
    mine.save(update_fields=["status", "settled_by", "settled_at"])
    if call and call.applications.filter(status=Status.ADMITTED).count() >= call.places:
        _settle(call, "名额已满", by, at)
    return mine


def _public(mine: Application) -> str:
    """What everybody reads of it at first: its own words, unless they are none that an advertisement may use."""
    return str(mine.partner.get_trade_display()) if adwords.forbidden(mine.services) else mine.services


@verb()
def settle(*, call: Call, reason: str, by: User, at: datetime | None = None) -> Call:
    """The head ends a call whose places are not all filled: who still stands is told why.

    Refuses a stranger, `NoCallReason`, `BeingShown` while somebody is proposed, and one that is not ranked.
    """
    mine, reason = calling.held(call), reason.strip()
    duties.require(by, mine.community, *DECIDERS)
    if not 0 < len(reason) <= calling.REASON or "\0" in reason:
        raise calling.NoCallReason
    if mine.status != Stage.RANKED:
        raise NotRanked
    if mine.applications.filter(status=Status.PROPOSED).exists():
        raise calling.BeingShown
    return _settle(mine, reason, by, at or clock.now())


def _settle(call: Call, reason: str, by: User, at: datetime) -> Call:
    for one in call.applications.select_for_update(no_key=True).filter(status=Status.CHECKED).order_by("pk"):
        rank = f"，您的评审名次是第{one.rank}名" if one.rank else ""
        one.status, one.settled_by, one.settled_at, one.settled_note = Status.DECLINED, by, at, f"{reason}{rank}"
        one.save(update_fields=["status", "settled_by", "settled_at", "settled_note"])
    call.status = Stage.SETTLED
    call.save(update_fields=["status"])
    return call


def refusal_to_decline(application: Application, by: User) -> Refused | None:
    """Why `by` cannot say no; None when nothing stands against it. Of who only stands in a call the ranking decides.

    To who was agreed to already it is said by another one than who agreed, so that nobody passes over the best alone.
    """
    if not duties.holds(by, application.community, *DECIDERS):
        return duties.NotYourDuty()
    agreed = application.status == Status.PROPOSED
    if not agreed and (application.call_id or application.status != Status.CHECKED):
        return NotToChoose()
    return ties.refusal_as_kin(application.partner, by, (application.proposed_by_id,) if agreed else ())


@verb()
def decline(*, application: Application, note: str, by: User, at: datetime | None = None) -> Application:
    """不予入选, with a reason that the applicant reads; in a call it is then the next one's turn. Refuses `refusal_to_decline`."""
    scoring.held_of(application)
    mine, note = Application.objects.held(application.pk), note.strip()
    if refused := refusal_to_decline(mine, by):
        raise refused
    if not 0 < len(note) <= calling.REASON or "\0" in note:
        raise calling.NoCallReason
    for line in NoticeItem.objects.filter(about=about(mine), notice__status=Notice.Status.DRAFT):
        notices.drop_line(item=line, by=by)  # nobody is shown who is not to become a partner
    return _declined(mine, note, by, at or clock.now())


def _declined(mine: Application, note: str, by: User, at: datetime) -> Application:
    mine.status, mine.settled_by, mine.settled_at, mine.settled_note = Status.DECLINED, by, at, note
    mine.save(update_fields=["status", "settled_by", "settled_at", "settled_note"])
    return mine


def stopped(item: NoticeItem) -> None:
    """Listener of communities/notices.py: an objection was upheld, so it does not become a partner. A withdrawn notice changes nothing."""
    mine = Application.objects.filter(pk=item.about.partition(":")[2]).first()
    if mine is None or item.stopped_at is None:
        return
    scoring.held_of(mine)
    locked = Application.objects.held(mine.pk)
    upheld = (
        Objection.objects.filter(notice=item.notice, status=Objection.Status.UPHELD).order_by("-answered_at").first()
    )
    by = (upheld.answered_by if upheld else None) or item.notice.ended_by or locked.proposed_by
    if locked.status == Status.PROPOSED and by:
        _declined(locked, STOPPED, by, item.stopped_at)

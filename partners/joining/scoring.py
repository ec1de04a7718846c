"""评审: at least three reviewers mark every application by the call's sheet; nobody sees another's marks until all are in.

With the last mark the call is ranked: by the sum of all marks, then by the first line of the sheet (需求匹配), then by who
handed in earlier.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Prefetch, Q

from communities import duties
from communities.models import User
from communities.publishing import DECIDERS
from communities.settings import CALL_REVIEWERS, value_of
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.joining import calling, ties
from partners.joining.ties import OwnApplicant
from partners.models import Application, Call, Review, Reviewer

Status, Stage = Application.Status, Call.Status
REMARK, EXCUSE = 200, 100  # characters


class StillOpen(Refused):
    code = "call_still_open"
    message = "招募还没有截止，现在不能开始评审，没有改动。"


class StillToCheck(Refused):
    code = "applications_unchecked"
    message = "还有报名没有办完资格审查，不能开始评审，没有改动。请先通过、退回后等补正，或不予通过。"


class NobodyToScore(Refused):
    code = "nobody_to_score"
    message = "没有通过资格审查的报名，不能开始评审，没有改动。可以结束这次招募，另发一份。"


class TooFewReviewers(BadInput):
    code = "too_few_reviewers"

    def __init__(self, least: int = 3) -> None:
        super().__init__(f"至少要{least}位评审人，须是本社区或街道的工作人员。没有保存。")


class ReviewerIsKin(Refused):
    code = "reviewer_is_kin"

    def __init__(self, who: str = "有一位评审人") -> None:
        super().__init__(
            f"{who}与报名者有关（本人、家人或代办），或还没有登记本人手机号，不能评审。没有保存，请换一位。"
        )


class ReviewerGone(Refused):
    code = "reviewer_gone"
    message = "这位评审人已经退出，或新的评审人已经指定过，没有改动。请刷新后再看。"


class NoExcuse(BadInput):
    code = "reviewer_no_reason"
    message = f"请写明评审人退出的原因，不超过{EXCUSE}字，没有改动。"


class NotScored(Refused):
    code = "call_not_scored"
    message = "这份招募现在不在评审，评分没有保存。"


class NotAReviewer(Refused):
    code = "not_a_reviewer"
    message = "您不是这份招募的评审人，评分没有保存。"
    status = 403


class BadMarks(BadInput):
    code = "bad_marks"
    message = f"每一项都要打分，不能超过该项满分；评语不超过{REMARK}字。评分没有保存。"


REFUSALS: Refusals = {
    "PA042": lambda _: NotScored(),
    "PA043": lambda _: BadMarks(),
    "reviewer_once": lambda _: ReviewerGone(),
}


def candidates(call: Call) -> list[User]:
    """Who can be appointed: staff of the community and its sub-district."""
    today, place = clock.today(), call.community
    here = Q(duties__community=place) | Q(duties__sub_district=place.sub_district_id)
    held = here & Q(duties__role__in=duties.STAFF, duties__starts_on__lte=today)
    running = held & (Q(duties__ends_on=None) | Q(duties__ends_on__gte=today))
    return list(User.objects.filter(running, is_active=True, kind=User.Kind.STAFF).distinct().order_by("pk"))


def refusal_to_begin(call: Call, by: User, at: datetime) -> Refused | None:
    """Why the scoring cannot begin; None when nothing stands against it."""
    if not duties.holds(by, call.community, *DECIDERS):
        return duties.NotYourDuty()
    if call.status != Stage.OPEN:
        return calling.CallNotOpen()
    if clock.local(at).date() <= call.closes_on:
        return StillOpen()
    states = set(call.applications.values_list("status", flat=True))
    if states & {Status.SUBMITTED, Status.RETURNED}:
        return StillToCheck()
    return None if Status.CHECKED in states else NobodyToScore()


@verb()
def begin(*, call: Call, reviewers: Iterable[User], by: User, at: datetime | None = None) -> Call:
    """The head appoints the reviewers, and the sheets are theirs to fill in.

    Refuses what `refusal_to_begin` says, `TooFewReviewers`, and `ReviewerIsKin`.
    """
    at, mine, chosen = at or clock.now(), calling.held(call), {one.pk: one for one in reviewers}
    if refused := refusal_to_begin(mine, by, at):
        raise refused
    _appoint(mine, list(chosen.values()), by, at, least=value_of(CALL_REVIEWERS, mine.community.sub_district_id))
    mine.applications.filter(status=Status.DRAFT).update(status=Status.WITHDRAWN)
    mine.status = Stage.SCORING
    mine.save(update_fields=["status"])
    return mine


def _appoint(call: Call, chosen: list[User], by: User, at: datetime, *, least: int) -> None:
    """With those who serve already they are `least` or more, of the house, and nobody's kin."""
    if len(chosen) + call.reviewers.serving().count() < least or not {one.pk for one in chosen} <= {
        one.pk for one in candidates(call)
    }:
        raise TooFewReviewers(least)
    for one in chosen:
        if not one.own_phone or kin_of_any(call, one):
            raise ReviewerIsKin(one.name)
    Reviewer.objects.bulk_create(Reviewer(call=call, user=one, by=by, at=at) for one in chosen)


def may_excuse(call: Call, by: User) -> bool:
    """Whether the page offers it."""
    return call.status == Stage.SCORING and duties.holds(by, call.community, *DECIDERS)


def refusal_to_excuse(reviewer: Reviewer, by: User) -> Refused | None:
    """Why `by` cannot let a reviewer go; None when nothing stands against it. Once all marks are in it would choose the result."""
    call = reviewer.call
    if not duties.holds(by, call.community, *DECIDERS):
        return duties.NotYourDuty()
    if call.status != Stage.SCORING:
        return calling.CallNotOpen()
    if reviewer.excused_at:
        return ReviewerGone()
    return OwnApplicant() if kin_of_any(call, by) else None


@verb(REFUSALS)
def excuse(
    *, reviewer: Reviewer, reason: str, by: User, instead: User | None = None, at: datetime | None = None
) -> Call:  # fmt: skip
    """Somebody is ill, say: what was marked stays on file and does not count, and `instead` marks everybody.

    Refuses what `refusal_to_excuse` says, `NoExcuse`, and what appointing refuses: without another one enough must be left.
    One for one is enough, whatever the setting became since.
    """
    at, call, reason = at or clock.now(), calling.held(reviewer.call), reason.strip()
    least = min(value_of(CALL_REVIEWERS, call.community.sub_district_id), call.reviewers.serving().count())
    mine = call.reviewers.select_for_update(no_key=True).get(pk=reviewer.pk)
    mine.call = call
    if refused := refusal_to_excuse(mine, by):
        raise refused
    if not 0 < len(reason) <= EXCUSE or "\0" in reason:
        raise NoExcuse
    mine.excused_by, mine.excused_at, mine.excuse = by, at, reason
    mine.save(update_fields=["excused_by", "excused_at", "excuse"])
    _appoint(call, [instead] if instead else [], by, at, least=least)
    rank_if_complete(call)
    return call


def kin_of_any(call: Call, who: User) -> bool:
    """Whether `who` is tied to somebody that stands in the call."""
    standing = call.applications.filter(status=Status.CHECKED).select_related("partner")
    return any(ties.refusal_as_kin(one.partner, who) for one in standing)


def refusal_to_mark(application: Application, by: User) -> Refused | None:
    """Why `by` cannot mark it; None when nothing stands against it. Page and verb ask."""
    call = application.call
    if call is None or call.status != Stage.SCORING or application.status != Status.CHECKED:
        return NotScored()
    if not call.reviewers.serving().filter(user=by).exists() or not duties.holds(by, application.community):
        return NotAReviewer()
    return ties.refusal_as_kin(application.partner, by)


@verb(REFUSALS)
def mark(
    *, application: Application, marks: Sequence[int], by: User, remark: str = "", at: datetime | None = None
) -> Review:  # fmt: skip
    """The marks of `by`, in the order of the sheet; changed as often as wanted until the last reviewer has marked the last one.

    Refuses what `refusal_to_mark` says, and `BadMarks`.
    """
    at, call, remark = at or clock.now(), held_of(application), remark.strip()
    mine = Application.objects.held(application.pk)
    if refused := refusal_to_mark(mine, by):
        raise refused
    if call is None:
        raise NotScored
    weights = list(call.criteria.order_by("order").values_list("weight", flat=True))
    fits = len(marks) == len(weights) and all(0 <= one <= most for one, most in zip(marks, weights, strict=False))
    if not fits or len(remark) > REMARK or "\0" in remark:
        raise BadMarks
    said = {"marks": list(marks), "total": sum(marks), "remark": remark, "at": at}
    reviewer = call.reviewers.serving().get(user=by)
    made, _ = Review.objects.update_or_create(application=mine, reviewer=reviewer, defaults=said)
    rank_if_complete(call)
    return made


def held_of(application: Application) -> Call | None:
    """The call of an application, locked before the application is."""
    call = Call.objects.filter(applications=application).first()
    return calling.held(call) if call else None


def rank_if_complete(call: Call) -> bool:
    """Of a locked call: with the marks of every reviewer for everybody who stands, rank it; whether that was so."""
    counted = Prefetch("reviews", Review.objects.counted())
    standing = list(call.applications.filter(status=Status.CHECKED).prefetch_related(counted))
    reviewers = call.reviewers.serving().count()
    if call.status != Stage.SCORING or any(len(one.reviews.all()) < reviewers for one in standing):
        return False
    for place, one in enumerate(sorted(standing, key=_worth), 1):
        one.rank = place
        one.save(update_fields=["rank"])
    call.status = Stage.RANKED
    call.save(update_fields=["status"])
    return True


def _worth(one: Application) -> tuple[int, int, datetime, int]:
    reviews = list(one.reviews.all())
    at = one.submitted_at or one.at
    return -sum(review.total for review in reviews), -sum(review.marks[0] for review in reviews), at, one.pk

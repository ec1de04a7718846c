"""提交、撤回: an application is handed in when nothing is missing; a colleague or a program hands in a whole one at once."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from communities import duties, signin
from communities.fields import MOBILE, mobile
from communities.models import Community, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.joining import applying, scoring, ties
from partners.joining.applying import REFUSALS, AlreadyApplied, CallOver, Service, Subject, TradeNotCalled
from partners.models import Application, Call, Partner

Status = Application.Status
NOTE = 100  # characters


class Incomplete(BadInput):
    code = "application_incomplete"

    def __init__(self, lacking: tuple[str, ...] = ("内容",)) -> None:
        super().__init__(f"还缺：{'、'.join(lacking)}。没有提交，已填的都保存着，请补上再提交。")


class KnownPartner(Refused):
    code = "partner_known"
    message = (
        "这个统一社会信用代码已经登记为合伙人，没有提交。请用店主的手机号登录，用已有的资料报名；不清楚的请打社区电话。"
    )


class NotWithdrawable(Refused):
    code = "application_settled"
    message = "这份报名已经在公示或有了结果，不能再撤回，没有改动。不想继续的，请打社区电话。"


@dataclass(frozen=True)
class Pledge:
    """近三年无严重违法承诺, and whether somebody of the family works for the community (`note`: who)."""

    pledged: bool
    kinship: bool | None
    note: str = ""


class Whole(NamedTuple):
    """Everything that an application says."""

    subject: Subject
    service: Service
    pledge: Pledge


def lacking(application: Application) -> tuple[str, ...]:
    """What the first two steps still lack, in words."""
    partner, person = application.partner, application.partner.is_natural
    asked = [
        (partner.credit_code or person, "统一社会信用代码"),
        (partner.legal_person or person, "法定代表人或经营者"),
        (partner.registered_address or person, "注册地址"),
        (partner.contact, "联系人"),
        (partner.contact_phone, "联系电话"),
        (application.services, "服务内容"),
        (application.promises, "公益承诺（至少一项，写明每月次数）"),
    ]
    return tuple(words for there, words in asked if not there)


def refusal_to_submit(application: Application, at: datetime) -> Refused | None:
    """Why it cannot be handed in at `at`; None when nothing stands against it. Page and verb ask."""
    partner, call = application.partner, application.call
    if missing := lacking(application):
        return Incomplete(missing)
    if call:
        first = application.submitted_at is None
        refused = applying.refusal_to_begin(application.community, call, at) if first else None
        if refused or call.status != Call.Status.OPEN:
            return CallOver()
        if call.trades and partner.trade not in call.trades:
            return TradeNotCalled()
    return KnownPartner() if twin_of(partner) else None


def twin_of(partner: Partner) -> Partner | None:
    """The partner of the same street that bears the same code already."""
    if not partner.credit_code or partner.admitted_at:
        return None
    known = Partner.objects.filter(sub_district=partner.sub_district_id, admitted_at__isnull=False)
    return known.filter(credit_code=partner.credit_code).exclude(pk=partner.pk).first()


@verb(REFUSALS)
def submit(*, application: Application, pledge: Pledge, by: User, at: datetime | None = None) -> Application:
    """The last step. Of one that was returned the moment of the first time counts.

    Refuses `Incomplete`, `CallOver`, `TradeNotCalled`, `KnownPartner`, somebody else, and what is handed in.
    """
    at, mine = at or clock.now(), applying.writable(application, by)
    if refused := refusal_to_submit(mine, at):
        raise refused
    note = pledge.note.strip()
    if len(note) > NOTE or "\0" in note:
        raise applying.BadApplication
    asked = [(pledge.pledged, "近三年无严重违法的承诺"), (pledge.kinship is not None, "是否与工作人员有亲属关系")]
    asked += [(not pledge.kinship or bool(note), "亲属关系说明")]
    if missing := tuple(words for there, words in asked if not there):
        raise Incomplete(missing)
    mine.pledged, mine.kinship, mine.kinship_note = True, pledge.kinship, note if pledge.kinship else ""
    mine.status, mine.submitted_at = Status.SUBMITTED, mine.submitted_at or at
    mine.save(update_fields=["pledged", "kinship", "kinship_note", "status", "submitted_at"])
    return mine


@verb(REFUSALS)
def hand_in(
    *, community: Community, call: Call | None, whole: Whole, by: User, at: datetime | None = None
) -> Application:  # fmt: skip
    """A colleague, or a program, hands in what somebody said at the desk. A mobile number as contact becomes the owner's.

    Who is known by its code is not made anew. Refuses a stranger, the colleague's own, and what the three steps refuse.
    """
    at = at or clock.now()
    duties.require(by, community, *duties.ENTERING)
    made = applying.begin(community=community, call=call, subject=whole.subject, by=by, at=at)
    if known := twin_of(made.partner):
        fresh, made.partner = made.partner, known
        if (
            known.applications.standing()
            .filter(community=community, call=call)
            .exclude(status=Status.ADMITTED)
            .exists()
        ):
            raise AlreadyApplied
        made.save(update_fields=["partner"])
        fresh.delete()
    elif number := _mobile(whole.subject.contact_phone):
        applying.own(made.partner, signin.account_of(phone=number), by, at)
    if refused := ties.refusal_as_kin(made.partner, by):
        raise refused
    applying.say_what(application=made, service=whole.service, by=by)
    return submit(application=made, pledge=whole.pledge, by=by, at=at)


def _mobile(typed: str) -> str:
    """The number if a phone signs in by it, else nothing."""
    number = mobile(typed)
    return number if MOBILE.fullmatch(number) else ""


@verb()
def withdraw(*, application: Application, by: User, at: datetime | None = None) -> Application:
    """Until somebody is chosen. Refuses somebody else and `NotWithdrawable`. The others of a call are ranked without it."""
    call = scoring.held_of(application)
    mine = Application.objects.held(application.pk)
    if not applying.may_write(mine, by):
        raise applying.NotYourApplication
    if mine.status not in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.CHECKED):
        raise NotWithdrawable
    mine.status, mine.settled_at, mine.settled_by = Status.WITHDRAWN, at or clock.now(), by
    mine.save(update_fields=["status", "settled_at", "settled_by"])
    if call:
        scoring.rank_if_complete(call)
    return mine

"""报名: written on a phone in three steps that are kept one by one, or by a colleague for somebody; handed in, withdrawn.

A candidate is a `Partner` that is not admitted, the phone that began it its owner. Once admitted its name, code and trade
stand; its owner applies elsewhere with what is known.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Model

from communities import duties
from communities.models import Community, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.joining import calling, creditcode
from partners.models import Agreement, Application, Call, Clerk, Lookup, Partner
from partners.vouchers import clerks

Status, Kind = Application.Status, Partner.Kind
MOST_PROMISES, MOST_TIMES, MOST_PEOPLE, ITEM = 8, 200, 10_000, 60
WRITABLE = (Status.DRAFT, Status.RETURNED)
HANDED_IN = (Status.SUBMITTED, Status.CHECKED, Status.PROPOSED)
ALWAYS = ("address", "contact", "contact_phone")  # may change whatever was judged
CODELESS = (Kind.PERSON, Kind.HOST)  # whose kind may be a person
IDENTITY = ("name", "kind", "credit_code", "legal_person")  # what registers are asked for, and licences bear


class BadApplication(BadInput):
    code = "bad_application"
    message = "填写的内容有误或太长，没有保存。请检查后重新提交。"


class CallOver(Refused):
    code = "call_over"
    message = "这份招募现在不接受报名，没有保存。可以看看其他招募，或直接向社区报名。"


class TradeNotCalled(Refused):
    code = "trade_not_called"
    message = "这份招募不面向您填写的行业，没有提交。可以看看其他招募，或直接向社区报名。"


class AlreadyApplied(Refused):
    code = "already_applied"
    message = "这里已经有一份没有办完的报名，没有再开一份。请在“我的报名”里接着办。"


class NotWritable(Refused):
    code = "application_handed_in"
    message = "这份报名已经提交或办结，现在不能改，没有保存。需要补正时社区会退回给您。"


class KnownElsewhere(Refused):
    code = "partner_known_elsewhere"
    message = "这家的资料登记在别的街道，不能直接用来报名，没有保存。请选“另一家，重新填写”，在这个街道重新登记。"


class NotYourApplication(Refused):
    code = "not_your_application"
    message = "这份报名不是由您填写的，没有改动。"
    status = 403


REFUSALS: Refusals = {
    "partner_application_once": lambda _: AlreadyApplied(),
    "partner_application_short_once": lambda _: AlreadyApplied(),
}


@dataclass(frozen=True)
class Subject:
    """主体: who applies (domain guide, 7.3). 能人 have no code, 主理人 if they are a firm."""

    name: str
    kind: str
    trade: str
    credit_code: str = ""
    legal_person: str = ""
    registered_address: str = ""
    address: str = ""
    scope: str = ""
    founded_on: date | None = None
    contact: str = ""
    contact_phone: str = ""


@dataclass(frozen=True)
class PromiseLine:
    """One quantified promise: so many `times` a month for so many `people` each, at what `discount`."""

    item: str
    times: int
    people: int = 0
    discount: str = ""


@dataclass(frozen=True)
class Service:
    """服务与承诺."""

    services: str
    audience: str = ""
    promises: tuple[PromiseLine, ...] = ()
    room_wanted: str = ""
    safety: str = ""
    insurance: str = ""


def fits(model: type[Model], said: dict[str, Any]) -> bool:
    """Whether every text is as long as its column and every choice one of the column's."""
    for name, value in said.items():
        column = model._meta.get_field(name)
        most, choices = getattr(column, "max_length", None), dict(getattr(column, "flatchoices", []))
        if isinstance(value, str) and ("\0" in value or (most and len(value) > most)):
            return False
        if choices and value not in choices:
            return False
    return True


def refusal_to_begin(community: Community, call: Call | None, at: datetime) -> Refused | None:
    """Why nobody can apply there at `at`; None when somebody can. Page and verb ask."""
    if call and (call.community_id != community.pk or not calling.open_on(call, clock.local(at).date())):
        return CallOver()
    return None


@verb(REFUSALS)
def begin(
    *, community: Community, call: Call | None, subject: Subject, by: User, at: datetime | None = None
) -> Application:  # fmt: skip
    """A draft of a new candidate; a phone that begins it owns it. Refuses what `refusal_to_begin` and `_checked` say."""
    at = at or clock.now()
    if refused := refusal_to_begin(community, call, at):
        raise refused
    partner = Partner.objects.create(sub_district_id=community.sub_district_id, **_checked(subject))
    if by.kind == User.Kind.RESIDENT:
        own(partner, by, by, at)
    return Application.objects.create(partner=partner, community=community, call=call, by=by, at=at)


def own(partner: Partner, account: User, by: User, at: datetime) -> Clerk:
    """`account` is the owner's phone of a new candidate. Refuses `StaffPhone`: who works here serves for no shop."""
    if refused := clerks.refusal_to_serve(account.phone or "", partner):
        raise refused
    return Clerk.objects.create(
        partner=partner, account=account, slot=Clerk.OWNER, label="店主", added_by=by, added_at=at
    )  # fmt: skip


@verb(REFUSALS)
def begin_again(
    *, partner: Partner, community: Community, call: Call | None, by: User, at: datetime | None = None
) -> Application:  # fmt: skip
    """A draft of somebody known, with what was said the last time; who goes on where one is begun gets that one.

    Refuses a phone that is not its owner's, `KnownElsewhere`, and what `refusal_to_begin` says.
    """
    at = at or clock.now()
    if refused := refusal_to_begin(community, call, at):
        raise refused
    if partner.sub_district_id != community.sub_district_id:
        raise KnownElsewhere
    locked = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    if by.kind == User.Kind.RESIDENT and not locked.clerks.current().filter(account=by, slot=Clerk.OWNER).exists():
        raise NotYourApplication
    mine = locked.applications.standing().filter(community=community, call=call).exclude(status=Status.ADMITTED)
    if begun := mine.first():
        return begun
    last = locked.applications.exclude(submitted_at=None).order_by("-pk").first()
    kept = ("services", "audience", "promises", "room_wanted", "safety", "insurance")
    known = {name: getattr(last, name) for name in kept} if last else {}
    return Application.objects.create(partner=locked, community=community, call=call, by=by, at=at, **known)


def is_signed(application: Application) -> bool:
    """Whether what it led to, an agreement of the two, is signed."""
    both = Agreement.objects.filter(partner=application.partner_id, community=application.community_id)
    return application.status == Status.ADMITTED and both.filter(status=Agreement.Status.SIGNED).exists()


def settled(partner: Partner) -> bool:
    """Whether somebody judges, or has judged, who this is: then name, code and trade stand."""
    return partner.admitted_at is not None or partner.applications.filter(status__in=HANDED_IN).exists()


@verb(REFUSALS)
def say_who(*, application: Application, subject: Subject, by: User) -> Application:
    """The first step. Of one that is judged elsewhere address and contact alone are changed; who becomes another is looked at anew."""
    mine = writable(application, by)
    said = _checked(subject)
    partner = Partner.objects.select_for_update(no_key=True).get(pk=mine.partner_id)
    names = ALWAYS if settled(partner) else tuple(said)
    if any(getattr(partner, name) != said[name] for name in IDENTITY if name in names):
        _look_anew(partner)
    for name in names:
        setattr(partner, name, said[name])
    partner.save(update_fields=names)
    return mine


def _look_anew(partner: Partner) -> None:
    """What was read in registers, and seen in originals, was another's."""
    Lookup.objects.filter(application__partner=partner, application__status__in=WRITABLE).delete()
    current = partner.licences.current()
    seen, waiting = current.exclude(checked_at=None), list(current.unchecked().values_list("kind", flat=True))
    seen.filter(kind__in=waiting).update(ended_at=clock.now())
    seen.update(checked_at=None, checked_by=None)


@verb(REFUSALS)
def say_what(*, application: Application, service: Service, by: User) -> Application:
    """The second step. Refuses `BadApplication`, somebody else, and what is handed in."""
    mine = writable(application, by)
    said = asdict(service) | {"promises": [asdict(line) for line in service.promises]}
    if not fits(Application, said) or not _quantified(service.promises):
        raise BadApplication
    for name, value in said.items():
        setattr(mine, name, value)
    mine.save(update_fields=list(said))
    return mine


def _quantified(lines: tuple[PromiseLine, ...]) -> bool:
    whole = (
        0 < len(one.item) <= ITEM and len(one.discount) <= ITEM and "\0" not in one.item + one.discount
        and 1 <= one.times <= MOST_TIMES and 0 <= one.people <= MOST_PEOPLE for one in lines
    )  # fmt: skip
    return len(lines) <= MOST_PROMISES and all(whole)


def writable(application: Application, by: User) -> Application:
    """The application, locked. Refuses `NotWritable`, and who neither owns it nor began it at the desk."""
    mine = Application.objects.held(application.pk)
    if not may_write(mine, by):
        raise NotYourApplication
    if mine.status not in WRITABLE:
        raise NotWritable
    return mine


def may_write(application: Application, by: User) -> bool:
    """The owner's phone; of what a colleague or a program wrote down for somebody, whoever enters things there."""
    if by.kind == User.Kind.RESIDENT:
        return application.partner.clerks.current().filter(account=by, slot=Clerk.OWNER).exists()
    at_the_desk = application.by.kind != User.Kind.RESIDENT
    return at_the_desk and duties.holds(by, application.community, *duties.ENTERING)


def _checked(subject: Subject) -> dict[str, Any]:
    """The columns of the candidate. Refuses `BadApplication` and `BadCreditCode`."""
    said = asdict(subject)
    said["name"] = subject.name.strip()
    if not said["name"] or not fits(Partner, {name: value for name, value in said.items() if name != "credit_code"}):
        raise BadApplication
    typed = "" if subject.kind == Kind.PERSON else subject.credit_code.strip()
    said["credit_code"] = creditcode.parsed(typed) if typed or subject.kind not in CODELESS else ""
    return said

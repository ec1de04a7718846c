"""志愿服务记录证明: asked for, issued by the head under a number without gaps, revoked (民政部令第67号, 14-17; domain guide, 3.4).

Whoever recorded certifies: a community certifies the standing hours of its own book, and no other's. Hours, content and
unit stand on it as they stood then; a later correction is said on the check page (activities/certified.py).
"""

from datetime import date, datetime
from secrets import token_urlsafe

from django.db.models import Max

from activities import terms
from activities.models import Certificate, CertificateRequest, Service, Volunteer
from communities import closing, duties, settings
from communities.kin import refusal_between
from communities.models import Community, Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell

HEADS = (duties.Role.HEAD, duties.Role.STREET_ADMIN)
LONGEST = 100
Status = CertificateRequest.Status


class NothingToCertify(Refused):
    code = "nothing_to_certify"
    message = "这段时间里，这个社区没有记录满半小时的志愿服务，不能出具证明，什么都没有改动。请换一段时间或另一个社区。"


class NotConfirmed(Refused):
    code = "certificate_not_confirmed"
    message = "登记确认以后才能申请志愿服务记录证明，这次没有提交。"


class NotYours(Refused):
    code = "certificate_not_yours"
    message = "证明由本人申请，或到记录服务的社区窗口申请。这次没有提交。"
    status = 403


class AlreadyAsked(Refused):
    code = "certificate_asked"
    message = "这个社区已经有一份申请等待出具，不用重复提交。"


class HeadsOnly(duties.NotYourDuty):
    code = "certificate_heads_only"
    message = "证明由记录服务的社区的主任出具和作废，什么都没有改动。请通知主任办理。"


class OwnFamily(Refused):
    code = "certificate_family"
    message = "不能办理自己、家人或由您代办的居民的证明，什么都没有改动。请由其他同事办理。"
    status = 403


class AlreadyDecided(Refused):
    code = "certificate_decided"
    message = "这份申请已经办理过，没有重复出具。请刷新页面查看。"


class AlreadyRevoked(Refused):
    code = "certificate_revoked"
    message = "这份证明已经作废，没有再改动。"


class SameCode(Refused):
    code = "community_code_taken"
    message = "编号没有取到：社区码和另一个社区的相同，没有出具。请街道管理员核对社区码后再试。"


class BadPeriod(BadInput):
    code = "certificate_period"
    message = "服务期间的开始不能晚于截止，截止不能晚于今天。这次没有提交。"


class BadReason(BadInput):
    code = "certificate_reason"
    message = f"请写明原因，不超过{LONGEST}字，什么都没有改动。"


REFUSALS: Refusals = {
    "certificate_asked_once": lambda _: AlreadyAsked(),
    "activities_certificate_number_key": lambda _: SameCode(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


def units_of(resident: Resident) -> list[Community]:
    """The communities that recorded hours of `resident`, and so may certify them."""
    recorded = Service.objects.of(resident).standing().filter(credited__gt=0)
    return list(Community.objects.filter(pk__in=recorded.values("community")).order_by("pk"))


def records(resident: Resident, community: Community, from_on: date, to_on: date) -> list[Service]:
    """What `community` recorded of `resident` in the period and still stands, the oldest first; nothing below half an hour."""
    mine = Service.objects.of(resident).standing().filter(community=community, credited__gt=0)
    return list(mine.filter(on__gte=from_on, on__lte=to_on).order_by("starts_at", "pk"))


def refusal_to_ask(
    resident: Resident, community: Community, from_on: date, to_on: date, by: User, *, on: date
) -> Refused | None:  # fmt: skip
    """Why no certificate can be asked for; None when nothing stands against it."""
    own = resident.account_id == by.pk
    reasons: list[tuple[bool, Refused]] = [
        (not own and not duties.holds(by, community), NotYours()),
        (not resident.confirmed, NotConfirmed()),
        (not from_on <= to_on <= on, BadPeriod()),
        (not records(resident, community, from_on, to_on), NothingToCertify()),
    ]
    first = next((refused for stands, refused in reasons if stands), None)
    return first or (None if own else refusal_between(by=by, beneficiaries=[resident], family=OwnFamily()))


def refusal_to_issue(request: CertificateRequest, by: User) -> Refused | None:
    """Why `by` cannot issue or decline; None when nothing stands against it."""
    if request.status != Status.ASKED:
        return AlreadyDecided()
    return _refusal(request.community, request.resident, by)


def refusal_to_revoke(certificate: Certificate, by: User) -> Refused | None:
    """Why `by` cannot revoke; None when nothing stands against it."""
    return AlreadyRevoked() if certificate.revoked_at else _refusal(certificate.community, certificate.resident, by)


def _refusal(community: Community, resident: Resident, by: User) -> Refused | None:
    if not duties.holds(by, community, *HEADS):
        return HeadsOnly()
    return refusal_between(by=by, beneficiaries=[resident], family=OwnFamily())


@verb(REFUSALS)
def ask(
    *, resident: Resident, community: Community, from_on: date, to_on: date, by: User, at: datetime | None = None
) -> CertificateRequest:  # fmt: skip
    """By the resident's own account, or by a colleague of `community` at the counter; the period begins with the first record.

    Refuses what `refusal_to_ask` says.
    """
    at = at or clock.now()
    if refused := refusal_to_ask(resident, community, from_on, to_on, by, on=clock.local(at).date()):
        raise refused
    first = records(resident, community, from_on, to_on)[0].on
    return CertificateRequest.objects.create(
        community=community, resident=resident, from_on=first, to_on=to_on, asked_by=by, asked_at=at
    )


@verb(REFUSALS)
def issue(*, request: CertificateRequest, by: User, remarks: str = "", at: datetime | None = None) -> Certificate:
    """Write the certificate, with the next number of the community and year, and tell the resident.

    Whoever asked at the counter is 经办人. Refuses `NothingToCertify`, `BadInput` and what `refusal_to_issue` says.
    """
    at, mine = at or clock.now(), _locked(request)
    if refused := refusal_to_issue(mine, by):
        raise refused
    services = records(mine.resident, mine.community, mine.from_on, mine.to_on)
    if not services:
        raise NothingToCertify
    if len(remarks.strip()) > LONGEST or "\0" in remarks:
        raise BadInput
    made = _written(mine, services, by, remarks.strip(), at)
    mine.certificate = made
    _decide(mine, Status.ISSUED, by, at)
    said = f"{mine.community.name}已出具您的志愿服务记录证明，编号{made.number}，共{made.hours}小时。可以查看和打印；需要盖章请到社区窗口。"
    words_ = Words("志愿服务记录证明已出具", said, f"/activities/certificates/{made.pk}/")
    tell(resident=mine.resident, occasion=f"certificate:{made.pk}:issued", words=words_)
    return made


def _written(mine: CertificateRequest, services: list[Service], by: User, remarks: str, at: datetime) -> Certificate:
    today, resident = clock.local(at).date(), mine.resident
    months = settings.value_of(settings.CERTIFICATE_MONTHS, mine.community.sub_district_id, on=today)
    number = Volunteer.objects.current().filter(resident=resident).values_list("number", flat=True).first()
    serial = _next_serial(mine.community, today.year)
    return Certificate.objects.create(
        community=mine.community, resident=resident, year=today.year, serial=serial,
        number=f"{mine.community.code or f'{mine.community_id:04d}'}-{today.year}-{serial:04d}", token=token_urlsafe(16),
        from_on=mine.from_on, to_on=mine.to_on, minutes=sum(one.credited for one in services),
        lines=[line_of(one) for one in services], remarks=remarks, name=resident.name, volunteer_number=number or "",
        handled_by=mine.asked_by if mine.asked_by.is_desk_user else by, issued_by=by, issued_at=at,
        valid_until=terms.add_months(today, months),
    )  # fmt: skip


def line_of(service: Service) -> dict[str, str | int]:
    """One line as it is printed. It names nobody: who led the activity stands in the book."""
    return {
        "service": service.pk, "on": service.on.isoformat(), "title": service.title, "content": service.content,
        "place": service.place, "span": words.span(service.starts_at, service.ends_at), "hours": f"{service.credited / 60:g}",
        "unit": service.unit,
    }  # fmt: skip


def _next_serial(community: Community, year: int) -> int:
    """One more than the last of the year. The community's row is locked until it is written: no gap, no number twice."""
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    last = Certificate.objects.filter(community=community, year=year).aggregate(last=Max("serial"))["last"]
    return (last or 0) + 1


@verb(REFUSALS)
def decline(*, request: CertificateRequest, reason: str, by: User, at: datetime | None = None) -> None:
    """Say why none is issued. Refuses `BadReason` and what `refusal_to_issue` says."""
    mine = _locked(request)
    if refused := refusal_to_issue(mine, by):
        raise refused
    mine.decline_reason = _reason(reason)
    _decide(mine, Status.DECLINED, by, at or clock.now())
    said = f"{mine.community.name}没有出具：{mine.decline_reason}。服务时长不受影响，可以重新申请。"
    occasion = f"certificate_request:{mine.pk}:declined"
    tell(resident=mine.resident, occasion=occasion, words=Words("证明申请没有通过", said, "/activities/certificates/"))


@verb(REFUSALS)
def withdraw(*, request: CertificateRequest, by: User, at: datetime | None = None) -> None:
    """The resident needs it no more. Refuses `NotYours` and `AlreadyDecided`."""
    mine = _locked(request)
    if mine.resident.account_id != by.pk:
        raise NotYours
    if mine.status != Status.ASKED:
        raise AlreadyDecided
    _decide(mine, Status.WITHDRAWN, by, at or clock.now())


@verb(REFUSALS)
def revoke(*, certificate: Certificate, reason: str, by: User, at: datetime | None = None) -> Certificate:
    """From now on the check page says that it counts no more. Refuses `BadReason` and what `refusal_to_revoke` says."""
    rows = Certificate.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("community", "resident").get(pk=certificate.pk)
    if refused := refusal_to_revoke(mine, by):
        raise refused
    mine.revoked_at, mine.revoked_by, mine.revoke_reason = at or clock.now(), by, _reason(reason)
    mine.save(update_fields=["revoked_at", "revoked_by", "revoke_reason"])
    said = f"编号{mine.number}的志愿服务记录证明已作废：{mine.revoke_reason}。服务时长以社区记录为准，可以重新申请。"
    words_ = Words("证明已作废", said, "/activities/certificates/")
    tell(resident=mine.resident, occasion=f"certificate:{mine.pk}:revoked", words=words_)
    return mine


def _locked(request: CertificateRequest) -> CertificateRequest:
    rows = CertificateRequest.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("community", "resident", "asked_by").get(pk=request.pk)


def _decide(mine: CertificateRequest, status: CertificateRequest.Status, by: User, at: datetime) -> None:
    mine.status, mine.decided_by, mine.decided_at = status, by, at
    mine.save(update_fields=["status", "decided_by", "decided_at", "decline_reason", "certificate"])


def _reason(reason: str) -> str:
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST or "\0" in reason:
        raise BadReason
    return reason

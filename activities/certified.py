"""核对证明: what a certificate is worth today, and what everybody may read who holds its code. Reading changes nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from django.conf import settings
from django.http import Http404
from django.urls import reverse

from activities.certificates import HEADS
from activities.models import Certificate, CertificateRequest, Service
from activities.models.stars import CertificateQuerySet, CertificateRequestQuerySet
from communities import calendar, todo
from communities.drawing import drawn
from communities.kin import Kin, kin_of
from communities.models import Community, Resident, User
from core import clock, masks

PAGE = 50
ANSWER_WITHIN = 5  # working days (domain guide, 3.4)


class State(StrEnum):
    VALID = "valid"
    EXPIRED = "expired"
    CORRECTED = "corrected"  # hours on it were corrected after it was issued
    REVOKED = "revoked"
    EMPTIED = "emptied"  # the person's file was closed


WORDS = {
    State.VALID: ("有效", "g"),
    State.EXPIRED: ("已过有效期", "y"),
    State.CORRECTED: ("时长有更正", "y"),
    State.REVOKED: ("已作废", "r"),
    State.EMPTIED: ("不能核对", ""),
}


@dataclass(frozen=True)
class Seen:
    """A certificate with what it is worth today, in a word and the tone of a tag."""

    certificate: Certificate
    state: State

    @property
    def said(self) -> str:
        return WORDS[self.state][0]

    @property
    def tone(self) -> str:
        return WORDS[self.state][1]


@dataclass(frozen=True)
class Check:
    """All that the check page may say of a certificate; nothing in it leads to the person's file or the single services."""

    number: str
    who: str
    hours: str
    unit: str
    issuer: Community
    issued_on: date
    valid_until: date
    revoked_on: date | None
    state: State


def seen(certificates: Iterable[Certificate], *, on: date | None = None) -> list[Seen]:
    """What each is worth on `on` (today); one query for any number."""
    shown = list(certificates)
    numbers = {line["service"] for one in shown for line in one.lines}
    struck = Service.objects.filter(pk__in=numbers).exclude(voided_at=None)
    voided = set(struck.values_list("pk", flat=True)) if numbers else set()
    return [Seen(one, _state(one, voided, on or clock.today())) for one in shown]


def _state(one: Certificate, voided: set[int], day: date) -> State:
    reasons = [
        (one.revoked_at is not None, State.REVOKED),
        (not one.name, State.EMPTIED),
        (any(line["service"] in voided for line in one.lines), State.CORRECTED),
        (day > one.valid_until, State.EXPIRED),
    ]
    return next((state for stands, state in reasons if stands), State.VALID)


def check(token: str, *, at: datetime | None = None) -> Check:
    """What everybody reads who has the code, of a revoked one neither name nor hours; 404 for a code of nothing."""
    found = Certificate.objects.filter(token=token).select_related("community__sub_district").first()
    if found is None:
        raise Http404
    (one,) = seen([found], on=clock.local(at or clock.now()).date())
    place, revoked = found.community, one.state == State.REVOKED
    return Check(
        found.number, masks.name(found.name) if found.name and not revoked else "", "" if revoked else found.hours, f"{place.sub_district.name}{place.name}",
        place, clock.local(found.issued_at).date(), found.valid_until,
        clock.local(found.revoked_at).date() if found.revoked_at else None, one.state,
    )  # fmt: skip


def address_of(certificate: Certificate) -> str:
    """Where its code leads."""
    return settings.SITE_URL + reverse("certificate-check", args=[certificate.token])


def sheet(certificate: Certificate) -> dict[str, Any]:
    """Context of the paper: `certificate` with resident and community, and the code by which it is checked."""
    (one,) = seen([certificate])
    lines = [{**line, "day": date.fromisoformat(str(line["on"]))} for line in certificate.lines]
    return {
        "certificate": certificate,
        "seen": one,
        "lines": lines,
        "qr": drawn(address_of(certificate)),
        "person": certificate.resident,
    }


def mine(resident: Resident) -> list[Seen]:
    """What was issued to `resident`, the newest first."""
    return seen(Certificate.objects.filter(resident=resident).select_related("community").order_by("-pk")[:PAGE])


def issued(user: User, wanted: dict[str, Any], before: int | None) -> list[Certificate]:
    """One more than a page of the desk's list, by `community`, `q` of name or number, `revoked`; the newest first."""
    rows = listed(user, wanted)
    return list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])


def listed(user: User, wanted: dict[str, Any]) -> CertificateQuerySet:
    """All that the list would show."""
    rows = Certificate.objects.for_staff(user).select_related("community", "resident", "handled_by", "issued_by")
    if words := wanted.get("q"):
        rows = rows.filter(number__contains=words) if words[:1].isdigit() else rows.filter(name__contains=words)
    if place := wanted.get("community"):
        rows = rows.filter(community=place)
    return rows.order_by("-pk")


def asked(user: User) -> list[CertificateRequest]:
    """What waits in the reader's communities, the oldest first."""
    rows = CertificateRequest.objects.for_staff(user).open().select_related("community", "resident", "asked_by")
    return list(rows.order_by("pk")[:PAGE])


def waiting_for(by: User, kin: Kin | None = None) -> CertificateRequestQuerySet:
    """What `by` may issue: the same answer as `certificates.refusal_to_issue`, as a query."""
    if not by.own_phone:
        return CertificateRequest.objects.none()
    held, kin = by.duties.current().filter(role__in=HEADS), kin or kin_of(by)
    here = Community.objects.filter(pk__in=held.values("community"))
    there = Community.objects.filter(sub_district__in=held.values("sub_district"))
    rows = CertificateRequest.objects.open().filter(community__in=here | there)
    return rows.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


def rows(user: User) -> Iterator[todo.Waiting]:
    """To-do: requests that this head may answer, and until when."""
    yield todo.Waiting(
        "stars", "志愿服务记录证明待您出具", reverse("desk:certificates"), partial(waiting_for, user), "asked_at",
        calendar.working(ANSWER_WITHIN), "community__sub_district",
    )  # fmt: skip

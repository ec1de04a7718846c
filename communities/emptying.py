"""清除: what this app keeps about somebody who leaves, ended and emptied (communities/closing.py says when)."""

from collections.abc import Iterator
from dataclasses import replace

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db.models import Case, Value, When

from communities import consents, guardians, helping
from communities.closing import EMPTIED, SOMEBODY, Gone, empty, gone_of, scrub
from communities.models import (
    Appeal,
    Attempts,
    Card,
    Consent,
    Helper,
    Line,
    NoticeItem,
    Objection,
    Resident,
    RightsRequest,
    SignInCode,
    Slip,
    User,
)  # fmt: skip
from core import clock

SERVED = (Resident.Status.PENDING, Resident.Status.CONFIRMED)


def obstacles(resident: Resident) -> Iterator[str]:
    """What waits for an answer: closing would leave it without anybody to be answered."""
    requests = RightsRequest.objects.open().filter(resident=resident).exclude(kind=RightsRequest.Kind.CLOSE)
    for one in requests.order_by("pk"):
        yield f"“{one.get_kind_display()}”的申请还没有答复"
    if Appeal.objects.of(resident).open().exists():
        yield "申诉还没有答复"
    if Objection.objects.filter(resident=resident, status=Objection.Status.FILED).exists():
        yield "对公示的异议还没有答复"


def end(gone: Gone) -> None:
    """Consents are withdrawn (whoever listens ends what hung on them), helpers and the card end; so does helping others."""
    consents.end(Consent.objects.standing().filter(resident=gone.resident), by=gone.by)
    helping.end_all(resident=gone.resident, by=gone.by)
    guardians.end_all(resident=gone.resident, by=gone.by)
    Card.objects.filter(resident=gone.resident, ended_at=None).update(ended_at=clock.now(), ended_by=gone.by)
    if account := _of_nobody_else(gone):
        helping.leave_all(account=account, by=gone.by)
        consents.end(Consent.objects.standing().filter(account=account), by=gone.by)


def empty_texts(gone: Gone) -> None:
    """The person's own words go whole; out of what others wrote goes the name."""
    mine = {"resident": gone.resident}
    own = {"text": EMPTIED, "answer": Case(When(answer="", then=Value("")), default=Value(EMPTIED))}
    for rows in (Appeal.objects.filter(**mine), RightsRequest.objects.filter(**mine), Objection.objects.filter(**mine)):
        rows.update(**own)
    scrub(Appeal.objects.filter(**mine), "subject", "old_value", "new_value", gone=gone)
    scrub(NoticeItem.objects.filter(**mine), "said", gone=gone)
    scrub(Slip.objects.filter(**mine), "act", "said", gone=gone)
    if not gone.namesake:
        here = gone.resident.community_id
        scrub(Appeal.objects.filter(community=here), "text", "answer", "subject", gone=gone)
        scrub(RightsRequest.objects.filter(community=here), "text", "answer", gone=gone)
        scrub(Objection.objects.filter(notice__community=here), "text", "answer", gone=gone)
    Card.objects.filter(**mine).update(pin="")
    Helper.objects.filter(**mine).update(name=SOMEBODY, relation="")


def empty_sheets(gone: Gone) -> None:
    """Lines of imported sheets with this name and number that never became a file (communities/importing sees to the others)."""
    if gone.phone:
        Line.objects.filter(phone=gone.phone, name=gone.name, resident=None).delete()


def end_account(gone: Gone) -> None:
    """The account ends if it serves nobody else; its number is free, and whoever has it next begins afresh."""
    account = _of_nobody_else(gone)
    if account is None:
        return
    for declined in account.residents.filter(status=Resident.Status.DECLINED).select_related("community"):
        empty(declined, replace(gone_of(declined, gone.by), account=None))
    Helper.objects.filter(account=account).update(name=SOMEBODY)
    if account.phone:
        SignInCode.objects.filter(phone=account.phone).delete()
        Attempts.objects.filter(key__contains=account.phone).delete()
    _end_sessions(account)
    account.is_active, account.phone, account.name, account.username = False, None, "", f"closed-{account.pk}"
    account.save(update_fields=["is_active", "phone", "name", "username"])


def _of_nobody_else(gone: Gone) -> User | None:
    """The account of who leaves, unless it serves somebody else."""
    account = gone.account
    serves = account and account.residents.filter(status__in=SERVED).exclude(pk=gone.resident.pk).exists()
    return None if serves else account


def _end_sessions(account: User) -> None:
    for session in Session.objects.filter(expire_date__gt=clock.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(account.pk):
            session.delete()

"""Drafting an agreement, and changing or dropping it while nobody has signed it (domain guide, 7.4).

A draft's text keeps the marks of its template; they are filled in when it is sent (signing.py).
"""

from datetime import date, datetime
from itertools import count

from django.db.models import Max

from communities import closing, duties, settings
from communities.models import Community, User
from communities.photos import Picture
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from partners.agreements import recording, templates, wording
from partners.agreements.dates import check_term
from partners.agreements.papers import kept
from partners.agreements.terms import NoPromise, Terms, following, put_rows
from partners.models import Agreement, Application, Attachment, Partner, Template

PREFIX, YEARLY = "XY", 4
MOST_PAPERS = 20
Status = Agreement.Status


class NoTemplate(Refused):
    code = "no_template"
    message = "还没有批准的协议范本，没有保存。请街道管理员起草范本，另一位同事批准后再拟协议。"


class DraftedAlready(Refused):
    code = "agreement_drafted"
    message = "这次入选或这份旧协议已经拟了新协议，没有重复保存。请在协议列表里打开那一份。"


class AgreementSigned(Refused):
    code = "agreement_signed"
    message = "协议已经送签或签署，内容不再改动，这次没有保存。需要变更的，请另拟新的一版。"


class NotRenewable(Refused):
    code = "not_renewable"
    message = "这份协议没有签署、已经终止或已有续签，不能再续，没有保存。请在协议列表里核对。"


class TooManyPapers(BadInput):
    code = "too_many_papers"
    message = f"一份协议最多{MOST_PAPERS}个附件，没有保存。请先移除用不到的。"


REFUSALS: Refusals = {
    "PA010": lambda _: AgreementSigned(),
    "partners_agreement_replaces_id_key": lambda _: DraftedAlready(),
    "partners_agreement_number_key": lambda _: recording.NumberTaken(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


def refusal_to_draft(
    partner: Partner, community: Community, by: User, application: Application | None = None
) -> Refused | None:
    """Why `by` cannot draft an agreement of the two; None when nothing stands against it. Page and verb ask."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, community), duties.NotYourDuty()),
        (partner.sub_district_id != community.sub_district_id, recording.OtherSubDistrict()),
        (partner.admitted_at is None, recording.NotAdmitted()),
    ]
    if application is not None:
        matches = (application.partner_id, application.community_id) == (partner.pk, community.pk)
        reasons.append((application.status != Application.Status.ADMITTED or not matches, recording.NotAdmitted()))
        reasons.append((application.agreements.exclude(status=Status.VOID).exists(), DraftedAlready()))
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def draft(
    *, partner: Partner, community: Community, terms: Terms, template: Template, by: User,
    application: Application | None = None, at: datetime | None = None,
) -> Agreement:  # fmt: skip
    """A draft under the community's next number of the year. Refuses what `refusal_to_draft` and `Terms.check` say, `NoTemplate`."""
    if application is not None:
        Application.objects.select_for_update(no_key=True).get(pk=application.pk)
        application.refresh_from_db(fields=["status"])
    if refused := refusal_to_draft(partner, community, by, application):
        raise refused
    return _written(Agreement(partner=partner, community=community, application=application), terms, template, by, at)


@verb(REFUSALS)
def renew(*, agreement: Agreement, by: User, at: datetime | None = None) -> Agreement:
    """A draft that follows `agreement`, with its terms and the newest text: whatever changes is written in before it is sent.

    Once signed, the old one ends on the day on which it begins (signing.py). Refuses `NotRenewable`, `NoTemplate`.
    """
    old = (
        Agreement.objects.select_for_update(no_key=True, of=("self",))
        .select_related("partner", "community")
        .get(pk=agreement.pk)
    )
    duties.require(by, old.community)
    if refused := refusal_to_renew(old):
        raise refused
    current = Template.objects.current().filter(sub_district=old.community.sub_district_id)
    mine = current.filter(title=old.template.title).first() if old.template else None
    months = settings.value_of(settings.AGREEMENT_MONTHS, old.community.sub_district_id)
    made = Agreement(partner=old.partner, community=old.community, replaces=old, version=old.version + 1)
    return _written(made, following(old, months), mine or current.order_by("pk").first(), by, at)


def refusal_to_renew(agreement: Agreement) -> Refused | None:
    """Only what was signed and has not ended early is followed by a new version, and by one alone."""
    if agreement.status != Status.SIGNED or agreement.ended_on:
        return NotRenewable()
    return DraftedAlready() if Agreement.objects.filter(replaces=agreement).exists() else None


def _written(made: Agreement, terms: Terms, template: Template | None, by: User, at: datetime | None) -> Agreement:
    at = at or clock.now()
    if template is None or template.approved_at is None or template.sub_district_id != made.community.sub_district_id:
        raise NoTemplate
    if made.replaces_id is None:
        terms.check(made.community_id)
    made.template, made.text, made.status = template, template.text, Status.DRAFT
    made.recorded_by, made.recorded_at = by, at
    made.number = next_number(made.community, clock.local(at).date())
    terms.put_on(made)
    made.save(force_insert=True)
    put_rows(made, terms.promises, terms.rooms)
    return made


@verb(REFUSALS)
def amend(*, agreement: Agreement, terms: Terms, text: str, by: User) -> Agreement:
    """Write a draft anew; whoever did so last wrote it.

    Refuses `AgreementSigned`, `BadTemplate` for a mark that names no place, what `Terms.check` says.
    """
    mine = locked(agreement, by)
    terms.check(mine.community_id)
    if wording.unknown(text) or not text.strip() or len(text) > templates.LONGEST:
        raise templates.BadTemplate([], wording.unknown(text))
    terms.put_on(mine)
    mine.text, mine.recorded_by = text, by
    mine.save()
    put_rows(mine, terms.promises, terms.rooms)
    return mine


@verb(REFUSALS)
def retype(*, agreement: Agreement, by: User) -> Agreement:
    """The template's text again, with its marks. Refuses `AgreementSigned`, `NoTemplate`."""
    mine = locked(agreement, by)
    if mine.template is None:
        raise NoTemplate
    mine.text = mine.template.text
    mine.save(update_fields=["text"])
    return mine


@verb(REFUSALS)
def void(*, agreement: Agreement, reason: str, by: User) -> Agreement:
    """Drop what is not signed by both; its application or the agreement that it was to follow is free for another draft."""
    mine = locked(agreement, by, Status.DRAFT, Status.SIGNING)
    if mine.signed_on:  # the number stands on the paper, and is free for whoever writes it down anew
        mine.number, mine.signed_on = f"{mine.number[:28]}-作废{mine.pk}", None
    mine.status, mine.end_reason, mine.replaces = Status.VOID, reason, None
    mine.save(update_fields=["number", "signed_on", "status", "end_reason", "replaces"])
    return mine


def check_rows(mine: Agreement) -> None:
    """What a renewal brought along fits as well. Refuses `BadTerm`, `NoPromise`."""
    check_term(mine.starts_on, mine.ends_on)
    if not mine.promises.exists():
        raise NoPromise


@verb(REFUSALS)
def attach(*, agreement: Agreement, title: str, picture: Picture, by: User, at: datetime | None = None) -> Attachment:
    """A picture that becomes part of what is signed. Refuses `AgreementSigned`, `TooManyPapers`."""
    mine = locked(agreement, by)
    return put_paper(mine, title, picture, by, at or clock.now(), scan=False)


@verb(REFUSALS)
def detach(*, attachment: Attachment, by: User) -> None:
    """The draft no longer refers to it; the picture stays in the partner's file. Refuses `AgreementSigned`."""
    locked(attachment.agreement, by)
    attachment.delete()


def put_paper(mine: Agreement, title: str, picture: Picture, by: User, at: datetime, *, scan: bool) -> Attachment:
    """The next attachment of a locked agreement."""
    last = mine.attachments.aggregate(last=Max("order"))["last"] or 0
    if last >= MOST_PAPERS:
        raise TooManyPapers
    paper = kept(mine.partner, title, picture, by, at)
    return Attachment.objects.create(agreement=mine, paper=paper, order=last + 1, scan=scan)


def locked(agreement: Agreement, by: User, *status: Agreement.Status) -> Agreement:
    """The row, locked; refuses `NotYourDuty` to strangers, and `AgreementSigned` unless it is in one of `status` (a draft)."""
    rows = Agreement.objects.select_for_update(no_key=True, of=("self",))
    mine = rows.select_related("partner", "community__sub_district", "template").get(pk=agreement.pk)
    duties.require(by, mine.community)
    if mine.status not in (status or (Status.DRAFT,)):
        raise AgreementSigned
    return mine


def next_number(community: Community, on: date) -> str:
    """XY-文兴的社区码-2026-0007: the first that is free, whatever was written down from paper.

    The community's row is locked, so two drafts at once get two numbers.
    """
    Community.objects.select_for_update(no_key=True).get(pk=community.pk)
    prefix = f"{PREFIX}-{community.code or f'{community.pk:04d}'}-{on.year}-"
    taken = set(Agreement.objects.filter(number__startswith=prefix).values_list("number", flat=True))
    return next(one for one in (f"{prefix}{n:0{YEARLY}d}" for n in count(1)) if one not in taken)

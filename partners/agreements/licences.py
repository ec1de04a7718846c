"""证照: which a trade usually needs, sent in by the owner or a colleague, looked at in the original by a colleague."""

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from communities import duties
from communities.models import Community, User
from communities.photos import Picture
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners.joining.ties import refusal_as_kin
from partners.models import Clerk, Licence, Paper, Partner

Kind = Licence.Kind
Trade = Partner.Trade
NUMBER, ISSUER, REASON = 40, 60, 100  # characters
# Domain guide, 7.2, [K]: shown as “一般需要”, never enforced; staff look at what this partner really does.
OF_KIND: dict[str, tuple[Kind, ...]] = {
    Partner.Kind.MERCHANT: (Kind.BUSINESS,),
    Partner.Kind.HOST: (Kind.BUSINESS,),
    Partner.Kind.ORGANISATION: (Kind.REGISTRATION,),
}
OF_TRADE: dict[str, tuple[Kind, ...]] = {
    Trade.CATERING: (Kind.FOOD,),
    Trade.MEDICAL: (Kind.MEDICAL, Kind.PERSONAL),
    Trade.ELDER_CARE: (Kind.ELDER_CARE,),
    Trade.HOUSEKEEPING: (Kind.HOUSEKEEPING,),
    Trade.CHILDCARE: (Kind.CHILDCARE, Kind.FIRE),
    Trade.BEAUTY: (Kind.HYGIENE,),
    Trade.CULTURE: (Kind.SCHOOL,),
    Trade.LAW: (Kind.PERSONAL,),
}


class BadLicence(BadInput):
    code = "bad_licence"
    message = f"请选择证照，填写证号（不超过{NUMBER}字）和发证机关（不超过{ISSUER}字）。没有保存。"


class LicenceOver(Refused):
    code = "licence_over"
    message = "这份证照已经过了有效期，没有保存。请换成有效的证照。"


class LicenceChecked(Refused):
    code = "licence_checked"
    message = "这份证照已经核对过或停用了，没有再改动。请刷新后再看。"


class NoDownReason(BadInput):
    code = "licence_no_reason"
    message = f"退回证照要写明原因和怎么补，不超过{REASON}字，店主会看到。没有改动。"


class TakenInBySame(Refused):
    code = "licence_two_people"
    message = "这份证照由您登记，须由另一位同事（没有的，请街道管理员）对照原件核对，没有改动。"
    status = 403


@dataclass(frozen=True)
class Sent:
    """What is said of a licence; without `valid_until` it holds for good."""

    kind: str
    number: str
    issuer: str
    valid_until: date | None = None
    picture: Picture | None = None


def expected(partner: Partner) -> list[Kind]:
    """What such a partner usually holds."""
    return [*(() if partner.is_natural else OF_KIND.get(partner.kind, ())), *OF_TRADE.get(partner.trade, ())]


def missing(partner: Partner, licences: list[Licence]) -> list[Kind]:
    """What of it nobody has sent in."""
    there = {one.kind for one in licences}
    return [kind for kind in expected(partner) if kind not in there]


@verb()
def send(*, partner: Partner, sent: Sent, by: User, at: datetime | None = None) -> Licence:
    """Kept until a colleague has seen the original; what nobody saw yet of the same kind is replaced.

    `by` is the owner, or whoever took it in at the desk. Refuses `BadLicence`, and `LicenceOver`.
    """
    at, number, issuer = at or clock.now(), sent.number.strip(), sent.issuer.strip()
    fits = 0 < len(number) <= NUMBER and 0 < len(issuer) <= ISSUER and "\0" not in number + issuer
    if not fits or sent.kind not in Kind.values:
        raise BadLicence
    if sent.valid_until and sent.valid_until < clock.local(at).date():
        raise LicenceOver
    locked = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    locked.licences.unchecked().filter(kind=sent.kind).update(ended_at=at)
    paper = keep(locked, str(Kind(sent.kind).label), sent.picture, by, at) if sent.picture else None
    return Licence.objects.create(
        partner=locked, kind=sent.kind, number=number, issuer=issuer, valid_until=sent.valid_until, paper=paper,
        required=sent.kind in expected(locked), by=by, at=at,
    )  # fmt: skip


def keep(partner: Partner, title: str, picture: Picture, by: User, at: datetime) -> Paper:
    """A picture as a paper of the partner."""
    fingerprint = sha256(picture.jpeg).hexdigest()
    return Paper.objects.create(
        partner=partner, title=title[:40], jpeg=picture.jpeg, sha256=fingerprint, by=by, at=at
    )  # fmt: skip


def refusal_to_check(licence: Licence, by: User) -> Refused | None:
    """Why `by` cannot say that the original was seen; None when nothing stands against it."""
    if not _serves(licence.partner, by):
        return duties.NotYourDuty()
    if licence.checked_at or licence.ended_at:
        return LicenceChecked()
    if licence.by_id == by.pk:
        return TakenInBySame()
    return refusal_as_kin(licence.partner, by, (licence.by_id,))


def _serves(partner: Partner, by: User) -> bool:
    """Whether `by` works in a community that the partner has applied to or agreed with."""
    with_it = Community.objects.filter(agreements__partner=partner) | Community.objects.filter(
        applications__partner=partner, applications__submitted_at__isnull=False
    )
    return duties.served_by(by).filter(pk__in=with_it.values("pk")).exists()


@verb()
def check(*, licence: Licence, required: bool, by: User, at: datetime | None = None) -> Licence:
    """The original was seen: it takes the place of the older one of its kind. `required`: without it no offer is shown.

    Refuses what `refusal_to_check` says.
    """
    at, mine = at or clock.now(), held(licence)
    if refused := refusal_to_check(mine, by):
        raise refused
    older = mine.partner.licences.current().filter(kind=mine.kind, checked_at__isnull=False)
    older.update(ended_at=at)
    mine.checked_by, mine.checked_at, mine.required = by, at, required
    mine.save(update_fields=["checked_by", "checked_at", "required"])
    return mine


@verb()
def turn_down(*, licence: Licence, reason: str, by: User, at: datetime | None = None) -> Licence:
    """It is not what it says: taken off, and the owner reads why and sends another.

    Refuses `NoDownReason`, and what `refusal_to_check` says.
    """
    at, mine, reason = at or clock.now(), held(licence), reason.strip()
    if refused := refusal_to_check(mine, by):
        raise refused
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoDownReason
    mine.ended_at, mine.down_reason = at, reason
    mine.save(update_fields=["ended_at", "down_reason"])
    return mine


def turned_down(partner: Partner, licences: list[Licence]) -> list[Licence]:
    """Of each kind the last one that was sent back, while none of `licences`, the current ones, was sent in since."""
    down = partner.licences.exclude(down_reason="").order_by("kind", "-pk").distinct("kind")
    since = {one.kind: one.pk for one in licences}
    return [one for one in down if since.get(one.kind, 0) < one.pk]


def held(licence: Licence) -> Licence:
    """The licence, locked; its partner's row first, because of a kind there is one."""
    Partner.objects.select_for_update(no_key=True).get(pk=licence.partner_id)
    return Licence.objects.select_for_update(no_key=True, of=("self",)).select_related("partner").get(pk=licence.pk)


def owned_by(account: User) -> list[Partner]:
    """The partners whose owner `account` is."""
    mine = Clerk.objects.current().filter(account=account, slot=Clerk.OWNER)
    return list(Partner.objects.filter(pk__in=mine.values("partner")).order_by("pk"))

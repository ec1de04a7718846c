"""服务项目 until it is on show: drafted by the owner of a partner or by staff, changed, handed in for review.

What was on show is never changed (trigger `keep_offer`): whoever holds a voucher holds what was reviewed. A change is a copy that
is reviewed anew.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from communities import duties
from communities.models import Community, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import verb
from partners import standing
from partners.models import Clerk, Offer, Partner

TITLE, NOTE = 40, 300  # characters
PRICES, DEAREST, MOST = range(1, 100_001), 10_000_00, 100_000  # points, fen, pieces
Status = Offer.Status
WRITABLE = (Status.DRAFT, Status.RETURNED)


class NotYourOffer(Refused):
    code = "not_your_offer"
    message = "这项服务由商家的店主或协议所在社区的工作人员办理，什么都没有改动。"
    status = 403


class BadOffer(BadInput):
    code = "bad_offer"
    message = f"请填写名称（不超过{TITLE}字）、所需积分（1到100,000）、原价和日期，下架日期不早于上架日期，说明不超过{NOTE}字。这次没有保存。"


class NotWritable(Refused):
    code = "offer_not_writable"
    message = "这项服务已经送审或上架，不能直接改，什么都没有改动。要改内容，请复制一份，改好后重新送审。"


@dataclass(frozen=True)
class Terms:
    """What is offered. `price` in points, `worth_cents` in fen; None is no limit; `valid_days` counts from the day of taking."""

    title: str
    price: int
    worth_cents: int
    starts_on: date
    ends_on: date
    note: str = ""
    stock: int | None = None
    per_person: int | None = None
    per_household: int | None = None
    period: str = Offer.Period.MONTH
    group: str = Offer.Group.ALL
    valid_days: int = 30
    booking: str = Offer.Booking.NONE


def may_write(by: User, partner: Partner, community: Community) -> bool:
    """The owner of the partner, or staff of the community."""
    if by.is_desk_user:
        return duties.holds(by, community)
    return Clerk.objects.current().filter(partner=partner, account=by, slot=Clerk.OWNER).exists()


def checked(terms: Terms) -> Terms:
    """Without blanks at the ends; refuses `BadOffer`."""
    terms = Terms(**asdict(terms) | {"title": terms.title.strip(), "note": terms.note.strip()})
    whole = (terms.stock, terms.per_person, terms.per_household)
    fits = (
        0 < len(terms.title) <= TITLE and len(terms.note) <= NOTE and "\0" not in terms.title + terms.note
        and terms.price in PRICES and 0 <= terms.worth_cents <= DEAREST and terms.starts_on <= terms.ends_on
        and all(one is None or 1 <= one <= MOST for one in whole) and 1 <= terms.valid_days <= 365
        and max(terms.per_person or 0, terms.per_household or 0) <= 1000
        and terms.period in Offer.Period.values and terms.group in Offer.Group.values and terms.booking in Offer.Booking.values
    )  # fmt: skip
    if not fits:
        raise BadOffer
    return terms


@verb()
def draft(*, partner: Partner, community: Community, terms: Terms, by: User, at: datetime | None = None) -> Offer:
    """A draft for the residents of `community`'s sub-district. Refuses `NotYourOffer`, `BadOffer`, `NotInForce`."""
    at, terms = at or clock.now(), checked(terms)
    if not may_write(by, partner, community):
        raise NotYourOffer
    if standing.agreement_of(partner, community, clock.local(at).date()) is None:
        raise standing.NotInForce
    return Offer.objects.create(partner=partner, community=community, made_by=by, made_at=at, **asdict(terms))


@verb()
def edit(*, offer: Offer, terms: Terms, by: User, at: datetime | None = None) -> Offer:
    """Write the draft anew; who wrote last is who made it. Refuses `NotYourOffer`, `NotWritable`, `BadOffer`."""
    terms, mine = checked(terms), locked(offer, by)
    if mine.status not in WRITABLE:
        raise NotWritable
    Offer.objects.filter(pk=mine.pk).update(made_by=by, made_at=at or clock.now(), **asdict(terms))
    mine.refresh_from_db()
    return mine


@verb()
def submit(*, offer: Offer, by: User) -> Offer:
    """Hand it in for review. Refuses `NotYourOffer`, `NotWritable`."""
    mine = locked(offer, by)
    if mine.status not in WRITABLE:
        raise NotWritable
    mine.status = Status.SUBMITTED
    mine.save(update_fields=["status"])
    return mine


@verb()
def copy(*, offer: Offer, by: User, at: datetime | None = None) -> Offer:
    """A new draft with the same terms, from today on: how what was on show is changed. Refuses `NotYourOffer`."""
    mine, at = locked(offer, by), at or clock.now()
    today = clock.local(at).date()
    same = {name: getattr(mine, name) for name in Terms.__dataclass_fields__}
    same |= {"starts_on": today, "ends_on": max(mine.ends_on, today)}
    return Offer.objects.create(partner=mine.partner, community=mine.community, made_by=by, made_at=at, **same)


def locked(offer: Offer, by: User, *, programs: bool = False) -> Offer:
    """The row, held; refuses `NotYourOffer` to whoever may not write it. `programs`: the shop's own may as well."""
    rows = Offer.objects.select_for_update(no_key=True, of=("self",)).select_related("partner", "community")
    mine = rows.get(pk=offer.pk)
    program = programs and by.kind == User.Kind.SERVICE and duties.holds(by, mine.community, *duties.ENTERING)
    if not (program or may_write(by, mine.partner, mine.community)):
        raise NotYourOffer
    return mine

"""批次: what is left of what came in, first to expire first out; nothing past its date is promised or handed out."""

from datetime import date, timedelta

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce

from communities.models import User
from communities.settings import STOCK_EXPIRY_DAYS, value_of
from partners.models import Gift, GiftQuerySet, StockSlip, StockSlipQuerySet


def with_past(gifts: GiftQuerySet, on: date) -> GiftQuerySet:
    """With `past_on_shelf`: how many of each lie there past their date. For lists, so that `Gift.left` asks nothing."""
    past = StockSlip.objects.filter(gift=OuterRef("pk"), remaining__gt=0).past(on).values("gift")
    return gifts.annotate(past_on_shelf=Coalesce(Subquery(past.annotate(n=Sum("remaining")).values("n")), 0))


def next_out(gift: Gift, on: date) -> StockSlip | None:
    """The batch that the next piece is taken from, held; None when nothing good is left."""
    held = StockSlip.objects.on_shelf().good_on(on).filter(gift=gift)
    return held.select_for_update(no_key=True).first()


def expiring(user: User, on: date) -> StockSlipQuerySet:
    """Batches that are past their date or soon will be (setting, 60 days), the nearest first."""
    mine = StockSlip.objects.for_staff(user).on_shelf()
    street = mine.order_by().values_list("gift__sub_district", flat=True).first()
    days = value_of(STOCK_EXPIRY_DAYS, street, on=on) if street else STOCK_EXPIRY_DAYS.default
    return mine.filter(best_before__lte=on + timedelta(days=days))

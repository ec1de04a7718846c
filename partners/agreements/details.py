"""What everybody reads of a partner: where it is, when it is open, whom to call."""

from communities import duties
from communities.models import User
from core.refusals import BadInput
from core.verbs import verb
from partners.models import Partner
from partners.offers import adwords

PUBLIC = ("summary", "address", "hours", "phone")


class WordsNotPublic(BadInput):
    code = "partner_words_forbidden"

    def __init__(self, hits: list[adwords.Hit]) -> None:
        said = "、".join(f"“{one.text}”" for one in hits)
        super().__init__(f"公开的内容里有不能用的广告用语{said}，没有保存。请改写后再保存。")


@verb()
def describe(*, partner: Partner, summary: str, address: str, hours: str, phone: str, by: User) -> Partner:
    """By a colleague of a community that knows the partner. What was signed is not touched. Refuses `NotYourDuty`, `WordsNotPublic`."""
    mine = Partner.objects.select_for_update(no_key=True).get(pk=partner.pk)
    if not serves(mine, by):
        raise duties.NotYourDuty
    if hits := adwords.forbidden(summary, address, hours):
        raise WordsNotPublic(hits)
    mine.summary, mine.address, mine.hours, mine.phone = summary, address, hours, phone
    mine.save(update_fields=PUBLIC)
    return mine


def serves(partner: Partner, by: User) -> bool:
    """Whether `by` works in a community that has agreed with the partner, or has its application."""
    mine: set[int] = set(partner.agreements.values_list("community", flat=True))
    mine |= set(partner.applications.exclude(submitted_at=None).values_list("community", flat=True))
    return duties.served_by(by).filter(pk__in=mine).exists()

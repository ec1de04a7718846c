"""待办 of 服务项目: what waits for review, and which partner has not answered."""

from collections.abc import Iterator

from django.urls import reverse

from communities.calendar import working
from communities.models import User
from communities.todo import Waiting
from partners.kinship import owners_in_family
from partners.models import Offer
from partners.offers import book

REVIEW_DAYS = 2  # working days


def rows(user: User) -> Iterator[Waiting]:
    """What the lists behind the addresses show; whoever wrote an offer does not review it, nor does the owner's family."""
    submitted = Offer.objects.for_staff(user).filter(status=Offer.Status.SUBMITTED)
    yield Waiting(
        "offers", "服务项目待审核", f"{reverse('desk:offers')}?status=submitted",
        lambda kin: submitted.exclude(made_by=user).exclude(made_by__in=kin.accounts).exclude(
            partner__in=owners_in_family(kin).values("partner")
        ),
        "made_at", working(REVIEW_DAYS), "community__sub_district",
    )  # fmt: skip
    asked = book.unanswered(user)
    url = f"{reverse('desk:appointments')}?status=asked"
    yield Waiting("offers", "预约等商家答复，可以打电话问", url, lambda _: asked, "answer_by", lambda first, _: first)

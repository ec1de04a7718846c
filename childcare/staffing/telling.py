"""Who is told about a centre's staff: its leads and the heads of the community."""

from childcare.models import Centre, Staffer
from communities.models import Duty, User
from core import clock
from notifications.models import Message
from notifications.outbox import Words, message, tell_many


def answerable(centre: Centre) -> list[User]:
    """The leads of `centre` and the heads of its community, once each."""
    leads = User.objects.filter(care_posts__centre=centre, care_posts__is_lead=True, care_posts__left_on=None)
    held = Duty.objects.current().filter(role=Duty.Role.HEAD, community=centre.community_id)
    heads = User.objects.filter(pk__in=held.values("user"))
    return list((leads | heads).filter(is_active=True).distinct().order_by("pk"))


def tell(centre: Centre, occasion: str, words: Words) -> None:
    """Everybody answerable, once per occasion."""
    tell_many(message(occasion, words, Message.Channel.INBOX, staff=one) for one in answerable(centre))


def tell_unclear(staffer: Staffer) -> None:
    """What the answer was, stays in the file."""
    said = Words(
        "有员工不能继续当班", "一位员工的记录查询结果不合格，今天起的当班已全部取消。请马上另外安排，并在员工档案里查看。",
        f"/desk/care/staff/{staffer.pk}/",
    )  # fmt: skip
    tell(staffer.centre, f"care-unclear:{staffer.pk}:{clock.now():%Y%m%d%H%M%S}", said)

"""Who is told about a centre's staff: its leads and the heads of the community."""

from dataclasses import replace

from django.urls import reverse

from childcare.models import Centre, Staffer
from communities.models import Duty, User
from core import clock
from notifications.models import Message
from notifications.outbox import Words, message, tell_many


def answerable(centre: Centre) -> list[tuple[User, bool]]:
    """The leads of `centre` and the heads of its community, once each, and whether they work at the desk."""
    leads = User.objects.filter(care_posts__centre=centre, care_posts__is_lead=True, care_posts__left_on=None)
    held = Duty.objects.current().filter(role=Duty.Role.HEAD, community=centre.community_id)
    heads = User.objects.filter(pk__in=held.values("user"))
    everybody = (leads | heads).filter(is_active=True).distinct().order_by("pk")
    at_desk = {one.pk for one in heads}
    return [(one, one.pk in at_desk) for one in everybody]


def tell(centre: Centre, occasion: str, words: Words, at_centre: str = "/care/") -> None:
    """Everybody answerable, once per occasion; a link to the desk for who works at it, `at_centre` for a lead."""
    tell_many(
        message(occasion, opens(words, one, desk, at_centre), Message.Channel.INBOX, staff=one)
        for one, desk in answerable(centre)
    )


def opens(words: Words, user: User, desk: bool, at_centre: str) -> Words:
    """`words` with a link that opens for whom they are told."""
    return words if desk else replace(words, link=at_centre)


def tell_unclear(staffer: Staffer) -> None:
    """What the answer was, stays in the file."""
    said = Words(
        "有员工不能继续当班", "一位员工的记录查询结果不合格，今天起的当班已全部取消。请马上另外安排，并在员工档案里查看。",
        reverse("desk:care-staffer", args=[staffer.pk]),
    )  # fmt: skip
    tell(staffer.centre, f"care-unclear:{staffer.pk}:{clock.now():%Y%m%d%H%M%S}", said, reverse("care:turns"))

"""Who is told about a centre's staff: its leads and the heads of the community."""

from dataclasses import replace
from enum import Enum

from django.urls import reverse

from childcare.models import Centre, Staffer
from communities.models import Duty, User
from core import clock
from notifications.models import Message
from notifications.outbox import Words, message, tell_many


class Where(Enum):
    """Whose pages open for somebody: the desk's, the centre's, or none while the own record check does not count."""

    DESK = "desk"
    CENTRE = "centre"
    NOWHERE = "nowhere"


def answerable(centre: Centre) -> list[tuple[User, Where]]:
    """The leads of `centre` and the heads of its community, once each, and where they work."""
    posts = Staffer.objects.current().filter(centre=centre, is_lead=True)
    leads = User.objects.filter(pk__in=posts.values("account"))
    held = Duty.objects.current().filter(role=Duty.Role.HEAD, community=centre.community_id)
    heads = User.objects.filter(pk__in=held.values("user"))
    everybody = (leads | heads).filter(is_active=True).distinct().order_by("pk")
    at_desk = {one.pk: Where.DESK for one in heads}
    checked = posts.filter(record_due__gte=clock.today()).values_list("account", flat=True)
    known = dict.fromkeys(checked, Where.CENTRE) | at_desk
    return [(one, known.get(one.pk, Where.NOWHERE)) for one in everybody]


def tell(centre: Centre, occasion: str, words: Words, at_centre: str = "/care/") -> None:
    """Everybody answerable, once per occasion; a link to the desk for who works at it, `at_centre` for a lead."""
    tell_many(
        message(occasion, opens(words, where, at_centre), Message.Channel.INBOX, staff=one)
        for one, where in answerable(centre)
    )


def opens(words: Words, where: Where, at_centre: str) -> Words:
    """`words` with a link that opens for whom they are told."""
    return words if where == Where.DESK else replace(words, link=at_centre if where == Where.CENTRE else "")


def tell_unclear(staffer: Staffer) -> None:
    """What the answer was, stays in the file."""
    said = Words(
        "有员工不能继续当班", "一位员工的记录查询结果不合格，今天起的当班已全部取消。请马上另外安排，并在员工档案里查看。",
        reverse("desk:care-staffer", args=[staffer.pk]),
    )  # fmt: skip
    tell(staffer.centre, f"care-unclear:{staffer.pk}:{clock.now():%Y%m%d%H%M%S}", said, reverse("care:turns"))

"""托位的消息: to every guardian who speaks for the child, in plain words; the child is 您的孩子, and why somebody is first is never said."""

from datetime import date, datetime

from django.urls import reverse

from childcare.models import Group, Place
from childcare.speaking import speakers_of
from communities.models import Guardian
from core import words
from notifications import outbox, quiet
from notifications.models import Message
from notifications.outbox import Words
from notifications.templates import ONE, Template, cut

INBOX, SMS = Message.Channel.INBOX, Message.Channel.SMS
OFFER = Template("care-offer", "托位轮到您的孩子", "{centre}的托位轮到您的孩子了，请在{until}前确认。", ("centre",))
OFFER_RING = Template(
    "care-offer-ring", "托位轮到您的孩子", "{centre}的托位轮到您的孩子了，请在{until}前确认，也可打{phone}。"
)
TEMPLATES = (OFFER, OFFER_RING)


def page_of(place: Place) -> str:
    return reverse("childcare:place", args=[place.pk])


def occasion_of(place: Place) -> str:
    return f"care-place:{place.pk}:offer"


def got(place: Place, at: datetime) -> None:
    """The child has the place."""
    starts = words.day(place.starts_on) if place.starts_on else "开班当天"
    body = (
        f"您的孩子已有{place.group.centre}“{place.group}”的托位，{starts}开始，{plan_of(place)}。接送请按登记的接送人。"
    )
    _tell(place, "got", Words("有托位了", body, page_of(place)), at)


def waits(place: Place, number: int, at: datetime) -> None:
    body = f"您的孩子已登记{place.group.centre}“{place.group}”的候补，现在排第{number}位。有空位时按次序通知您，请在期限内确认。"
    _tell(place, "waits", Words("已登记候补", body, page_of(place)), at)


def offered(place: Place, until: datetime, at: datetime) -> None:
    """In the inbox, and by a short message; at night both wait for the morning."""
    group, due = place.group, quiet.calm(at)
    body = (
        f"{group.centre}“{group}”空出一个托位，轮到您的孩子了。请在{words.dated(until)}前点“接受”，不要了请点“放弃”，"
        "好让给下一位。到时没有确认，托位给下一位。"
    )
    said = Words("托位轮到您的孩子", body, page_of(place))
    short, rows = sms_of(group, until), []
    for one in speakers_of(place.child):
        rows.append(outbox.message(occasion_of(place), said, INBOX, resident=one.guardian, due_at=due))
        if one.guardian.phone:
            rows.append(outbox.message(occasion_of(place), short, SMS, resident=one.guardian, due_at=due, until=until))
    outbox.tell_many(rows)


def sms_of(group: Group, until: datetime) -> Words:
    """The short message: whom to ring is left out where there is no number or it would cost two."""
    centre, community = group.centre, group.centre.community
    phone, name, last = centre.phone or community.phone, cut(centre.name, 12), words.dated(until)
    ring = OFFER_RING.short(community.sub_district, centre=name, until=last, phone=phone)
    fits = phone and len(ring.body) <= ONE
    return ring if fits else OFFER.short(community.sub_district, centre=name, until=last)


def lapsed(place: Place, at: datetime) -> None:
    body = f"{place.group.centre}“{place.group}”的托位到时没有确认，已给下一位。还需要可以重新登记。"
    _tell(place, "lapsed", Words("托位已过期", body, reverse("childcare:centre", args=[place.group.centre_id])), at)


def passed_over(place: Place, why: str, at: datetime) -> None:
    body = f"{place.group.centre}“{place.group}”的候补轮到您的孩子，但这次不能入托：{why}候补已结束。"
    _tell(place, "over", Words("候补结束", body, page_of(place)), at)


def ends(place: Place, last_day: date, at: datetime) -> None:
    body = f"您的孩子在{place.group.centre}“{place.group}”的托位，最后一天是{words.day(last_day)}。费用按实际在托的日子算。"
    _tell(place, f"ends:{last_day:%Y%m%d}", Words("托位将结束", body, page_of(place)), at)


def gave_up(place: Place, at: datetime) -> None:
    body = f"您的孩子{place.group.centre}“{place.group}”的登记已取消，没有产生费用。还需要可以重新登记。"
    _tell(place, "gone", Words("已取消登记", body, page_of(place)), at)


def recall(place: Place) -> None:
    """What was not yet said of an offer is not said, to whomever."""
    for one in Guardian.objects.filter(child=place.child).select_related("guardian").order_by("pk"):
        outbox.recall(resident=one.guardian, occasions=[occasion_of(place)])


def plan_of(place: Place) -> str:
    """周一、周三、周五; 每天 for a whole week."""
    if len(place.plan) == 7:  # every day of the week
        return "每天"
    return "周" + "、周".join("一二三四五六日"[day] for day in sorted(place.plan))


def _tell(place: Place, what: str, said: Words, at: datetime) -> None:
    occasion = f"care-place:{place.pk}:{what}"
    outbox.tell_many(
        outbox.message(occasion, said, INBOX, resident=one.guardian, due_at=quiet.calm(at))
        for one in speakers_of(place.child)
    )

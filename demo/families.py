"""亲子: a mother, her child without a phone, and a family activity that she signed the two of them up for."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.db.models import QuerySet

from activities import planning, signup
from activities.models import Activity
from communities import files
from communities.files import Facts
from communities.guardians import Kinship
from communities.models import Community, Consent, Estate, Guardian, Resident
from demo import cast
from demo.affairs import Affair, colleague
from demo.asked import Asked
from demo.places import STREET, WENXING

CHILD = "郝佳宁"
OLD = timedelta(days=365 * 9 + 60)
TITLE, DAYS = "亲子护绿", 6


def past(asked: Asked) -> Iterator[Affair]:
    """Nothing where the mother is not known: a demo of before."""
    if not _mother().exists():
        return
    yield Affair(asked.at(-30), child().exists, lambda at: _open(asked, at))
    yield Affair(asked.at(-4), Activity.objects.filter(title=TITLE).exists, lambda at: _announce(asked, at))


def child() -> QuerySet[Resident]:
    return Resident.objects.filter(name=CHILD, community__name=WENXING.name)


def _mother() -> QuerySet[Resident]:
    known = Resident.objects.filter(name=cast.PARENT.name, phone=cast.PARENT.phone)
    return known.filter(status=Resident.Status.CONFIRMED).exclude(account=None).select_related("account", "community")


def _open(asked: Asked, at: datetime) -> None:
    """Both were at the counter with the household book; the mother signed for volunteering, too."""
    mother = _mother().get()
    estate = Estate.objects.get(community=mother.community, name=cast.PARENT.estate)
    made = files.open_file(
        community=mother.community, facts=Facts(CHILD, asked.day - OLD, estate), by=colleague(cast.WORKER), signed=True,
        guardian=mother, kinship=Kinship("母亲", Guardian.Basis.HOUSEHOLD_BOOK, agreed=True), at=at,
    )  # fmt: skip
    Guardian.objects.filter(child=made).update(at=at)
    Consent.objects.filter(resident=made).update(given_at=at)


def _announce(asked: Asked, at: datetime) -> None:
    starts_at = asked.at(DAYS, time(9, 30))
    activity = Activity(
        community=Community.objects.get(name=WENXING.name, sub_district__name=STREET), kind=Activity.Kind.ENV, title=TITLE,
        place="御馨园小游园", content="大人带着孩子给小树浇水、捡拾绿地垃圾、做树牌", risk="孩子不离开家长视线，不进车道，戴好手套",
        equipment="小水桶、手套由社区准备", audience="8岁以上的孩子和家长", min_age=8, leader=cast.WORKER.name,
        leader_phone=WENXING.phone, capacity=20, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=90),
    )  # fmt: skip
    planned = planning.plan(activity=activity, by=colleague(cast.WORKER), at=at)
    mother = _mother().get()
    for one in (mother, child().get()):
        assert mother.account
        signup.sign_up(activity_id=planned.pk, resident=one, by=mother.account, at=asked.at(-1))

"""晚接: a hand-over that comes long after the end is counted; three in a term may cost the place, which the head alone decides."""

from datetime import datetime, timedelta

import structlog
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from childcare.days import chain, runs
from childcare.models import Group, Handover, LateMark, Place
from communities import changes, duties
from communities.kin import refusal_between
from communities.models import Duty, User
from communities.settings import CARE_LATE_MOST, value_of
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications import outbox
from notifications.outbox import Words

EXCUSE = 60
HEADS = (Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
log = structlog.get_logger(__name__)


class AlreadyExcused(Refused):
    code = "care_late_excused"
    message = "这一次晚接已经不计，没有重复登记。"


REFUSALS: Refusals = {"CC034": lambda _: AlreadyExcused()}


@verb()
def mark(*, handover: Handover, by: User) -> LateMark | None:
    """Called with every hand-over, in its transaction: writes the mark when it was late, and tells the guardians how many it are."""
    place = Place.objects.select_related("group__centre__community__sub_district").get(pk=handover.place_id)
    minutes = runs.minutes_late(place.group, handover.day, handover.at)
    if handover.at <= runs.ends_at(place.group, handover.day) + runs.patience(place.group):
        return None
    made, new = LateMark.objects.get_or_create(
        place=place, day=handover.day, defaults={"child": handover.child, "minutes": minutes}
    )
    if new:
        changes.by(by)
        _tell(made, place)
        log.info("care_late", mark=made.pk, minutes=minutes)
    return made


def counted(place: Place) -> "QuerySet[LateMark]":
    """Those that count: of the child, in the same centre, within the dates of the group (its term)."""
    group: Group = place.group
    return LateMark.objects.filter(
        child=place.child_id,
        place__group__centre=group.centre_id,
        day__range=(group.first_on, group.last_on),
        excused_at=None,
    )


def at_limit(user: User) -> QuerySet[Place]:
    """Standing places of the communities where `user` decides, of children who were late as often as the setting allows."""
    mine = LateMark.objects.filter(
        child=OuterRef("child"), place__group__centre=OuterRef("group__centre"), day__gte=OuterRef("group__first_on"),
        day__lte=OuterRef("group__last_on"), excused_at=None,
    )  # fmt: skip
    many = mine.order_by().values("child").annotate(many=Count("pk")).values("many")
    street = "group__centre__community__sub_district"
    deciding = duties.served_by(user, *HEADS)
    streets = deciding.order_by("sub_district").values_list("sub_district", flat=True).distinct()
    reached = Q(pk__in=())
    for one in streets:
        reached |= Q(**{street: one, "late__gte": value_of(CARE_LATE_MOST, one)})
    here = Place.objects.held().filter(group__centre__community__in=deciding)
    found = here.annotate(late=Subquery(many)).filter(reached)
    return Place.objects.filter(pk__in=found.values("pk"))


def limit(place: Place) -> int:
    """How many may cost the place (setting)."""
    return value_of(CARE_LATE_MOST, place.group.centre.community.sub_district_id)


def heal(at: datetime) -> int:
    """Marks that a hand-over of the last two days still owes; a second run writes nothing."""
    by, day = User.objects.get(username="system"), clock.local(at).date()
    marked = LateMark.objects.filter(place=OuterRef("place"), day=OuterRef("day"))
    recent = Handover.objects.filter(~Exists(marked), day__gte=day - timedelta(days=2), late_minutes__gt=0)
    owed = recent.select_related("child").order_by("pk")
    return sum(mark(handover=one, by=by) is not None for one in owed)


@verb(REFUSALS)
def excuse(*, mark: LateMark, reason: str, by: User) -> LateMark:
    """The head takes one off the count, and says why. Refuses own family."""
    changes.by(by)
    mine = (
        LateMark.objects.select_for_update(no_key=True, of=("self",))
        .select_related("child", "place__group__centre__community")
        .get(pk=mark.pk)
    )
    if refused := refusal_to_excuse(mine, by):
        raise refused
    if not 2 <= len(reason.strip()) <= EXCUSE or "\0" in reason:
        raise BadInput
    mine.excused_at, mine.excused_by, mine.excuse = clock.now(), by, reason.strip()
    mine.save(update_fields=["excused_at", "excused_by", "excuse"])
    log.info("care_late_excused", mark=mine.pk)
    return mine


def refusal_to_excuse(mark: LateMark, by: User) -> Refused | None:
    """Why `by` cannot; None when nothing stands against it."""
    if not duties.holds(by, mark.place.group.centre.community, *HEADS):
        return duties.NotYourDuty()
    if mark.excused_at is not None:
        return AlreadyExcused()
    return refusal_between(by=by, beneficiaries=[mark.child])


def _tell(made: LateMark, place: Place) -> None:
    many, most, centre = counted(place).count(), limit(place), place.group.centre
    more = f"满{most}次，中心可以取消托位，会先联系您。" if many >= most else f"一学期满{most}次，中心可以取消托位。"
    day = "今天" if made.day == clock.today() else words.day(made.day)
    body = f"您的孩子{day}晚接{made.minutes}分钟，本学期第{many}次。{more}有特殊情况请告诉{centre}。"
    said = Words("晚接提醒", body, reverse("childcare:days", args=[made.child_id]))
    for one in chain.guardians_of(made.child):
        outbox.tell(occasion=f"care-late:{made.pk}", words=said, resident=one.guardian)

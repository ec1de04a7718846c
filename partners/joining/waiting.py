"""What calls, applications and licences leave waiting for a staff member (communities/todo.py)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse

from communities.models import Community, Notice, NoticeItem, User
from communities.models.places import CommunityQuerySet
from communities.publishing import DECIDERS
from communities.todo import Until, Waiting, day_end
from core import clock
from partners.joining.choosing import PREFIX
from partners.models import Application, Call, Licence, Partner, PartnerApplicationQuerySet

Status, Stage = Application.Status, Call.Status
SECTION = "joining"


def rows(user: User) -> Iterator[Waiting]:
    """Everybody's: checking, preparing the notice, marking, licences. A head's: agreeing, deciding, and what calls wait for."""
    listed, calls = reverse("desk:joining"), reverse("desk:calls")
    own = Application.objects.for_staff(user)
    yield _row("合伙人报名待资格审查", f"{listed}?status=submitted", own.filter(status=Status.SUBMITTED))
    yield _row("合伙人已同意，待拟公示", f"{listed}?status=proposed", agreed_to(own).filter(~Exists(lines())))
    marked = Application.objects.filter(reviews__reviewer__user=user).values("pk")
    to_mark = own.filter(call__status=Stage.SCORING, status=Status.CHECKED).exclude(pk__in=marked)
    appointed = Call.objects.filter(reviewers__user=user, reviewers__excused_at=None).values("pk")
    yield _row("合伙人招募待您评分", f"{calls}?status=scoring", to_mark.filter(call__in=appointed))
    unchecked = (
        Licence.objects.unchecked().exclude(by=user).filter(partner__in=Partner.objects.for_staff(user).values("pk"))
    )
    yield _row("合伙人证照待核对", f"{reverse('desk:licences')}?state=unchecked", unchecked)
    yield from _of_heads(user, listed, calls)


def _of_heads(user: User, listed: str, calls: str) -> Iterator[Waiting]:
    here = led_by(user).values("pk")
    own, waiting = Call.objects.filter(community__in=here), Application.objects.filter(community__in=here)
    for_yes = waiting.filter(call=None, status=Status.CHECKED).exclude(checked_by=user).exclude(by=user)
    yield _row("合伙人报名待您审批", f"{listed}?status=checked", for_yes)
    ended = agreed_to(waiting).filter(Exists(lines().filter(notice__status=Notice.Status.ENDED)))
    yield _row("合伙人公示期满，待确认入选", f"{listed}?status=proposed", ended)
    drafts = own.filter(status=Stage.DRAFT).exclude(made_by=user)
    yield _row("招募草稿待您发布", f"{calls}?status=draft", drafts)
    over = own.filter(status=Stage.OPEN, closes_on__lt=clock.today())
    yield _row("招募已截止，待评审", f"{calls}?status=open", over, "closes_on", day_end)
    being_shown = waiting.filter(status=Status.PROPOSED).exclude(call=None).values("call")
    ranked = own.filter(status=Stage.RANKED).exclude(pk__in=being_shown)
    yield _row("招募已排名，待提出拟入选名单", f"{calls}?status=ranked", ranked)


def _row(label: str, url: str, found: QuerySet[Any], since: str = "", until: Until | None = None) -> Waiting:
    return Waiting(SECTION, label, url, lambda _: found, since, until)


def agreed_to(found: PartnerApplicationQuerySet) -> PartnerApplicationQuerySet:
    """Proposed ones, with the name by which a notice knows them."""
    named = Concat(Value(f"{PREFIX}:"), Cast(F("pk"), CharField()), output_field=CharField())
    return found.filter(status=Status.PROPOSED).annotate(named=named)


def lines() -> QuerySet[NoticeItem]:
    """The line of a public notice that names the row."""
    return NoticeItem.objects.filter(about=OuterRef("named"), live=True)


def led_by(user: User) -> CommunityQuerySet:
    """The communities where `user` decides."""
    held = user.duties.current().filter(role__in=DECIDERS)
    here = Community.objects.filter(pk__in=held.values("community"))
    return here | Community.objects.filter(sub_district__in=held.values("sub_district"))

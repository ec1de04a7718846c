"""发布、撤下、期满: the life of a notice once its list is ready. Whoever prepared it does not publish it."""

from datetime import datetime
from functools import partial

from django.db.models import Exists, OuterRef
from django.urls import reverse

from communities import calendar, duties, notices, settings, todo
from communities.kin import Kin, kin_of, refusal_between
from communities.models import Community, Duty, Notice, NoticeItem, Objection, User
from communities.models.notices import NoticeQuerySet
from core import clock
from core.refusals import Refused
from core.verbs import verb

DECIDERS = (Duty.Role.HEAD, Duty.Role.STREET_ADMIN)
REASON = 200  # characters
Status = Notice.Status


class OwnNotice(Refused):
    code = "own_notice"
    message = "您拟的公示，须由另一位负责人核对后发布。这次没有发布。"
    status = 403


class OwnFamily(Refused):
    code = "own_family_in_notice"
    message = "名单里有您本人或家人，请由其他负责人发布。这次没有发布。"
    status = 403


class HeadsOnly(duties.NotYourDuty):
    code = "notice_heads_only"
    message = "公示由社区主任或街道管理员核对后发布和撤下，现在没有改动。请通知他们办理。"


class NothingToShow(Refused):
    code = "notice_empty"
    message = "名单还是空的，没有发布。请先加入要公示的内容。"


class WindowOver(Refused):
    code = "notice_over"
    message = "这份公示已经期满，不能再撤下。这次没有改动。"


class BadReason(Refused):
    code = "notice_reason"
    message = f"请写明撤下的原因，不超过{REASON}字。这次没有改动。"
    status = 400


def refusal_to_publish(notice: Notice, by: User, items: list[NoticeItem], kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot publish; None when nothing stands against it. `items` with their residents."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, notice.community, *DECIDERS), HeadsOnly()),
        (notice.status != Status.DRAFT, notices.NotADraft()),
        (not items, NothingToShow()),
    ]
    people = [item.resident for item in items if item.resident]
    two_people = refusal_between(
        by=by, recorders=[notice.prepared_by_id], beneficiaries=people, kin=kin, same=OwnNotice(), family=OwnFamily()
    )
    return next((refused for stands, refused in reasons if stands), two_people)


def refusal_to_withdraw(notice: Notice, by: User, *, at: datetime | None = None) -> Refused | None:
    """Why `by` cannot take it down: a draft is anybody's, a published notice the head's, and never once it is over."""
    draft = notice.status == Status.DRAFT
    if not duties.holds(by, notice.community, *(() if draft else DECIDERS)):
        return HeadsOnly()
    if notice.status not in (Status.DRAFT, Status.OPEN):
        return notices.NotADraft()
    return WindowOver() if not draft and is_over(notice, at=at) else None


def is_over(notice: Notice, *, at: datetime | None = None) -> bool:
    """Whether the window of a published notice has passed and nobody's objection is open."""
    last = notices.last_days([notice]).get(notice.pk)
    today = clock.local(at or clock.now()).date()
    return last is not None and today > last and not Objection.objects.open().filter(notice=notice).exists()


@verb()
def publish(*, notice: Notice, by: User, at: datetime | None = None) -> Notice:
    """Open today, close at the end of the n-th working day (setting). Refuses what `refusal_to_publish` says.

    Names may have changed since the draft was written: its words are looked at again.
    """
    at = at or clock.now()
    mine = notices.locked(notice)
    items = list(mine.items.select_related("resident").order_by("pk"))
    if refused := refusal_to_publish(mine, by, items) or notices.refusal_to_show(mine, notices.lines_of(items)):
        raise refused
    today, street = clock.local(at).date(), mine.community.sub_district_id
    mine.status, mine.published_by, mine.published_at, mine.opens_on = Status.OPEN, by, at, today
    working_days = settings.value_of(settings.NOTICE_DAYS, street, on=today)
    mine.closes_on = calendar.add_working_days(today, working_days, street)
    mine.save(update_fields=["status", "published_by", "published_at", "opens_on", "closes_on"])
    return mine


@verb()
def withdraw(*, notice: Notice, reason: str, by: User, at: datetime | None = None) -> Notice:
    """Take it down: its lines may be shown anew. Refuses `BadReason` and what `refusal_to_withdraw` says."""
    mine = notices.locked(notice)
    if refused := refusal_to_withdraw(mine, by, at=at):
        raise refused
    if not 0 < len(reason.strip()) <= REASON or "\0" in reason:
        raise BadReason
    take_down(mine, reason=reason.strip(), by=by, at=at or clock.now())
    return mine


def take_down(notice: Notice, *, reason: str, by: User, at: datetime, stopped: bool = False) -> None:
    """Of a locked notice: nothing of it becomes final; `stopped` when an objection against the whole was upheld."""
    was_shown = notice.status == Status.OPEN
    notice.status, notice.end_reason, notice.ended_by, notice.ended_at = Status.WITHDRAWN, reason, by, at
    notice.save(update_fields=["status", "end_reason", "ended_by", "ended_at"])
    for item in notice.items.filter(live=True).order_by("pk"):
        item.live, item.stopped_at = False, at if stopped else None
        item.save(update_fields=["live", "stopped_at"])
        if was_shown:
            notices.told(item, clear=False)


@verb()
def end(*, notice: Notice, at: datetime | None = None) -> bool:
    """Close it when its window has passed and no objection is open, and tell the apps; whether that was so. Repeatable."""
    mine = notices.locked(notice)
    if mine.status != Status.OPEN or not is_over(mine, at=at):
        return False
    mine.status, mine.ended_at = Status.ENDED, at or clock.now()
    mine.save(update_fields=["status", "ended_at"])
    for item in mine.items.filter(live=True).order_by("pk"):
        notices.told(item, clear=True)
    return True


def sweep(*, at: datetime | None = None) -> int:
    """Beat: end what is over, each in a transaction of its own; how many."""
    at = at or clock.now()
    due = Notice.objects.open().filter(closes_on__lt=clock.local(at).date()).order_by("pk")
    return sum(end(notice=notice, at=at) for notice in due.select_related("community"))


def waiting_for(by: User, kin: Kin | None = None) -> NoticeQuerySet:
    """Drafts that `by` may publish: the same answer as `refusal_to_publish`, as a query for the to-do page."""
    held = by.duties.current().filter(role__in=DECIDERS)
    here = Community.objects.filter(pk__in=held.values("community"))
    there = Community.objects.filter(sub_district__in=held.values("sub_district"))
    drafts = Notice.objects.filter(status=Status.DRAFT, community__in=here | there).exclude(prepared_by=by)
    kin, lines = kin or kin_of(by), NoticeItem.objects.filter(notice=OuterRef("pk"))
    people = lines.exclude(resident=None)
    family = people.filter(resident__in=kin.residents) | people.filter(resident__household__in=kin.households)
    found = drafts.filter(Exists(lines)).exclude(Exists(family))
    return (found if by.own_phone else found.exclude(Exists(people))) if by.is_active else Notice.objects.none()


def rows(user: User) -> list[todo.Waiting]:
    """To-do: drafts of others that this person may publish."""
    url = f"{reverse('desk:notices')}?status=draft"
    return [todo.Waiting("notices", "公示待您发布", url, partial(waiting_for, user))]

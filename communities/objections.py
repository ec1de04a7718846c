"""异议: what somebody says against a notice or one line of it, while it runs; somebody who had no part in it answers.

Who objected is known to the desk alone: no page, message or export outside it names them.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from django.db.models import Q
from django.urls import reverse

from communities import calendar, duties, notices, publishing, settings, todo
from communities.kin import Kin, kin_of, refusal_between
from communities.models import Notice, NoticeItem, Objection, Resident, User
from communities.models.notices import ObjectionQuerySet
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals, verb

LONGEST = 500  # characters
Status = Objection.Status


class WindowShut(Refused):
    code = "notice_not_open"
    message = "这份公示现在不收异议，没有提交。如有不同意见，请打社区电话或到窗口。"


class NotYourObjection(Refused):
    code = "not_your_objection"
    message = "异议由本社区已确认的居民本人在手机上提出，或到窗口、打电话由工作人员代录。这次没有提交。"
    status = 403


class AlreadyObjected(Refused):
    code = "already_objected"
    message = "这一项您已经提过异议，不用重复提交，答复后会通知您。"


class BadText(Refused):
    code = "objection_text"
    message = f"请写明内容，不超过{LONGEST}字。这次没有提交。"
    status = 400


class NoSuchLine(Refused):
    code = "no_such_line"
    message = "这一项不在公示里，或已经停止公示，没有提交。请刷新后再看。"


class AlreadyAnswered(Refused):
    code = "objection_answered"
    message = "这件异议已经答复过，没有改动。"


class OwnNotice(Refused):
    code = "own_notice_objection"
    message = "这份公示由您拟稿或发布，或这件异议由您录入，须由另一位工作人员答复。"
    status = 403


class OwnFamily(Refused):
    code = "own_family_objection"
    message = "这件异议与您本人或家人有关，请由其他同事答复。"
    status = 403


ANSWERING: Refusals = {"objection_not_own_judge": lambda _: OwnNotice()}
Listener = Callable[[Objection], None]
_listeners: list[Listener] = []


def on_answer(listener: Listener) -> None:
    """`listener(objection)` is called in the transaction that answers it."""
    if listener not in _listeners:
        _listeners.append(listener)


def refusal_to_object(
    notice: Notice, resident: Resident | None, by: User, *, at: datetime | None = None
) -> Refused | None:
    """Why nothing can be filed against `notice`: by a confirmed resident for themselves, or by staff for whoever came."""
    staff = duties.holds(by, notice.community)
    own = resident is not None and resident.confirmed and by.pk == resident.account_id
    mine = resident is None or resident.community_id == notice.community_id
    if not ((own or staff) and mine):
        return NotYourObjection()
    last = notices.last_days([notice]).get(notice.pk)
    today = clock.local(at or clock.now()).date()
    if notice.status == Notice.Status.OPEN and last and today > last:
        return WindowShut(f"公示到{words.day(last)}已经期满，没有提交。如有不同意见，请打社区电话或到窗口。")
    return None if notice.status == Notice.Status.OPEN else WindowShut()


@verb()
def file(
    *, notice: Notice, text: str, by: User, item: NoticeItem | None = None, resident: Resident | None = None,
    at: datetime | None = None,
) -> Objection:  # fmt: skip
    """Object to one line, or to the whole notice, up to midnight of its last day in Shanghai.

    Refuses `BadText`, `NoSuchLine`, `AlreadyObjected` and what `refusal_to_object` says.
    """
    at = at or clock.now()
    mine = notices.locked(notice)
    if refused := refusal_to_object(mine, resident, by, at=at):
        raise refused
    if item and not mine.items.filter(pk=item.pk, live=True).exists():
        raise NoSuchLine
    if resident and Objection.objects.filter(notice=mine, item=item, resident=resident).exists():
        raise AlreadyObjected
    today, street = clock.local(at).date(), mine.community.sub_district_id
    days = settings.value_of(settings.NOTICE_ANSWER_DAYS, street, on=today)
    return Objection.objects.create(
        notice=mine, item=item, resident=resident, text=_written(text), filed_at=at, filed_by=by,
        answer_by=calendar.add_working_days(today, days, street),
    )  # fmt: skip


def refusal_to_answer(
    objection: Objection, by: User, concerned: list[Resident], kin: Kin | None = None
) -> Refused | None:  # fmt: skip
    """Why `by` cannot answer; `concerned`: see `concerned_by`."""
    notice = objection.notice
    if not duties.holds(by, notice.community):
        return duties.NotYourDuty()
    if objection.status != Status.FILED:
        return AlreadyAnswered()
    part = (notice.prepared_by_id, notice.published_by_id, objection.filed_by_id)
    return refusal_between(
        by=by, recorders=part, beneficiaries=concerned, kin=kin, same=OwnNotice(), family=OwnFamily()
    )  # fmt: skip


def concerned_by(objection: Objection) -> list[Resident]:
    """Whose matter it is: the objector's, and that of the line's person, or of everybody on the notice."""
    about = Q(pk=objection.resident_id)
    if objection.item:
        about |= Q(pk=objection.item.resident_id)
    else:
        about |= Q(pk__in=objection.notice.items.exclude(resident=None).values("resident"))
    return list(Resident.objects.filter(about))


@verb(ANSWERING)
def answer(*, objection: Objection, upheld: bool, text: str, by: User, at: datetime | None = None) -> Objection:
    """Uphold it, and its line (or the whole notice) stops; or reject it. Whoever listens is told.

    Refuses `BadText` and what `refusal_to_answer` says.
    """
    at = at or clock.now()
    notice = notices.locked(objection.notice)
    mine = Objection.objects.with_people().get(pk=objection.pk)
    if refused := refusal_to_answer(mine, by, concerned_by(mine)):
        raise refused
    mine.answer, mine.status = _written(text), Status.UPHELD if upheld else Status.REJECTED
    mine.answered_by, mine.answered_at = by, at
    mine.save(update_fields=["answer", "status", "answered_by", "answered_at"])
    if upheld and notice.status == Notice.Status.OPEN:
        _stop(mine, notice, by, at)
    for listener in _listeners:
        listener(mine)
    return mine


def _stop(objection: Objection, notice: Notice, by: User, at: datetime) -> None:
    item = objection.item
    if item is None:
        publishing.take_down(notice, reason="异议成立，整份公示停止", by=by, at=at, stopped=True)
    elif item.live:
        item.live, item.stopped_at = False, at
        item.save(update_fields=["live", "stopped_at"])
        notices.told(item, clear=False)


def waiting_for(by: User, kin: Kin | None = None) -> ObjectionQuerySet:
    """What `by` may answer: the same answer as `refusal_to_answer`, as a query for the to-do page."""
    kin = kin or kin_of(by)
    mine = Objection.objects.open().filter(notice__community__in=duties.served_by(by))
    others = mine.exclude(notice__prepared_by=by).exclude(notice__published_by=by).exclude(filed_by=by)
    family = Resident.objects.filter(Q(pk__in=kin.residents) | Q(household__in=kin.households))
    whole = Q(item=None, notice__items__resident__in=family)
    if not by.own_phone:  # whose family it is cannot be told: only what concerns no person
        family = Resident.objects.all()
        whole = Q(item=None, notice__items__resident__isnull=False)
    concerned = Objection.objects.filter(Q(resident__in=family) | Q(item__resident__in=family) | whole)
    return others.exclude(pk__in=concerned.values("pk"))


def rows(user: User) -> list[todo.Waiting]:
    """To-do: what waits for this person's answer, and until when."""
    found, url = partial(waiting_for, user), reverse("desk:objections")
    return [todo.Waiting("notices", "公示异议待您答复", url, found, "answer_by", todo.day_end)]


def _written(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise BadText
    return text

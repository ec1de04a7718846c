"""我的信息: what somebody asks of their own data, and the answer in writing (PIPL 44-50; domain guide, 13.1).

Viewing, copying and withdrawing consent need nobody; correcting, deleting, explaining and closing are asked of the
community, which answers within a number of working days.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial

from django.db.models import Q, QuerySet
from django.urls import reverse

from communities import calendar, closing, duties, limits, settings, todo
from communities.kin import Kin, kin_of
from communities.models import Community, Resident, RightsRequest, User
from communities.ownership import OwnersOnly, is_own
from core import clock
from core.refusals import Refused
from core.verbs import Refusals, verb

LONGEST = 500
A_DAY = 20  # how often one account may press anything under 我的信息 that writes or copies
Kind, Status = RightsRequest.Kind, RightsRequest.Status


class AlreadyAsked(Refused):
    code = "rights_already_asked"
    message = "同样的申请已经提交，还没有答复，不用重复提交。"


class SaysNothing(Refused):
    code = "rights_text"
    message = f"请写明内容，不超过{LONGEST}字。这次没有提交。"
    status = 400


class AlreadyAnswered(Refused):
    code = "rights_already_answered"
    message = "这件申请已经办完，没有改动。"


class OwnRequest(Refused):
    code = "rights_own_request"
    message = "不能办理自己或家人的申请，请由其他同事办理。这次没有改动。"
    status = 403


class CloseInstead(Refused):
    code = "rights_close_instead"
    message = "注销请在“办理注销”里办，办好后申请自动办结。这次没有改动。"


FILING: Refusals = {"rights_once": lambda _: AlreadyAsked()}
Listener = Callable[[RightsRequest], None]
_listeners: list[Listener] = []


def on_answer(listener: Listener) -> None:
    """`listener(request)` is called in the transaction that answers it."""
    if listener not in _listeners:
        _listeners.append(listener)


def hit(account: User) -> None:
    """Count one press of `account`; refuses `TooMany` above twenty a day."""
    limits.hit(f"rights:{account.pk}", limit=A_DAY, window=timedelta(days=1))


def day_to_answer(community: Community, at: datetime) -> date:
    """The last day to answer what is asked at `at`."""
    day, street = clock.local(at).date(), community.sub_district_id
    allowed = settings.value_of(settings.RIGHTS_ANSWER_DAYS, street, on=day)
    return calendar.add_working_days(day, allowed, street)


def refusal_to_file(resident: Resident, kind: RightsRequest.Kind) -> Refused | None:
    """Why `resident` cannot ask this now; None when nothing stands against it."""
    if resident.status == Resident.Status.CLOSED:
        return closing.AlreadyClosed()
    asked = RightsRequest.objects.open().filter(resident=resident, kind=kind)
    return AlreadyAsked() if asked.exists() else None


def refusal_to_answer(asked: RightsRequest, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot take or answer; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, asked.community), duties.NotYourDuty()),
        (asked.status != Status.FILED, AlreadyAnswered()),
        ((kin or kin_of(by)).includes(asked.resident), OwnRequest()),
    ]
    return next((refused for stands, refused in reasons if stands), None)


@verb(FILING)
def file(*, resident: Resident, kind: RightsRequest.Kind, text: str, by: User) -> RightsRequest:
    """Ask for something; `by` is the own account, or staff for somebody at the counter.

    To close needs no words. Refuses `OwnersOnly`, `NotYourDuty`, `SaysNothing` and what `refusal_to_file` says.
    """
    if not is_own(by, resident):
        if by.kind == User.Kind.RESIDENT:
            raise OwnersOnly
        duties.require(by, resident.community)
    text = text.strip()
    if len(text) > LONGEST or "\0" in text or not (text or kind == Kind.CLOSE):
        raise SaysNothing
    if refused := refusal_to_file(resident, kind):
        raise refused
    now = clock.now()
    return RightsRequest.objects.create(
        community=resident.community, resident=resident, kind=kind, text=text, filed_at=now, filed_by=by,
        answer_by=day_to_answer(resident.community, now),
    )  # fmt: skip


@verb()
def take(*, asked: RightsRequest, by: User) -> RightsRequest:
    """`by` sees to it; whoever saw to it before does no longer. Refuses what `refusal_to_answer` says."""
    mine = _locked(asked, by)
    mine.handler = by
    mine.save(update_fields=["handler"])
    return mine


@verb()
def answer(*, asked: RightsRequest, done: bool, text: str, by: User) -> RightsRequest:
    """Say in writing what was done, or why not, and tell whoever listens.

    Refuses `SaysNothing`, `CloseInstead` (a closed account is answered by closing it) and what `refusal_to_answer` says.
    """
    mine, text = _locked(asked, by), text.strip()
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise SaysNothing
    if done and mine.kind == Kind.CLOSE:
        raise CloseInstead
    mine.status, mine.answer = (Status.DONE if done else Status.REFUSED), text
    mine.answered_by, mine.answered_at, mine.handler = by, clock.now(), by
    mine.save(update_fields=["status", "answer", "answered_by", "answered_at", "handler"])
    for listener in _listeners:
        listener(mine)
    return mine


@verb()
def withdraw(*, asked: RightsRequest, by: User) -> RightsRequest:
    """The resident asks no longer. Refuses `OwnersOnly` and `AlreadyAnswered`."""
    mine = (
        RightsRequest.objects.select_for_update(no_key=True, of=("self",)).select_related("resident").get(pk=asked.pk)
    )
    if not is_own(by, mine.resident):
        raise OwnersOnly
    if mine.status != Status.FILED:
        raise AlreadyAnswered
    mine.status, mine.answered_by, mine.answered_at = Status.WITHDRAWN, by, clock.now()
    mine.save(update_fields=["status", "answered_by", "answered_at"])
    return mine


@verb()
def moved(*, resident: Resident) -> None:
    """Who lives elsewhere now is answered there: only there can the file be put right, or closed. In time, as it was asked."""
    open_ones = RightsRequest.objects.open().filter(resident=resident).exclude(community=resident.community_id)
    open_ones.update(community=resident.community_id, handler=None)


def listed(user: User, *, answered: bool, beyond: int | None, size: int) -> list[RightsRequest]:
    """One more than `size`: what is open, the oldest first, or what is over, the newest first."""
    mine = RightsRequest.objects.for_staff(user).select_related("resident", "community", "handler", "answered_by")
    if answered:
        over = mine.exclude(status=Status.FILED).order_by("-pk")
        return list((over.filter(pk__lt=beyond) if beyond else over)[: size + 1])
    return list(mine.open().filter(pk__gt=beyond or 0).order_by("pk")[: size + 1])


def waiting_for(user: User, kin: Kin | None = None) -> QuerySet[RightsRequest]:
    """What `user` may see to, and nobody else sees to already."""
    kin = kin or kin_of(user)
    mine = RightsRequest.objects.open().filter(community__in=duties.served_by(user))
    others = mine.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)
    return others.filter(Q(handler=None) | Q(handler=user))


def rows(user: User) -> list[todo.Waiting]:
    """To-do: what waits for this person, and until when."""
    found, url = partial(waiting_for, user), reverse("desk:rights")
    return [todo.Waiting("rights", "个人信息申请待办理", url, found, "answer_by", todo.day_end)]


def _locked(asked: RightsRequest, by: User) -> RightsRequest:
    rows = RightsRequest.objects.select_for_update(no_key=True, of=("self",)).select_related("resident", "community")
    mine = rows.get(pk=asked.pk)
    if refused := refusal_to_answer(mine, by):
        raise refused
    return mine

"""申诉: a resident objects to what was decided about them; somebody else answers within a few working days.

This home knows nothing of what is decided: an app registers, under a prefix, how its decisions are found, and who is to
be told of an answer is registered as well. Days to file and to answer: domain guide, 19.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Q
from django.urls import reverse

from communities import calendar, duties, settings, todo
from communities.kin import Kin, kin_of, refusal_between
from communities.models import Appeal, Community, Resident, User
from communities.models.appeals import AppealQuerySet
from communities.paging import number
from core import clock, words
from core.refusals import Refused
from core.verbs import Refusals, verb

LONGEST = 500  # characters of a text
RESULT = 200  # characters of a result
Status = Appeal.Status


class NothingToAppeal(Refused):
    code = "nothing_to_appeal"
    message = "没有找到这项决定，没有提交申诉。如有疑问，请联系社区。"
    status = 404


class NotYourAppeal(Refused):
    code = "not_your_appeal"
    message = "申诉由居民本人提出，或到社区窗口请工作人员代为提交。这次没有提交。"
    status = 403


class TooLate(Refused):
    code = "appeal_too_late"
    message = "现在不能再提出。仍有疑问，请打社区电话或到窗口。"


class AlreadyFiled(Refused):
    code = "already_appealed"
    message = "这件事已经申诉过，不用重复提交，请看答复。"


class BadText(Refused):
    code = "appeal_text"
    message = f"请写明理由，不超过{LONGEST}字。这次没有提交。"
    status = 400


class AlreadyAnswered(Refused):
    code = "already_answered"
    message = "这件申诉已经答复过，没有改动。"


class OwnDecision(Refused):
    code = "own_decision"
    message = "这项决定由您提出或作出，或这件申诉由您代为提交，须由另一位工作人员答复。"
    status = 403


class OwnFamily(Refused):
    code = "own_family"
    message = "不能答复自己或家人的申诉，请由其他同事答复。"
    status = 403


class NothingChanged(Refused):
    code = "nothing_changed"
    message = "支持申诉时，请写明更正后的结果；不支持时不用写。这次没有提交。"
    status = 400


FILING: Refusals = {"appeal_once": lambda _: AlreadyFiled()}
ANSWERING: Refusals = dict.fromkeys(
    ("appeal_other_judge", "appeal_not_by_proposer", "appeal_not_own_judge"), lambda _: OwnDecision()
)


@dataclass(frozen=True)
class Decision:
    """What may be appealed: `about` is prefix:number, `subject` says it in words, `value` what now stands, `link` where.

    Neither who decided nor who had prepared the decision will answer.
    """

    about: str
    subject: str
    decided_at: datetime
    decided_by_id: int | None
    community: Community
    link: str
    value: str = ""
    prepared_by_id: int | None = None


@dataclass(frozen=True)
class State:
    """How one decision stands with its resident: the appeal, or until which day one may be filed."""

    about: str
    until: date
    appeal: Appeal | None
    may_file: bool


Finder = Callable[[Resident, int], Decision | None]
Listener = Callable[[Appeal], None]
Remedy = Callable[[Appeal], tuple[str, str] | None]
_finders: dict[str, Finder] = {}
_remedies: dict[str, Remedy] = {}
_listeners: list[Listener] = []


def register(prefix: str, finder: Finder) -> None:
    """`finder(resident, number)` is the decision `prefix:number` if it is about `resident`, else None."""
    _finders[prefix] = finder


def remedied_by(prefix: str, remedy: Remedy) -> None:
    """`remedy(appeal)`: where an upheld appeal against `prefix:…` is put right, as label and address; None when nowhere."""
    _remedies[prefix] = remedy


def remedy_of(appeal: Appeal) -> tuple[str, str] | None:
    """Where staff put right what was upheld; None for any other appeal."""
    remedy = _remedies.get(appeal.about.partition(":")[0]) if appeal.status == Status.UPHELD else None
    return remedy(appeal) if remedy else None


def on_answer(listener: Listener) -> None:
    """`listener(appeal)` is called in the transaction that answers it."""
    if listener not in _listeners:
        _listeners.append(listener)


def find(resident: Resident, about: str) -> Decision | None:
    """The decision about `resident` that `about` names; None for anything else."""
    prefix, _, digits = about.partition(":")
    finder, pk = _finders.get(prefix), number(digits)
    return finder(resident, pk) if finder and pk else None


def days_to_file(sub_district_id: int, decided: Iterable[datetime]) -> dict[datetime, date]:
    """The last day to appeal for each moment of a decision, by the rule of that day; it never shrinks. Two queries for any number."""
    days = {at: clock.local(at).date() for at in decided}
    if not days:
        return {}
    allowed = settings.over_time(settings.APPEAL_FILE_DAYS, sub_district_id)
    working = calendar.calendar_of(sub_district_id, min(days.values()))
    return {at: working.told_at(at).add(day, allowed(day)) for at, day in days.items()}


def day_to_answer(community: Community, at: datetime) -> date:
    """The last day to answer what is filed at `at`."""
    day, street = clock.local(at).date(), community.sub_district_id
    return calendar.add_working_days(day, settings.value_of(settings.APPEAL_ANSWER_DAYS, street, on=day), street)


def state_for(resident: Resident, decided: Mapping[str, datetime], *, at: datetime | None = None) -> dict[str, State]:
    """How each decision (about → when it was decided) stands with `resident`; three queries for any number."""
    today = clock.local(at or clock.now()).date()
    filed = {one.about: one for one in Appeal.objects.filter(resident=resident, about__in=decided)}
    until = days_to_file(resident.community.sub_district_id, decided.values())
    return {
        about: State(about, until[moment], filed.get(about), about not in filed and today <= until[moment])
        for about, moment in decided.items()
    }


def case_of(resident: Resident, about: str, at: datetime) -> dict[str, Any] | None:
    """What a page shows of a decision that `resident` has not appealed yet; None when there is none."""
    decision = find(resident, about)
    if decision is None:
        return None
    state = state_for(resident, {about: decision.decided_at}, at=at)[about]
    return {
        "resident": resident, "decision": decision, "state": state, "refused": refusal_to_file(decision, state),
        "answer_by": day_to_answer(decision.community, at),
    }  # fmt: skip


def listed(user: User, *, answered: bool, beyond: int | None, size: int) -> list[Appeal]:
    """One more than `size`: what is open, the oldest first, or what was answered, the newest first."""
    mine = Appeal.objects.for_staff(user).with_people()
    if answered:
        done = mine.answered().order_by("-pk")
        return list((done.filter(pk__lt=beyond) if beyond else done)[: size + 1])
    return list(mine.open().filter(pk__gt=beyond or 0).order_by("pk")[: size + 1])


def refusal_to_file(decision: Decision, state: State) -> Refused | None:
    """Why no appeal can be filed against `decision`; None when nothing stands against it."""
    if state.appeal:
        return AlreadyFiled()
    return None if state.may_file else TooLate(f"申诉期限到{words.day(state.until)}为止，{TooLate.message}")


def refusal_to_answer(appeal: Appeal, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot answer; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    if not duties.holds(by, appeal.community):
        return duties.NotYourDuty()
    if appeal.status != Status.FILED:
        return AlreadyAnswered()
    return refusal_between(
        by=by, recorders=[appeal.decided_by_id, appeal.prepared_by_id, appeal.filed_by_id], kin=kin,
        beneficiaries=[appeal.resident], same=OwnDecision(), family=OwnFamily(),
    )  # fmt: skip


def waiting_for(by: User, kin: Kin | None = None) -> AppealQuerySet:
    """What `by` may answer: the same answer as `refusal_to_answer`, as a query for the to-do page."""
    if not by.own_phone:
        return Appeal.objects.none()
    kin = kin or kin_of(by)
    mine = Appeal.objects.open().filter(community__in=duties.served_by(by))
    part = Q(decided_by__in=kin.accounts) | Q(prepared_by__in=kin.accounts) | Q(filed_by__in=kin.accounts)
    others = mine.exclude(part)
    return others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


def rows(user: User) -> list[todo.Waiting]:
    """To-do: what waits for this person's answer, and until when."""
    found, url = partial(waiting_for, user), reverse("desk:appeals")
    return [todo.Waiting("appeals", "申诉待您答复", url, found, "answer_by", todo.day_end)]


@verb(FILING)
def file(*, resident: Resident, about: str, text: str, by: User, at: datetime | None = None) -> Appeal:
    """File an appeal of `resident` against `about`; `by` is their own account, or staff at the counter.

    Refuses `NothingToAppeal`, `NotYourAppeal`, `BadText` and what `refusal_to_file` says.
    """
    at = at or clock.now()
    decision = find(resident, about)
    if decision is None:
        raise NothingToAppeal
    if by.pk != resident.account_id and not duties.holds(by, decision.community):
        raise NotYourAppeal
    text = _written(text)
    state = state_for(resident, {about: decision.decided_at}, at=at)[about]
    if refused := refusal_to_file(decision, state):
        raise refused
    return Appeal.objects.create(
        community=decision.community, resident=resident, about=about, subject=decision.subject, link=decision.link,
        old_value=decision.value, decided_at=decision.decided_at, decided_by_id=decision.decided_by_id,
        prepared_by_id=decision.prepared_by_id, text=text,
        filed_at=at, filed_by=by, file_by=state.until, answer_by=day_to_answer(decision.community, at),
    )  # fmt: skip


@verb(ANSWERING)
def answer(
    *, appeal: Appeal, upheld: bool, text: str, by: User, new_value: str = "", at: datetime | None = None
) -> Appeal:  # fmt: skip
    """Uphold an appeal, naming what the result is now, or reject it, and tell whoever listens.

    Refuses `BadText`, `NothingChanged` and what `refusal_to_answer` says.
    """
    mine = Appeal.objects.select_for_update(no_key=True, of=("self",)).with_people().get(pk=appeal.pk)
    if refused := refusal_to_answer(mine, by):
        raise refused
    mine.answer, mine.new_value = _written(text), new_value.strip()
    if upheld is not bool(mine.new_value) or len(mine.new_value) > RESULT or "\0" in mine.new_value:
        raise NothingChanged
    mine.status = Status.UPHELD if upheld else Status.REJECTED
    mine.answered_by, mine.answered_at = by, at or clock.now()
    mine.save(update_fields=["answer", "new_value", "status", "answered_by", "answered_at"])
    for listener in _listeners:
        listener(mine)
    return mine


def _written(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise BadText
    return text

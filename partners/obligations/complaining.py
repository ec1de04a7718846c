"""投诉: a resident says what went wrong; taken in and answered by a colleague within working days, opened again once.

The partner reads the kind, the day and the answer, never by whom or in which words. Locks: the complaint alone.
"""

from collections.abc import Sequence
from datetime import date, datetime

from communities import calendar, closing, duties, helping
from communities.models import Community, Resident, User
from communities.settings import (
    COMPLAINT_ACCEPT_DAYS,
    COMPLAINT_ANSWER_DAYS,
    COMPLAINT_REOPEN_DAYS,
    Value,
    over_time,
    value_of,
)
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from partners.models import Agreement, Complaint, Partner
from partners.obligations import bias

LONGEST, TOLD = 500, 150  # characters of a text, and of an answer in a message
A_DAY = 5  # complaints of one account; counted by the page
Status = Complaint.Status


class NothingToComplain(Refused):
    code = "nothing_to_complain"
    message = "这家合伙人没有和这个社区签过协议，没有提交投诉。有事请打社区电话。"
    status = 404


class NotYourComplaint(Refused):
    code = "not_your_complaint"
    message = "投诉由居民本人提出，或到社区窗口请工作人员代为登记。这次没有提交。"
    status = 403


class ComplaintText(BadInput):
    code = "complaint_text"
    message = f"请写明内容，不超过{LONGEST}字。这次没有提交。"


class NamesTheResident(BadInput):
    code = "names_the_resident"
    message = "答复里写了居民的姓名或电话，合伙人会看到，没有提交。请改成“居民”。"


class NotFiled(Refused):
    code = "complaint_state"
    message = "这件投诉已经办到下一步，没有再改动。请刷新后再看。"


class ReopenedBefore(Refused):
    code = "complaint_reopened"
    message = "这件投诉已经重新提出过一次，不能再提。仍有意见，请拨打12345。"


class ReopenTooLate(Refused):
    code = "complaint_reopen_late"


REFUSALS: Refusals = {"CL001": lambda _: closing.AlreadyClosed()}


def day_of(declared: Value, community: Community, since: datetime) -> date:
    """The last day of a deadline that began at `since`, by the value of that day."""
    day, street = clock.local(since).date(), community.sub_district_id
    return calendar.add_working_days(day, value_of(declared, street, on=day), street)


def due(complaint: Complaint) -> date | None:
    """Until when the next step is to be done; None once it is answered."""
    return dues([complaint])[0]


def dues(complaints: Sequence[Complaint]) -> list[date | None]:
    """As `due`, of each; three queries for every sub-district, for any number. Each by the value of the day it began."""
    waiting = [one for one in complaints if one.status != Status.ANSWERED]
    begun = {one.pk: clock.local(one.reopened_at or one.at).date() for one in waiting}
    streets = {one.community.sub_district_id for one in waiting}
    days = {
        (declared, street): over_time(declared, street)
        for street in streets
        for declared in (COMPLAINT_ACCEPT_DAYS, COMPLAINT_ANSWER_DAYS)
    }
    calendars = {street: calendar.calendar_of(street, min(begun.values())) for street in streets}

    def of(one: Complaint) -> date | None:
        if one.status == Status.ANSWERED:
            return None
        street, since = one.community.sub_district_id, begun[one.pk]
        declared = COMPLAINT_ACCEPT_DAYS if one.status == Status.FILED else COMPLAINT_ANSWER_DAYS
        return calendars[street].add(since, days[declared, street](since))

    return [of(one) for one in complaints]


@verb(REFUSALS)
def file(
    *, partner: Partner, community: Community, text: str, by: User, kind: str = Complaint.Kind.OTHER,
    resident: Resident | None = None, at: datetime | None = None,
) -> Complaint:  # fmt: skip
    """Take down a complaint about `partner` at `community`. `by` is the resident's account, a helper's, or staff's.

    Without `resident` it came from nobody we know (12345, somebody in the street): staff alone write that down. The same words
    again, while nobody took them in, are the same complaint.
    Refuses `NothingToComplain`, `NotYourComplaint`, `ComplaintText`, whoever's file is closed (`AlreadyClosed`).
    """
    at, text = at or clock.now(), _written(text)
    if not Agreement.objects.filter(partner=partner, community=community, status=Agreement.Status.SIGNED).exists():
        raise NothingToComplain
    own = resident is not None and (by.pk == resident.account_id or helping.helping(resident, by) is not None)
    if not own and not duties.holds(by, community, *duties.ENTERING):
        raise NotYourComplaint
    if kind not in Complaint.Kind:
        raise ComplaintText
    said = Complaint.objects.filter(partner=partner, community=community, resident=resident, text=text)
    said = said if resident else said.filter(by=by)
    if before := said.filter(status=Status.FILED).first():  # a second tap
        return before
    made = Complaint.objects.create(
        partner=partner, community=community, resident=resident, kind=kind, text=text, by=by, at=at
    )
    if resident:
        until = words.day(day_of(COMPLAINT_ANSWER_DAYS, community, at))
        body = f"您对{partner}的投诉已收到，{until}前答复。合伙人不会知道是您提出的。{helping.said(resident, by)}"
        _tell(made, "filed", "投诉已收到", body)
    return made


def refusal_to_handle(complaint: Complaint, by: User) -> Refused | None:
    """Why `by` cannot take it in or answer it; None when nothing stands against it. The desk and both verbs ask.

    Not who is complained about or family to them, nor the resident's family. What was opened again is answered by another one.
    """
    if not duties.holds(by, complaint.community):
        return duties.NotYourDuty()
    if complaint.status == Status.ANSWERED:
        return NotFiled()
    first = [complaint.answered_by_id] if complaint.reopened_at else []
    people = [complaint.resident] if complaint.resident else []
    return bias.refusal_for(by, complaint.partner, recorders=first, beneficiaries=people)


@verb()
def accept(*, complaint: Complaint, by: User, at: datetime | None = None) -> Complaint:
    """受理. Refuses `NotFiled` and what `refusal_to_handle` says."""
    mine = _locked(complaint)
    if mine.status != Status.FILED:
        raise NotFiled
    if refused := refusal_to_handle(mine, by):
        raise refused
    mine.status, mine.accepted_by, mine.accepted_at = Status.ACCEPTED, by, at or clock.now()
    mine.save(update_fields=["status", "accepted_by", "accepted_at"])
    return mine


@verb()
def answer(*, complaint: Complaint, answer: str, upheld: bool, by: User, at: datetime | None = None) -> Complaint:
    """What came of it, to the resident and, without the resident's words, to the partner.

    Refuses what was not taken in (`NotFiled`), `ComplaintText`, `NamesTheResident` and what `refusal_to_handle` says.
    """
    mine, at, answer = _locked(complaint), at or clock.now(), _written(answer)
    if refused := refusal_to_handle(mine, by):
        raise refused
    if mine.status != Status.ACCEPTED:
        raise NotFiled("这件投诉还没有受理，没有提交答复。请先受理。")
    if mine.resident and any(said and said in answer for said in (mine.resident.name, mine.resident.phone)):
        raise NamesTheResident
    mine.status, mine.answer, mine.upheld, mine.answered_by, mine.answered_at = Status.ANSWERED, answer, upheld, by, at
    mine.save(update_fields=["status", "answer", "upheld", "answered_by", "answered_at"])
    if mine.resident and mine.resident.status != Resident.Status.CLOSED:
        again = "" if mine.reopened_at else f"不满意的，{words.day(reopen_until(mine))}前可以再提一次。"
        said = answer if len(answer) <= TOLD else f"{answer[:TOLD]}……全文请点开查看。"
        _tell(mine, f"answered:{bool(mine.reopened_at)}", "投诉有了答复", f"您对{mine.partner}的投诉：{said}{again}")
    return mine


def reopen_until(complaint: Complaint) -> date:
    """The last day on which an answered one may be opened again."""
    assert complaint.answered_at
    return day_of(COMPLAINT_REOPEN_DAYS, complaint.community, complaint.answered_at)


def refusal_to_reopen(complaint: Complaint, at: datetime) -> Refused | None:
    """Why it cannot be opened again; None when nothing stands against it. Page and verb ask."""
    if complaint.resident and complaint.resident.status == Resident.Status.CLOSED:
        return closing.AlreadyClosed()
    if complaint.reopened_at:
        return ReopenedBefore()
    if complaint.status != Status.ANSWERED:
        return NotFiled("这件投诉还在办理，答复以后才能再提。没有改动。")
    until = reopen_until(complaint)
    if clock.local(at).date() > until:
        return ReopenTooLate(f"再提的期限到{words.day(until)}为止，这次没有提交。仍有意见，请拨打12345。")
    return None


@verb()
def reopen(*, complaint: Complaint, text: str, by: User, at: datetime | None = None) -> Complaint:
    """Once, by the resident or whoever may file for them: another colleague answers. Refuses as `refusal_to_reopen` says."""
    mine, at, text = _locked(complaint), at or clock.now(), _written(text)
    resident = mine.resident
    own = resident is not None and (by.pk == resident.account_id or helping.helping(resident, by) is not None)
    if not own and not duties.holds(by, mine.community):
        raise NotYourComplaint
    if refused := refusal_to_reopen(mine, at):
        raise refused
    # Who gave the first answer stays written until the second one: that person will not give it.
    mine.status, mine.reopened_at, mine.reopened_text = Status.ACCEPTED, at, text
    mine.first_answer, mine.answer, mine.upheld = mine.answer, "", None
    mine.save(update_fields=["status", "reopened_at", "reopened_text", "first_answer", "answer", "upheld"])
    return mine


def _locked(complaint: Complaint) -> Complaint:
    rows = Complaint.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("partner", "community", "resident").get(pk=complaint.pk)


def _tell(complaint: Complaint, what: str, title: str, body: str) -> None:
    said = Words(title, body, f"/partners/complaints/{complaint.pk}/")
    tell(resident=complaint.resident, occasion=f"complaint:{complaint.pk}:{what}", words=said)


def _written(text: str) -> str:
    text = text.strip()
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise ComplaintText
    return text

"""答复: a second person looks at what was sent in: it is valid, or not, or the same as another one.

Who sent it (staff, if it was taken down at the counter) is the recorder; for themselves, the household and whom they help
nobody answers. A valid one earns by the rule of its kind, once; what was declined may be appealed.
"""

from datetime import datetime

from activities import awarding, deeds
from activities.awarding import Earned
from activities.models import Award, Deed
from activities.models.deeds import DeedQuerySet
from communities import duties
from communities.appeals import Decision
from communities.kin import Kin as Family, kin_of, refusal_between
from communities.models import Appeal, Resident, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell
from points import pricing

LONGEST = 200  # characters of an answer
PREFIX = "deed"
Kind, Status = Deed.Kind, Deed.Status
RULES = {Kind.SNAPSHOT: "PHOTO", Kind.KINDNESS: "DEED", Kind.IDEA: "IDEA"}
VALID = {Kind.SNAPSHOT: "有效", Kind.KINDNESS: "有效", Kind.IDEA: "被采纳"}
NOT_VALID = {Kind.SNAPSHOT: "未通过", Kind.KINDNESS: "未通过", Kind.IDEA: "未采纳"}
STANDING = (Status.SENT, Status.ACCEPTED, Status.SOLVED)


class DeedAnswered(Refused):
    code = "deed_answered"
    message = "这一条刚刚已经处理或撤回，没有再改动，也没有重复入账。请看列表里的结果。"


class OwnDeed(Refused):
    code = "deed_recorder"
    message = "这一条由您代为提交，须由另一位工作人员答复，没有改动。"
    status = 403


class FamilyDeed(Refused):
    code = "deed_of_family"
    message = "不能答复自己、家人或由您代办的居民的小事，没有改动。请由其他同事答复。"
    status = 403


class SayWhy(BadInput):
    code = "deed_answer_text"
    message = f"请写明答复（不超过{LONGEST}字），居民会看到。这次没有提交。"


class NotTheSame(Refused):
    code = "deed_not_the_same"
    message = "这两条不能合并：须是同一社区、同一类，且对方还在处理或已有效、自己没有合并过别的。什么都没有改动。"


REFUSALS: Refusals = awarding.REFUSALS


def refusal_for(deed: Deed, by: User, kin: Family | None = None) -> Refused | None:
    """Why `by` cannot answer; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    if deed.status != Status.SENT:
        return DeedAnswered()
    return refusal_between(
        by=by, recorders=[deed.by_id], beneficiaries=[deed.resident], kin=kin, same=OwnDeed(), family=FamilyDeed()
    )


def waiting_for(by: User, kin: Family | None = None) -> DeedQuerySet:
    """What `by` may answer: the same as `refusal_for`, as a query."""
    if not by.own_phone:
        return Deed.objects.none()
    kin = kin or kin_of(by)
    others = Deed.objects.filter(community__in=duties.served_by(by)).waiting().exclude(by__in=kin.accounts)
    return others.exclude(resident__in=kin.residents).exclude(resident__household__in=kin.households)


@verb(REFUSALS)
def accept(*, deed: Deed, by: User, answer: str = "", at: datetime | None = None) -> Deed:
    """It is valid, or the suggestion is adopted (then `answer` says how): points by the rule, and the resident is told.

    The award comes first: its key lets only one of two colleagues through. Refuses `refusal_for`, `SayWhy`.
    """
    at, seen = at or clock.now(), _seen(deed, by)
    answer = said(answer, needed=seen.kind == Kind.IDEA)
    what = f"{seen.get_kind_display()}{VALID[Kind(seen.kind)]}"
    award = awarding.approve(earned=earned(seen, RULES[Kind(seen.kind)], what), by=by, at=at)
    mine = _locked(seen)
    mine.status, mine.award = Status.ACCEPTED, award
    if seen.kind == Kind.SNAPSHOT:
        mine.close_by = deeds.day_to_close(seen, at)
    _answered(mine, by, answer, at)
    _tell(mine, Words(what, f"{begin(mine)}{VALID[Kind(mine.kind)]}。{got(award)}{answer}", link(mine)))
    return mine


@verb()
def decline(*, deed: Deed, by: User, reason: str, at: datetime | None = None) -> Deed:
    """It is not valid, or not adopted, because of `reason`. Refuses `refusal_for`, `SayWhy`."""
    at, seen, reason = at or clock.now(), _seen(deed, by), said(reason)
    mine = _locked(seen)
    mine.status = Status.DECLINED
    _answered(mine, by, reason, at)
    result = NOT_VALID[Kind(mine.kind)]
    end = f"原因：{reason}。积分没有变动。有不同意见可以申诉，点“查看”。"
    _tell(mine, Words(_subject(mine), f"{begin(mine)}{result}。{end}", link(mine)))
    tell_merged(mine, f"{result}。原因：{reason}。")
    return mine


@verb()
def merge(*, deed: Deed, into: Deed, by: User, at: datetime | None = None) -> Deed:
    """`deed` tells of the same thing as `into`: it earns nothing, and its sender is told, now and of how it ends.

    Refuses `refusal_for` and `NotTheSame`.
    """
    at, seen = at or clock.now(), _seen(deed, by)
    pair = Deed.objects.select_for_update(no_key=True, of=("self",)).filter(pk__in=[seen.pk, into.pk])
    rows = {one.pk: one for one in pair.select_related("resident", "community").order_by("pk")}
    mine, other = rows[seen.pk], rows.get(into.pk)
    if mine.status != Status.SENT:
        raise DeedAnswered
    if other is None or not may_merge(mine, other) or mine.merged.exists():
        raise NotTheSame
    mine.status, mine.merged_into = Status.MERGED, other
    _answered(mine, by, "", at)
    end = "和另一条是同一件事，已合并处理，处理结果会告诉您。合并的不另外计积分。"
    _tell(mine, Words("小事已合并处理", f"{begin(mine)}{end}", link(mine)))
    return mine


def may_merge(deed: Deed, into: Deed) -> bool:
    """Whether `into` can carry `deed`: another one of the same community and kind that stands."""
    same = (deed.community_id, deed.kind) == (into.community_id, into.kind)
    return same and deed.pk != into.pk and into.status in STANDING


def earned(deed: Deed, code: str, what: str, more: str = "") -> Earned:
    """The text stays out of it: what is written into the books is never edited."""
    tariff = pricing.tariff(code, deed.resident.community.sub_district_id, on=deed.on)
    return Earned(
        about=f"{PREFIX}:{deed.pk}{more}", resident=deed.resident, community=deed.community, code=code,
        title=f"{what}（编号{deed.pk}）", price=tariff.price(1), recorded_by_id=deed.by_id,
    )  # fmt: skip


def got(award: Award | None) -> str:
    return awarding.said_of(award) if award else "这一项现在不计积分。"


def said(text: str, *, needed: bool = True) -> str:
    text = text.strip()
    if len(text) > LONGEST or "\0" in text or (needed and not text):
        raise SayWhy
    return text


def link(deed: Deed) -> str:
    return f"/activities/deeds/{deed.pk}/"


def declined_about(resident: Resident, number: int) -> Decision | None:
    """For communities/appeals.py: what was declined may be appealed."""
    mine = Deed.objects.of(resident).filter(pk=number, status=Status.DECLINED).select_related("community").first()
    if mine is None or mine.answered_at is None:
        return None
    prepared = mine.by_id if mine.by_id != resident.account_id else None
    return Decision(
        f"{PREFIX}:{mine.pk}", f"{_subject(mine)}（编号{mine.pk}）", mine.answered_at, mine.answered_by_id,
        mine.community, link(mine), value=f"{mine.get_status_display()}：{mine.answer}"[:200], prepared_by_id=prepared,
    )  # fmt: skip


def appealed(appeal: Appeal) -> None:
    """Listener: an upheld appeal puts the deed back among what waits, for a new look by a second person."""
    prefix, _, number = appeal.about.partition(":")
    if prefix != PREFIX or appeal.status != Appeal.Status.UPHELD:
        return
    mine = Deed.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=number)
    if mine.status == Status.DECLINED:
        mine.status, mine.answer, mine.answered_at, mine.answered_by = Status.SENT, "", None, None
        mine.answer_by = deeds.answer_by(mine.community.sub_district_id, clock.now())
        mine.save(update_fields=["status", "answer", "answered_at", "answered_by", "answer_by"])


def tell_merged(deed: Deed, words: str) -> None:
    """Tell the senders of what was merged into `deed` how it ended."""
    for one in deed.merged.select_related("resident"):
        said_too = f"{begin(one)}已合并到的那一条，{words}"
        _tell(one, Words("合并的小事有了结果", said_too, link(one)), f":{deed.status}")


def fresh(deed: Deed, by: User) -> Deed:
    """`deed` as it stands, with its people and places, for staff of its community."""
    seen = Deed.objects.select_related("community", "resident__community").get(pk=deed.pk)
    duties.require(by, seen.community)
    return seen


def _seen(deed: Deed, by: User) -> Deed:
    seen = fresh(deed, by)
    if refused := refusal_for(seen, by):
        raise refused
    return seen


def _locked(seen: Deed) -> Deed:
    locked = Deed.objects.select_for_update(no_key=True, of=("self",)).select_related("resident", "community")
    mine = locked.get(pk=seen.pk)
    if mine.status != Status.SENT:
        raise DeedAnswered
    return mine


def _answered(mine: Deed, by: User, answer: str, at: datetime) -> None:
    mine.answered_by, mine.answered_at, mine.answer = by, at, answer
    mine.save(
        update_fields=["status", "award", "close_by", "merged_into", "answered_by", "answered_at", "answer"]
    )  # fmt: skip


def begin(deed: Deed) -> str:
    day = clock.local(deed.at)
    return f"您{day.month}月{day.day}日提交的{deed.get_kind_display()}"


def _subject(deed: Deed) -> str:
    return f"{deed.get_kind_display()}{NOT_VALID[Kind(deed.kind)]}"


def _tell(deed: Deed, words: Words, what: str = "") -> None:
    """Once per answer: an upheld appeal brings another."""
    moment = f"{deed.answered_at:%Y%m%d%H%M%S}" if deed.answered_at else ""
    tell(resident=deed.resident, occasion=f"deed:{deed.pk}:{deed.status}{what}:{moment}", words=words)

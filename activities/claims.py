"""认领: a resident claims a post, a second person gives it for the post's term, or declines (mission, 20).

One holder for a post, one post for a resident: `post_one_holder`, `resident_one_post`; two people: `holding_two_people`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q

from activities.models import Holding, Post
from activities.models.posts import HoldingQuerySet
from activities.terms import term_end
from communities import closing, couriers, duties, helping
from communities.kin import Kin, refusal_between
from communities.models import Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications.outbox import Words, tell

ADULT = 18
REASON = 100  # characters
START_WITHIN = timedelta(days=60)
PAGE = "/activities/posts/"
TAKEN_BACK = "本人撤回"
Status = Holding.Status


class PostClosed(Refused):
    code = "post_closed"
    message = "这个岗位已经撤销，什么都没有改动。请看看其他岗位。"


class PostHeld(Refused):
    code = "post_held"
    message = "这个岗位已经有人在岗，什么都没有改动。请看看其他岗位。"


class OnePost(Refused):
    code = "one_post"
    message = "一人只能有一个岗位，已有岗位或已认领的，不能再认领，什么都没有改动。离岗或撤回认领后可以换岗。"


class CouriersOnly(Refused):
    code = "couriers_only"
    message = "这个岗位只给已登记的小哥，没有认领。可在“小哥驿站”登记，或看看其他岗位。"


class TooYoungForPost(Refused):
    code = "post_adults_only"
    message = "认领岗位须年满18岁，这次没有认领。"


class NotConfirmed(Refused):
    code = "resident_not_confirmed"
    message = "社区还没有确认居民登记，暂时不能认领岗位。一般一个工作日内确认，急用可打社区电话。"


class OtherSubDistrict(Refused):
    code = "other_sub_district"
    message = "这个岗位只给本街道居民，没有认领。请看看您所在街道的岗位。"


class NotAsked(Refused):
    code = "claim_settled"
    message = "这份认领已经审核过或已撤回，没有再改动。请刷新后再看。"


class SamePerson(Refused):
    code = "same_person"
    message = "您代为认领的岗位，须由另一位工作人员审核，没有改动。"
    status = 403


class OwnPost(Refused):
    code = "own_post"
    message = "不能审核自己或家人的岗位，请由其他同事办理，没有改动。"
    status = 403


class BadStart(BadInput):
    code = "bad_start"
    message = "上岗日期须在今天前后60天以内，没有改动。请重新选择。"


class HeldThen(Refused):
    code = "post_held_then"
    message = "这个岗位或这位居民在那时还有一段没有结束的任期，没有改动。请把上岗日期选在上一段任期结束以后。"


class NoReason(BadInput):
    code = "no_reason"
    message = f"请写明原因（不超过{REASON}字），什么都没有改动。"


REFUSALS: Refusals = {
    "post_one_holder": lambda _: PostHeld(),
    "resident_one_post": lambda _: OnePost(),
    "holding_asked_once": lambda _: OnePost(),
    "holding_two_people": lambda _: SamePerson(),
    "CL001": lambda _: closing.AlreadyClosed(),
}


def standing(resident: Resident) -> Holding | None:
    """The post that `resident` holds or has claimed."""
    mine = Holding.objects.filter(resident=resident, status__in=(Status.ASKED, Status.HELD))
    return mine.select_related("post__community", "resident").order_by("-status", "pk").first()


def refusal_to_claim(post: Post, resident: Resident, at: datetime) -> Refused | None:
    """Why `resident` cannot claim `post` at `at`; None when nothing stands against it. Page, counter and verb ask."""
    return refusals_to_claim([post], resident, at)[post.pk]


def refusals_to_claim(posts: Iterable[Post], resident: Resident, at: datetime) -> dict[int, Refused | None]:
    """The same of many posts (with their `community`), by pk; three queries for any number."""
    asked = list(posts)
    mine, rides = standing(resident), couriers.rides(resident)
    held = set(Holding.objects.held().filter(post__in=asked).values_list("post", flat=True))
    own = _against(resident, at, mine)
    return {one.pk: _first([*_against_post(one, resident, rides), *own, (one.pk in held, PostHeld())]) for one in asked}


def _against_post(post: Post, resident: Resident, rides: bool) -> list[tuple[bool, Refused]]:
    return [
        (post.closed_at is not None, PostClosed()),
        (resident.community.sub_district_id != post.community.sub_district_id, OtherSubDistrict()),
        (post.for_couriers and not rides, CouriersOnly()),
    ]


def _against(resident: Resident, at: datetime, mine: Holding | None) -> list[tuple[bool, Refused]]:
    age = resident.age_on(clock.local(at).date())
    return [
        (not resident.confirmed, NotConfirmed()),
        (age is not None and age < ADULT, TooYoungForPost()),
        (mine is not None, OnePost()),
    ]


def _first(reasons: Iterable[tuple[bool, Refused]]) -> Refused | None:
    return next((refused for stands, refused in reasons if stands), None)


@verb(REFUSALS)
def claim(*, post: Post, resident: Resident, by: User, at: datetime | None = None) -> Holding:
    """Ask for `post`: `by` is the resident's account, a helper's, or staff at the counter, who then do not decide.

    Refuses what `refusal_to_claim` says.
    """
    at = at or clock.now()
    mine = locked_post(post)
    if refused := refusal_to_claim(mine, resident, at):
        raise refused
    made = Holding.objects.create(post=mine, resident=resident, by=by, asked_at=at)
    if helper := helping.said(resident, by):
        said = Words("已认领岗位", f"已为您认领“{mine.title}”，等社区审核。{helper}", PAGE)
        tell(resident=resident, occasion=f"holding:{made.pk}:asked", words=said)
    return made


@verb(REFUSALS)
def take_back(*, holding: Holding, by: User, at: datetime | None = None) -> Holding:
    """The resident no longer wants it, before anybody decided. `by` says who; the row names the system as decider."""
    (mine,) = locked(Holding.objects.filter(pk=holding.pk))
    if mine.status != Status.ASKED:
        raise NotAsked
    mine.status, mine.end_reason = Status.DECLINED, TAKEN_BACK
    mine.decided_by, mine.decided_at = User.objects.get(username="system"), at or clock.now()
    mine.save(update_fields=["status", "end_reason", "decided_by", "decided_at"])
    if helper := helping.said(mine.resident, by):
        said = Words("已撤回认领", f"“{mine.post.title}”的认领已撤回。{helper}", PAGE)
        tell(resident=mine.resident, occasion=f"holding:{mine.pk}:back", words=said)
    return mine


def refusal_to_decide(holding: Holding, by: User, kin: Kin | None = None) -> Refused | None:
    """Why `by` cannot give or decline; None when nothing stands against it. A list passes `kin_of(by)`, read once."""
    if not duties.holds(by, holding.post.community):
        return duties.NotYourDuty()
    if holding.status != Status.ASKED:
        return NotAsked()
    return refusal_between(
        by=by, recorders=[holding.by_id], beneficiaries=[holding.resident], kin=kin, same=SamePerson(), family=OwnPost()
    )  # fmt: skip


@verb(REFUSALS)
def give(*, holding: Holding, by: User, starts_on: date | None = None, at: datetime | None = None) -> Holding:
    """Put the claimer on the post from `starts_on` (today) for the post's term; who else claimed it hears so.

    Refuses `BadStart`, `PostClosed`, `PostHeld`, `OnePost`, `HeldThen`, and what `refusal_to_decide` says.
    """
    at = at or clock.now()
    today = clock.local(at).date()
    starts = starts_on or today
    if abs(starts - today) > START_WITHIN:
        raise BadStart
    post = locked_post(holding.post)
    if post.closed_at:
        raise PostClosed
    rivals = locked(post.holdings.filter(status=Status.ASKED))
    mine = next((one for one in rivals if one.pk == holding.pk), None)
    if refused := NotAsked() if mine is None else refusal_to_decide(mine, by):
        raise refused
    assert mine is not None
    if post.for_couriers and not couriers.rides(mine.resident):
        raise CouriersOnly
    if _held_after(starts, mine):
        raise HeldThen
    mine.status, mine.decided_by, mine.decided_at = Status.HELD, by, at
    mine.starts_on, mine.ends_on = starts, term_end(starts, post.term_months)
    mine.save(update_fields=["status", "decided_by", "decided_at", "starts_on", "ends_on"])
    for one in rivals:
        if one.pk != mine.pk:
            turn_down(one, "这个岗位已由其他居民上岗", User.objects.get(username="system"), at)
    body = f"您已上岗“{post.title}”，任期{words.day(starts)}至{words.day(mine.ends_on)}。每月满月履职后请在“岗位”里报一次。"
    tell(resident=mine.resident, occasion=f"holding:{mine.pk}:held", words=Words("岗位认领已通过", body, PAGE))
    return mine


def _held_after(starts: date, mine: Holding) -> bool:
    """Whether another term of the post or the person lasted beyond `starts`: no month is served, and paid, twice."""
    past = Holding.objects.filter(Q(post=mine.post_id) | Q(resident=mine.resident_id), status=Status.ENDED)
    return past.filter(ended_at__gte=clock.midnight_after(starts), ends_on__gt=starts).exists()


@verb(REFUSALS)
def decline(*, holding: Holding, by: User, reason: str, at: datetime | None = None) -> Holding:
    """With a reason that the resident reads. Refuses `NoReason` and what `refusal_to_decide` says."""
    reason = worded(reason)
    (mine,) = locked(Holding.objects.filter(pk=holding.pk))
    if refused := refusal_to_decide(mine, by):
        raise refused
    return turn_down(mine, reason, by, at or clock.now())


def turn_down(mine: Holding, reason: str, by: User, at: datetime) -> Holding:
    """Decline what is locked, and tell."""
    mine.status, mine.decided_by, mine.decided_at, mine.end_reason = Status.DECLINED, by, at, reason
    mine.save(update_fields=["status", "decided_by", "decided_at", "end_reason"])
    said = Words("岗位认领未通过", f"“{mine.post.title}”的认领没有通过：{reason}。可以看看其他岗位。", PAGE)
    tell(resident=mine.resident, occasion=f"holding:{mine.pk}:declined", words=said)
    return mine


def worded(reason: str) -> str:
    """A reason that can be kept. Refuses `NoReason`."""
    reason = reason.strip()
    if not 0 < len(reason) <= REASON or "\0" in reason:
        raise NoReason
    return reason


def locked_post(post: Post) -> Post:
    """Claiming, giving and closing stand in line behind the post's row."""
    return Post.objects.select_for_update(no_key=True, of=("self",)).select_related("community").get(pk=post.pk)


def locked(rows: HoldingQuerySet) -> list[Holding]:
    """By number, with all that verbs ask about them."""
    named = rows.select_related("post__community", "resident__community").order_by("pk")
    return list(named.select_for_update(no_key=True, of=("self",)))

"""岗位: set up and done away with by staff (mission, 20). Claiming: claims.py; the term: holdings.py; months: duty_months.py."""

from datetime import datetime

from activities import holdings
from activities.claims import PostClosed, Status, locked, locked_post, turn_down, worded
from activities.models import Post
from communities import duties
from communities.models import Community, User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

TITLE, DUTY, TERM = 40, 300, 36  # characters; months


class BadPost(BadInput):
    code = "bad_post"
    message = f"请填写岗位名称（不超过{TITLE}字）、职责（不超过{DUTY}字）和任期（1到{TERM}个月）。这次没有保存。"


class PostExists(Refused):
    code = "post_exists"
    message = "这个社区已经有同名的岗位，没有重复设立。请换一个名称，如加上楼号。"


REFUSALS: Refusals = {"post_title": lambda _: PostExists()}


@verb(REFUSALS)
def set_up(
    *, community: Community, title: str, duty: str, by: User, term_months: int = 12, for_couriers: bool = False,
    at: datetime | None = None,
) -> Post:  # fmt: skip
    """A post that residents see at once. Refuses a stranger, `BadPost`, and `PostExists` for an open one of that name."""
    duties.require(by, community)
    title, duty = title.strip(), duty.strip()
    short = 0 < len(title) <= TITLE and 0 < len(duty) <= DUTY and "\0" not in title + duty
    if not short or not 1 <= term_months <= TERM:
        raise BadPost
    return Post.objects.create(
        community=community, title=title, duty=duty, term_months=term_months, for_couriers=for_couriers, made_by=by,
        made_at=at or clock.now(),
    )  # fmt: skip


@verb(REFUSALS)
def close(*, post: Post, by: User, reason: str, at: datetime | None = None) -> Post:
    """Do away with a post: its holder leaves, who claimed it is told. Refuses a stranger, `NoReason`, `PostClosed`."""
    at, reason = at or clock.now(), worded(reason)
    mine = locked_post(post)
    duties.require(by, mine.community)
    if mine.closed_at:
        raise PostClosed
    for one in locked(mine.holdings.filter(status__in=(Status.ASKED, Status.HELD))):
        if one.status == Status.HELD:
            holdings.leave(one, reason, by, at)
        else:
            turn_down(one, reason, User.objects.get(username="system"), at)
    mine.closed_at, mine.closed_by = at, by
    mine.save(update_fields=["closed_at", "closed_by"])
    return mine

"""合格小哥: who is confirmed as a courier becomes 合格 after a public notice (mission, 19): `courier:<pk>` of communities/notices.py."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from communities import couriers, notices
from communities.models import Community, Courier, Notice, NoticeItem, User
from communities.notices import State
from core import clock
from core.refusals import Refused
from core.verbs import verb

Status = Courier.Status


class NobodyToQualify(Refused):
    code = "nobody_to_qualify"
    message = "请勾选同一社区、已登记、还没有合格的小哥。这次没有拟公示。"


def may_be_shown(courier: Courier, shown: notices.Standing) -> bool:
    """Whether a colleague may put this courier on a list: confirmed, and on no notice that still counts."""
    on_draft = shown.notice is not None and shown.notice.status == Notice.Status.DRAFT
    return courier.status == Status.CONFIRMED and shown.state in (State.NONE, State.STOPPED) and not on_draft


@verb(notices.REFUSALS)
def propose(
    *, community: Community, chosen: Iterable[Courier], by: User, title: str = "合格小哥名单公示", at: datetime | None = None
) -> Notice:  # fmt: skip
    """A draft of the public notice that will make `chosen` 合格; somebody else publishes it (communities/publishing.py).

    Refuses `NobodyToQualify`, and whatever `notices.prepare` refuses: a stranger, one who is being shown already.
    """
    asked = {one.pk for one in chosen}
    known = Courier.objects.filter(pk__in=asked, status=Status.CONFIRMED, resident__community=community)
    people = list(known.select_related("resident__community").order_by("pk"))
    if not people or len(people) != len(asked):
        raise NobodyToQualify
    text = "以下小哥已在社区登记，拟列为合格小哥，可以领岗位、兑换小哥礼品。有不同意见请在公示期内提出。"
    return notices.prepare(community=community, title=title, text=text, lines=_lines(people), by=by, at=at)


def _lines(chosen: Sequence[Courier]) -> list[notices.Line]:
    return [notices.Line("拟列为合格小哥", one.resident, about=f"{couriers.PREFIX}:{one.pk}") for one in chosen]


def cleared(item: NoticeItem) -> None:
    """Listener of communities/notices.py: the window ended without an objection that stands. Does nothing to who has left."""
    mine = _named(item)
    if mine and mine.status == Status.CONFIRMED:
        notices.require_clear(item.about)
        mine.status, mine.qualified_at = Status.QUALIFIED, item.notice.ended_at or clock.now()
        mine.save(update_fields=["status", "qualified_at"])
        couriers.changed(mine, Status.QUALIFIED)


def stopped(item: NoticeItem) -> None:
    """Listener: an objection was upheld. The registration stays as it is; the courier is told."""
    mine = _named(item)
    if mine and mine.status == Status.CONFIRMED and item.stopped_at:
        couriers.changed(mine, "stopped")


def _named(item: NoticeItem) -> Courier | None:
    number = item.about.partition(":")[2]
    locked = Courier.objects.select_for_update(no_key=True, of=("self",))
    return locked.select_related("resident__community").filter(pk=number).first()

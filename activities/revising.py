"""What may still change after an activity was announced; whoever signed up is told of another time, place or risk."""

from collections.abc import Iterable
from datetime import datetime

from activities import placing, signup
from activities.models import Activity, Participation
from activities.planning import provide, refusal_to_publish
from communities import duties
from communities.models import User
from core import clock, words
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb
from notifications import outbox
from notifications.models import Message
from partners.models import Partner
from venues import claiming

# Not the name, the kind, the community, the danger, the skills and the ages: people signed up for those.
CHANGEABLE = (
    "place", "room", "audience", "content", "risk", "insurance", "equipment", "training", "leader", "leader_phone",
    "starts_at", "ends_at", "sign_up_until", "capacity",
)  # fmt: skip
HOPING = (Participation.Status.WAITING, Participation.Status.SIGNED_UP)


class CannotChange(Refused):
    code = "cannot_change_activity"
    message = "活动已经开始、已经取消或已经办理结束，没有改动。只有开始前可以修改。"


class FewerThanTaken(BadInput):
    code = "fewer_than_taken"
    message = "招募人数不能少于已报名的人数，没有改动。"


REFUSALS: Refusals = {**claiming.REFUSALS, "activity_places": lambda _: FewerThanTaken()}


def refusal_for(activity: Activity, at: datetime) -> Refused | None:
    """Why nothing of it can be changed at `at` any more; None when nothing stands against it. Page and verb ask."""
    open_still = activity.status == Activity.Status.OPEN and at < activity.starts_at
    return None if open_still else CannotChange()


@verb(REFUSALS)
def change(
    *, activity: Activity, by: User, providers: Iterable[Partner] = (), at: datetime | None = None
) -> int:  # fmt: skip
    """Take over those of `activity`'s values that may change; returns how many people were told.

    More places go to those who wait in line. Refuses what `refusal_for` and `planning.refusal_to_publish` say, and fewer
    places than are taken.
    """
    at = at or clock.now()
    signup.hold_line(activity.pk)
    placing.hold(activity)
    locked = Activity.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "community", "room", "booking"
    )
    mine = locked.get(pk=activity.pk)
    duties.require(by, mine.community)
    if refused := refusal_for(mine, at):
        raise refused
    was = {name: getattr(mine, name) for name in CHANGEABLE}
    for name in CHANGEABLE:
        setattr(mine, name, getattr(activity, name))
    if refused := refusal_to_publish(mine, at):
        raise refused
    if mine.capacity < mine.taken:
        raise FewerThanTaken
    placing.place(mine, by, at)
    mine.save(update_fields=[*CHANGEABLE, "booking"])
    provide(mine, providers)
    told = _tell(mine, _news(mine, was), at)
    signup.move_up(mine, at=at)
    return told


def _news(mine: Activity, was: dict[str, object]) -> str:
    """What people who signed up must know, as a sentence; empty when it is nothing of the kind."""
    said = []
    if (mine.starts_at, mine.ends_at) != (was["starts_at"], was["ends_at"]):
        said.append(
            f"时间改为{words.day(clock.local(mine.starts_at).date())}{words.span(mine.starts_at, mine.ends_at)}"
        )
    if mine.place != was["place"]:
        said.append(f"集合地点改为{mine.place}")
    if mine.risk != was["risk"]:
        said.append("风险说明有更新，请点开活动查看")
    return "；".join(said)


def _tell(mine: Activity, news: str, at: datetime) -> int:
    if not news:
        return 0
    hoping = list(Participation.objects.filter(activity=mine, status__in=HOPING).select_related("resident"))
    former = [*signup.occasions(mine.pk), *(signup.moved_up(one.pk) for one in hoping)]
    # With the former words; the sweep writes the reminders anew.
    outbox.take_back(Message.objects.filter(occasion__in=former, channel=Message.Channel.SMS))
    outbox.take_back(Message.objects.filter(occasion__in=signup.occasions(mine.pk)))
    body = f"您报名的《{mine.title}》有变动：{news}。不能参加的，请在开始前取消报名。"
    said = outbox.Words("活动有变动", body, f"/activities/{mine.pk}/")
    occasion = f"activity:{mine.pk}:changed:{at:%Y%m%d%H%M%S%f}"
    rows = [outbox.message(occasion, said, Message.Channel.INBOX, resident=one.resident) for one in hoping]
    outbox.tell_many(rows)
    return len(rows)

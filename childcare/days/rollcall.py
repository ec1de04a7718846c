"""点名: at each move, who is there. Whoever should be and is not, is named at once with the numbers to call."""

from datetime import datetime

import structlog

from childcare.days import board, runs, who
from childcare.models import Group, RollCall
from communities import changes
from communities.models import User
from core import clock
from core.refusals import BadInput, Refused
from core.verbs import Refusals, verb

OCCASIONS = ("到班后", "户外活动前", "户外活动后", "用餐", "午休", "离班前")
log = structlog.get_logger(__name__)


class NobodyThere(Refused):
    code = "care_nobody_there"
    message = "这个班现在没有在班的孩子，没有点名。请先登记到班。"


class StaleRoll(Refused):
    code = "care_roll_stale"
    message = "点名时有孩子刚到班或刚离开，名单变了，这次没有记录。请按新的名单再点一次。"


REFUSALS: Refusals = {"CC034": lambda _: StaleRoll()}


@verb(REFUSALS)
def call(
    *, group: Group, present: set[int], shown: set[int], occasion: str, by: User, at: datetime | None = None
) -> RollCall:  # fmt: skip
    """`present` are numbers of places. Who is in the room by the books and not among them is `missing`.

    `shown` are all that the caller was asked for: refuses `StaleRoll` where somebody came or went since.
    """
    changes.by(by)
    moment = at or clock.now()
    day = clock.local(moment).date()
    if refused := refusal_to_call(group, by):
        raise refused
    if occasion not in OCCASIONS:
        raise BadInput
    here = {row.place.pk for row in board.of(group, day) if row.here}
    if not here:
        raise NobodyThere
    if shown != here or not present <= here:
        raise StaleRoll
    made = RollCall.objects.create(
        group=group,
        day=day,
        at=moment,
        occasion=occasion,
        present=sorted(present),
        missing=sorted(here - present),
        by=by,
    )
    log.info("care_roll", roll=made.pk, missing=len(made.missing))
    return made


def refusal_to_call(group: Group, by: User) -> Refused | None:
    """Why `by` cannot call this group's roll today."""
    day = clock.today()
    if not who.watches(who.post_of(by, group.centre), day):
        return who.NotOnDuty()
    return None if runs.runs_on(group, day) else NobodyThere()

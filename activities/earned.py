"""我获得的: what a resident earned, how far it has come, until which day it is shown, and what can be appealed."""

from typing import NamedTuple

from django.urls import reverse

from activities.awarding import PREFIX
from activities.models import Award, Honour
from communities import appeals, notices
from communities.appeals import State as Appealed
from communities.models import Resident
from communities.notices import Standing, State
from core import words

PAGE = 30
Status = Award.Status


class Line(NamedTuple):
    """One award with its notice while it waits, and its appeal once it was stopped."""

    award: Award
    standing: Standing | None
    appeal: Appealed | None

    @property
    def said(self) -> str:
        """Where it stands, in a sentence; nothing once it is posted."""
        if self.award.status == Status.STOPPED:
            return f"没有入账：{self.award.stop_reason}"
        if self.award.status == Status.POSTED or self.standing is None:
            return ""
        until = words.day(self.standing.until) if self.standing.until else ""
        said = {
            State.WAITING: f"正在公示，到{until}为止，没有异议就入账",
            State.OBJECTED: "公示期间有人提出异议，社区答复后再定",
            State.CLEAR: "公示已期满，社区正在办理入账",
            State.STOPPED: "公示期间异议成立，没有入账",
        }
        return said.get(self.standing.state, "审核已通过，等社区公示，公示期满没有异议就入账")


def lines_of(resident: Resident, *, before: int | None = None) -> list[Line]:
    """What `resident` earned, the newest first; one more than a page, in a fixed number of queries."""
    rows = Award.objects.filter(resident=resident).select_related("community").order_by("-pk")
    shown = list((rows.filter(pk__lt=before) if before else rows)[: PAGE + 1])
    waiting = [f"{PREFIX}:{one.pk}" for one in shown if one.status == Status.NOTICE]
    stopped = {f"{PREFIX}:{one.pk}": one.stopped_at for one in shown if one.stopped_at}
    found, appealed = notices.standings(waiting), appeals.state_for(resident, stopped)
    return [Line(one, found.get(f"{PREFIX}:{one.pk}"), appealed.get(f"{PREFIX}:{one.pk}")) for one in shown]


def honours_of(resident: Resident) -> list[tuple[Honour, Appealed | None]]:
    """All of them, the newest first; of a declined one how its appeal stands."""
    rows = list(Honour.objects.filter(resident=resident).select_related("award").order_by("-on", "-pk"))
    declined = {
        f"honour:{one.pk}": one.decided_at for one in rows if one.status == Honour.Status.DECLINED and one.decided_at
    }
    states = appeals.state_for(resident, declined)
    return [(one, states.get(f"honour:{one.pk}")) for one in rows]


def stopped_about(resident: Resident, number: int) -> appeals.Decision | None:
    """The decision `award:<number>` about `resident`: that it was not posted."""
    mine = Award.objects.filter(pk=number, resident=resident, status=Status.STOPPED).select_related("community")
    found = mine.first()
    if found is None or found.stopped_at is None:
        return None
    return appeals.Decision(
        about=f"{PREFIX}:{found.pk}", subject=f"没有入账：{found.title}", decided_at=found.stopped_at,
        decided_by_id=found.approved_by_id, community=found.community, link=reverse("activities:awards"),
        value=f"{words.points(found.asked)}积分没有入账：{found.stop_reason}", prepared_by_id=found.recorded_by_id,
    )  # fmt: skip

"""Points that parents of the centre had on paper: carried over by two colleagues, shown to everybody, then booked."""

from datetime import datetime

from communities import publishing
from communities.models import Notice, Resident
from demo.asked import Asked
from demo.childcare.homes import files, head, worker
from demo.childcare.invented import families
from points import adjusting, showing
from points.models import Adjustment

TITLE, REASON = "护学岗纸质积分册结转公示", "护学岗纸质积分册结转"
HERS, SHARE = 300, 4  # the family of the sign-in page; one family in so many, and every one with evidence
LEAST, MOST = 120, 900


def savers(asked: Asked) -> list[tuple[Resident, int]]:
    """Whose points are carried over, and how many; the first parent, whose points pay."""
    known, dice = files(asked), asked.dice("care savings")
    told = [(one, dice.randrange(LEAST, MOST, 10)) for one in families(asked)]
    chosen = [
        (one, HERS if not one.serial else points)
        for one, points in told
        if one.serial % SHARE == 0 or any(child.relief for child in one.children)
    ]
    return [(known[one.parents[0].name], points) for one, points in chosen]


def are_shown() -> bool:
    return Notice.objects.filter(title=TITLE).exists()


def are_booked() -> bool:
    return Notice.objects.filter(title=TITLE, status=Notice.Status.ENDED).exists()


def show(asked: Asked, at: datetime) -> None:
    made = []
    for resident, points in savers(asked):
        proposed = adjusting.propose(resident=resident, amount=points, reason=REASON, by=worker(), at=at)
        made.append(adjusting.approve(adjustment=proposed, by=head(), at=at))
    draft = showing.prepare(adjustments=made, title=TITLE, by=worker())
    Notice.objects.filter(pk=draft.pk).update(prepared_at=at)
    publishing.publish(notice=draft, by=head(), at=at)


def book(at: datetime) -> None:
    """Each at that moment; then the notice ends, with nothing of it left to book."""
    for one in Adjustment.objects.filter(reason=REASON, status=Adjustment.Status.NOTICE).order_by("pk"):
        showing.settle(adjustment=one, at=at)
    publishing.end(notice=Notice.objects.get(title=TITLE), at=at)

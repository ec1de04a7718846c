"""Every kind of line that gets onto a public notice, made as staff make it: from the prefix of its app to the draft.

What colleagues and residents wrote on the way (reasons, titles, places, evidence) is full of names, phones and addresses.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from activities import announcing, answering, correcting, duty_months, honours, minors, recording, reviewing, starring
from activities.models import Award, Participation, Star
from activities.signup import sign_up
from communities import namelist, notices, qualifying, settings
from communities.models import Courier, Notice, Setting
from core import clock
from points import adjusting, showing
from points.models import Adjustment
from tests import world as cast
from tests.activities import serving
from tests.activities.birds import Bird, about, text
from tests.activities.pictures import sent
from tests.activities.posting import held, last_month, post
from tests.communities.couriering import registered
from tests.points.deeds import rule
from tests.world import World

Flock = Mapping[str, Bird]
UNSEEN = ("child", "youth", "quiet")  # under eighteen
TITLE = "雁阵名单公示"


def adults(flock: Flock) -> list[Bird]:
    return [bird for key, bird in flock.items() if key not in UNSEEN]


def by_hand(world: World, flock: Flock) -> list[Notice]:
    """Typed by a colleague, one a row; somebody else's shop is no person."""
    rows = [f"{bird.name} 服务{n + 1}次" for n, bird in enumerate(flock.values())]
    lines = namelist.lines_from(world.wenxing, "\n".join([*rows, "合伙人：巧手维修 上门维修3次"]))
    return [notices.prepare(community=world.wenxing, title=TITLE, text="按服务次数列出。", lines=lines, by=world.zhang)]


def adjustments(world: World, flock: Flock) -> list[Notice]:
    """Both a repair in somebody's favour, and its reason."""
    asked = [
        adjusting.propose(resident=bird.resident, amount=3, reason=f"补记{about(bird)}", by=world.zhang)
        for bird in flock.values()
    ]
    given = [adjusting.approve(adjustment=one, by=world.chen) for one in asked]
    assert {one.status for one in given} == {Adjustment.Status.NOTICE}
    return [showing.prepare(adjustments=given, title=TITLE, by=world.zhang)]


def couriers(world: World, flock: Flock) -> list[Notice]:
    riding = _riding(world, adults(flock))
    return [qualifying.propose(community=world.wenxing, chosen=riding, by=world.zhang, title=TITLE)]


def _riding(world: World, people: Iterable[Bird]) -> list[Courier]:
    said = [
        registered(one.resident, text("platform", one.n), station=text("station", one.n), by=world.chen)
        for one in people
    ]
    now = clock.now()
    Courier.objects.filter(pk__in=[one.pk for one in said]).update(
        status="confirmed", decided_by=world.zhang, decided_at=now
    )
    return list(Courier.objects.filter(pk__in=[one.pk for one in said]))


def stars(world: World, flock: Flock) -> list[Notice]:
    """Of a life's hours for everybody, of a year's points for couriers; each asks for next to nothing here."""
    for value in (settings.STARS[0], settings.COURIER_STARS[0]):
        Setting.objects.create(sub_district=world.street, key=value.key, value=1, starts_on=clock.today(), by=world.he)
    for bird in flock.values():
        serving.served(world, bird.resident, 1, title=text("activity", bird.n), place=about(bird))
        cast.award(bird.resident, 60)
    _riding(world, adults(flock))
    starring.sweep(clock.now())
    reached = list(Star.objects.reached())
    assert {one.ladder for one in reached} == set(Star.Ladder) and len(reached) == len(flock) + len(adults(flock))
    made = starring.show(stars=reached, by=world.zhang)
    Notice.objects.filter(pk=made.pk).update(title=TITLE)
    return [made]


def awards(world: World, flock: Flock) -> list[Notice]:
    """Whatever two people have seen; small ones wait as well, because the rules of this sub-district say so."""
    for code in {"ENV", "PHOTO", "POST"}:
        rule(world, code, starts_on=clock.today() - timedelta(days=120), notice_from=1)
    for make in EARNED.values():
        make(world, flock)
    waiting = list(Award.objects.waiting().order_by("pk"))
    assert {one.about.partition(":")[0] for one in waiting} == {"participation", "deed", "post", "honour"}
    return [announcing.prepare(awards=waiting, title=TITLE, by=world.zhang)]


# What becomes an award, by the code of its place in the review queue


def _honours(world: World, flock: Flock) -> None:
    for bird in flock.values():
        mine = honours.record(
            resident=bird.resident, name=f"好人{about(bird)}", on=clock.today(), granted_by=text("host", bird.n),
            level="HONOR_CITY", evidence=about(bird), by=world.zhang,
        )  # fmt: skip
        honours.approve(honour=mine, by=world.chen)


def _served(world: World, bird: Bird, ago: int) -> Participation:
    activity = cast.activity(
        world.wenxing, title=text("activity", bird.n), place=about(bird), content=about(bird), min_age=8, ago=ago
    )
    before = activity.starts_at - timedelta(days=1)
    mine = sign_up(activity_id=activity.pk, resident=bird.resident, by=world.zhang, at=before)
    if mine.guardian:
        minors.there(participation=mine, by=world.zhang)
    mine = recording.record(participation=mine, minutes=60, by=world.zhang)
    return reviewing.confirm(participation=mine, minutes=60, by=world.chen)


def _participations(world: World, flock: Flock) -> None:
    """The child's are the guardian's points, and the guardian agreed to nothing."""
    for key in ("child", "silent", "named1", "late"):
        _served(world, flock[key], 5)


def _corrections(world: World, flock: Flock) -> None:
    part = _served(world, flock["unsure"], 29)
    asked = correcting.propose(participation=part, minutes=90, reason=about(flock["unsure"]), by=world.zhang)
    correcting.approve(correction=asked, by=world.chen)


def _deeds(world: World, flock: Flock) -> None:
    for key in ("silent", "named2", "closed"):
        bird = flock[key]
        answering.accept(
            deed=sent(world, bird.resident, by=world.zhang, text=about(bird), place=text("place", bird.n)),
            by=world.chen,
            answer=about(bird),
        )


def _months(world: World, flock: Flock) -> None:
    for key in ("silent", "named3"):
        bird = flock[key]
        holding = held(world, bird.resident, post(world, text("post", bird.n), duty=about(bird)))
        said = duty_months.say(holding=holding, month=last_month(), by=world.zhang, note=about(bird))
        duty_months.confirm(month=said, by=world.chen)


def _nothing(world: World, flock: Flock) -> None:
    """What waits there was an award before."""


Maker = Callable[[World, Flock], None]
EARNED: dict[str, Maker] = {
    "honour": _honours,
    "participation": _participations,
    "correction": _corrections,
    "deed": _deeds,
    "month": _months,
    "award": _nothing,
}
LISTED: dict[str, Callable[[World, Flock], list[Notice]]] = {
    notices.BY_HAND: by_hand,
    "adjustment": adjustments,
    "award": awards,
    "courier": couriers,
    "star": stars,
}

"""迁入: somebody who lives in another community of the sub-district now stands at this community's counter.

The receiving community's staff take them in: who moves goes to where they live now. The file, the wallet with its lots, debts
and months, and what was signed up for go along; the books of both communities show the points as 转出 and 转入 (ADR 0015).
The file itself is not seen before: a whole number and the full name find it, and only a masked name answers.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core import signing
from django.db.models import Q
from django.urls import reverse

from communities import changes, duties, households, identity, limits, rights, sealing
from communities.kin import refusal_between
from communities.models import Community, Duty, Estate, Household, Resident, User
from core import clock, words
from core.refusals import BadInput, Refused
from core.sql import call
from core.verbs import Refusals, verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many
from points import ledger, purse
from points.models import Adjustment, Share

TRIES, WINDOW, FRESH = 20, timedelta(hours=1), timedelta(minutes=30)
SALT = "points.move-in"
HOLD, MOVE = "SELECT points_hold(%s)", "SELECT points_move(%s, %s, %s, %s, %s)"
INBOX = Message.Channel.INBOX


class NobodyFound(Refused):
    code = "move_nobody_found"
    message = (
        "本街道其他社区没有姓名和号码都对得上的居民，什么都没有改动。请核对全名和整个号码；"
        "还没有登记过的，请直接新建档案；外街道迁来的，也按新居民登记。"
    )
    status = 404


class StaleSheet(Refused):
    code = "move_stale"
    message = "这一页停留太久了，没有办理。请重新查找这位居民。"


class AlreadyHere(Refused):
    code = "already_here"
    message = "这位居民已经是本社区的居民，没有改动。"


class OtherStreet(Refused):
    code = "move_other_street"
    message = "只能在本街道的社区之间迁移，没有改动。外街道迁来的居民，请按新居民登记。"


class NotConfirmed(Refused):
    code = "move_not_confirmed"
    message = "这份登记没有确认或已经注销，不能迁移，没有改动。请先由原社区办理，或在本社区重新登记。"


class OwnMove(Refused):
    code = "own_move"
    message = "不能为自己和家人办理迁入，没有改动。请由另一位同事办理。"
    status = 403


class AdjustmentWaits(Refused):
    code = "move_adjustment_waits"

    def __init__(self, place: str) -> None:
        super().__init__(f"{place}还有一笔这位居民的积分调整没有复核，没有办理迁入。请先联系{place}复核，再来办理。")


class FiledTwice(Refused):
    code = "move_filed_twice"
    message = "这位居民在本社区已有一份同号码、同姓名的登记，没有办理迁入。请先把新登记那一份设为不通过，再来办理。"


class NotOfTheFamily(BadInput):
    code = "move_not_family"
    message = "勾选的人里有不在这一户的，没有办理。请重新查找。"


REFUSALS: Refusals = {**ledger.REFUSALS, "resident_once_per_account": lambda _: FiledTwice()}


@dataclass(frozen=True)
class Asked:
    """Whom to look for: the full name, and a whole phone or identity number."""

    community: Community
    name: str
    phone: str = ""
    document: str = ""


@dataclass(frozen=True)
class Sheet:
    """Whom was found, with the household; `token` names both to `opened` without a number that could be tried out."""

    resident: Resident
    family: list[Resident]
    refused: Refused | None
    token: str


def find(*, asked: Asked, by: User) -> list[Sheet]:
    """Those of other communities of the sub-district whom name and number both mean. Each look is counted, also the right ones.

    Refuses `TooMany`, `NotYourDuty`, a number that cannot be one, and `NobodyFound`, whichever of the two was wrong.
    """
    duties.require(by, asked.community)
    limits.hit(f"move-in:{by.pk}", limit=TRIES, window=WINDOW)
    numbered = Q(phone=asked.phone) if asked.phone else Q(document_hash=_fingerprint(asked))
    there = Resident.objects.filter(community__sub_district=asked.community.sub_district_id, name=asked.name)
    confirmed = there.filter(numbered, status=Resident.Status.CONFIRMED).exclude(community=asked.community)
    found = list(confirmed.select_related("community").order_by("pk"))
    if not found:
        raise NobodyFound
    return [sheet(one, asked.community, by) for one in found]


def _fingerprint(asked: Asked) -> str:
    return sealing.fingerprint(identity.clean(asked.document).text, asked.community.sub_district_id)


def sheet(resident: Resident, community: Community, by: User) -> Sheet:
    family = [one for one in households.members_of(resident.household_id) if one.confirmed and one != resident]
    token = signing.dumps([resident.pk, community.pk, by.pk], salt=SALT)
    return Sheet(resident, family, refusal_for(resident, community, by), token)


def opened(token: str, by: User) -> tuple[Resident, Community]:
    """Who was found by `by`, and for which community. Refuses `StaleSheet`."""
    try:
        resident, community, finder = signing.loads(token, salt=SALT, max_age=FRESH)
    except signing.BadSignature:
        raise StaleSheet from None
    if finder != by.pk:
        raise StaleSheet
    return (
        Resident.objects.select_related("community").get(pk=resident),
        Community.objects.select_related("sub_district").get(pk=community),
    )


def refusal_for(resident: Resident, community: Community, by: User) -> Refused | None:
    """Why `by` cannot take `resident` into `community`; None when nothing stands against it."""
    reasons: list[tuple[bool, Refused]] = [
        (not duties.holds(by, community), duties.NotYourDuty()),
        (resident.community_id == community.pk, AlreadyHere()),
        (resident.community.sub_district_id != community.sub_district_id, OtherStreet()),
        (not resident.confirmed, NotConfirmed()),
    ]
    if refused := next((refused for stands, refused in reasons if stands), None):
        return refused
    return refusal_between(by=by, beneficiaries=[resident], family=OwnMove()) or _waits(resident)


def _waits(resident: Resident) -> Refused | None:
    # Proposed and decided where the person lives: after the move neither the proposer nor the second colleague could decide.
    open_ones = Adjustment.objects.filter(resident=resident, status=Adjustment.Status.PROPOSED)
    return AdjustmentWaits(resident.community.name) if open_ones.exists() else None


@verb(REFUSALS)
def move(
    *, resident: Resident, community: Community, by: User, estate: Estate | None = None,
    family: Iterable[Resident] = (), at: datetime | None = None,
) -> int:  # fmt: skip
    """`resident`, and those of the `family` who stand there too, live in `community` from now on; how many points went along.

    A household of which everybody goes stays one; else who goes leaves it, and the purse with it. Estate and grid are reset.
    Refuses what `refusal_for` says of each, `NotOfTheFamily`, and an estate of elsewhere.
    """
    at, people = at or clock.now(), [resident, *family]
    if estate is not None and estate.community_id != community.pk:
        raise BadInput("这个小区不在本社区，没有办理。请重新选择。")
    call(HOLD, sorted(one.pk for one in people))  # every wallet before any row
    changes.by(by)
    people = list(Resident.objects.select_related("community").filter(pk__in=[one.pk for one in people]).order_by("pk"))
    for one in people:
        if refused := refusal_for(one, community, by):
            raise refused
    if len({(one.household_id, one.community_id) for one in people}) > 1 or (
        len(people) > 1 and not resident.household_id
    ):
        raise NotOfTheFamily
    home = _household_that_goes(people)
    if home is not None:
        Household.objects.filter(pk=home).update(community=community)
    return sum(_one(person, community, estate, by, at, alone=home is None) for person in people)


def _household_that_goes(people: list[Resident]) -> int | None:
    """The household of which nobody stays behind."""
    home = people[0].household_id
    staying = {one.pk for one in households.members_of(home)} - {one.pk for one in people}
    return None if staying else home


def _one(person: Resident, community: Community, estate: Estate | None, by: User, at: datetime, *, alone: bool) -> int:
    left, share = (
        person.community,
        Share.objects.filter(resident=person, left_at=None).values_list("pk", flat=True).first(),
    )
    points = int(call(MOVE, person.pk, community.pk, at, by.pk, f"居民由{left.name}迁至{community.name}")[0])
    # Looked for again where nobody can propose any more: the row is locked, and the proposer's community is another now.
    if refused := _waits(person):
        raise refused
    person.refresh_from_db()
    if not person.confirmed:  # closed while the move waited for the row
        raise NotConfirmed
    rights.moved(resident=person)
    if estate is not None:
        person.estate = estate
        person.save(update_fields=["estate"])
    if alone:
        if share is not None:
            purse.tell_left(share, person)
        households.leave(resident=person, by=by, at=at)
    _tell(person, left, community, points, by, at)
    return points


def _tell(person: Resident, left: Community, community: Community, points: int, by: User, at: datetime) -> None:
    """The person, and everybody who works where the person lived."""
    occasion, carried = f"moved:{person.pk}:{at:%Y%m%d%H%M%S}", f"{words.points(points)}积分"
    told = Words(
        f"已迁至{community.name}",
        f"您的档案已由{left.name}迁至{community.name}，{carried}和以前的明细都随您过来，最后可用日不变。"
        "已经报名的课程和活动照常参加。不是您本人要办的，请马上联系社区。", "/points/",
    )  # fmt: skip
    gone = Words(
        "居民迁出", f"{person.name}已由{community.name}办理迁入，{carried}随本人转出，在对账里列为转出。如有疑问请联系{community.name}。",
        reverse("desk:books-community", args=[left.pk]),
    )  # fmt: skip
    duties_there = Duty.objects.current().filter(community=left, role__in=(Duty.Role.HEAD, Duty.Role.WORKER))
    staff = User.objects.filter(pk__in=duties_there.values("user"), is_active=True).exclude(pk=by.pk).order_by("pk")
    tell_many([
        message(occasion, told, INBOX, resident=person),
        *(message(occasion, gone, INBOX, staff=colleague) for colleague in staff),
    ])  # fmt: skip

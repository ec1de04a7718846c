"""家庭积分: adults of one household who consent pay for one another. Joining and leaving, and what there is to spend."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import Q

from communities import acting, duties
from communities.kin import refusal_between
from communities.models import Resident, User
from core import clock
from core.refusals import Refused
from core.sql import call
from core.verbs import verb
from notifications.models import Message
from notifications.outbox import Words, message, tell_many
from points.ledger import REFUSALS, ShortOfPoints
from points.models import Posting, Share
from points.statement import available

ADULT = 18
INBOX = Message.Channel.INBOX


class PurseNotConfirmed(Refused):
    code = "purse_not_confirmed"
    message = "社区还没有确认您的登记，暂时不能加入家庭积分。一般一个工作日内确认，急用可打社区电话。"


class AgeUnknown(Refused):
    code = "age_unknown"
    message = "家庭积分只限成年人，社区还没有登记出生日期。请带身份证到社区登记，再来加入。"


class NotAdult(Refused):
    code = "not_adult"
    message = "家庭积分只限年满18周岁的家人，现在还不能加入。积分没有变动。"


class NoFamily(Refused):
    code = "no_family"
    message = "社区登记的这一户没有其他家人，暂时不能用家庭积分。请先到社区把家人登记在同一户。"


class OwnFamily(Refused):
    code = "own_family"
    message = "不能为自己和同户家人办理加入，这次没有改动。请由另一位同事办理。"


class SharedPhone(Refused):
    code = "shared_phone"
    message = "这部手机为不止一位居民服务，不能替别人同意。请本人到社区窗口办理加入，积分没有变动。"


class ShortOfPurse(ShortOfPoints):
    def __init__(self, missing: str | int) -> None:
        super().__init__(missing)
        self.message = f"家庭积分还差{self.missing:,}积分，家里人的积分都没有扣。参加一次志愿活动就能获得积分。"
        self.args = (self.message,)


PURSE = """
SELECT CASE WHEN wallets IS NOT NULL THEN (
    SELECT coalesce(sum(remaining), 0)::bigint FROM points_lot
    WHERE wallet_id = ANY (wallets) AND remaining > 0 AND expires_on >= %s) END
FROM points_purse(%s) AS wallets
"""
SHARE, UNSHARE = "SELECT points_share(%s, %s, %s)", "SELECT points_unshare(%s, %s, %s)"


class Member(NamedTuple):
    """`reads`: has an account, and so reads a message that somebody spent their points."""

    name: str
    joined_at: datetime
    reads: bool


@dataclass(frozen=True)
class Purse:
    """As one resident sees it. `common`: what all members together can spend, None for who has not joined; `own`: one's part."""

    members: list[Member]
    own: int
    common: int | None
    joined_at: datetime | None
    refused: Refused | None


def spendable(resident: Resident, at: datetime) -> int | None:
    """What the purse of `resident` can spend at `at`; None for who has not joined one."""
    found: int | None = call(PURSE, clock.local(at).date(), resident.pk)[0]
    return found


def purse_of(resident: Resident, *, counter: bool = False, at: datetime | None = None) -> Purse:
    """Who shares in the household, since when, and what there is; to others' statements it leads nobody."""
    at = at or clock.now()
    sharing = Share.objects.filter(  # the same people as points_purse
        household=resident.household_id, resident__household=resident.household_id, left_at=None,
        resident__community=resident.community_id, resident__status=Resident.Status.CONFIRMED,
    )  # fmt: skip
    columns = ("resident", "resident__name", "joined_at", "resident__account")
    found = list(sharing.order_by("joined_at", "pk").values_list(*columns))
    joined_at = next((since for pk, _, since, _ in found if pk == resident.pk), None)
    common = spendable(resident, at) if joined_at else None
    refused = None if joined_at else why_not_join(resident, clock.local(at).date(), counter=counter)
    members = [Member(name, since, account is not None) for _, name, since, account in found]
    return Purse(members, available(resident, at=at), common, joined_at, refused)


def why_not_join(resident: Resident, day: date, *, counter: bool) -> Refused | None:
    """Why `resident` cannot join on `day`; None when nothing stands against it.

    Not at the `counter`, the phone speaks for its only resident: whoever holds it cannot consent for a second one.
    """
    age, household = resident.age_on(day), resident.household_id
    if not resident.confirmed:
        return PurseNotConfirmed()
    if age is None:
        return AgeUnknown()
    if age < ADULT:
        return NotAdult()
    here = Resident.objects.filter(community=resident.community_id, status=Resident.Status.CONFIRMED)
    family = here.filter(household=household).exclude(pk=resident.pk)
    if not household or not family.exists():
        return NoFamily()
    shared = not counter and resident.account and len(acting.own_residents(resident.account)) > 1
    return SharedPhone() if shared else None


@verb(REFUSALS)
def join(*, resident: Resident, by: User, at: datetime | None = None) -> None:
    """From `at` on the household may spend what is in this wallet, and this resident what is in theirs.

    By the own account, or by staff with a duty who are no kin: nobody opens a relative's wallet to themselves at the counter.
    Refuses with everything that `why_not_join` says, `NotYourDuty`, `OwnFamily`. Who has joined stays joined.
    """
    at = at or clock.now()
    counter = _at_the_counter(resident, by)
    if counter and (refused := refusal_between(by=by, beneficiaries=[resident], family=OwnFamily())):
        raise refused
    if refused := why_not_join(resident, clock.local(at).date(), counter=counter):
        raise refused
    share = call(SHARE, resident.pk, at, by.pk)[0]
    _tell(share, "joined", f"{resident.name}加入了家庭积分，同户加入的家人可以一起使用积分。")


@verb(REFUSALS)
def leave(*, resident: Resident, by: User, at: datetime | None = None) -> bool:
    """From `at` on everybody spends their own again; what is in the wallet stays there. False for who had not joined.

    By the own account, or by staff with a duty. Refuses `NotYourDuty`.
    """
    at = at or clock.now()
    _at_the_counter(resident, by)
    share = Share.objects.filter(resident=resident, left_at=None).values_list("pk", flat=True).first()
    if share is None or not call(UNSHARE, resident.pk, at, by.pk)[0]:
        return False
    tell_left(share, resident)
    return True


def tell_left(share: int, resident: Resident) -> None:
    """Say to the resident and to whoever shared with them that this consent has ended."""
    _tell(share, "left", f"{resident.name}退出了家庭积分，各人的积分仍在各人账户里。")


def tell_relatives(*, entry: int, payer: Resident, occasion: str, say: Callable[[int], str]) -> None:
    """Tell those other than `payer` whose wallets `entry` touched; `say` makes the sentence of how many points it was."""
    moves = Posting.objects.filter(entry=entry).select_related("source__resident", "destination__resident")
    parts = [(move.source.resident or move.destination.resident, move.amount) for move in moves]
    told = [(person, amount) for person, amount in parts if person and person != payer]
    if told:
        tell_many(
            message(occasion, Words("家庭积分", say(amount), "/points/"), INBOX, resident=person)
            for person, amount in told
        )


def _at_the_counter(resident: Resident, by: User) -> bool:
    """Whether staff act for the resident. Refuses `NotYourDuty` to whoever is neither."""
    if by.pk == resident.account_id:
        return False
    duties.require(by, resident.community)
    return True


def _tell(share: int, what: str, body: str) -> None:
    """Tell the resident and everybody who shares where the consent was given and still lives there."""
    mine = Share.objects.get(pk=share)
    sharing = Share.objects.filter(household=mine.household_id, resident__household=mine.household_id, left_at=None)
    family = Resident.objects.filter(Q(pk__in=sharing.values("resident")) | Q(pk=mine.resident_id)).order_by("pk")
    said = Words("家庭积分", body, "/points/purse/")
    tell_many(message(f"share:{share}:{what}", said, INBOX, resident=one) for one in family)

"""Who comes for a child, for tests of the hand-over."""

from datetime import date, datetime, timedelta
from typing import Any

from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from childcare.handover import barring, codes, pickups, releasing
from childcare.models import Attendance, Barred, Handover, Pickup, Place
from communities.models import Guardian, Resident, User
from core import clock
from tests.childcare.cast import Care

WAY = Handover.Way
CHECK = Handover.Check
NEIGHBOUR = pickups.Said("孟桂芝", "邻居", "13700009999", "123X")


def arrived(place: Place, by: User, at: datetime | None = None) -> Attendance:
    at = at or clock.now()
    return Attendance.objects.create(place=place, day=clock.local(at).date(), arrived_at=at, by=by)


def authorised(care: Care, **fields: Any) -> Pickup:
    said = pickups.Said(**{**vars(NEIGHBOUR), **fields})
    assert care.mother.account
    return pickups.authorise(child=care.child, guardian=care.mother, said=said, by=care.mother.account)


def issued(care: Care, day: date | None = None, tail: str = "") -> str:
    assert care.mother.account
    return codes.issue(
        child=care.child, guardian=care.mother, name="吕师傅", relation="同事", day=day or clock.today(),
        by=care.mother.account, id_tail=tail,
    )  # fmt: skip


def barred(child: Resident, name: str, by: User) -> Barred:
    facts = barring.Facts(
        name, "1米75，平头", barring.BASES[0], "（2026）晋0213民初12号", clock.today() - timedelta(days=9)
    )
    return barring.bar(child=child, facts=facts, by=by)


def guardian_row(child: Resident, guardian: Resident) -> Guardian:
    return Guardian.objects.select_related("guardian").get(child=child, guardian=guardian)


def token(user: User) -> str:
    """What the authenticator shows now; each is good once."""
    device = TOTPDevice.objects.get(user=user, confirmed=True)
    return f"{totp(device.bin_key):06d}"


def by_pickup(care: Care, pickup: Pickup, **more: Any) -> Handover:
    said: dict[str, Any] = {"place": care.place, "check": CHECK.KNOWN, "by": care.teacher} | more
    return releasing.release(way=WAY.PICKUP, pickup=pickup, **said)


def by_code(care: Care, code: str, **more: Any) -> Handover:
    said: dict[str, Any] = {
        "place": care.place,
        "by": care.teacher,
        "id_tail": "4321",
        "second": care.second_post,
    } | more
    if "proof" not in said:
        said["proof"] = "" if said["second"] is None else token(care.second)
    return releasing.release(way=WAY.CODE, check=CHECK.CODE, code=code, **said)


def raw(care: Care, **fields: Any) -> Handover:
    """The row as somebody writes it who goes round every verb."""
    now = clock.now()
    return Handover.objects.create(
        **{
            "place": care.place, "child": care.child, "day": clock.today(), "at": now, "written_at": now, "way": WAY.PICKUP,
            "check_used": CHECK.KNOWN, "staffer": care.teacher_post, "by": care.teacher,
        }
        | fields
    )  # fmt: skip

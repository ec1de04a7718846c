"""清远街道: its staff, and the files of twenty couriers who live there; plain rows, as in people.py."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from django.contrib.auth.hashers import make_password
from django.db import transaction

from communities import consents
from communities.models import Community, Consent, Duty, Estate, Household, Resident, Setting, SubDistrict, User
from communities.purposes import TEXTS
from communities.registration import initials, pinyin
from communities.settings import PASSWORD_DAYS, SECOND_FACTOR
from core import clock
from demo import cast
from demo.asked import Asked
from demo.names import SINCE, SURNAMES
from demo.people import SERVED_SINCE
from demo.places import COURIERS_STREET, DISTRICT, HUALIN
from venues.models import Room

MANY, JOINED_DAYS_AGO = 20, 180
FIRST_PHONE = 13700007002


class Rider(NamedTuple):
    name: str
    phone: str
    born: date


def are_there() -> bool:
    return Resident.objects.filter(phone=cast.COURIER.phone).exists()


@transaction.atomic
def write(asked: Asked) -> None:
    """The community, its colleagues, and everybody of it."""
    street = SubDistrict.objects.get(name=COURIERS_STREET)
    community = Community.objects.create(
        sub_district=street,
        name=HUALIN.name,
        phone=HUALIN.phone,
        address=f"{DISTRICT}{HUALIN.address}",
        open_to_residents=False,
    )
    estates = Estate.objects.bulk_create(Estate(community=community, name=name) for name in HUALIN.estates)
    Room.objects.bulk_create(
        Room(community=community, name=name, place=where, capacity=capacity) for name, where, capacity in HUALIN.rooms
    )
    _staff(asked, street, community)
    _residents(asked, community, estates)


def _staff(asked: Asked, street: SubDistrict, community: Community) -> None:
    hashed, since = make_password(cast.PASSWORD), min(asked.day, clock.today()) - SERVED_SINCE
    for one in cast.HUALIN_STAFF:
        said = {"name": one.name, "own_phone": one.phone, "kind": User.Kind.STAFF, "password": hashed}
        user, _ = User.objects.update_or_create(username=one.username, defaults=said)
        whole = one.place is None
        Duty.objects.create(
            user=user,
            role=one.role,
            community=None if whole else community,
            sub_district=street if whole else None,
            starts_on=since,
        )
    by = User.objects.get(username=cast.HUALIN_ADMIN.username)
    Setting.objects.bulk_create(
        Setting(sub_district=street, key=key, starts_on=since, value=0, by=by)
        for key in (SECOND_FACTOR.key, PASSWORD_DAYS.key)
    )


def everybody(asked: Asked) -> Iterator[Rider]:
    """The courier of the sign-in page first; the others are invented, 22 to 45 years old."""
    assert cast.COURIER.born
    yield Rider(cast.COURIER.name, cast.COURIER.phone, cast.COURIER.born)
    dice, seen = asked.dice("riders"), {cast.COURIER.name}
    while len(seen) < MANY:
        name = dice.choice(SURNAMES) + dice.choice(SINCE[dice.choice("mmmf")])
        born = asked.day - timedelta(days=365 * dice.randint(22, 45) + dice.randrange(30, 330))
        if name not in seen:
            yield Rider(name, str(FIRST_PHONE + len(seen)), born)
            seen.add(name)


def _residents(asked: Asked, community: Community, estates: list[Estate]) -> None:
    people, joined = list(everybody(asked)), asked.at(-JOINED_DAYS_AGO)
    by = User.objects.get(username=cast.HUALIN_WORKER.username)
    accounts = User.objects.bulk_create(
        User(username=f"r-{one.phone}", kind=User.Kind.RESIDENT, phone=one.phone, name=one.name, last_login=asked.at(-1), password="!")  # noqa: S106
        for one in people
    )  # fmt: skip
    homes = Household.objects.bulk_create(Household(community=community) for _ in people)
    files = Resident.objects.bulk_create(
        Resident(
            community=community, estate=estates[number % len(estates)], household=home, account=account, name=one.name,
            pinyin=pinyin(one.name), initials=initials(one.name), phone=one.phone, birth_date=one.born, registered_at=joined,
            status=Resident.Status.CONFIRMED, decided_at=joined + timedelta(hours=20), decided_by=by,
        )
        for number, (one, home, account) in enumerate(zip(people, homes, accounts, strict=True))
    )  # fmt: skip
    Consent.objects.bulk_create(
        [
            Consent(account=one, purpose=Consent.Purpose.PERSONAL_DATA, version=consents.PERSONAL_DATA_VERSION, given_at=joined)
            for one in accounts
        ]
        + [
            Consent(resident=one, purpose=Consent.Purpose.NOTICE, version=TEXTS[Consent.Purpose.NOTICE].version, given_at=joined)
            for one in files
        ]
    )  # fmt: skip
